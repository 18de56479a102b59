"""Seats filled by lot: announced before, drawn by what nobody knew then, worked out again by anybody, and nobody has to serve."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import browser
from tests.democracy.circles.conftest import DAY, HOUR, PANEL, SOURCE, asker, payload
from toadlane.democracy.circles import policies, queries, services
from toadlane.democracy.circles.handlers import decisions as kinds
from toadlane.democracy.circles.models import Draw
from toadlane.democracy.circles.policies import Ticket
from toadlane.democracy.circles.queries import draws
from toadlane.democracy.circles.tasks import keep_draws
from toadlane.democracy.counting.policies import sortition
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.sealing import services as sealing
from toadlane.plumbing.sealing.models import RecordSeal
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import packs
from toadlane.society.members import services as members
from toadlane.society.members.models import Membership, Office
from toadlane.society.members.services import admit
from toadlane.society.people.models import Person

SECOND = timedelta(seconds=1)


def numbers_of(draw):
    return [one.entry.number for one in draws.asked(draw) if one.declined_at is None]


def seated(at):
    return {one.name: (one.member_class, one.named_by) for one in queries.sitting("panel", at=at)}


# ------------------------------------------------------------------------------------------------------- working it out

FIVE = [Ticket(n, "worker" if n < 4 else "client") for n in (1, 2, 3, 4, 5)]


def test_a_lot_is_a_hash_that_anybody_can_take():
    seed = policies.seed("aa", "7 11 13")
    assert seed == hashlib.sha256(b"aa|7 11 13").hexdigest()
    by_hand = sorted((hashlib.sha256(f"{seed}|{one.number}".encode()).hexdigest(), one.number) for one in FIVE)
    assert [one.number for one in policies.in_order(seed, FIVE)] == [number for _lot, number in by_hand]
    assert [str(number) for _lot, number in by_hand] == sortition.in_order(seed, [str(one.number) for one in FIVE])
    assert policies.in_order(seed, FIVE[::-1]) == policies.in_order(seed, FIVE), "the order of the list does not matter"
    assert policies.seed("aa", "7 11 14") != seed != policies.seed("ab", "7 11 13")


def test_seats_of_a_class_go_first_and_whoever_says_no_is_passed_over():
    seats = {"": 1, "worker": 2}
    assert policies.seated(FIVE, seats, ()) == {"worker": [1, 2], "": [3]}
    assert policies.seated(FIVE, seats, {1}) == {"worker": [2, 3], "": [4]}
    assert policies.seated(FIVE, seats, {1, 2}) == {"worker": [3], "": [4]}, "no other class takes the seats of one"
    assert policies.seated(FIVE, {"": 9}, {5}) == {"": [1, 2, 3, 4]}
    before = {n for numbers in policies.seated(FIVE, seats, ()).values() for n in numbers}
    for no in before:
        after = {n for numbers in policies.seated(FIVE, seats, {no}).values() for n in numbers}
        assert before - {no} <= after, "a no moves nobody out"


def test_a_public_value_is_the_same_however_it_is_typed():
    assert policies.spelled("  7  11\n13 ") == "7 11 13"


# ----------------------------------------------------------------------------------------------------------- announcing


def test_everything_is_frozen_when_it_is_announced(announce, at):
    draw = announce()
    assert (draw.number, draw.seats, draw.term_months, draw.decision) == (1, {"": 1, "worker": 2}, 6, "2027-1")
    assert draw.roll_size == draw.entries.count() == 9
    assert draw.roll_hash == hashlib.sha256("".join(draws.roll_lines(draw)).encode()).hexdigest()
    for change in ({"source": "The weather."}, {"draws_at": at + 30 * DAY}, {"seats": {"": 9}}, {"roll_hash": "0" * 64}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Draw.objects.filter(pk=draw.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        draw.entries.update(number=77)
    assert not draws.draws_hold().faults


def test_a_draw_is_announced_days_before(announce, at):
    with pytest.raises(services.AnnounceEarlier):
        announce(draws_at=at + 7 * DAY - SECOND)
    announce()
    with pytest.raises(services.DrawNotNow):
        announce()


def test_only_where_members_chose_the_lot(panel, board, at):
    with pytest.raises(services.NotByLot):
        services.announce_draw(office="board", draws_at=at + 9 * DAY, by=board, at=at)
    with pytest.raises(services.ByLot):
        services.open_election(office="panel", closes_at=at + 30 * DAY, by=board, at=at)
    dana = Person.objects.get(name="Dana")
    assert [one.code for one in kinds.check_election(payload("panel", [dana], at), bylaws.book(), at)] == ["by_lot"]
    assert "They are filled by lot, among all who may stand." in kinds.describe_circle(PANEL, "en")
    wrong = [one.code for one in kinds.check_circle(PANEL | {"chosen": "auction"}, bylaws.book(), at)]
    assert wrong == ["chosen"]


def test_a_law_may_have_an_organ_elected(panel, at, monkeypatch):
    assert not kinds.check_circle(PANEL | {"slug": "appeals"}, bylaws.book(), at)
    real = packs.load
    monkeypatch.setattr(packs, "load", lambda name: replace(real(name), law="Ley 27/1999"))
    assert [one.code for one in kinds.check_circle(PANEL | {"slug": "appeals"}, bylaws.book(), at)] == ["elected_by_law"]
    assert not kinds.check_circle(PANEL, bylaws.book(), at)


def test_each_person_has_one_chance_and_whoever_cannot_stand_has_none(panel, announce, board, at):
    dana, emil = Person.objects.get(name="Dana"), Membership.objects.get(person__name="Emil")
    admit(person=dana, member_class="client", by=board, at=at)
    members.suspend(membership=emil, reason="Sold a van.", by=board, at=at)
    draw = announce()
    names = sorted(draw.entries.values_list("person__name", flat=True))
    assert names.count("Dana") == 1 and "Emil" not in names and draw.roll_size == 8


def test_nobody_else_announces_reads_or_calls_it_off(announce, panel, worker, wheels, charlie, at):
    draw = announce(source=SOURCE)
    for deed in (
        lambda: services.announce_draw(office="panel", draws_at=at + 9 * DAY, by=worker, at=at),
        lambda: services.read_value(draw=draw, value="1", by=worker, at=draw.draws_at),
        lambda: services.cancel_draw(draw=draw, reason="x", by=worker, at=at),
        lambda: services.keep_draw(draw=draw, by=worker, at=at),
    ):
        with pytest.raises(Refused):
            deed()
    with outside():
        for path in ("", "list.csv", "result.csv"):
            assert browser(charlie).get(f"/c/sparkle/circles/draws/1/{path}").status_code in (403, 404)
            assert browser(charlie).get(f"/c/wheels/circles/draws/1/{path}").status_code in (403, 404)


# -------------------------------------------------------------------------------------------------------------- drawing


def test_the_first_seal_after_its_hour_decides_and_verify_draws_again(announce, job, at):
    draw = announce()
    sealing.seal(by=job, at=draw.draws_at)  # With the margin for what is still to commit, it seals what was before the hour.
    keep_draws(by=job, at=draw.draws_at + SECOND)
    draw.refresh_from_db()
    assert draw.state == "announced", "no seal reaches its hour yet"
    sealing.seal(by=job, at=draw.draws_at + DAY)  # After a day at the latest there is one, if only over nothing.
    for _twice in (1, 2):
        keep_draws(by=job, at=draw.draws_at + DAY)
    draw.refresh_from_db()
    assert draw.state == "drawn" and draw.value == RecordSeal.objects.order_by("-number").first().hash
    assert draw.seed == hashlib.sha256(f"{draw.hash}|{draw.value}".encode()).hexdigest()
    lots = draws.lots(draw)
    assert len(lots) == 9 and [one.lot for one in lots] == sorted(one.lot for one in lots)
    assert sorted(numbers_of(draw)) == sorted(one.number for one in lots if one.seat is not None) and len(numbers_of(draw)) == 3
    assert [one.member_class for one in lots if one.seat == "worker"] == ["worker"] * 2
    assert not draws.draws_hold().faults


def test_silence_is_a_yes_and_then_they_sit_for_a_term(drawn, job, at):
    until = drawn.drawn_at + 7 * DAY
    keep_draws(by=job, at=until - SECOND)
    assert seated(at) == {}
    for _twice in (1, 2):
        keep_draws(by=job, at=until)
    sit = seated(until)
    assert len(sit) == 3 and sorted(sit.values()) == [("", "draw-1"), ("worker", "draw-1"), ("worker", "draw-1")]
    assert all(one.until.month == 9 for one in queries.sitting("panel", at=until)), "a term of six months"
    assert Draw.objects.get().state == "seated" and not draws.draws_hold().faults
    assert not invariants.verify_coop()["circles.seats_hold"].faults


def test_the_next_of_the_same_draw_moves_up_and_has_as_long_to_say_no(drawn, job, at):
    order = [one.number for one in draws.lots(drawn)]
    first = draws.asked(drawn)[0]
    by, now = asker(first.entry.person), drawn.drawn_at + 6 * DAY
    services.decline_lot(asked=first, by=by, at=now)
    with pytest.raises(services.DrawNotNow):
        services.decline_lot(asked=first, by=by, at=now)
    last = list(draws.asked(drawn))[-1]
    assert last.answer_until == now + 7 * DAY and first.entry.number not in numbers_of(drawn) and len(numbers_of(drawn)) == 3
    assert not draws.draws_hold().faults and set(numbers_of(drawn)) <= set(order)
    keep_draws(by=job, at=drawn.drawn_at + 7 * DAY)
    assert seated(at) == {}, "the one who moved up can still say no"
    keep_draws(by=job, at=now + 7 * DAY)
    assert len(seated(now + 7 * DAY)) == 3 and first.entry.person.name not in seated(now)
    assert not draws.draws_hold().faults


def test_nobody_says_no_for_another_or_too_late(drawn, board):
    one = draws.asked(drawn)[0]
    other = asker(Person.objects.exclude(pk=one.entry.person_id).get(name__in=["Ivo", "Jun"][:1]))
    if other.person_id != one.entry.person_id:
        with pytest.raises(Refused):
            services.decline_lot(asked=one, by=other, at=drawn.drawn_at)
    with pytest.raises(services.DrawNotNow):
        services.decline_lot(asked=one, by=asker(one.entry.person), at=one.answer_until)
    services.decline_lot(asked=one, by=asker(one.entry.person), at=one.answer_until - SECOND)


def test_whoever_left_meanwhile_makes_place_for_the_next(drawn, board, job):
    gone = draws.asked(drawn)[0]
    members.suspend(membership=gone.entry.membership, reason="Sold a van.", by=board, at=drawn.drawn_at)
    until = drawn.drawn_at + 7 * DAY
    keep_draws(by=job, at=until)
    assert seated(until) == {} and len(numbers_of(drawn)) == 3 and gone.entry.number not in numbers_of(drawn)
    keep_draws(by=job, at=until + 7 * DAY)
    assert len(seated(until)) == 3 and gone.entry.person.name not in seated(until) and not draws.draws_hold().faults


def test_only_empty_seats_are_filled_and_those_who_sit_stay(drawn, announce, enactment, job, board, at):
    until = drawn.drawn_at + 7 * DAY
    keep_draws(by=job, at=until)
    [out, *stay] = list(queries.holders("panel"))
    services.recall(office="panel", person_id=out.person_id, decision="2027-5", by=enactment, at=until)
    draw = services.announce_draw(office="panel", draws_at=until + 8 * DAY, fills_all=False, by=board, at=until)
    assert sum(draw.seats.values()) == 1
    assert not draw.entries.filter(person_id__in=[one.person_id for one in stay]).exists()
    sealing.seal(by=job, at=draw.draws_at + HOUR)
    keep_draws(by=job, at=draw.draws_at + HOUR)
    keep_draws(by=job, at=draw.draws_at + HOUR + 7 * DAY)
    sit = {one.person_id for one in queries.holders("panel")}
    assert len(sit) == 3 and {one.person_id for one in stay} < sit
    assert not draws.draws_hold().faults and not invariants.verify_coop()["circles.seats_hold"].faults


def test_nobodys_term_is_cut_short_by_a_draw(drawn, job, board):
    until = drawn.drawn_at + 7 * DAY
    keep_draws(by=job, at=until)
    ends = queries.holders("panel")[0].until
    first = datetime.combine(ends - 60 * DAY, time(12), UTC)  # As many days before as its end shows on the desk.
    for early in (until + 8 * DAY, first - DAY):
        with pytest.raises(services.TermsRun):
            services.announce_draw(office="panel", draws_at=early, by=board, at=until)
    assert services.announce_draw(office="panel", draws_at=first, by=board, at=until).fills_all


def test_all_seats_anew(drawn, job, board):
    until = drawn.drawn_at + 7 * DAY
    keep_draws(by=job, at=until)
    until += 180 * DAY
    draw = services.announce_draw(office="panel", draws_at=until + 8 * DAY, by=board, at=until)
    assert draw.roll_size == 9, "those who sit are in it as well"
    sealing.seal(by=job, at=draw.draws_at + HOUR)
    keep_draws(by=job, at=draw.draws_at + HOUR)
    keep_draws(by=job, at=draw.draws_at + HOUR + 7 * DAY)
    assert {one.named_by for one in queries.holders("panel")} == {"draw-2"} and queries.holders("panel").count() == 3
    assert not draws.draws_hold().faults


# ------------------------------------------------------------------------------------------------------ a public value


@pytest.fixture
def second(board, at, people):
    """A second one who may read: Emil sits on the board."""
    Office.objects.create(person=people["Emil"], office="board", since=at.date(), named_by="2027-9")
    return asker(people["Emil"])


def test_two_people_read_the_public_value(announce, board, second, job):
    draw = announce(source=SOURCE)
    with pytest.raises(services.DrawNotNow):
        services.read_value(draw=draw, value="3 5 8", by=board, at=draw.draws_at - SECOND)
    sealing.seal(by=job, at=draw.draws_at + HOUR)
    keep_draws(by=job, at=draw.draws_at + HOUR)
    for value in ("3 5 9", "3 5 8", "3 5 8"):
        draw = services.read_value(draw=draw, value=value, by=board, at=draw.draws_at)
        assert draw.state == "announced", "one person is not enough, however often"
    draw = services.read_value(draw=draw, value="3 5 9", by=second, at=draw.draws_at)
    assert draw.state == "announced", "they do not agree"
    draw = services.read_value(draw=draw, value=" 3  5 9 ", by=board, at=draw.draws_at)
    assert (draw.state, draw.value) == ("drawn", "3 5 9") and len(numbers_of(draw)) == 3
    with pytest.raises(services.DrawNotNow):
        services.read_value(draw=draw, value="3 5 8", by=second, at=draw.draws_at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Draw.objects.update(value="3 5 8")
    assert not draws.draws_hold().faults


def test_no_value_can_be_read_where_the_seal_decides(announce, board):
    draw = announce()
    with pytest.raises(services.DrawNotNow):
        services.read_value(draw=draw, value="1", by=board, at=draw.draws_at)
