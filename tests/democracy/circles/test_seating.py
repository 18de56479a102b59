"""Who sits was named by a decision; terms end, offices last until somebody follows; members recall whom they elected."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.democracy.circles.conftest import DAY, asker, desk, payload, terms
from toadlane.democracy.circles import queries, services
from toadlane.democracy.circles.handlers import decisions as kinds
from toadlane.democracy.circles.models import Seat
from toadlane.democracy.circles.queries import waiting
from toadlane.plumbing.access.principals import Refused
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import decisions
from toadlane.society.members import services as members
from toadlane.society.members.models import Office, Standing
from toadlane.society.people.models import Person


@pytest.fixture
def harbor(enactment, at):
    return services.found_circle(terms=terms(), decision="2027-1", by=enactment, at=at)


def names(slug, at):
    return [one.name for one in queries.sitting(slug, at=at)]


def enact(kind, given, decision, by, at):
    decisions.enact(kind=kind, payload=given, decision=decision, passed_by="simple", by=by, at=at)


def test_the_elected_sit_for_a_term_and_twice_is_the_same_as_once(harbor, people, enactment, at):
    given = payload("harbor", [people["Dana"], people["Emil"]], at, seats=2, member_class="worker")
    assert not kinds.check_election(given, bylaws.book(), at)
    for _twice in (1, 2):
        enact("elect", given | {"elected": [str(people["Emil"].pk)]}, "2027-2", enactment, at)
    [emil] = queries.sitting("harbor", at=at)
    assert (emil.name, emil.until, emil.named_by, emil.member_class) == ("Emil", date(2028, 3, 1), "2027-2", "worker")
    assert "harbor" in asker(people["Emil"]).roles and "harbor" not in asker(people["Dana"]).roles
    assert queries.vacancies(harbor) == {"": 1, "worker": 1}


def test_without_a_count_a_yes_seats_all_who_stand_but_never_more_than_there_are_seats(harbor, people, enactment, at):
    two = [people["Dana"], people["Emil"]]
    enact("elect", payload("harbor", two, at, seats=2, member_class="worker"), "2027-2", enactment, at)
    assert names("harbor", at) == ["Dana", "Emil"]
    with pytest.raises(services.Wrong):
        enact("elect", payload("harbor", two, at, seats=1), "2027-3", enactment, at)
    with pytest.raises(services.Wrong):
        enact("elect", payload("harbor", two, at, seats=2) | {"elected": [str(people["Fatou"].pk)]}, "2027-4", enactment, at)


def test_a_new_election_ends_the_seats_it_fills_and_no_others(harbor, people, enactment, at):
    enact("elect", payload("harbor", [people["Dana"]], at, member_class="worker"), "2027-2", enactment, at)
    enact("elect", payload("harbor", [people["Emil"]], at), "2027-3", enactment, at)
    enact("elect", payload("harbor", [people["Fatou"]], at, member_class="worker"), "2027-4", enactment, at + DAY)
    assert names("harbor", at + DAY) == ["Emil", "Fatou"]
    assert [(one.name, one.ended_by) for one in queries.sat("harbor", at=at + DAY)] == [("Dana", "2027-4")]


def test_founders_make_room_for_the_first_elected_board(inside, people, enactment, bob, at):
    enact("elect", payload("board", [people["Dana"]], at, seats=3), "2027-2", enactment, at)
    assert names("board", at) == ["Dana"] and "board" not in asker(bob).roles


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"office": "nowhere"}, "office"), ({"office": 7}, "office"), ({"seats": 0}, "seats"), ({"seats": 2}, "seats"),
        ({"term_months": 0}, "term"), ({"method": None}, "method"), ({"member_class": "pirates"}, "class"),
        ({"sits": "throne"}, "link"), ({"candidates": []}, "candidates"), ({"candidates": "Dana"}, "candidates"),
        ({"candidates": [{"person": 0}]}, "candidates"), ({"candidates": [{"person": 999999}]}, "cannot_stand"),
    ],
)  # fmt: skip
def test_an_election_that_cannot_be_is_refused_with_the_reason(harbor, people, at, wrong, code):
    found = kinds.check_election(payload("harbor", [people["Dana"]], at) | wrong, bylaws.book(), at)
    assert code in [one.code for one in found]


def test_who_left_meanwhile_cannot_be_elected(harbor, people, at):
    given = payload("harbor", list(people.values()), at)
    assert not kinds.check_election(given, bylaws.book(), at)
    dana = queries.standing_members().get(person=people["Dana"])
    dana.standing = Standing.SUSPENDED
    dana.save()
    [fault] = kinds.check_election(given, bylaws.book(), at)
    assert fault.code == "cannot_stand" and "Dana" in fault.words and "Emil" not in fault.words


def test_a_delegate_may_hold_an_office(harbor, people, board, at):
    from toadlane.society.members.models import Organisation

    tidewater = members.admit(organisation=Organisation.objects.create(name="Tidewater"), member_class="co_op", by=board, at=at)
    charlie = people["Fatou"]
    members.name_delegate(membership=tidewater, person=charlie, by=board, at=at)
    assert queries.persons_who_may_stand([charlie.pk], "co_op") == {charlie.pk}
    assert queries.persons_who_may_stand([people["Dana"].pk], "co_op") == set()


def test_the_double_link_sits_in_both_circles(harbor, people, enactment, at):
    enact("elect", payload("harbor", [people["Dana"]], at, sits="representative"), "2027-2", enactment, at)
    assert names("harbor", at) == ["Dana"] and "Dana" in names("board", at)
    assert {"harbor", "board"} <= asker(people["Dana"]).roles
    [above] = [one for one in queries.sitting("board", at=at) if one.via]
    assert (above.via, above.sits) == ("harbor", "representative")
    enact("elect", payload("harbor", [people["Emil"]], at, sits="representative"), "2027-3", enactment, at)
    assert names("harbor", at) == ["Emil"] and "Dana" not in names("board", at) and "Emil" in names("board", at)
    services.end_circle(slug="harbor", decision="2027-4", by=enactment, at=at)
    assert names("board", at) == ["Bob"], "the link goes with the circle"


def test_the_link_moves_with_the_circle(harbor, people, enactment, at):
    enact("elect", payload("harbor", [people["Dana"]], at, sits="lead"), "2027-2", enactment, at)
    services.found_circle(terms=terms(slug="boats"), decision="2027-3", by=enactment, at=at)
    services.found_circle(terms=terms(parent="boats"), decision="2027-4", by=enactment, at=at)
    assert names("boats", at) == ["Dana"] and names("board", at) == ["Bob"]


def test_a_top_circle_has_no_link(inside, people, at):
    found = kinds.check_election(payload("board", [people["Dana"]], at, sits="lead"), bylaws.book(), at)
    assert [one.code for one in found] == ["link"]


def test_members_recall_whom_they_elected(harbor, people, enactment, at):
    enact("elect", payload("harbor", [people["Dana"]], at), "2027-2", enactment, at)
    given = {"office": "harbor", "person": people["Dana"].pk, "reasons": "Never there."}
    assert not kinds.check_recall(given, bylaws.book(), at)
    assert kinds.whom(given) == queries.standing_members().get(person=people["Dana"]).pk
    for _twice in (1, 2):
        enact("recall", given, "2027-3", enactment, at + DAY)
    assert names("harbor", at) == [] and "harbor" not in asker(people["Dana"]).roles
    [sat] = queries.sat("harbor", at=at + DAY)
    assert sat.ended_by == "2027-3" and sat.ended_on == date(2027, 3, 2)
    assert [one.code for one in kinds.check_recall(given, bylaws.book(), at)] == ["not_in_office"]


def test_a_recall_says_when_they_would_leave(harbor, people, enactment, at):
    enact("elect", payload("harbor", [people["Dana"]], at), "2027-2", enactment, at)
    given = {"office": "harbor", "person": people["Dana"].pk, "reasons": "Never there."}
    assert "Dana would leave this office once the time to appeal is over: Harbor circle." in kinds.describe_recall(given, "en")
    # Whoever sits for an organisation is no member, and has nothing to appeal by.
    stranger = Person.objects.create(email="s@elsewhere.test", name="Sol")
    assert "Sol would leave this office at once: Harbor circle." in kinds.describe_recall(given | {"person": stranger.pk}, "en")


def test_a_recall_needs_its_reasons_and_somebody_in_office(inside, people, bob, at):
    about = {"office": "board", "person": bob.pk}
    assert [one.code for one in kinds.check_recall(about | {"reasons": " "}, bylaws.book(), at)] == ["reasons"]
    assert not kinds.check_recall(about | {"reasons": "He sold the vans."}, bylaws.book(), at)
    stranger = about | {"person": people["Dana"].pk, "reasons": "x"}
    assert [one.code for one in kinds.check_recall(stranger, bylaws.book(), at)] == ["not_in_office"]


def test_nobody_seats_or_recalls_by_hand(harbor, people, board, worker, job, bob, at):
    for by in (board, worker, job):
        with pytest.raises(Refused):
            services.seat(office="harbor", people=[people["Dana"].pk], term_months=12, decision="x", by=by, at=at)
        with pytest.raises(Refused):
            services.recall(office="board", person_id=bob.pk, decision="x", by=by, at=at)


@pytest.mark.parametrize(
    "change", [{"person_id": 1}, {"since": "2020-01-01"}, {"named_by": "me"}, {"until": "2099-01-01"}, {"office": "board"}]
)
def test_the_database_keeps_who_was_named_when_and_by_what(harbor, people, enactment, bob, at, change):
    enact("elect", payload("harbor", [people["Dana"]], at), "2027-2", enactment, at)
    if "person_id" in change:
        change = {"person_id": bob.pk}
    rows = Office.objects.filter(office="harbor")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.all().delete()
    rows.update(ended_on=at.date())
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(ended_on=None)


def test_the_database_lets_nobody_sit_without_a_decision(inside, people, at):
    with pytest.raises(IntegrityError), transaction.atomic():
        Office.objects.create(person=people["Dana"], office="board", since=at.date(), named_by="")


def test_an_ended_term_shows_on_the_desk_of_those_who_can_do_something_about_it(harbor, people, enactment, board, at):
    enact("elect", payload("harbor", [people["Dana"]], at), "2027-2", enactment, at)
    ends = date(2028, 3, 1)

    def titles(by, day):
        return [one for one in desk(by, at + (day - at.date())) if "Terms" in one]

    early, soon = ends - timedelta(days=61), ends - timedelta(days=60)
    assert titles(board, early) == [] and titles(board, soon) == ["Terms in Harbor circle end: open nominations"]
    assert titles(asker(people["Dana"]), soon) and not titles(asker(people["Emil"]), soon)
    later = at + timedelta(days=400)
    assert queries.sitting("harbor", at=later)[0].is_overdue and "harbor" in asker(people["Dana"]).roles
    services.open_election(office="harbor", closes_at=later + timedelta(days=20), by=board, at=later)
    assert not titles(board, later.date()), "an election is under way"


def test_a_circle_is_looked_at_again(enactment, board, at):
    services.found_circle(terms=terms(review_on="2027-12-31"), decision="2027-1", by=enactment, at=at)
    before, then = date(2027, 12, 31) - timedelta(days=61), date(2027, 12, 31) - timedelta(days=60)
    for day, count in ((before, 0), (then, 1)):
        found = [one for one in desk(board, at + (day - at.date())) if "still needed" in one]
        assert len(found) == count


def test_too_many_on_one_kind_of_seat_is_found(harbor, people, enactment, at):
    enact("elect", payload("harbor", [people["Dana"]], at), "2027-2", enactment, at)
    assert not waiting.seats_hold().faults and waiting.seats_hold().looked_at == 2
    named = members.appoint(person=people["Emil"], office="harbor", decision="2027-2", by=enactment, at=at)
    Seat.objects.create(office=named)
    assert waiting.seats_hold().faults == ["harbor has 2 people on 1 seats of “”"]


def test_whoever_holds_an_office_that_is_no_circle_can_be_recalled_too(inside, people, at):
    office = next(field for field in kinds.KINDS[3].fields if field.name == "office")
    assert "mediator" not in dict(office.options())
    Office.objects.create(person=people["Dana"], office="mediator", since=at.date(), named_by="2027-1")
    assert dict(office.options())["mediator"] == "Mediator" and "board" in dict(office.options())
    given = {"office": "mediator", "person": people["Dana"].pk, "reasons": "She takes sides."}
    assert not kinds.check_recall(given, bylaws.book(), at)
    assert queries.name_of("mediator", "es") == "Mediación" and queries.name_of("nowhere") == "nowhere"
