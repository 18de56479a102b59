"""A wallet belongs to its person: over co-ops, over memberships, in the export, and to nobody next door."""

import contextlib

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.money.benefits.conftest import PHONE, of, within
from tests.money.funds.conftest import rule
from tests.money.payments.cards import GOOD, euro
from toadlane.kernel.errors import Expected
from toadlane.money.benefits import queries, services
from toadlane.money.benefits.models import Draw, Invitation, Plan, Wallet
from toadlane.money.ledger import queries as books
from toadlane.money.payments import services as payments
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.outbox.worker import drain
from toadlane.society.members import queries as members
from toadlane.society.people.models import Person

pytestmark = pytest.mark.django_db


def test_a_balance_is_carried_to_another_co_op_by_two_entries_under_one_reference(
    inside, rose, clients, promise, board, dora, wheels, charlie, at
):
    promise(clients[0], rose, 10_000)
    with within(wheels):
        rule(benefits__wallets=True)
        there = services.open_for(name="Rose", phone=PHONE, language="en", by=of(charlie), at=at)
        assert there.person == rose.person
        transfer = services.bring(amount=euro(10_000), note="Sparkle", key="k", by=of(rose.person), at=at)
        assert transfer.reference.startswith("TL-") and queries.balance(there) == euro(0)
    draw = services.take(
        wallet=rose, what="carry", amount=euro(10_000), way="transfer", account="Wheels, IE29 AIBK 9311 5212 3456 78",
        note=transfer.reference, key="k", by=of(rose.person), at=at,
    )  # fmt: skip
    assert draw.credits == 100
    services.approve(batch=services.prepare(by=dora, at=at), by=board, at=at)
    assert queries.balance(rose) == euro(0)
    with within(wheels):
        # The bank's own statement shows what came in, with the reference.
        by = Principal(coop_id=wheels.pk, channel=Channel.JOB, roles=frozenset({"bank", "system"}))
        payments.receive_by_bank(payment=transfer, reference="line 7", by=by, at=at)
    drain()
    with within(wheels):
        assert queries.balance(there) == euro(10_000) and not queries.wallets_hold().faults
    kept = {one.coop: one.credits for one in queries.own_wallets(rose.person_id)}
    assert kept == {"Sparkle": 0, "Wheels": 100}
    assert not queries.wallets_hold().faults


def test_a_wallet_outlives_the_membership(inside, worker, alice, clients, promise, board, dora, at):
    wallet = services.open_own(by=worker, at=at)
    promise(clients[0], wallet, 6_000)
    members.register().filter(person=alice).update(standing="former")
    by = of(alice)
    assert not by.memberships
    draw = services.take(wallet=wallet, what="half_day", way="cash", key="k", by=by, at=at)
    services.approve(batch=services.prepare(by=dora, at=at), by=board, at=at)
    draw.refresh_from_db()
    assert draw.state == "paid"


def test_where_members_have_not_decided_there_are_no_wallets(wheels, charlie, at):
    with within(wheels):
        by = of(charlie)
        assert not queries.is_open()
        for deed in (
            lambda: services.open_own(by=by, at=at),
            lambda: services.invite_worker(phone=PHONE, language="en", by=by, at=at),
            lambda: services.make_codes(count=1, by=by, at=at),
        ):
            with pytest.raises(services.NoWallets):
                deed()


def test_charlie_sees_and_moves_nothing(inside, rose, clients, promise, wheels, charlie, worker, at):
    plan = promise(clients[0], rose, 6_000)
    draw = services.take(wallet=rose, what="half_day", way="cash", key="k", by=of(rose.person), at=at)
    with within(wheels):
        assert not Wallet.objects.exists() and queries.at_code(rose.code) is None and queries.plan(plan.pk) is None
        assert queries.draw(draw.pk) is None and not queries.own_data(person_id=rose.person_id)["paid_in"]
        board = of(charlie)
    for by in (board, worker, of(clients[1])):
        for deed in (
            lambda by=by: services.take(wallet=rose, what="day", way="cash", key="c", by=by, at=at),
            lambda by=by: services.withdraw(draw=draw, by=by, at=at),
            lambda by=by: services.end_plan(plan=plan, by=by, at=at),
            lambda by=by: services.invite_client(wallet=rose, phone=PHONE, language="en", by=by, at=at),
            lambda by=by: services.prepare(by=by, at=at),
            lambda by=by: services.decline(request=draw, reason="No.", by=by, at=at),
        ):
            with pytest.raises(Refused):
                deed()


