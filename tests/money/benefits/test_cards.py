"""Cards that are refused, answers that get lost, money that a bank takes back."""

from datetime import timedelta

import pytest

from tests.conftest import run_jobs
from tests.money.benefits.conftest import PHONE, credits, of
from tests.money.payments.cards import CHARGED_BACK, GOOD, card, euro
from toadlane.money.benefits import queries, services, tasks
from toadlane.money.benefits.models import Contribution, Draw, Plan
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.services import RestrictedAccount, credit, debit, post
from toadlane.money.payments import queries as paid
from toadlane.money.payments import services as payments
from toadlane.plumbing.sending.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(rose, clients, promise):
    """A plan whose kept card is refused from now on."""
    plan = promise(clients[0], rose)
    Plan.objects.filter(pk=plan.pk).update(kept_card="gone")
    return plan


def letters(kind):
    return [letter.address for letter in Letter.objects.filter(template=f"benefits/{kind}").order_by("pk")]


def test_a_refused_card_is_tried_three_times_both_are_told_and_then_it_ends(refused, rose, days, at, settings):
    settings.TOADLANE_SANDBOX = True  # Letters are kept to be read.
    due = at + timedelta(days=31)
    days(at, 31)
    one = Contribution.objects.get(kind="month", plan=refused, state="failed")
    assert one.tried == 1 and one.try_at == due + timedelta(days=3)
    assert letters("missed") == ["client0@homes.test"] and letters("missing") == [PHONE]
    told = Letter.objects.get(template="benefits/missed")
    assert "tried again" in told.text and paid.of_subject(one.subject).token in told.text
    days(due, 2)
    one.refresh_from_db()
    assert one.tried == 1, "not before three days"
    days(due, 6)
    one.refresh_from_db()
    refused.refresh_from_db()
    assert (one.state, one.tried, one.try_at) == ("dropped", 3, None)
    assert (refused.state, refused.ended_because) == ("ended", "failed")
    assert len(letters("missed")) == len(letters("missing")) == 3 and letters("ended") == []
    assert credits(rose) == 15, "the balance stays"
    days(due, 60)
    assert Contribution.objects.count() == 2


def test_another_card_at_the_page_pays_it_and_is_charged_from_then_on(refused, rose, clients, days, at):
    days(at, 31)
    one = Contribution.objects.get(state="failed")
    payment = paid.of_subject(one.subject)
    payments.authorise(payment=payment, instrument=card(GOOD), by=of(clients[0]), at=at + timedelta(days=32))
    run_jobs()
    assert credits(rose) == 30
    days(at + timedelta(days=32), 30)
    assert credits(rose) == 45
    refused.refresh_from_db()
    assert refused.state == "running" and not queries.wallets_hold().faults


def test_a_client_who_leaves_while_a_card_is_refused_is_not_tried_again(refused, clients, rose, days, at):
    days(at, 31)
    services.end_plan(plan=refused, by=of(clients[0]), at=at + timedelta(days=32))
    run_jobs()
    one = Contribution.objects.get(kind="month", tried=1)
    assert (one.state, one.try_at) == ("dropped", None) and letters("ended") == [PHONE]


def test_a_change_takes_over_the_day_and_the_card(rose, clients, promise, days, at):
    plan = promise(clients[0], rose)
    other = services.change_plan(plan=plan, amount=euro(2_000), by=of(clients[0]), at=at)
    plan.refresh_from_db()
    assert (plan.state, plan.ended_because) == ("ended", "changed") and other.next_on.isoformat() == "2027-04-01"
    with pytest.raises(services.PlanOver):
        services.change_plan(plan=plan, amount=euro(2_000), by=of(clients[0]), at=at)
    days(at, 31)
    assert credits(rose) == 35


def test_an_answer_that_gets_lost_is_found_and_credited_once(rose, clients, at, timer):
    by = of(clients[0])
    payment = services.begin_plan(wallet=rose, rhythm="month", amount=euro(1_500), key="k", by=by, at=at)
    payment = payments.authorise(payment=payment, instrument=card("4000 0000 0000 0119"), by=by, at=at)
    assert payment.state == "unknown" and credits(rose) == 0
    payments.sweep(by=timer, at=at + timedelta(hours=1))
    run_jobs()
    assert credits(rose) == 15
    again = services.begin_plan(wallet=rose, rhythm="month", amount=euro(1_500), key="k", by=by, at=at)
    assert again.pk == payment.pk and Plan.objects.count() == 1


def test_a_first_payment_that_is_never_made_is_no_promise(rose, clients, at, timer):
    services.begin_plan(wallet=rose, rhythm="month", amount=euro(1_500), key="k", by=of(clients[0]), at=at)
    tasks.charge(by=timer, at=at + timedelta(days=60))
    assert credits(rose) == 0 and not queries.plans_of(clients[0].pk).exists()


@pytest.mark.parametrize(("spent", "left", "lost"), [(False, 0, 0), (True, 0, 6_000)])
def test_a_chargeback_takes_what_is_left_and_never_more(rose, clients, promise, board, dora, timer, at, spent, left, lost):
    promise(clients[0], rose, 6_000, number=CHARGED_BACK)
    assert credits(rose) == 60
    if spent:
        services.take(wallet=rose, what="half_day", way="cash", key="k", by=of(rose.person), at=at)
        services.approve(batch=services.prepare(by=dora, at=at), by=board, at=at)
    payments.hear(by=timer, at=at + timedelta(days=1))
    run_jobs()
    assert queries.balance(rose) == euro(left) and books.balance("6200", "EUR") == euro(lost)
    assert not queries.wallets_hold().faults


def test_what_was_charged_back_cannot_be_approved_any_more(rose, clients, promise, board, dora, timer, at):
    promise(clients[0], rose, 6_000, number=CHARGED_BACK)
    services.take(wallet=rose, what="half_day", way="cash", key="k", by=of(rose.person), at=at)
    batch = services.prepare(by=dora, at=at)
    payments.hear(by=timer, at=at + timedelta(days=1))
    with pytest.raises(services.WalletTooSmall):
        services.approve(batch=batch, by=board, at=at)
    services.drop(batch=batch, by=dora, at=at)
    services.decline(request=Draw.objects.get(), reason="The bank took it back.", by=board, at=at)
    assert Draw.objects.get().state == "declined"


def test_the_ledger_refuses_whatever_a_wallet_is_not_for(rose, clients, promise, timer, at):
    promise(clients[0], rose)
    with pytest.raises(RestrictedAccount):
        post(key="x", narration="Rent", by=timer, at=at, postings=[
            debit("2125", euro(100), holder=rose.holder, purpose="rent"), credit("1000", euro(100)),
        ])  # fmt: skip
