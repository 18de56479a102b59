"""A payer's bank takes money back: who bears it, order by order and share by share, and what follows when it is over."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from toadlane.kernel.money import Money
from toadlane.kernel.rounding import remaining_balance
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.money.payments import queries as payments
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.trade.orders.events import OrderRefunded
from toadlane.trade.orders.models import Chargeback, Checkout, Order, OrderMoment, Refund
from toadlane.trade.orders.permissions import RUN
from toadlane.trade.orders.queries import finding, processes, splits
from toadlane.trade.orders.services import bearing
from toadlane.trade.orders.services.money import HELD, give_back, take_from_the_fund

Share = dict[str, Any]


@transaction.atomic
def bear(*, subject: str, ref: str, amount: Money, by: Principal, at: datetime) -> list[Leg]:
    """Part a chargeback over the orders of a payment, and in each over its shares, in proportion to what is not yet reversed.

    Before the release it comes out of what is held; after it, out of what each share got; what a member was paid out
    already they owe, or the co-op bears it, as the bylaws said when it was ordered. What the bank takes beyond all that is
    left is the co-op's loss. Told again, it says the same.

    :return: debits that sum to the amount
    """
    by.must(RUN)
    checkout = finding.checkout_of(subject)
    if checkout is None:
        return [ledger.debit(HELD, amount)]
    Checkout.objects.select_for_update().get(pk=checkout.pk)
    if known := list(Chargeback.objects.filter(order__checkout=checkout, ref=ref).order_by("order_id")):
        return _with_loss([_leg_of(leg, amount.currency) for row in known for leg in row.legs], amount)
    rows = Order.objects.select_for_update(of=("self",)).filter(checkout=checkout, paid_at__isnull=False).order_by("pk")
    orders = {order.pk: order for order in rows}
    left = {pk: _left(order) for pk, order in orders.items()}
    there = {pk: sum(share["minor"] for share in shares) for pk, shares in left.items()}
    parts = remaining_balance(there, min(amount.minor, sum(there.values())))
    taken: bearing.Taken = Counter()
    found: list[Leg] = []
    for pk, minor in parts.items():
        if minor:
            found += _bear(orders[pk], left[pk], minor, ref=ref, taken=taken, at=at)
    return _with_loss(found, amount)


def _left(order: Order) -> list[Share]:
    """Return what is left of each share, less what open chargebacks take."""
    gone: Counter[str] = Counter()
    for shares in order.chargebacks.filter(state=Chargeback.State.OPEN).values_list("shares", flat=True):
        for share in shares:
            gone[share["kind"]] += share["minor"]
    return [{**share, "minor": share["minor"] - gone[share["kind"]]} for share in order.left]


def _bear(order: Order, left: Sequence[Share], minor: int, *, ref: str, taken: bearing.Taken, at: datetime) -> list[Leg]:
    gave, _rest = splits.take_back(left, minor, order.split)
    if order.released_at is None:
        stage, legs = "held", [Leg(HELD, Money(minor, order.currency))]
    else:
        for account, on_its_way in bearing.waiting(order).items():
            taken[account] = max(taken[account], on_its_way)
        stage, legs = bearing.legs(order, gave, cause="chargeback", taken=taken)
    Chargeback.objects.create(
        order=order, ref=ref, amount_minor=minor, currency=order.currency, shares=gave, stage=stage, opened_at=at,
        legs=[
            {"code": leg.code, "minor": leg.amount.minor, "holder": leg.holder, "rule": leg.rule, "version": leg.rule_version}
            for leg in legs
        ],
    )  # fmt: skip
    return legs


def _leg_of(said: dict[str, Any], currency: str) -> Leg:
    amount = Money(said["minor"], currency)
    return Leg(said["code"], amount, holder=said["holder"], rule=said["rule"], rule_version=said["version"])


def _with_loss(legs: list[Leg], amount: Money) -> list[Leg]:
    """Add what the bank took although it had gone back already, or nobody has got it: nobody but the co-op can bear it."""
    lost = amount.minor - sum(leg.amount.minor for leg in legs)
    return [*legs, Leg(bearing.LOSS, Money(lost, amount.currency))] if lost else legs


@transaction.atomic
def end_chargeback(*, subject: str, ref: str, won: bool, by: Principal, at: datetime) -> list[Chargeback]:
    """Draw the consequences of a chargeback that is over.

    Won, all have again what they had: a member's debt that was settled meanwhile is owed to them. Lost, it counts as given
    back, so that no refund and no other chargeback takes the same again, and invoices are corrected.
    """
    by.must(RUN)
    checkout = finding.checkout_of(subject)
    rows = Chargeback.objects.select_for_update(of=("self",)).filter(order__checkout=checkout, ref=ref)
    over = list(rows.filter(state=Chargeback.State.OPEN).order_by("order_id")) if checkout else []
    for row in over:
        order = Order.objects.select_for_update(of=("self",)).get(pk=row.order_id)
        if won:
            Chargeback.objects.filter(pk=row.pk).update(state=Chargeback.State.WON, closed_at=at)
            _give_to_whom_it_is_owed(row, order, by, at)
            _give_back_what_was_called_off(row, order, by, at)
        else:
            _lose(row, order, by, at)
        deed = "chargeback_won" if won else "chargeback_lost"
        OrderMoment.objects.create(
            order=order, at=at, deed=deed, state=order.state, actor="system", by=str(by), facts={"minor": row.amount_minor}
        )  # fmt: skip
        row.refresh_from_db()
    return over


def _give_to_whom_it_is_owed(row: Chargeback, order: Order, by: Principal, at: datetime) -> None:
    whose = bearing.holder(order)
    ahead = payments.taken_ahead(row.currency)[whose]
    if (over := -books.balance(bearing.OWED, row.currency, holder=whose).minor - ahead) > 0:
        amount = Money(over, row.currency)
        ledger.post(
            key=f"chargeback:{row.pk}:owed", narration=gettext_noop("Owed again after a chargeback was won"), by=by, at=at,
            subject=order.subject,
            postings=[ledger.debit(bearing.OWED, amount, holder=whose), ledger.credit("2110", amount, holder=whose)],
        )  # fmt: skip


def _give_back_what_was_called_off(row: Chargeback, order: Order, by: Principal, at: datetime) -> None:
    """Give back an order that was called off while the bank had its money: it could not go back before."""
    left = order.captured_minor - order.refunded_minor
    if left and order.released_at is None and order.state in processes.of(order).ends and not finding.is_charged_back(order):
        told: list[Any] = []
        give_back(order, left, key=f"chargeback:{row.pk}:called_off", reason="", by=by, at=at, told=told)
        events.publish(*told)


def _lose(row: Chargeback, order: Order, by: Principal, at: datetime) -> None:
    gone = {share["kind"]: share["minor"] for share in row.shares}
    left = [{**share, "minor": share["minor"] - gone.get(share["kind"], 0)} for share in order.left]
    key = f"chargeback:{row.pk}"
    if order.released_at is not None:
        take_from_the_fund(order, left, key, by, at)
    made = Refund.objects.create(
        order=order, key=key, amount_minor=row.amount_minor, currency=row.currency, shares=row.shares, stage=row.stage,
        made_at=at, made_by=str(by),
    )  # fmt: skip
    Order.objects.filter(pk=order.pk).update(refunded_minor=order.refunded_minor + row.amount_minor, left=left)
    Chargeback.objects.filter(pk=row.pk).update(state=Chargeback.State.LOST, closed_at=at, refund=made)
    told = OrderRefunded(order_id=order.pk, refund_id=made.pk, amount_minor=row.amount_minor, currency=row.currency)
    events.publish(told)
