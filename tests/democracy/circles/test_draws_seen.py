"""Draws called off, altered in the database, and seen on pages and over REST."""

import hashlib
from datetime import timedelta

import pytest
from django.db import connection

from tests.conftest import browser, run_jobs
from tests.democracy.circles.conftest import DAY, HOUR, PANEL, asker, desk
from toadlane.democracy.circles import policies, services
from toadlane.democracy.circles.models import Draw
from toadlane.democracy.circles.queries import draws
from toadlane.democracy.circles.tasks import keep_draws
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.sealing import services as sealing
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.tenancy.scope import outside
from toadlane.plumbing.triggers import refusals
from toadlane.society.members.models import Office

SECOND = timedelta(seconds=1)


# ------------------------------------------------------------------------------------------------ called off, and altered


def test_it_is_called_off_with_reasons_and_only_before_its_hour(announce, board, at):
    draw = announce()
    with pytest.raises(services.DrawNotNow):
        services.cancel_draw(draw=draw, reason=" ", by=board, at=at)
    with pytest.raises(services.DrawNotNow):
        services.cancel_draw(draw=draw, reason="Who knows.", by=board, at=draw.draws_at)
    assert services.cancel_draw(draw=draw, reason="Too few know of it.", by=board, at=draw.draws_at - SECOND).state == "cancelled"
    assert announce().number == 2


@pytest.mark.parametrize("change", [{"chosen": "election"}, {"seats": {"": 4}}])
def test_a_draw_ends_with_the_seats_it_is_for(drawn, enactment, at, change):
    services.found_circle(terms=PANEL | change, decision="2027-6", by=enactment, at=at)
    assert (Draw.objects.get().state, Draw.objects.get().cancelled_because) == ("cancelled", "2027-6")
    assert not draws.draws_hold().faults


def test_a_draw_ends_with_its_circle_and_not_with_new_words(drawn, enactment, at):
    services.found_circle(terms=PANEL | {"purpose": "Looks at prices."}, decision="2027-6", by=enactment, at=at)
    assert Draw.objects.get().state == "drawn"
    services.end_circle(slug="panel", decision="2027-7", by=enactment, at=at)
    assert Draw.objects.get().state == "cancelled"


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE circles_drawentry SET number = 900 WHERE number = 3", "the list of those in it"),
        ("UPDATE circles_drawentry SET member_class = 'client' WHERE number = 3", "the list of those in it"),
        ("UPDATE circles_draw SET term_months = 60", "is not what was announced"),
        ("UPDATE circles_draw SET value = '1 2 3'", "the seed does not follow"),
        ("UPDATE circles_asked SET declined_at = asked_at WHERE id = (SELECT MIN(id) FROM circles_asked)", "falls on others"),
        ("UPDATE circles_asked SET entry_id = (SELECT MIN(e.id) FROM circles_drawentry e WHERE NOT EXISTS (SELECT 1 FROM "
         "circles_asked a WHERE a.entry_id = e.id)) WHERE id = (SELECT MIN(id) FROM circles_asked)", "falls on others"),
    ],
)  # fmt: skip
def test_whoever_alters_a_draw_in_the_database_is_found(drawn, sql, says):
    refusals.remove()
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
        assert any(says in fault for fault in invariants.verify_coop()["circles.draws_hold"].faults)
    finally:
        refusals.install()


def test_another_seed_that_fits_another_value_is_found(drawn):
    refusals.remove()
    try:
        Draw.objects.update(value="f" * 64, seed=policies.seed(drawn.hash, "f" * 64))
        assert any("first seal after its hour" in fault for fault in draws.draws_hold().faults)
    finally:
        refusals.install()


def test_somebody_seated_by_hand_under_its_name_is_found(drawn, people):
    Office.objects.create(person=people["Dana"], office="panel", since=drawn.drawn_at.date(), named_by="draw-1")
    assert any("those who sit by it" in fault for fault in draws.draws_hold().faults)


# ---------------------------------------------------------------------------------------------------------------- doors


