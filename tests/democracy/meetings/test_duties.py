"""What the law asks for by a day is on the desk of the board, and who did it says where it is found."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import browser
from tests.democracy.meetings.conftest import asker
from tests.democracy.meetings.test_minutes import later, minutes, out  # noqa: F401
from toadlane.democracy.meetings import queries, services
from toadlane.democracy.meetings.models import DutyDone, Meeting
from toadlane.democracy.meetings.queries import duties
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules

DAY = timedelta(days=1)
NEXT = datetime(2028, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def spanish(people, at):
    """Sparkle under the Spanish law, which asks for the most."""
    last = bylaws.version(1)
    rules._append(document={**last.document, "pack": "es-27-1999@1"}, changed=[], decision="2026-9", at=at, previous=last)


def titles(at):
    return [(one.title, one.due_on) for one in duties.owed(at)]


def test_a_form_whose_law_says_nothing_asks_for_nothing(people, at):
    assert duties.owed(NEXT) == [] and duties.owed(at) == []


def test_the_annual_meeting_is_due_within_six_months_until_one_was_held(spanish, held):
    assert all("general meeting on" not in title for title, _due in titles(NEXT - DAY)), "not of the year of the founding"
    [(title, due)] = [one for one in titles(NEXT) if "general meeting" in one[0]]
    assert title == "Hold the general meeting on the year 2027" and due == date(2028, 6, 30)
    Meeting.objects.create(number=9, kind="general", title="Spring", starts_at=NEXT, state="closed", opened_at=NEXT,
                           closed_at=NEXT, drafted_at=NEXT, drafted_by="x",
                           called_at=NEXT, bylaws_version=2, opened_call=1, opened_with={"present": 7, "needed": 3})  # fmt: skip
    assert all("general meeting on" not in title for title, _due in titles(NEXT + DAY)), "nobody has to say so"


def test_a_call_to_more_than_500_is_in_a_newspaper_in_the_time_of_its_notice(spanish, called, at, monkeypatch):
    assert titles(at)[0][0].startswith("Bring version 2")
    for size, is_owed in ((500, False), (501, True)):
        monkeypatch.setattr(duties.calling, "entitled", lambda _meeting, size=size: size)
        found = [one for one in duties.owed(at) if one.key.startswith("newspaper")]
        assert bool(found) == is_owed
    begins = called.starts_at.date()
    assert found[0].due_on == begins - 16 * DAY and "art. 24" in found[0].law, "15 clear days before"


def test_bylaws_that_changed_go_to_the_register_within_thirty_days(spanish, board, at):
    [one] = [one for one in duties.owed(at) if one.key == "register:bylaws:2"]
    assert one.due_on == (at + 30 * DAY).date() and not one.is_late(one.due_on) and one.is_late(one.due_on + DAY)
    done = services.do_duty(key=one.key, note="Entry 1234 of 12 March.", by=board, at=at)
    assert (done.note, done.due_on) == ("Entry 1234 of 12 March.", one.due_on) and duties.find(one.key, at) is None
    with pytest.raises(services.NotNow):
        services.do_duty(key=one.key, note="Again.", by=board, at=at)


def test_the_board_says_where_and_nobody_else_does_it(spanish, worker, board, at):
    with pytest.raises(Refused):
        services.do_duty(key="register:bylaws:2", note="x", by=worker, at=at)
    with pytest.raises(services.Missing):
        services.do_duty(key="register:bylaws:2", note=" ", by=board, at=at)
    with pytest.raises(services.NotNow):
        services.do_duty(key="register:bylaws:9", note="x", by=board, at=at)


def test_what_was_done_stays(spanish, board, at):
    done = services.do_duty(key="register:bylaws:2", note="Entry 1234.", by=board, at=at)
    for deed in (lambda: DutyDone.objects.filter(pk=done.pk).update(note="Other."), lambda: done.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()


def test_the_desk_the_page_and_the_api(spanish, people, at, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda tenant: at)
    bob, alice = browser(people["Bob"]), browser(people["Alice"])
    desk = bob.get("/c/sparkle/members/desk/").content.decode()
    assert "Bring version 2 of the bylaws to the register" in desk and "31 Mar" in desk
    assert "to the register" not in alice.get("/c/sparkle/members/desk/").content.decode()
    page = "/c/sparkle/meetings/duties/"
    assert "It is done" in bob.get(page).content.decode() and "It is done" not in alice.get(page).content.decode()
    assert bob.post(page, {"key": "register:bylaws:2", "note": ""}).status_code == 422
    assert bob.post(page, {"key": "register:bylaws:2", "note": "Entry 1234."}).status_code == 302
    shown = alice.get(page).content.decode()
    assert "Entry 1234." in shown and "Bob" in shown and "Nothing is due" in shown
    told = alice.get("/api/v1/coops/sparkle/meetings/duties").json()
    assert told["owed"] == [] and told["done"][0]["name"] == "Bob"
    sent = bob.post("/api/v1/coops/sparkle/meetings/duties", {"key": "x", "note": "x"}, content_type="application/json")
    assert sent.status_code == 409


def test_charlie_reads_and_does_nothing_here(spanish, wheels, charlie, at):
    with scope(wheels.pk):
        assert duties.owed(at) == [] and not list(duties.done())
    assert browser(charlie).get("/c/sparkle/meetings/duties/").status_code in (403, 404)


def test_minutes_go_to_the_register_once_they_are_approved(spanish, out, people, later):  # noqa: F811
    assert not [one for one in duties.owed(later) if one.key.startswith("register:meeting")]
    # The law of these bylaws lets nobody sign who holds an office.
    for name in ("Bob", "Alice", "Fatou", "Gus"):
        services.approve_minutes(minutes=out, by=asker(people[name]), at=later)
    assert queries.approved(out.meeting) is not None
    [one] = [one for one in duties.owed(later) if one.key == f"register:meeting:{out.meeting.number}"]
    assert one.due_on == (later + 30 * DAY).date()
