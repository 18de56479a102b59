"""Who is there counts, once; the meeting opens with enough; one speaks at a time; two count; what happened stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.democracy.meetings.conftest import HOUR, asker, come, hold, invitation
from toadlane.democracy.meetings import policies, queries, services
from toadlane.democracy.meetings.models import Count, Motion, Presence, Proxy, Remark
from toadlane.democracy.meetings.queries import telling
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws.rules import packs
from toadlane.society.members import services as members
from toadlane.society.members.models import Membership, Organisation, Standing

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def quorum(meeting, at):
    found = queries.quorum(meeting, at=at)
    return found.present, found.needed, found.whole


# ------------------------------------------------------------------------------------------------------------ the door


def test_everybody_checks_in_once_and_is_counted_once(ready, people):
    at = ready.starts_at
    come(ready, people, "Dana", "Emil", at=at)
    come(ready, people, "Dana", at=at + MINUTE)
    come(ready, people, "Fatou", at=at, mode="remote")
    found = queries.quorum(ready, at=at)
    assert (found.present, found.by_mode) == (3, {"room": 2, "remote": 1, "proxy": 0})
    services.leave(meeting=ready, invitation=invitation(ready, people["Dana"]), by=asker(people["Dana"]), at=at + HOUR)
    assert quorum(ready, at)[0] == 2
    assert telling.nobody_counts_twice().faults == []


def test_the_door_opens_three_hours_before(ready, people):
    with pytest.raises(services.NotYet):
        come(ready, people, "Dana", at=ready.starts_at - 3 * HOUR - SECOND)
    come(ready, people, "Dana", at=ready.starts_at - 3 * HOUR)


def test_from_elsewhere_only_where_the_bylaws_let_one(ready, people, inside, monkeypatch):
    book = queries.book_of(ready)
    monkeypatch.setitem(book._parsed, "meetings.remote", False)
    with pytest.raises(services.Missing) as refused:
        come(ready, people, "Dana", at=ready.starts_at, mode="remote")
    assert refused.value.field == "mode"


def test_nobody_comes_for_somebody_else(ready, people):
    dana = invitation(ready, people["Dana"])
    with pytest.raises(services.Missing):
        services.check_in(meeting=ready, invitation=dana, mode="room", by=asker(people["Emil"]), at=ready.starts_at)
    with pytest.raises(Refused):
        services.let_in(
            meeting=ready, invitation=dana, person=people["Dana"], mode="room", by=asker(people["Emil"]), at=ready.starts_at
        )


def test_somebody_at_the_door_writes_down_who_comes(ready, people, board, at):
    services.name_helper(meeting=ready, person=people["Hana"], task="door", by=board, at=at)
    dana = invitation(ready, people["Dana"])
    about = {"meeting": ready, "invitation": dana, "mode": "room", "by": asker(people["Hana"]), "at": ready.starts_at}
    came = services.let_in(**about, person=people["Dana"])
    assert came.recorded_by == f"web:person:{people['Hana'].pk}" and came.person == people["Dana"]
    with pytest.raises(services.Missing):
        services.let_in(**about, person=people["Emil"])


def test_an_organisation_is_there_once_whichever_delegate_came_first(draft, people, board, at):
    tidewater = members.admit(organisation=Organisation.objects.create(name="Tidewater"), member_class="co_op", by=board, at=at)
    for name in ("Hana", "Ivo"):
        members.name_delegate(membership=tidewater, person=people[name], by=board, at=at)
    meeting = services.call_meeting(meeting=draft, by=board, at=at)
    theirs = queries.invitations(meeting).get(membership=tidewater)
    about = {"meeting": meeting, "invitation": theirs, "mode": "room", "at": meeting.starts_at}
    services.check_in(**about, by=asker(people["Hana"]))
    with pytest.raises(services.AlreadyThere) as refused:
        services.check_in(**about, by=asker(people["Ivo"]))
    assert refused.value.hint == "Hana" and quorum(meeting, meeting.starts_at)[0] == 1


# ------------------------------------------------------------------------------------------------------------- proxies


def give(meeting, people, giver, holder, at, text="Speak for me."):
    return services.give_proxy(
        meeting=meeting, giver=invitation(meeting, people[giver]), holder=invitation(meeting, people[holder]), text=text,
        by=asker(people[giver]), at=at,
    )  # fmt: skip


def test_a_proxy_counts_while_its_holder_is_there_and_its_giver_is_not(ready, people, at):
    proxy = give(ready, people, "Hana", "Dana", at)
    now = ready.starts_at
    assert quorum(ready, now)[0] == 0
    come(ready, people, "Dana", at=now)
    assert queries.quorum(ready, at=now).by_mode == {"room": 1, "remote": 0, "proxy": 1}
    come(ready, people, "Hana", at=now + MINUTE)
    assert queries.quorum(ready, at=now).by_mode == {"room": 2, "remote": 0, "proxy": 0}, "she acts for herself again"
    services.leave(meeting=ready, invitation=invitation(ready, people["Hana"]), by=asker(people["Hana"]), at=now + HOUR)
    services.leave(meeting=ready, invitation=invitation(ready, people["Dana"]), by=asker(people["Dana"]), at=now + HOUR)
    assert quorum(ready, now)[0] == 0
    assert telling.nobody_counts_twice().faults == [] and Proxy.objects.get(pk=proxy.pk).revoked_at is None


def test_a_proxy_leaves_with_its_holder_and_when_it_is_taken_back(ready, people, at):
    proxy, now = give(ready, people, "Hana", "Dana", at), ready.starts_at
    come(ready, people, "Dana", at=now)
    services.leave(meeting=ready, invitation=invitation(ready, people["Dana"]), by=asker(people["Dana"]), at=now + MINUTE)
    assert quorum(ready, now)[0] == 0
    come(ready, people, "Dana", at=now + 2 * MINUTE)
    assert quorum(ready, now)[0] == 2
    with pytest.raises(services.Missing):
        services.revoke_proxy(proxy=proxy, by=asker(people["Dana"]), at=now + 3 * MINUTE)
    services.revoke_proxy(proxy=proxy, by=asker(people["Hana"]), at=now + 3 * MINUTE)
    assert quorum(ready, now)[0] == 1


def test_nobody_acts_for_more_than_the_bylaws_allow_and_no_proxy_is_handed_on(ready, people, at):
    give(ready, people, "Hana", "Dana", at)
    with pytest.raises(services.TooManyProxies):
        give(ready, people, "Ivo", "Dana", at)
    with pytest.raises(services.TooManyProxies):
        give(ready, people, "Dana", "Ivo", at)
    with pytest.raises(services.TooManyProxies):
        give(ready, people, "Ivo", "Hana", at)
    with pytest.raises(services.AlreadyThere):
        give(ready, people, "Hana", "Ivo", at)
    with pytest.raises(services.Missing):
        give(ready, people, "Ivo", "Jun", at, text=" ")
    with pytest.raises(services.Missing):
        give(ready, people, "Ivo", "Ivo", at)


def test_who_is_there_gives_no_proxy(ready, people):
    come(ready, people, "Hana", at=ready.starts_at)
    with pytest.raises(services.AlreadyThere):
        give(ready, people, "Hana", "Dana", ready.starts_at)


# -------------------------------------------------------------------------------------------------------------- opening


def test_it_opens_with_enough_and_not_with_one_less(ready, people):
    chair, at = asker(people["Bob"]), ready.starts_at
    come(ready, people, "Bob", "Alice", "Dana", at=at)
    assert quorum(ready, at) == (3, 4, 10)
    with pytest.raises(services.NoQuorum) as refused:
        services.open_meeting(meeting=ready, by=chair, at=at)
    assert "3 of 10" in str(refused.value) and "9:30" in str(refused.value.hint).replace("09:30", "9:30")
    come(ready, people, "Emil", at=at)
    opened = services.open_meeting(meeting=ready, by=chair, at=at)
    assert opened.opened_call == 1 and opened.opened_with["present"] == 4


def test_at_the_second_call_fewer_are_enough(ready, people):
    chair = asker(people["Bob"])
    come(ready, people, "Bob", at=ready.starts_at)
    with pytest.raises(services.NoQuorum):
        services.open_meeting(meeting=ready, by=chair, at=ready.second_at - SECOND)
    opened = services.open_meeting(meeting=ready, by=chair, at=ready.second_at)
    assert opened.opened_call == 2 and opened.opened_with == {
        "present": 1, "whole": 10, "needed": 1, "room": 1, "remote": 0, "proxy": 0,
    }  # fmt: skip


def test_it_does_not_open_before_its_time_nor_without_somebody_who_chairs(called, people, board, at):
    come(called, people, "Bob", "Alice", "Dana", "Emil", at=called.starts_at - HOUR)
    with pytest.raises(services.NotNow):
        services.open_meeting(meeting=called, by=board, at=called.starts_at - SECOND)
    with pytest.raises(services.Missing):
        services.open_meeting(meeting=called, by=board, at=called.starts_at)


def test_who_left_meanwhile_no_longer_counts_and_who_joined_does(ready, people, board, at):
    Membership.objects.filter(person=people["Kemi"]).update(standing=Standing.SUSPENDED)
    from toadlane.society.people.models import Person

    members.admit(person=Person.objects.create(email="lou@x.test", name="Lou"), member_class="worker", by=board, at=at)
    come(ready, people, "Bob", "Alice", "Dana", "Emil", at=ready.starts_at)
    opened = services.open_meeting(meeting=ready, by=asker(people["Bob"]), at=ready.starts_at)
    assert opened.opened_with["whole"] == 10
    with pytest.raises(Refused):
        come(ready, people, "Kemi", at=ready.starts_at)


def test_more_than_half_of_a_circle_is_there_in_person(people, board, at, inside):
    from toadlane.democracy.circles import services as circles
    from toadlane.plumbing.access.principals import Principal

    enactment = Principal.job(inside.pk, "enactment")
    circles.seat(
        office="board", people=[people[n].pk for n in ("Dana", "Emil", "Fatou", "Gus")], term_months=12, decision="2027-1",
        by=enactment, at=at,
    )  # fmt: skip
    dana = asker(people["Dana"])
    one = services.draft_meeting(title="Board", starts_at=at + HOUR, office="board", place="Kitchen", by=dana, at=at)
    services.add_item(meeting=one, title="Rotas", by=dana, at=at)
    services.call_meeting(meeting=one, by=dana, at=at)
    assert quorum(one, at) == (0, 3, 4) and queries.proxies_max(one) == 0
    with pytest.raises(services.TooManyProxies):
        rows = {row.person_id: row for row in queries.invitations(one)}
        services.give_proxy(meeting=one, giver=rows[people["Dana"].pk], holder=rows[people["Emil"].pk], text="x", by=dana, at=at)


def test_only_who_runs_it_opens_it(ready, people):
    come(ready, people, "Bob", "Alice", "Dana", "Emil", at=ready.starts_at)
    with pytest.raises(Refused):
        services.open_meeting(meeting=ready, by=asker(people["Dana"]), at=ready.starts_at)
    assert services.open_meeting(meeting=ready, by=asker(people["Alice"]), at=ready.starts_at)


# ------------------------------------------------------------------------------------------------------------- speaking


def test_one_speaks_at_a_time_and_in_turn(opened, people):
    chair, at = asker(people["Bob"]), opened.opened_at
    services.open_item(item=queries.items(opened)[0], by=chair, at=at)
    for n, name in enumerate(("Dana", "Emil", "Fatou")):
        services.raise_hand(meeting=opened, by=asker(people[name]), at=at + n * SECOND)
    services.raise_hand(meeting=opened, by=asker(people["Dana"]), at=at + MINUTE)
    assert [one.person.name for one in queries.queue(opened)] == ["Dana", "Emil", "Fatou"]
    assert services.next_speaker(meeting=opened, by=chair, at=at + MINUTE).person == people["Dana"]
    services.lower_hand(meeting=opened, by=asker(people["Emil"]), at=at + MINUTE)
    services.end_speech(meeting=opened, by=asker(people["Dana"]), at=at + 2 * MINUTE)
    assert queries.speaking(opened) is None
    assert services.next_speaker(meeting=opened, by=chair, at=at + 2 * MINUTE).person == people["Fatou"]
    with pytest.raises(Refused):
        services.end_speech(meeting=opened, by=asker(people["Dana"]), at=at + 3 * MINUTE)
    assert services.next_speaker(meeting=opened, by=chair, at=at + 3 * MINUTE) is None
    assert [one.person.name for one in queries.heard(queries.items(opened)[0])] == ["Dana", "Fatou"]


def test_only_who_is_there_raises_a_hand(opened, people):
    with pytest.raises(services.Missing):
        services.raise_hand(meeting=opened, by=asker(people["Ivo"]), at=opened.opened_at)


def test_the_classes_take_turns_where_it_was_said_so():
    one = policies.Waiting
    waiting = [one(1, "worker"), one(2, "worker"), one(3, "co_op"), one(4, "worker")]
    assert policies.next_speaker(waiting, [], alternates=True).hand == 1
    assert policies.next_speaker(waiting[1:], ["worker"], alternates=True).hand == 3
    assert policies.next_speaker(waiting[1:], ["worker"], alternates=False).hand == 2
    assert policies.next_speaker([one(2, "worker"), one(4, "worker")], ["worker", "co_op"], alternates=True).hand == 2
    assert policies.next_speaker([], [], alternates=True) is None


# ---------------------------------------------------------------------------------------------------------------- items


def test_one_item_at_a_time(opened, people):
    chair, at = asker(people["Bob"]), opened.opened_at
    first, second = queries.items(opened)
    services.open_item(item=first, by=chair, at=at)
    with pytest.raises(services.NotTheirTurn):
        services.open_item(item=second, by=chair, at=at)
    with pytest.raises(services.NotNow):
        services.close_meeting(meeting=opened, by=chair, at=at)
    first.refresh_from_db()
    services.close_item(item=first, conclusion="Good.", by=chair, at=at + MINUTE)
    assert services.open_item(item=second, by=chair, at=at + MINUTE).opened_at == at + MINUTE
    with pytest.raises(Refused):
        services.close_item(item=second, by=asker(people["Dana"]), at=at)


def test_off_the_agenda_only_what_the_law_lists(opened, people):
    chair, at = asker(people["Bob"]), opened.opened_at
    with pytest.raises(services.AgendaClosed) as refused:
        services.take_up(meeting=opened, matter="recall", title="Bob", by=chair, at=at)
    assert "to call another meeting" in str(refused.value.hint)
    assert services.take_up(meeting=opened, matter="another_meeting", title="", by=chair, at=at).origin == "floor"
    assert policies.listed_matters(packs.load("es-27-1999")) == ("another_meeting", "audit", "longer", "liability", "recall")
    assert policies.listed_matters(packs.load("none")) == ("another_meeting",)


# --------------------------------------------------------------------------------------------------------------- motions


@pytest.fixture
def motion(opened, people):
    chair, at = asker(people["Bob"]), opened.opened_at
    item = services.open_item(item=queries.items(opened)[0], by=chair, at=at)
    return services.put_motion(item=item, text="We close the list of speakers.", by=chair, at=at)


def count(motion, person, figures, at):
    yes, no, abstained = figures
    return services.count_hands(motion=motion, votes_for=yes, votes_against=no, abstained=abstained, by=asker(person), at=at)


def test_two_tellers_who_agree_make_the_result(motion, opened, people):
    at = opened.opened_at
    assert motion.present == 5
    assert count(motion, people["Dana"], (3, 1, 1), at).counted_at is None
    assert count(motion, people["Dana"], (3, 1, 1), at).counted_at is None, "twice the same teller is one teller"
    assert count(motion, people["Emil"], (2, 2, 1), at).counted_at is None
    done = count(motion, people["Emil"], (3, 1, 1), at + MINUTE)
    assert done.is_carried and (done.votes_for, done.votes_against, done.abstained) == (3, 1, 1)
    with pytest.raises(services.NotNow):
        count(motion, people["Dana"], (5, 0, 0), at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Motion.objects.filter(pk=motion.pk).update(votes_for=5, votes_against=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Count.objects.all().delete()


def test_no_more_hands_than_people(motion, opened, people):
    with pytest.raises(services.MoreHandsThanPeople):
        count(motion, people["Dana"], (4, 1, 1), opened.opened_at)
    with pytest.raises(services.MoreHandsThanPeople):
        count(motion, people["Dana"], (-1, 1, 1), opened.opened_at)
    count(motion, people["Dana"], (4, 1, 0), opened.opened_at)


def test_a_tie_is_not_carried_and_only_tellers_count(motion, opened, people):
    for name in ("Dana", "Emil"):
        done = count(motion, people[name], (2, 2, 1), opened.opened_at)
    assert done.counted_at and not done.is_carried
    with pytest.raises(Refused):
        count(motion, people["Bob"], (5, 0, 0), opened.opened_at)


def test_an_item_with_a_count_under_way_is_not_closed(motion, opened, people):
    with pytest.raises(services.NotNow):
        services.close_item(item=motion.item, by=asker(people["Bob"]), at=opened.opened_at)


# ------------------------------------------------------------------------------------------------ objections, and closing


def test_who_was_there_objects_until_two_days_later(held, people):
    dana, late = asker(people["Dana"]), held.closed_at + 48 * HOUR
    about = {"meeting": held, "kind": "objection", "text": "Not with my vote.", "item": queries.items(held)[1]}
    assert services.remark(**about, by=dana, at=late - SECOND)
    with pytest.raises(services.NotNow):
        services.remark(**about, by=dana, at=late)
    with pytest.raises(services.NotNow):
        services.remark(**about, by=asker(people["Ivo"]), at=held.closed_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Remark.objects.update(text="All good.")


def test_it_is_not_closed_before_it_is_known_who_signs(opened, people, board):
    services.end_task(helper=queries.holding(opened, "signer")[0], by=asker(people["Bob"]), at=opened.opened_at)
    with pytest.raises(services.Missing):
        hold(opened, people)


def test_who_came_and_went_cannot_be_rewritten(opened):
    for deed in (lambda: Presence.objects.all().delete(), lambda: Presence.objects.update(mode="remote")):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


def test_charlie_does_not_get_in(ready, wheels, charlie):
    with scope(wheels.pk), pytest.raises(Refused):
        services.check_in(meeting=ready, invitation=ready.invitations.model(), mode="room", by=asker(charlie), at=ready.starts_at)


def test_the_page_of_the_room_asks_little_of_the_database(opened, people, django_assert_max_num_queries):
    for name in ("Dana", "Emil", "Fatou", "Alice"):
        services.raise_hand(meeting=opened, by=asker(people[name]), at=opened.opened_at)
    with django_assert_max_num_queries(4):
        assert len(queries.queue(opened)) == 4
    with django_assert_max_num_queries(3):
        queries.quorum(opened, at=opened.opened_at)
