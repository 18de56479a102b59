"""Where an order's money goes: released to those whom the bylaws name, or back to who paid."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from toadlane.kernel.money import Money
from toadlane.kernel.rounding import ExceedsRemaining
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.money.payments import queries as payments_made
from toadlane.money.payments import services as payments
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book
from toadlane.trade.orders.events import OrderRefunded, OrderReleased
from toadlane.trade.orders.models import Chore, Order, OrderMoment, Refund
from toadlane.trade.orders.permissions import REFUND, actors
from toadlane.trade.orders.queries import finding, notice, splits
from toadlane.trade.orders.services import bearing
from toadlane.trade.orders.services.errors import ChargedBack, KeyReused, NothingBack, NotInSteps, NotPaidYet, TooMuchBack
from toadlane.ui import formats

HELD = "2100"


def release(move: Any) -> None:
    """Pay what is held to each share of the split, under the rules the order was placed by (DOMAIN 4.4)."""
    order: Order = move.order
    if order.total_minor == 0:
        _mark_released(move)
        return
    if order.captured_minor < order.total_minor:
        raise NotPaidYet
    if finding.is_charged_back(order):
        raise ChargedBack
    if order.captured_minor > order.refunded_minor:
        _post_release(order, order.left, move.book, move.by, move.at)
    _mark_released(move)


def _mark_released(move: Any) -> None:
    order: Order = move.order
    Order.objects.filter(pk=order.pk).update(released_at=move.at)
    order.released_at = move.at
    move.told.append(
        OrderReleased(order_id=order.pk, provider_id=order.provider_id, net_minor=order.net_minor, currency=order.currency)
    )


def _post_release(order: Order, shares: Sequence[dict[str, Any]], book: Book, by: Principal, at: datetime) -> None:
    tips = [share for share in shares if share["kind"] == "tip" and share["minor"]]
    rest = [share for share in shares if share["kind"] != "tip" and share["minor"]]
    if rest:
        legs = [bearing.leg(order, share, -share["minor"]) for share in rest]
        legs.append(Leg(HELD, Money(sum(share["minor"] for share in rest), order.currency)))
        if fund := splits.community(rest, book):
            rule: dict[str, Any] = {"rule": "fees.community", "rule_version": book.number}
            legs += [Leg("6400", Money(fund, order.currency), **rule), Leg("2150", Money(-fund, order.currency), **rule)]
        ledger.post(
            key=f"{order.subject}:released", narration=gettext_noop("Shared out"), postings=bearing.as_paid(order, legs), by=by,
            at=at, subject=order.subject,
        )  # fmt: skip
    for tip in tips:
        # Whole, to whoever employs the person it is for; the narration names them, the platform never pays them.
        whom = order.worker_name or order.provider or order.title
        amount = Money(tip["minor"], order.currency)
        legs = [Leg(HELD, amount), Leg("2110", -amount, holder=bearing.holder(order))]
        ledger.post(
            key=f"{order.subject}:tip", narration=f"Tip for {whom}"[:200], by=by, at=at, subject=order.subject,
            postings=bearing.as_paid(order, legs),
        )  # fmt: skip


def refund_whole(move: Any) -> None:
    """Give everything back that has not been given back yet."""
    order: Order = move.order
    if order.captured_minor == 0 and order.total_minor:
        # Nothing was taken yet: what the card holds is let go.
        order.chores.filter(kind=Chore.Kind.CAPTURE, done_at=None).update(done_at=move.at, trouble="called off")
        Chore.objects.create(order=order, kind=Chore.Kind.VOID, key=f"{order.subject}:void", asked_at=move.at)
        return
    minor = order.captured_minor
    # What the payer's bank has taken back does not go back a second time.
    if minor > order.refunded_minor and not finding.is_charged_back(order):
        give_back(
            move.order, minor - move.order.refunded_minor, key=f"{move.order.subject}:{move.transition.name}",
            reason=str(move.facts.get("reason", "")), by=move.by, at=move.at, told=move.told,
        )  # fmt: skip


def refund_by_notice(move: Any) -> None:
    """Give back what the notice given leaves, and the rest to the member who kept the time free (golden vectors C1 to C3)."""
    _keep_and_give_back(move, notice.given(move.order, move.at))


def pay_no_show(move: Any) -> None:
    """Nobody opened the door: as with no notice at all."""
    _keep_and_give_back(move, notice.given(move.order, move.order.starts_at))


def _keep_and_give_back(move: Any, notice_given: Any) -> None:
    order: Order = move.order
    if not order.captured_minor or finding.is_charged_back(order):
        refund_whole(move)
        return
    terms = books.cancellation(move.book.value("fees.late_cancel"), order.net, notice_given)
    held = order.captured_minor - order.refunded_minor
    kept = min(terms.worker.minor, held)
    # What the card company cannot move to the last digit is not kept.
    kept = max(0, kept - (kept - held) % _step(order))
    move.facts |= {"kept_minor": kept, "back_minor": held - kept}
    if kept:
        if order.captured_minor < order.total_minor:
            raise NotPaidYet
        share = {"kind": "late_cancel", "code": "2110", "minor": kept, "rule": "fees.late_cancel", "version": move.book.number}
        ledger.post(
            key=f"{order.subject}:kept", narration=gettext_noop("Kept for a late cancellation"), by=move.by, at=move.at,
            subject=order.subject,
            postings=bearing.as_paid(order, [bearing.leg(order, share, -kept), Leg(HELD, Money(kept, order.currency))]),
        )  # fmt: skip
        Order.objects.filter(pk=order.pk).update(left=[share], released_at=move.at)
        order.left, order.released_at = [share], move.at
    if held - kept:
        _write_refund(
            order, held - kept, shares=[], legs=_held(order, held - kept), stage="held",
            key=f"{order.subject}:{move.transition.name}", reason=str(move.facts.get("reason", "")), by=move.by, at=move.at,
            told=move.told, left=order.left if kept else [],
        )  # fmt: skip


def _held(order: Order, minor: int) -> list[Leg]:
    return bearing.as_paid(order, [Leg(HELD, Money(minor, order.currency))])


def settle_dispute(move: Any) -> None:
    """Give back what the mediator says, and release the rest."""
    order: Order = move.order
    minor = int(move.facts.get("refund_minor", 0))
    if minor < 0 or minor > order.captured_minor - order.refunded_minor:
        raise TooMuchBack
    if minor:
        _goes_back(order, minor)
        give_back(
            order, minor, key=f"{order.subject}:settled", reason=str(move.facts.get("reason", "")), by=move.by, at=move.at,
            told=move.told,
        )  # fmt: skip
    if order.released_at is None:
        release(move)


@transaction.atomic
def refund(*, order: Order, amount: Money, reason: str, key: str, by: Principal, at: datetime) -> Refund:
    """Give back part or all of what was paid, share by share, in proportion to what is not yet given back.

    Before the release it comes out of what is held; after it, out of what each share got; after the provider was paid
    out, they owe it.

    :param key: from the intent; the same key gives back once
    :raises TooMuchBack: when that much is not left
    """
    by.must(REFUND, order)
    order = Order.objects.select_for_update(of=("self",)).select_related("process").get(pk=order.pk)
    # Asked once nobody else is at this order: whoever sent the same at the same moment has written it down by now.
    if known := Refund.objects.filter(key=key).first():
        if (known.order_id, known.amount_minor) != (order.pk, amount.minor):
            raise KeyReused
        return known
    if amount.minor <= 0 or amount.currency != order.currency:
        raise NothingBack
    if order.captured_minor < order.total_minor:
        raise NotPaidYet
    if finding.is_charged_back(order):
        raise ChargedBack
    if amount.minor > order.captured_minor - order.refunded_minor:
        raise TooMuchBack(
            _("At most %(left)s can go back.")
            % {"left": formats.money(Money(order.captured_minor - order.refunded_minor, order.currency))}
        )
    _goes_back(order, amount.minor)
    told: list[Any] = []
    made = give_back(order, amount.minor, key=key, reason=reason, by=by, at=at, told=told)
    who = next(iter(sorted(actors(by, order))), "system")
    OrderMoment.objects.create(
        order=order, at=at, deed="refund", state=order.state, actor=who, by=str(by),
        facts={"minor": amount.minor, "reason": reason},
    )  # fmt: skip
    events.publish(*told)
    return made


def _step(order: Order) -> int:
    """Return of what only multiples can go back to who paid, in minor units."""
    payment = payments_made.of_subject(order.checkout.subject) if order.checkout else None
    return payments.provider_of(payment.provider).step(payment.currency) if payment else 1


def _goes_back(order: Order, minor: int) -> None:
    """:raises NotInSteps: for an amount that the card company cannot move; what is nearest below it is said"""
    if more := minor % _step(order):
        about = {"nearest": formats.money(Money(minor - more, order.currency))}
        raise NotInSteps(hint=_("It can move %(nearest)s.") % about)


def give_back(order: Order, minor: int, *, key: str, reason: str, by: Principal, at: datetime, told: list[Any]) -> Refund:
    """Write down that a part goes back, out of what is held or of what each share got; the call follows after the commit."""
    try:
        gave, left = splits.take_back(order.left, minor, order.split)
    except ExceedsRemaining as error:
        raise TooMuchBack from error
    if order.released_at is None:
        stage, legs = "held", _held(order, minor)
    else:
        stage, legs = bearing.legs(order, gave, cause="refund", taken=bearing.waiting(order))
        take_from_the_fund(order, left, key, by, at)
    return _write_refund(
        order, minor, shares=gave, legs=legs, stage=stage, key=key, reason=reason, by=by, at=at, told=told, left=left
    )


def take_from_the_fund(order: Order, left: Sequence[dict[str, Any]], key: str, by: Principal, at: datetime) -> None:
    """Take back what the fund got of a commission that is smaller now: by what stays, so that no step's rounding adds up."""
    book = bylaws.book(version=order.bylaws_version)
    if (fund := splits.community(order.left, book) - splits.community(left, book)) > 0:
        rule: dict[str, Any] = {"rule": "fees.community", "rule_version": book.number}
        amount = Money(fund, order.currency)
        ledger.post(
            key=f"{order.subject}:fund:{key}"[:120], narration=gettext_noop("Taken back from the community fund"),
            by=by, at=at, subject=order.subject,
            postings=[Leg("2150", amount, purpose="contribution_reversal", **rule), Leg("6400", -amount, **rule)],
        )  # fmt: skip


def _write_refund(
    order: Order, minor: int, *, shares: list[dict[str, Any]], legs: list[Leg], stage: str, key: str, reason: str,
    by: Principal, at: datetime, told: list[Any], left: list[dict[str, Any]],
) -> Refund:  # fmt: skip
    made = Refund.objects.create(
        order=order, key=key, amount_minor=minor, currency=order.currency, shares=shares, reason=reason[:300], stage=stage,
        made_at=at, made_by=str(by),
    )  # fmt: skip
    order.refunded_minor += minor
    order.left = left
    Order.objects.filter(pk=order.pk).update(refunded_minor=order.refunded_minor, left=left)
    Chore.objects.create(
        order=order, kind=Chore.Kind.REFUND, key=f"refund:{key}"[:120], minor=minor, asked_at=at,
        debits=[
            {"code": leg.code, "minor": leg.amount.minor, "holder": leg.holder, "rule": leg.rule, "version": leg.rule_version}
            for leg in legs
        ],
    )  # fmt: skip
    told.append(OrderRefunded(order_id=order.pk, refund_id=made.pk, amount_minor=minor, currency=order.currency))
    return made
