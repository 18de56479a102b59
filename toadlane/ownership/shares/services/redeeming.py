"""Getting capital back: asked for, served in order as far as floor and limit allow, paid by two people."""

from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.money.payments.services import payouts
from toadlane.ownership.shares import queries
from toadlane.ownership.shares.models import Movement, Redemption
from toadlane.ownership.shares.permissions import APPROVE, OWN, PAY_BACK, SETTLE
from toadlane.ownership.shares.services import register
from toadlane.ownership.shares.services.errors import NotEnoughShares, NotOnOffer, SecondPersonNeeded, StillUnpaid, WrongMoment
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import Membership

State = Redemption.State


def asked_back(membership: Membership, share_class: str) -> int:
    """Return how many shares a member has asked to be repaid and still holds."""
    rows = Redemption.objects.filter(membership=membership, share_class=share_class, state=State.WAITING)
    return int(rows.aggregate(sum=Sum("shares"))["sum"] or 0)


@transaction.atomic
def ask_back(
    *, membership: Membership, share_class: str, shares: int, by: Principal, at: datetime, because: str = ""
) -> Redemption:
    """Ask for capital back. It waits for its turn; until it is approved it can be taken back.

    :raises NotOnOffer: for shares that are not withdrawable
    :raises NotEnoughShares, StillUnpaid:
    """
    by.must(OWN, membership)
    return _ask(membership, share_class, shares, because=because, by=by, at=at)


@transaction.atomic
def ask_back_all(*, membership: Membership, by: Principal, at: datetime) -> list[Redemption]:
    """Queue everything that somebody who has left still holds. Doing it again is harmless."""
    by.must(SETTLE, membership)
    Tenant.lock_current()
    found = []
    for held in queries.holdings(membership_ids=[membership.pk]):
        left = held.shares - asked_back(membership, held.share_class)
        if left > 0 and not held.unpaid.minor:
            found.append(_ask(membership, held.share_class, left, because="left", by=by, at=at, leaving=True))
    return found


def _ask(
    membership: Membership, share_class: str, shares: int, *, because: str, by: Principal, at: datetime, leaving: bool = False
) -> Redemption:
    Tenant.lock_current()
    one = queries.share_classes().get(share_class)
    if one is None or not (one.withdrawable or leaving):
        raise NotOnOffer
    held = queries.holding(membership.pk, share_class)
    free = held.shares - asked_back(membership, share_class)
    # What every member has to hold is given back with the membership, not before.
    if shares < 1 or shares > free - (0 if leaving else one.least):
        raise NotEnoughShares
    if held.unpaid.minor:
        raise StillUnpaid
    return Redemption.objects.create(
        membership=membership, share_class=share_class, shares=shares, currency=held.nominal.currency,
        nominal_minor=held.nominal.minor * shares // held.shares, because=because[:200], asked_at=at, asked_by=str(by),
    )  # fmt: skip


@transaction.atomic
def take_back(*, redemption: Redemption, by: Principal, at: datetime) -> Redemption:
    """Stay in after all, as long as it has not been approved."""
    by.must(OWN, redemption.membership)
    if not Redemption.objects.filter(pk=redemption.pk, state=State.WAITING).update(state=State.WITHDRAWN):
        raise WrongMoment
    redemption.refresh_from_db()
    return redemption


@transaction.atomic
def approve_due(*, by: Principal, at: datetime) -> list[Redemption]:
    """Approve what may be repaid now, in the order of asking; what is only possible in part is approved in part.

    Shares are whole. What is approved leaves the capital and is owed to the member from then on.
    """
    by.must(APPROVE)
    Tenant.lock_current()
    if bylaws.halted("shares.redeem", at):
        return []
    allowed, approved = queries.plan(register.day_of(at)).paid, []
    for one in list(queries.redemptions().filter(state=State.WAITING)):
        price = one.nominal_minor // one.shares
        count = min(one.shares, allowed.get(str(one.pk), 0) // price)
        if count:
            approved.append(_approve(one, count, price, by, at))
    return approved


def _approve(one: Redemption, count: int, price: int, by: Principal, at: datetime) -> Redemption:
    if count < one.shares:  # The rest keeps its place in the queue.
        rest = one.shares - count
        Redemption.objects.create(
            membership=one.membership, share_class=one.share_class, shares=rest, currency=one.currency,
            nominal_minor=rest * price, because=one.because, asked_at=one.asked_at, asked_by=one.asked_by,
        )  # fmt: skip
        one.shares, one.nominal_minor = count, count * price
    one.state, one.approved_on = State.APPROVED, register.day_of(at)
    one.save()
    holder, amount = one.membership.holder, one.amount
    movement = Movement(
        membership=one.membership, share_class=one.share_class, kind=Movement.Kind.REDEEMED, shares=-count,
        currency=one.currency, nominal_minor=-amount.minor,
    )  # fmt: skip
    register.write(
        movements=[movement], key=f"redemption:{one.pk}:approved", narration=_("Shares to be repaid"),
        subject=f"redemption:{one.pk}", by=by, at=at,
        postings=[ledger.debit("3000", amount, holder=holder), ledger.credit("2400", amount, holder=holder)],
    )  # fmt: skip
    return one


@transaction.atomic
def record_paid(*, redemption: Redemption, by: Principal, at: datetime) -> Redemption:
    """Say that the money was sent; another person has to confirm it."""
    by.must(PAY_BACK, redemption)
    waiting = Redemption.objects.filter(pk=redemption.pk, state=State.APPROVED, recorded_by=None)
    if not waiting.update(recorded_by=by.person_id):
        raise WrongMoment
    redemption.refresh_from_db()
    return redemption


@transaction.atomic
def confirm_paid(*, redemption: Redemption, by: Principal, at: datetime) -> Redemption:
    """Confirm, as a second person, that the money was sent. Then it is in the books.

    :raises SecondPersonNeeded: for whoever recorded it
    """
    by.must(PAY_BACK, redemption)
    if redemption.recorded_by == by.person_id:
        raise SecondPersonNeeded
    waiting = Redemption.objects.filter(pk=redemption.pk, state=State.APPROVED, recorded_by__isnull=False)
    if not waiting.update(state=State.PAID, confirmed_by=by.person_id, paid_at=at):
        raise WrongMoment
    redemption.refresh_from_db()
    amount: Money = redemption.amount
    ledger.post(
        key=f"redemption:{redemption.pk}:paid", narration=_("Shares repaid"), subject=f"redemption:{redemption.pk}",
        by=by, at=at,
        postings=[
            ledger.debit("2400", amount, holder=redemption.membership.holder), ledger.credit("1000", amount),
            *payouts.top_up_bank(amount),
        ],
    )  # fmt: skip
    return redemption
