"""Asking what a change would have done: once, at once or by a job, and the same to the byte whenever it is asked again."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from tests.conftest import browser
from tests.trade.orders.conftest import *  # noqa: F403
from tests.trade.orders.test_replay import Room, market, room, visit  # noqa: F401
from toadlane.kernel import canonical
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import RuleFailed
from toadlane.society.bylaws.rules.patches import Conflict, NotAllowed, Op, Patch
from toadlane.society.simulations import queries, services
from toadlane.society.simulations.models import Simulation

pytestmark = pytest.mark.django_db
FEE = "fees.commission"


def to(value, rule=FEE):
    book = bylaws.book()
    return Patch(book.number, (Op(rule, book.rules[rule]["value"], value),))


@pytest.fixture
def asked(visit, slate, day):  # noqa: F811
    return services.simulate(patch=to("0.06"), by=slate.by, at=day + timedelta(days=2))


def test_a_short_replay_is_worked_out_while_one_waits(asked, visit):  # noqa: F811
    assert (asked.state, asked.trouble) == ("done", "")
    came = asked.result["replays"]["orders"]["currencies"]["EUR"]
    assert (came["before"]["fee"], came["after"]["fee"]) == (645, 774)
    assert asked.result["rules"] == [FEE] and asked.hash == canonical.digest(asked.result)


def test_the_same_question_is_worked_out_once_and_another_day_is_another_question(asked, slate, day):
    again = services.simulate(patch=to("0.06"), by=slate.by, at=day + timedelta(days=2, hours=3))
    assert again.pk == asked.pk
    assert services.simulate(patch=to("0.06"), by=slate.by, at=day + timedelta(days=3)).pk != asked.pk
    assert services.simulate(patch=to("0.07"), by=slate.by, at=day + timedelta(days=2)).pk != asked.pk


def test_what_happened_today_is_not_over_and_not_replayed(visit, slate, day):  # noqa: F811
    """The visit was paid for today; the twelve months end with yesterday."""
    today = services.simulate(patch=to("0.06"), by=slate.by, at=day + timedelta(hours=14))
    assert today.state == "done" and today.result["replays"] == {} and queries.shown(today, slate.by) == []
    tomorrow = services.simulate(patch=to("0.06"), by=slate.by, at=day + timedelta(days=1))
    assert tomorrow.result["replays"]["orders"]["orders"] == 1


def test_a_change_that_touches_no_money_has_nothing_to_replay(visit, slate, day):  # noqa: F811
    assert services.simulate(patch=to(45, "members.notice_days"), by=slate.by, at=day + timedelta(days=2)) is None
    stricter = Patch(1, (Op(FEE, "0.05", procedure="special"),))
    assert services.simulate(patch=stricter, by=slate.by, at=day + timedelta(days=2)) is None, "a guard moves no money"


@pytest.mark.parametrize(
    ("op", "error"), [(Op(FEE, "0.04", "0.06"), Conflict), (Op("no.such_rule", 1, 2), NotAllowed)]
)  # fmt: skip
def test_a_change_that_cannot_be_made_is_not_tried(visit, slate, day, op, error):  # noqa: F811
    with pytest.raises(error):
        services.simulate(patch=Patch(1, (op,)), by=slate.by, at=day)


def test_it_comes_to_the_same_bytes_whenever_it_is_worked_out(asked):
    result, own, digest = queries.worked_out(asked)
    assert canonical.text(result) == canonical.text(asked.result) and digest == asked.hash
    assert canonical.text(own) == canonical.text(asked.own)
    assert queries.same_again().looked_at == 1 and not queries.same_again().faults


def test_an_order_that_is_not_what_it_was_is_found_out(asked, visit):  # noqa: F811
    type(visit).objects.filter(pk=visit.pk).update(released_at=asked.until)  # What was agreed the database keeps by itself.
    assert "no longer comes to that" in queries.same_again().faults[0]


@pytest.mark.parametrize("change", [{"result": {}}, {"hash": "0" * 64}, {"state": "failed", "trouble": "x"}])
def test_the_database_keeps_what_readers_saw(asked, change):
    rows = Simulation.objects.filter(pk=asked.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows._raw_delete(rows.db)


# --- many orders: a job


@pytest.fixture
def waiting(visit, slate, day, monkeypatch):  # noqa: F811
    monkeypatch.setattr(services, "AT_ONCE", 0)
    asked = services.simulate(patch=to("0.06"), by=slate.by, at=day + timedelta(days=2))
    assert (asked.state, asked.of, asked.result) == ("waiting", 1, None)
    return asked


def work_off(coop, at):
    return services.work_off(by=Principal.job(coop.pk), at=at)


def test_a_long_replay_waits_for_a_job_and_is_done_once(inside, waiting, at):
    assert queries.coops_to_do(at) == [inside.pk]
    assert work_off(inside, at).pk == waiting.pk
    waiting.refresh_from_db()
    assert waiting.state == "done" and waiting.done == waiting.of and waiting.hash == queries.worked_out(waiting)[2]
    assert work_off(inside, at) is None and queries.coops_to_do(at) == []


@pytest.mark.parametrize(("silent_for", "taken"), [(timedelta(minutes=4), False), (timedelta(minutes=6), True)])
def test_what_a_worker_left_behind_is_taken_up_again(inside, waiting, at, silent_for, taken):
    Simulation.objects.update(state="running", beat_at=clock.machine_time() - silent_for)
    assert (work_off(inside, at) is not None) == taken


def test_progress_is_told_while_it_runs(inside, waiting, at, monkeypatch):
    seen = []

    def slow(asked, progress):
        progress(1)
        seen.append(Simulation.objects.get(pk=asked.pk))
        return worked_out(asked)

    worked_out = queries.worked_out
    monkeypatch.setattr(queries, "worked_out", slow)
    work_off(inside, at)
    assert (seen[0].state, seen[0].done) == ("running", 1)


def test_a_rule_that_cannot_be_read_is_said_and_not_guessed(inside, waiting, at, monkeypatch):
    def broken(_asked, _progress):
        raise RuleFailed("The rule fees.benefits could not be read.")

    monkeypatch.setattr(queries, "worked_out", broken)
    work_off(inside, at)
    waiting.refresh_from_db()
    assert waiting.state == "failed" and "fees.benefits" in waiting.trouble and work_off(inside, at) is None


# --- who may ask and see


def test_a_stranger_asks_nothing(visit, guest, day):  # noqa: F811
    with pytest.raises(Refused):
        services.simulate(patch=to("0.06"), by=guest, at=day)


def test_what_single_people_earn_is_for_those_who_read_the_books(room, at, day):  # noqa: F811
    room.order()
    room.release()
    asked = services.simulate(patch=to("0.12"), by=room.by, at=day + timedelta(days=9))
    stranger = Principal(coop_id=room.coop.pk, channel=room.by.channel)
    [inside], [outside] = queries.shown(asked, room.by), queries.shown(asked, stranger)
    assert [row[0] for row in inside.tables[0].rows] == ["Hana"]
    assert "Hana" not in str(outside) and outside.tables[0].foot == inside.tables[0].foot


API = "/api/v1/coops/sparkle/simulations"


def test_over_the_api(visit, slate, charlie, day):  # noqa: F811
    body = {"ops": [{"rule": FEE, "set": "0.06"}]}
    client = browser(slate.delegate)
    answer = client.post(API, body, content_type="application/json")
    assert answer.status_code == 201 and answer.json()["touches_money"] and answer.json()["state"] == "done"
    pk = answer.json()["id"]
    assert client.get(f"{API}/{pk}").json()["hash"] == answer.json()["hash"]
    assert client.get(f"{API}/{pk + 1}").status_code == 404
    none = client.post(API, {"ops": [{"rule": "members.notice_days", "set": 60}]}, content_type="application/json")
    assert none.status_code == 200 and none.json()["touches_money"] is False
    bad = client.post(API, {"ops": [{"rule": FEE, "set": "1.5"}]}, content_type="application/json")
    assert bad.status_code == 422
    for other in (browser(charlie), Client()):
        assert other.get(f"{API}/{pk}").status_code in (401, 404)
        assert other.post(API, body, content_type="application/json").status_code in (401, 404)
        assert other.get(f"/c/sparkle/simulations/{pk}/").status_code == 404
    assert browser(charlie).get(f"/api/v1/coops/wheels/simulations/{pk}").status_code == 404


def test_the_page_shows_it_and_how_far_it_is(asked, slate, monkeypatch, day):
    client = browser(slate.delegate)
    page = client.get(f"/c/sparkle/simulations/{asked.pk}/").content.decode()
    assert "5%, as it is" in page and "€7.74" in page and "<svg" in page
    document = client.get(f"/c/sparkle/simulations/{asked.pk}.json").json()
    assert canonical.digest(document["hashed"]) == document["hash"] == asked.hash
    monkeypatch.setattr(services, "AT_ONCE", 0)
    waiting = services.simulate(patch=to("0.08"), by=slate.by, at=day + timedelta(days=2))
    page = client.get(f"/c/sparkle/simulations/{waiting.pk}/").content.decode()
    assert "0 of about 1" in page and "<progress" in page


def test_charlie_next_door_finds_none(asked, wheels):
    with scope(wheels.pk):
        assert queries.simulation(asked.pk) is None
