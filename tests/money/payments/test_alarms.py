"""Money that is owed moves by itself, and where it does not, the office is told, the API says so, and the nightly check fails."""

from datetime import timedelta

import pytest

from tests.conftest import browser
from tests.money.payments.cards import card, euro
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import queries
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payout
from toadlane.money.payments.services.providers import sandbox
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import timers
from toadlane.plumbing.outbox.worker import run_timers
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.coops import queries as coops

GRACE = timedelta(days=2)


@pytest.fixture
def at():
    """Now: timers go by the co-op's own clock."""
    return clock.machine_time().replace(microsecond=0)


@pytest.fixture
def owed(begin, worker, board, at):
    payments.authorise(payment=begin(capture_at_once=True), instrument=card(), by=worker, at=at)
    legs = [ledger.debit("2100", euro(9_000)), ledger.credit("2110", euro(9_000), holder="membership:7")]
    ledger.post(key="released", narration="Released", postings=legs, by=board, at=at)
    return at + timedelta(days=queries.payout_days())


def live_on(coop, until) -> None:
    """Let the co-op's clock show an instant, and every timer that ships with the server have its turn."""
    Tenant.objects.filter(pk=coop.pk).update(ahead_by=until - clock.machine_time())
    run_timers(coop.pk)


def told(by, at) -> list[str]:
    with coops.among_pages(coops.of_scope(by.coop_id)):
        return [one.title for one in desk.waiting(by, at) if "Owed" in one.title or "payout" in one.title.lower()]


def test_what_is_due_is_paid_by_a_timer_that_ships_with_it(inside, owed, board):
    names = {timer.name for timer in timers.declared()}
    assert {"payments.pay_out", "payments.sweep"} <= names
    live_on(inside, owed - timedelta(minutes=1))
    assert not Payout.objects.exists()
    for _turn in range(3):
        live_on(inside, owed + timedelta(minutes=1))
    assert [(one.state, one.amount) for one in Payout.objects.all()] == [("done", euro(9_000))]
    assert books.balance("2110", "EUR").minor == 0 and queries.alarms(owed + GRACE) == []
    assert not queries.moved_in_time().faults


@pytest.mark.parametrize(("later", "rings"), [(timedelta(seconds=-1), False), (timedelta(0), True), (timedelta(days=40), True)])
def test_what_is_not_paid_in_time_rings_for_those_who_can_help(inside, owed, board, worker, bob, alice, later, rings):
    """Nobody pays out: the worker of the server is not running, or something holds it up."""
    edge = owed + GRACE + later
    assert [(one.kind, one.amount) for one in queries.alarms(edge)] == ([("owed", euro(9_000))] if rings else [])
    assert bool(told(board, edge)) is rings and not told(worker, edge), "it waits on the desk of the office, and no other"
    Tenant.objects.filter(pk=inside.pk).update(ahead_by=edge - clock.machine_time())
    assert len(queries.moved_in_time().faults) == rings or later < timedelta(0), "and the nightly check says so"
    with outside():
        root = "/api/v1/coops/sparkle/payments/alarms"
        found = browser(bob).get(root).json()["items"]
        assert browser(alice).get(root).status_code == 403
    assert later < timedelta(0) or [(one["kind"], one["amount"]["minor"]) for one in found] == [("owed", 9_000)]


def test_a_provider_that_never_answers_rings_until_it_has_paid(inside, owed, board, monkeypatch):
    def silence(self, **call):
        raise OSError("no line")

    with monkeypatch.context() as line:
        line.setattr(sandbox.Sandbox, "pay_out", silence)
        live_on(inside, owed + timedelta(minutes=1))
        assert Payout.objects.get().state == "unknown" and books.balance("2110", "EUR").minor != 0
        assert queries.alarms(owed + timedelta(hours=23)) == []
        for days in (2, 3, 4):
            live_on(inside, owed + timedelta(days=days))
            now = clock.now(Tenant.objects.get(pk=inside.pk))
            assert {one.kind for one in queries.alarms(now)} <= {"payout", "owed"} and queries.alarms(now)
            assert told(board, now) and queries.moved_in_time().faults
        assert Payout.objects.count() == 1, "nothing is sent a second time meanwhile"
    live_on(inside, owed + timedelta(days=5))
    now = clock.now(Tenant.objects.get(pk=inside.pk))
    assert queries.alarms(now) == [] and not told(board, now) and not queries.moved_in_time().faults
    assert Payout.objects.get().state == "done" and books.balance("2110", "EUR").minor == 0
