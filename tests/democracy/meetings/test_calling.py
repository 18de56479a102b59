"""A meeting is called in time, with its agenda, to everybody, by two ways; and members can have one called."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import run_jobs
from tests.democracy.meetings.conftest import DAY, asker
from toadlane.democracy.circles.queries import holders
from toadlane.democracy.meetings import policies, queries, services
from toadlane.democracy.meetings.models import Demand, DemandSupport, Item, Meeting
from toadlane.democracy.meetings.queries import telling
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws.rules import packs
from toadlane.society.members import services as members
from toadlane.society.members.models import Membership, Standing

MARCH = date(2026, 3, 1)

# ---------------------------------------------------------------------------------------------------------- the window


@pytest.mark.parametrize(
    ("pack", "days", "urgent", "earliest", "latest"),
    [
        ("sce", 30, False, date(2026, 3, 31), None), ("sce", 15, True, date(2026, 3, 16), None),
        ("es-27-1999", 15, False, date(2026, 3, 17), date(2026, 5, 1)), ("none", 15, False, date(2026, 3, 16), None),
        # Bylaws may ask for more than the law, counted as the law counts; never for less.
        ("es-27-1999", 20, False, date(2026, 3, 22), date(2026, 5, 1)), ("sce", 40, False, date(2026, 4, 10), None),
        ("sce", 5, False, date(2026, 3, 31), None), ("es-27-1999", 3, False, date(2026, 3, 17), date(2026, 5, 1)),
        # What is only known from hearsay binds nobody.
        ("de-eg", 5, False, date(2026, 3, 6), None), ("uk-society", 5, False, date(2026, 3, 6), None),
    ],
)  # fmt: skip
def test_the_days_on_which_a_meeting_may_be(pack, days, urgent, earliest, latest):
    found = policies.window(packs.load(pack), sent=MARCH, days=days, is_urgent=urgent)
    assert (found.earliest, found.latest) == (earliest, latest)


def test_the_law_is_named_where_it_binds():
    assert policies.window(packs.load("sce"), sent=MARCH, days=30, is_urgent=False).law == "Reg. 1435/2003, art. 56"
    assert policies.window(packs.load("sce"), sent=MARCH, days=40, is_urgent=False).law == ""


@pytest.mark.parametrize(
    ("share", "law", "whole", "needed"),
    [
        ("1/2", {"share": "1/2", "op": "gt"}, 10, 6), ("1/2", {"share": "1/2", "op": "gt"}, 11, 6),
        ("1/2", {"share": "1/2", "op": "gt"}, 1, 1), ("2/3", {"share": "1/2", "op": "gt"}, 9, 6),
        ("1/10", {"share": "1/10", "number": 100, "op": "ge"}, 999, 100), ("1/10", {"number": 100}, 5000, 100),
        ("1/10", {}, 11, 2), ("1/10", {}, 10, 1), ("0", {}, 10, 1), ("1/10", {"more_than": 5000}, 100_000, 5001),
    ],
)  # fmt: skip
def test_how_many_are_enough(share, law, whole, needed):
    assert policies.enough(Fraction(share), law).needed(whole) == needed


def test_a_day_that_is_too_early_is_refused_with_the_first_that_is_not(draft, board, at):
    services.change_draft(meeting=draft, starts_at=at + 14 * DAY, by=board, at=at)
    with pytest.raises(services.NotThen) as refused:
        services.call_meeting(meeting=draft, by=board, at=at)
    assert "16 March 2027" in str(refused.value.hint)
    services.change_draft(meeting=draft, starts_at=at + 15 * DAY, by=board, at=at)
    assert services.call_meeting(meeting=draft, by=board, at=at).state == Meeting.State.CALLED


def test_an_urgent_meeting_says_why_and_is_sooner(people, board, at):
    about = {"title": "Burst pipe", "starts_at": at + 7 * DAY, "place": "Here", "is_urgent": True}
    with pytest.raises(services.Missing):
        services.draft_meeting(**about, by=board, at=at)
    meeting = services.draft_meeting(**about, urgent_because="The cellar is full of water.", by=board, at=at)
    services.add_item(meeting=meeting, title="The pipe", by=board, at=at)
    with pytest.raises(services.NotThen):
        services.call_meeting(meeting=meeting, by=board, at=at + DAY)
    assert services.call_meeting(meeting=meeting, by=board, at=at).state == Meeting.State.CALLED


def test_the_day_is_a_day_of_the_co_op_and_not_of_the_server(draft, board, at, inside):
    # Half past midnight in Lisbon's summer is still the day before in UTC.
    from django.utils import timezone

    late = datetime(2027, 3, 31, 23, 30, tzinfo=ZoneInfo("UTC"))
    services.change_draft(meeting=draft, starts_at=datetime(2027, 4, 15, 18, tzinfo=ZoneInfo("UTC")), by=board, at=at)
    with timezone.override(ZoneInfo("Europe/Lisbon")):
        with pytest.raises(services.NotThen):
            services.call_meeting(meeting=draft, by=board, at=late)
        assert services.call_meeting(meeting=draft, by=board, at=late - timedelta(hours=1)).state == Meeting.State.CALLED


# ------------------------------------------------------------------------------------------------------------ the call


def test_calling_writes_the_roll_closes_the_day_and_tells_everybody(called, people, at, settings):
    assert queries.entitled(called) == 10 and called.bylaws_version == 1
    assert called.second_at == called.starts_at + timedelta(minutes=30)
    assert called.items_until.date() == (at + 9 * DAY).date(), "until the end of the eighth day"
    told = queries.delivery(called)
    assert (told.people, told.written) == (10, 0)
    settings.TOADLANE_SANDBOX = True
    run_jobs()
    told = queries.delivery(called)
    assert (told.written, told.unreachable, told.is_complete) == (10, 0, True)
    letter = Letter.objects.get(address="dana@sparkle.test")
    assert "Spring meeting" in letter.subject and "The boathouse" in letter.text
    assert "1. How the year went" in letter.text and f"/meetings/{called.number}/" in letter.text
    assert telling.everybody_was_told().faults == []


def test_whoever_asked_for_no_letters_is_told_all_the_same(draft, people, board, at, settings):
    settings.TOADLANE_SANDBOX = True
    people["Dana"].notices = {"decisions": "none"}
    people["Dana"].save()
    services.call_meeting(meeting=draft, by=board, at=at)
    run_jobs()
    assert Letter.objects.filter(address="dana@sparkle.test").exists()


def test_a_suspended_member_and_one_of_a_class_without_a_vote_are_not_on_the_roll(draft, people, board, at):
    Membership.objects.filter(person=people["Dana"]).update(standing=Standing.SUSPENDED)
    services.call_meeting(meeting=draft, by=board, at=at)
    assert queries.entitled(draft) == 9


def test_a_meeting_without_an_agenda_or_a_place_is_not_called(people, board, at):
    meeting = services.draft_meeting(title="Empty", starts_at=at + 20 * DAY, by=board, at=at)
    with pytest.raises(services.Missing) as refused:
        services.call_meeting(meeting=meeting, by=board, at=at)
    assert refused.value.field == "items"
    services.add_item(meeting=meeting, title="Something", by=board, at=at)
    with pytest.raises(services.Missing) as refused:
        services.call_meeting(meeting=meeting, by=board, at=at)
    assert refused.value.field == "place"


def test_what_is_called_stands(called, board, at):
    with pytest.raises(services.NotNow):
        services.change_draft(meeting=called, title="Another", by=board, at=at)
    with pytest.raises(services.AgendaClosed):
        services.add_item(meeting=called, title="Sell the boathouse", by=board, at=at)
    with pytest.raises(services.NotNow):
        services.remove_item(item=queries.items(called)[0], by=board, at=at)
    with pytest.raises(services.NotNow):
        services.call_meeting(meeting=called, by=board, at=at)


def test_the_board_calls_general_meetings_and_a_circle_its_own(people, board, at):
    with pytest.raises(Refused):
        services.draft_meeting(title="Mine", starts_at=at + 20 * DAY, by=asker(people["Dana"]), at=at)
    one = services.draft_meeting(title="Board", starts_at=at + DAY, office="board", place="Kitchen", by=board, at=at)
    services.add_item(meeting=one, title="Rotas", by=board, at=at)
    services.call_meeting(meeting=one, by=board, at=at)
    assert [row.person_id for row in queries.invitations(one)] == [row.person_id for row in holders("board")]
    assert one.second_at is None and one.items_until is None


def test_calling_off_needs_a_reason_that_everybody_gets(called, board, at, settings):
    settings.TOADLANE_SANDBOX = True
    with pytest.raises(services.Missing):
        services.cancel_meeting(meeting=called, reason=" ", by=board, at=at)
    services.cancel_meeting(meeting=called, reason="The boathouse burnt down.", by=board, at=at)
    run_jobs()
    assert Letter.objects.filter(template="meetings/cancelled", text__contains="burnt down").count() == 10
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=called.pk).update(state="called")


def test_a_called_meeting_cannot_be_made_to_disappear(called):
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(meeting=called).delete()
        called.invitations.all().delete()


# ------------------------------------------------------------------------------------------------------ members' rights


def own(person):
    return queries.voters().get(person=person)


def test_enough_members_put_an_item_on_the_agenda_and_everybody_hears_of_it(draft, people, board, at, settings):
    settings.TOADLANE_SANDBOX = True
    # Of ten, one is 5 % and enough; so let it take two.
    for name in ("Lou", "Mina", "Nils", "Olga", "Pia", "Quim", "Rui", "Sol", "Tom", "Uma", "Vic"):
        from toadlane.society.people.models import Person

        members.admit(person=Person.objects.create(email=f"{name}@x.test", name=name), member_class="worker", by=board, at=at)
    called = services.call_meeting(meeting=draft, by=board, at=at)
    dana, emil = people["Dana"], people["Emil"]
    one = services.demand(meeting=called, title="Night pay", text="It is too low.", membership=own(dana), by=asker(dana), at=at)
    assert (one.whole, one.needed, one.reached_at) == (21, 2, None)
    with pytest.raises(services.AlreadyAsked):
        services.support(demand=one, membership=own(dana), by=asker(dana), at=at)
    services.support(demand=one, membership=own(emil), by=asker(emil), at=at)
    item = queries.items(called)[-1]
    assert (item.title, item.origin, item.position) == ("Night pay", "members", 3)
    run_jobs()
    assert Letter.objects.filter(template="meetings/agenda", text__contains="3. Night pay").count() == 21
    with pytest.raises(services.NotNow):
        services.support(demand=one, membership=own(people["Gus"]), by=asker(people["Gus"]), at=at)


def test_the_agenda_closes_at_the_end_of_the_day_that_the_bylaws_name(called, people, at):
    dana = people["Dana"]
    about = {"meeting": called, "title": "Late", "text": "Sorry.", "membership": own(dana), "by": asker(dana)}
    with pytest.raises(services.AgendaClosed):
        services.demand(**about, at=called.items_until)
    assert services.demand(**about, at=called.items_until - timedelta(seconds=1)).reached_at


def test_members_have_a_meeting_called_by_the_board_or_else_by_themselves(people, board, at):
    dana = people["Dana"]
    one = services.demand(title="The fee", text="It went up.", membership=own(dana), by=asker(dana), at=at)
    assert one.needed == 1 and one.reached_at == at and one.answer_by == at + 14 * DAY
    about = {"title": "The fee", "starts_at": at + 40 * DAY, "place": "Here", "demand": one}
    with pytest.raises(services.NotNow):
        services.draft_meeting(**about, by=asker(dana), at=at + 14 * DAY - timedelta(seconds=1))
    with pytest.raises(Refused):
        services.draft_meeting(**about, by=asker(people["Emil"]), at=at + 14 * DAY)
    meeting = services.draft_meeting(**about, by=asker(dana), at=at + 14 * DAY)
    services.add_item(meeting=meeting, title="The fee", by=asker(dana), at=at + 14 * DAY)
    services.call_meeting(meeting=meeting, by=asker(dana), at=at + 14 * DAY)
    assert Demand.objects.get(pk=one.pk).answered_at
    with pytest.raises(services.NotNow):
        services.cancel_meeting(meeting=meeting, reason="No.", by=board, at=at + 15 * DAY)
    # Where even the second call found too few, it is over.
    services.cancel_meeting(meeting=meeting, reason="Nobody came.", by=board, at=meeting.starts_at + DAY)


def test_the_board_can_answer_at_once(people, board, at):
    dana = people["Dana"]
    one = services.demand(title="The fee", text="It went up.", membership=own(dana), by=asker(dana), at=at)
    assert services.draft_meeting(title="Fee", starts_at=at + 40 * DAY, demand=one, by=board, at=at).demand_id == one.pk


def test_who_asked_stays_on_record(called, people, at):
    dana = people["Dana"]
    services.demand(title="The fee", text="It went up.", membership=own(dana), by=asker(dana), at=at)
    for deed in (lambda: DemandSupport.objects.all().delete(), lambda: DemandSupport.objects.update(at=at)):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


def test_nobody_asks_for_somebody_else(called, people, at):
    with pytest.raises(services.Missing):
        services.demand(title="X", text="Y", membership=own(people["Emil"]), by=asker(people["Dana"]), at=at)


def test_charlie_neither_reads_nor_asks(called, wheels, charlie, at):
    with scope(wheels.pk):
        assert queries.find(called.number) is None
        by = asker(charlie)
        for deed in (lambda: services.cancel_meeting(meeting=called, reason="x", by=by, at=at),
                     lambda: services.call_meeting(meeting=called, by=by, at=at)):  # fmt: skip
            with pytest.raises(Refused):
                deed()


# ---------------------------------------------------------------------------------------------------------- the agenda


def test_an_agenda_is_put_in_order_before_the_call(draft, board, at):
    first, second = queries.items(draft)
    services.move_item(item=second, up=1, by=board, at=at)
    assert [one.title for one in queries.items(draft)] == ["The vans", "How the year went"]
    services.move_item(item=queries.items(draft)[0], up=1, by=board, at=at)
    services.move_item(item=queries.items(draft)[0], up=-1, by=board, at=at)
    assert [one.pk for one in queries.items(draft)] == [first.pk, second.pk]
    services.remove_item(item=first, by=board, at=at)
    assert [one.title for one in queries.items(draft)] == ["The vans"]


def test_a_vote_names_what_is_voted_on(draft, board, at):
    with pytest.raises(services.Missing):
        services.add_item(meeting=draft, title="The fee", kind="proposal", by=board, at=at)
    with pytest.raises(services.Missing):
        services.add_item(meeting=draft, title="The fee", kind="proposal", subject="proposal:1", by=board, at=at)


def test_the_calendar_entry_says_when_where_and_what_about(called, board, at):
    text = queries.calendar_text(called, at=at)
    assert "SUMMARY:Spring meeting\\, Sparkle" in text and "LOCATION:The boathouse" in text
    assert "DTSTART:20270321T090000Z" in text and "STATUS:CONFIRMED" in text and "2. The vans" in text
    services.cancel_meeting(meeting=called, reason="Rain.", by=board, at=at)
    assert "STATUS:CANCELLED" in queries.calendar_text(queries.find(called.number), at=at)


def test_in_spain_the_day_is_counted_clear_and_the_agenda_stays_open_for_eight_days(bob, at):
    from tests.conftest import OPERATOR
    from toadlane.blueprints import installer

    coop = installer.found(blueprint="marketplace", name="Sol", slug="sol", founder=bob, pack="es-27-1999", by=OPERATOR, at=at)
    with scope(coop.pk):
        by = asker(bob)
        meeting = services.draft_meeting(title="Asamblea", starts_at=at + 15 * DAY, place="Aquí", by=by, at=at)
        services.add_item(meeting=meeting, title="Cuentas", by=by, at=at)
        with pytest.raises(services.NotThen) as refused:
            services.call_meeting(meeting=meeting, by=by, at=at)
        assert "17 March 2027" in str(refused.value.hint) and "Ley 27/1999, art. 24" in str(refused.value.hint)
        services.change_draft(meeting=meeting, starts_at=at + 70 * DAY, by=by, at=at)
        with pytest.raises(services.NotThen):
            services.call_meeting(meeting=meeting, by=by, at=at)
        services.change_draft(meeting=meeting, starts_at=at + 16 * DAY, by=by, at=at)
        services.call_meeting(meeting=meeting, by=by, at=at)
        assert queries.quorum(meeting, at=at).needed == 1 and queries.threshold("items").needed(5000) == 200
