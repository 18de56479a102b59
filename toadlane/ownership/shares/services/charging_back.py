"""Money for shares that the payer's bank takes back: what it had paid in is unpaid again, and paid again where the co-op wins."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.money.payments import queries as paid_for
from toadlane.ownership.shares import queries
from toadlane.ownership.shares.events import SharesPaid
from toadlane.ownership.shares.models import Movement, Offer, Subscription
from toadlane.ownership.shares.permissions import SETTLE
from toadlane.ownership.shares.services import register, subscribing
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant

State = Subscription.State
HELD, UNPAID, OWED, LOSS = "2100", "1300", "1210", "6200"


@transaction.atomic
def bear_chargeback(*, subject: str, ref: str, amount: Money, by: Principal, at: datetime) -> Sequence[Leg]:
    """Say who bears what the payer's bank took: debits that sum to it. Told again, nothing more is done.

    What is still held (for an offer that is open, or to go back) is there. What was paid in on shares that the member holds is
    unpaid again, in the register too. The rest of it the member owes: a fee, interest, and what was paid in on shares that have
    passed on or are to be repaid. Only what is on its way back to the payer already is a loss.
    """
    by.must(SETTLE, subject)
    Tenant.lock_current()
    wanted = queries.of_subject(subject)
    if wanted is None or _moved(wanted, ref):
        return [ledger.debit(HELD, amount)]
    # Told before the payment was: it came, and was taken back.
    wanted = subscribing.settle(subscription=wanted, by=by, at=at)
    held = _take_held(wanted, amount)
    lost = min(amount.minor - held, paid_for.on_its_way_back(subject, HELD))
    capital = min(amount.minor - held - lost, max(0, _entered(wanted)), _can_be_unpaid(wanted))
    if capital:
        _note(wanted, f"charged_back:{ref}", Money(capital, amount.currency), by=by, at=at)
        events.publish(SharesPaid(membership_id=wanted.membership_id))
    holder, unit = wanted.membership.holder, amount.currency
    parts = (
        (HELD, held, ""),
        (UNPAID, capital, holder),
        (OWED, amount.minor - held - lost - capital, holder),
        (LOSS, lost, ""),
    )
    return [ledger.debit(code, Money(minor, unit), holder=whose) for code, minor, whose in parts if minor]


@transaction.atomic
def win_back(*, subject: str, ref: str, debits: Sequence[Leg], by: Principal, at: datetime) -> Sequence[Leg]:
    """Say where the money goes of a chargeback that the co-op has won: credits that sum to what was debited.

    What the member has paid again meanwhile was paid twice, and goes back; so does what came for an offer that is over.
    """
    by.must(SETTLE, subject)
    Tenant.lock_current()
    wanted, legs = queries.of_subject(subject), list[Leg]()
    for leg in debits:
        if wanted is None or leg.code not in (UNPAID, HELD):
            legs.append(leg)
            continue
        minor = leg.amount.minor
        again = min(minor, _unpaid(wanted)) if leg.code == UNPAID else 0
        if again:
            _note(wanted, f"won_back:{ref}", Money(-again, leg.amount.currency), by=by, at=at)
            legs.append(ledger.debit(UNPAID, Money(again, leg.amount.currency), holder=leg.holder))
            events.publish(SharesPaid(membership_id=wanted.membership_id))
        if minor > again:
            _hold_again(wanted, minor - again, at)
            legs.append(ledger.debit(HELD, Money(minor - again, leg.amount.currency)))
    return [Leg(leg.code, Money(-leg.amount.minor, leg.amount.currency), holder=leg.holder) for leg in legs]


def _moved(wanted: Subscription, ref: str) -> bool:
    return Movement.objects.filter(key=_key(wanted, f"charged_back:{ref}")).exists()


def _key(wanted: Subscription, what: str) -> str:
    return f"{wanted.subject}:{what}"[:120]


def _take_held(wanted: Subscription, amount: Money) -> int:
    """Take what of the money is held and not on its way back: it is neither allotted nor given back any more."""
    offer = wanted.offer
    if offer is not None and wanted.state == State.ASKED and wanted.paid_at is not None:
        # What is left of an application of which a part was taken is no application: it goes back.
        rest = max(0, wanted.to_pay.minor - amount.minor)
        _set(wanted, state=State.LAPSED, paid_at=None, back_minor=rest)
        return wanted.to_pay.minor - rest
    if wanted.state != State.LAPSED or paid_for.on_its_way_back(wanted.subject, HELD):
        return 0
    payment = paid_for.of_subject(wanted.subject)
    waits = max(0, wanted.back_minor - (payment.refunded_minor if payment else 0))
    taken = min(amount.minor, waits)
    if taken:
        over = State.DONE if wanted.back_minor < wanted.to_pay.minor else State.REFUNDED
        _set(wanted, back_minor=wanted.back_minor - taken, state=State.LAPSED if waits > taken else over)
    return taken


def _hold_again(wanted: Subscription, minor: int, at: datetime) -> None:
    offer = wanted.offer
    if offer is not None and offer.state == Offer.State.OPEN and minor == wanted.to_pay.minor:
        _set(wanted, state=State.ASKED, paid_at=at)
        return
    _set(wanted, state=State.LAPSED, back_minor=wanted.back_minor + minor)


def _set(wanted: Subscription, **changes: object) -> None:
    Subscription.objects.filter(pk=wanted.pk).update(**changes)
    for name, value in changes.items():
        setattr(wanted, name, value)


def _entered(wanted: Subscription) -> int:
    """Return what of a payment is paid in on shares, less what was taken of it before."""
    if wanted.shares:
        whole = Movement.objects.filter(key=_key(wanted, "subscribed")).aggregate(sum=Sum("nominal_minor"))["sum"] or 0
        paid = min(wanted.paid_minor, whole)
    else:
        paid = -(Movement.objects.filter(key=_key(wanted, "rest")).aggregate(sum=Sum("unpaid_minor"))["sum"] or 0)
    taken = Movement.objects.filter(kind=Movement.Kind.RETURNED, key__startswith=f"{wanted.subject}:")
    return int(paid - (taken.aggregate(sum=Sum("unpaid_minor"))["sum"] or 0))


def _can_be_unpaid(wanted: Subscription) -> int:
    held = queries.holding(wanted.membership_id, wanted.share_class)
    return max(0, held.nominal.minor - held.unpaid.minor)


def _unpaid(wanted: Subscription) -> int:
    return queries.holding(wanted.membership_id, wanted.share_class).unpaid.minor


def _note(wanted: Subscription, what: str, amount: Money, *, by: Principal, at: datetime) -> None:
    movement = Movement(
        membership=wanted.membership, share_class=wanted.share_class, kind=Movement.Kind.RETURNED, shares=0,
        currency=amount.currency, nominal_minor=0, unpaid_minor=amount.minor,
    )  # fmt: skip
    register.note(movements=[movement], key=_key(wanted, what), by=by, at=at)