def test_own_data_goes_along_and_a_wallet_with_money_keeps_its_account(rose, clients, promise, board, dora, timer, at):
    plan = promise(clients[0], rose, 6_000)
    told = queries.own_data(person_id=rose.person_id)
    assert told["wallet"]["balance"] == str(euro(6_000)) and len(told["paid_in"]) == 1
    assert queries.own_data(person_id=clients[0].pk)["plans"][0]["amount"] == str(euro(6_000))
    assert "€60.00" in queries.reason_to_stay(rose.person_id) and not queries.reason_to_stay(clients[0].pk)
    services.take(wallet=rose, what="half_day", way="voucher", account="9 Mill Lane", key="k", by=of(rose.person), at=at)
    services.approve(batch=services.prepare(by=dora, at=at), by=board, at=at)
    assert not queries.reason_to_stay(rose.person_id)
    services.forget(person_id=rose.person_id, by=timer, at=at)
    plan.refresh_from_db()
    assert plan.state == "ended" and Draw.objects.get().account == "" and Draw.objects.get().amount_minor == 6_000
    services.forget(person_id=clients[0].pk, by=timer, at=at)
    assert {one.phone for one in Invitation.objects.all()} == {""}


DEEDS = ("give", "take", "pay", "drop", "withdraw", "end")
STEPS = st.tuples(st.sampled_from(DEEDS), st.integers(0, 2), st.integers(500, 13_000))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=14))
def test_a_wallet_equals_its_postings_whatever_is_done(inside, clients, board, dora, at, steps):
    """Any sequence of gifts, requests, batches and plans, refused ones included: rows, sub-ledger and account agree."""
    with transaction.atomic():
        workers = [Person.objects.create(phone=f"+35386100000{n}", name=f"W{n}") for n in range(3)]
        wallets = [services.open_for(name=w.name, phone=w.phone, language="en", by=board, at=at) for w in workers]
        for n, (deed, which, minor) in enumerate(steps):
            with contextlib.suppress(Expected):
                _step(deed, wallets[which], clients[which], minor, f"s{n}", board=board, dora=dora, at=at)
        finding = queries.wallets_hold()
        assert finding.looked_at == 3 and not finding.faults
        assert sum(queries.balance(w).minor for w in wallets) == -books.balance("2125", "EUR").minor
        assert all(queries.available(w).minor >= 0 for w in wallets)
        transaction.set_rollback(True)


def _step(deed, wallet, client, minor, key, *, board, dora, at):
    own = of(wallet.person)
    if deed == "give":
        payment = services.give_once(wallet=wallet, amount=euro(minor), method="card", key=key, by=of(client), at=at)
        job = Principal.job(wallet.coop_id)
        type(payment).objects.filter(pk=payment.pk).update(doing="authorise", call_key=f"{payment.pk}:authorise:0")
        payment.refresh_from_db()
        outcome = payments.Outcome(call_key=payment.call_key, result="succeeded", minor=minor, provider_ref=GOOD[-4:])
        payments.settle(payment=payment, outcome=outcome, by=job, at=at)
        services.credit(contribution=queries.of_subject(payment.subject), payment=payment, by=job, at=at)
    elif deed == "take":
        services.take(wallet=wallet, what="insurance", amount=euro(minor), way="cash", key=key, by=own, at=at)
    elif deed == "pay":
        services.approve(batch=services.prepare(by=dora, at=at), by=board, at=at)
    elif deed == "drop":
        services.drop(batch=services.prepare(by=board, at=at), by=dora, at=at)
    elif deed == "withdraw":
        draws = Draw.objects.filter(wallet=wallet, state="asked")
        if draws:
            services.withdraw(draw=draws[0], by=own, at=at)
    else:
        for plan in Plan.objects.filter(wallet=wallet).exclude(state="ended"):
            services.end_plan(plan=plan, by=own, at=at)