def test_pages_letters_and_desk(announce, job, bob, alice, at, settings):
    with outside(), clock.telling(at):
        client = browser(bob)
        page = client.get("/c/sparkle/circles/panel/").content.decode()
        assert "/circles/panel/draw/" in page and "/circles/panel/election/" not in page and "by lot" in page
        assert client.get("/c/sparkle/circles/board/draw/").status_code == 404
        assert browser(alice).get("/c/sparkle/circles/panel/draw/").status_code == 403
        early = client.post("/c/sparkle/circles/panel/draw/", {"which": "all", "draws_on": at.date().isoformat(), "source": ""})
        assert early.status_code == 422 and "announced for longer" in early.content.decode()
        day = (at + 9 * DAY).date().isoformat()
        made = client.post("/c/sparkle/circles/panel/draw/", {"which": "all", "draws_on": day, "source": ""})
        assert made.status_code == 302 and made["Location"].endswith("/circles/draws/1/")
        before = browser(alice).get("/c/sparkle/circles/draws/1/").content.decode()
        assert "You are in it." in before and "Nobody knows yet." in before and "9 people are in it" in before
        assert browser(alice).get("/c/sparkle/circles/draws/1/result.csv").status_code == 404
        table = browser(alice).get("/c/sparkle/circles/draws/1/list.csv").content.decode()
    draw = Draw.objects.get()
    assert hashlib.sha256(table.encode()).hexdigest() == draw.roll_hash and "Dana" not in table
    sealing.seal(by=job, at=draw.draws_at + HOUR)
    keep_draws(by=job, at=draw.draws_at + HOUR)
    run_jobs()
    one = draws.asked(draw)[0]
    now = draw.draws_at + 2 * HOUR
    assert any("The lot fell on you" in told for told in desk(asker(one.entry.person), now))
    with outside(), clock.telling(now):
        client = browser(one.entry.person)
        page = client.get("/c/sparkle/circles/draws/1/").content.decode()
        assert "If you do nothing, the seat is yours." in page and draw.hash[:12] in page
        other = browser(next(person for person in (bob, alice) if person.pk != one.entry.person_id))
        assert other.post(f"/c/sparkle/circles/draws/asked/{one.pk}/decline/").status_code == 404
        assert client.post(f"/c/sparkle/circles/draws/asked/{one.pk}/decline/").status_code == 302
        table = client.get("/c/sparkle/circles/draws/1/result.csv").content.decode().splitlines()
        assert "does not take it" in client.get("/c/sparkle/circles/draws/1/").content.decode()
        assert "Citizens" in client.get("/c/sparkle/circles/draws/").content.decode()
    assert table[0] == "place,number,class,lot,seat,declined" and len(table) == 10
    assert any(line.endswith(",yes") and line.split(",")[1] == str(one.entry.number) for line in table)


def test_a_draw_by_the_api(announce, panel, bob, job, at):
    root = "/api/v1/coops/sparkle/circles"
    with outside(), clock.telling(at):
        client = browser(bob)
        given = {"office": "panel", "draws_at": (at + 8 * DAY).isoformat()}
        made = client.post(f"{root}/draws", given, content_type="application/json")
        assert made.status_code == 201 and made.json()["roll_size"] == 9, made.content
        assert client.post(f"{root}/draws", given, content_type="application/json").status_code == 409
        assert client.get(f"{root}/draws/1/lots").json()["items"] == [] and client.get(f"{root}/draws/9").status_code == 404
        assert client.get(f"{root}/panel").json()["chosen"] == "lot"
    draw = Draw.objects.get()
    sealing.seal(by=job, at=draw.draws_at + HOUR)
    keep_draws(by=job, at=draw.draws_at + HOUR)
    one = draws.asked(draw)[0]
    with outside(), clock.telling(draw.draws_at + HOUR):
        told = client.get(f"{root}/draws/1").json()
        assert told["state"] == "drawn" and len(told["asked"]) == 3
        assert len(client.get(f"{root}/draws/1/lots").json()["items"]) == 9
        mine = browser(one.entry.person).post(f"{root}/draws/asked/{one.pk}/decline")
        assert mine.status_code == 200 and mine.json()["has_declined"]
        value = client.post(f"{root}/draws/1/value", {"value": "1"}, content_type="application/json")
        assert value.status_code == 409
        off = client.post(f"{root}/draws/1/cancel", {"reason": "x"}, content_type="application/json")
        assert off.status_code == 409
        assert [row["number"] for row in client.get(f"{root}/draws").json()["items"]] == [1]
