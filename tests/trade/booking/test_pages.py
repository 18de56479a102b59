"""Calendars on paper and over the API; Charlie, of another co-op, sees none of it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import browser
from toadlane.plumbing.tenancy.scope import scope
from toadlane.trade.booking import services
from toadlane.trade.booking.models import Allocation, PlanException, PlanWindow, Resource

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def mine(inside, worker):
    return services.open_resource(
        name="Alice’s hands", time_zone="Europe/Zurich", membership_id=worker.membership_id, by=worker, at=NOW
    )


def test_a_week_is_written_and_what_was_typed_wrong_is_kept(mine, alice):
    page = browser(alice)
    address = f"/c/sparkle/calendar/{mine.pk}/plan/"
    form = {"deed": "week", "d0_0_opens": "09:00", "d0_0_closes": "12:00", "d0_1_opens": "13:00", "d0_1_closes": "17:30"}
    assert page.post(address, form).status_code == 302
    assert PlanWindow.objects.count() == 2
    wrong = page.post(address, form | {"d1_0_opens": "10:00"})
    assert "one of the two times is missing" in wrong.content.decode() and 'value="10:00' in wrong.content.decode()
    overlap = page.post(address, form | {"d0_1_opens": "11:00"})
    assert "overlap" in overlap.content.decode() and PlanWindow.objects.count() == 2


def test_days_blocks_feeds_and_other_calendars_by_hand(mine, alice):
    page, address = browser(alice), f"/c/sparkle/calendar/{mine.pk}/"
    page.post(address + "plan/", {"deed": "days", "first_on": "2027-05-01", "last_on": "2027-05-03", "note": "May"})
    page.post(address + "plan/", {"deed": "facts", "name": "Hands", "unit": "hour", "capacity": 2, "slot_minutes": 30,
                                  "before_minutes": 0, "after_minutes": 15, "time_zone": "Europe/Zurich"})  # fmt: skip
    assert PlanException.objects.count() == 1 and Resource.objects.get().after_minutes == 15
    page.post(address + "block/", {"starts": "2027-05-10T09:00", "ends": "2027-05-10T11:00", "note": "Dentist"})
    assert [a.starts_at for a in Allocation.objects.all()] == [datetime(2027, 5, 10, 7, tzinfo=UTC)] * 2
    assert "Dentist" in page.get(address + "?week=2027-05-10").content.decode()
    assert page.post(address + "block/", {"starts": "2027-05-10T09:00", "ends": "2027-05-10T08:00"}).status_code == 422
    page.post(f"{address}block/{Allocation.objects.first().pk}/remove/")
    assert Allocation.objects.count() == 0
    page.post(address + "feed/")
    page.post(address + "connect/", {"name": "Home", "address": "https://example.org/a.ics"})
    shown = page.get(address + "connect/").content.decode()
    assert ".ics" in shown and "Home" in shown
    for path in ("", "?week=nonsense", "?week=9999-12-31", "plan/"):
        assert page.get(address + path).status_code == 200
    assert page.get("/c/sparkle/calendar/").status_code == 200


def test_a_stranger_finds_nothing(mine, charlie, client):
    page = browser(charlie)
    for path in ("", "plan/", "connect/"):
        for who in (page, client):
            assert who.get(f"/c/sparkle/calendar/{mine.pk}/{path}").status_code == 404
            assert who.get(f"/c/wheels/calendar/{mine.pk}/{path}").status_code == 404
    for path in ("", "/plan", "/taken?from=2027-01-01&to=2027-02-01", "/feeds", "/outside"):
        for slug in ("sparkle", "wheels"):
            assert page.get(f"/api/v1/coops/{slug}/calendar/resources/{mine.pk}{path}").status_code == 404


def test_the_api_can_do_what_the_pages_can(inside, alice, worker):
    page = browser(alice)
    root = "/api/v1/coops/sparkle/calendar"

    def send(method: str, path: str, body: dict | None = None):
        answer = getattr(page, method)(root + path, "" if body is None else body, content_type="application/json")
        return answer.status_code, answer.json() if answer.content else None

    status, made = send("post", "/resources", {"name": "Van", "time_zone": "Europe/Zurich", "capacity": 2})
    assert status == 201 and made["membership_id"] == worker.membership_id
    one = f"/resources/{made['id']}"
    week = {"week": [{"weekday": 0, "opens": "09:00", "closes": "11:00"}]}
    assert send("put", one + "/plan", week)[1]["week"][0]["closes"] == "11:00:00"
    for odd in ("11:00Z", "11:00+02:00", 1.5):
        assert send("put", one + "/plan", {"week": [{"weekday": 0, "opens": "09:00", "closes": odd}]})[0] == 422
    assert send("patch", one, {"slot_minutes": 30})[1]["slot_minutes"] == 30
    assert send("patch", one, {"time_zone": "Nowhere/Land"})[1]["code"] == "not_a_resource"
    year = datetime.now(UTC).year + 1
    slots = page.get(f"{root}{one}/slots", {"from": f"{year}-03-01", "to": f"{year}-03-08"}).json()
    assert len(slots) == 4 and {slot["free"] for slot in slots} == {2}
    status, blocked = send("post", one + "/blocks", {"starts": slots[0]["starts"], "ends": slots[0]["ends"], "units": 1})
    assert status == 201 and len(blocked["allocation_ids"]) == 1
    assert send("post", one + "/blocks", {"starts": slots[0]["starts"], "ends": slots[0]["ends"]})[0] == 409
    taken = page.get(f"{root}{one}/taken", {"from": f"{year}-03-01", "to": f"{year}-03-08"}).json()
    assert [entry["kind"] for entry in taken] == ["block"]
    assert send("delete", f"{one}/blocks/{blocked['allocation_ids'][0]}")[0] == 204
    status, days = send("post", one + "/exceptions", {"first_on": f"{year}-03-01", "last_on": f"{year}-03-07"})
    assert status == 201 and send("delete", f"{one}/exceptions/{days['id']}")[0] == 204
    assert send("post", one + "/exceptions", {"first_on": "9999-03-01", "last_on": "9999-03-07"})[1]["code"] == "not_a_plan"
    feed = send("post", one + "/feeds")[1][0]
    assert feed["url"].endswith(".ics") and send("delete", f"/feeds/{feed['id']}")[0] == 204
    assert send("post", one + "/outside", {"name": "x", "content": "hello"})[1]["code"] == "not_a_calendar"
    assert page.get(f"{root}{one}/slots", {"from": "0001-01-01", "to": "9999-12-31"}).status_code == 422


def test_time_in_a_calendar_is_counted_once_for_all_units(inside, board, mine):
    services.change_resource(resource=mine, capacity=3, by=board, at=NOW)
    services.block(resource=mine, starts=NOW, ends=NOW + timedelta(hours=1), by=board, at=NOW)
    with pytest.raises(services.NotAResource), scope(inside.pk):
        services.change_resource(resource=mine, capacity=2, by=board, at=NOW)
