"""Seats filled by lot: announced before, drawn by what nobody knew then, worked out again by anybody, and nobody has to serve."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.conftest import browser, run_jobs
from tests.democracy.ballots.conftest import rules
from tests.democracy.circles.conftest import DAY, asker, desk, payload, terms
from toadlane.democracy.circles import policies, queries, services
from toadlane.democracy.circles.handlers import decisions as kinds
from toadlane.democracy.circles.models import Draw
from toadlane.democracy.circles.policies import Ticket
from toadlane.democracy.circles.queries import draws
from toadlane.democracy.circles.tasks import keep_draws
from toadlane.democracy.counting.policies import sortition
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.sealing import services as sealing
from toadlane.plumbing.sealing.models import RecordSeal
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.tenancy.scope import outside
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import packs
from toadlane.society.members import services as members
from toadlane.society.members.models import Membership, Office
from toadlane.society.members.services import admit
from toadlane.society.people.models import Person

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
PANEL = terms(slug="panel", names={"en": "Citizens' panel"}, parent="", seats={"": 1, "worker": 2}, chosen="lot", term_months=6)
SOURCE = "The numbers of the lottery of 9 March, from the smallest, with spaces between."


CLIENT = {
    "id": "client", "names": {"en": "Client"}, "who": ["person"], "rights": ["vote", "propose", "stand"], "college": "clients",
    "votes": 1, "probation": False, "questions": [],
}  # fmt: skip


@pytest.fixture
def panel(inside, people, enactment, board, at):
    """A circle whose seats the lot fills, two for workers and one for all, among seven workers and two clients."""
    rules(classes=[*bylaws.book().rules["members.classes"]["value"], CLIENT])
    for name, kind in (("Gus", "worker"), ("Hana", "worker"), ("Ivo", "client"), ("Jun", "client")):
        admit(person=Person.objects.create(email=f"{name}@x.test", name=name), member_class=kind, by=board, at=at)
    return services.found_circle(terms=PANEL, decision="2027-1", by=enactment, at=at)


@pytest.fixture
def announce(panel, board, at):
    return lambda **more: services.announce_draw(office="panel", by=board, at=at, **{"draws_at": at + 7 * DAY} | more)


@pytest.fixture
def drawn(announce, job):
    draw = announce()
    sealing.seal(by=job, at=draw.draws_at + HOUR)
    keep_draws(by=job, at=draw.draws_at + HOUR)
    draw.refresh_from_db()
    return draw


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


def test_all_seats_anew(drawn, job, board):
    until = drawn.drawn_at + 7 * DAY
    keep_draws(by=job, at=until)
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
