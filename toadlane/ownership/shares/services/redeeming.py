"""Getting capital back: asked for, and served in order as far as floor and limit allow."""

from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.ownership.shares import queries
from toadlane.ownership.shares.models import Estate, Movement, Redemption
from toadlane.ownership.shares.permissions import APPROVE, OWN, SETTLE
from toadlane.ownership.shares.services import paying_back, register
from toadlane.ownership.shares.services.errors import (
    NotEnoughShares,
    NotOnOffer,
    OwnCase,
    ReasonNeeded,
    StillUnpaid,
    WrongMoment,
)
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import Membership

State, Cause = Redemption.State, Redemption.Cause


def asked_back(membership: Membership, share_class: str) -> int:
    """Return how many shares a member has asked to be repaid and still holds."""
    rows = Redemption.objects.filter(membership=membership, share_class=share_class, state=State.WAITING)
    return int(rows.aggregate(sum=Sum("shares"))["sum"] or 0)


@transaction.atomic
def ask_back(*, membership: Membership, share_class: str, shares: int, by: Principal, at: datetime) -> Redemption:
    """Ask for capital back. It waits for its turn; until it is approved it can be taken back.

    :raises NotOnOffer: for shares that are not withdrawable
    :raises NotEnoughShares, StillUnpaid:
    """
    by.must(OWN, membership)
    Tenant.lock_current()
    one = queries.share_classes().get(share_class)
    if one is None or not one.withdrawable:
        raise NotOnOffer
    held = queries.holding(membership.pk, share_class)
    # What every member has to hold is given back with the membership, not before.
    if shares < 1 or shares > held.shares - asked_back(membership, share_class) - one.least:
        raise NotEnoughShares
    if held.unpaid.minor:
        raise StillUnpaid
    return _ask(membership, held, shares, Cause.ASKED, by=by, at=at)


@transaction.atomic
def ask_back_all(*, membership: Membership, by: Principal, at: datetime) -> list[Redemption]:
    """Queue everything that somebody who has left still holds. Doing it again is harmless.

    What somebody holds who has died waits for their heirs.
    """
    by.must(SETTLE, membership)
    Tenant.lock_current()
    if queries.open_estates().filter(person_id=membership.person_id or 0).exists():
        return []
    return queue_all(membership, Cause.LEFT, by=by, at=at)


def queue_all(
    membership: Membership, cause: Redemption.Cause, *, by: Principal, at: datetime, estate: Estate | None = None
) -> list[Redemption]:
    """Queue all that a membership holds. An instrument: whoever calls has asked and holds the co-op's lock."""
    found = []
    for held in queries.holdings(membership_ids=[membership.pk]):
        left = held.shares - asked_back(membership, held.share_class)
        if left > 0:
            found.append(_ask(membership, held, left, cause, by=by, at=at, estate=estate))
    return found


def _ask(
    membership: Membership, held: queries.Holding, shares: int, cause: Redemption.Cause, *, by: Principal, at: datetime,
    estate: Estate | None = None,
) -> Redemption:  # fmt: skip
    return Redemption.objects.create(
        membership=membership, share_class=held.share_class, shares=shares, currency=held.nominal.currency,
        nominal_minor=held.nominal.minor * shares // held.shares, cause=cause, estate=estate, asked_at=at, asked_by=str(by),
    )  # fmt: skip


@transaction.atomic
def take_back(*, redemption: Redemption, by: Principal, at: datetime) -> Redemption:
    """Stay in after all, as long as it has not been approved."""
    by.must(OWN, redemption.membership)
    # Against an approval at the same time.
    Tenant.lock_current()
    if not Redemption.objects.filter(pk=redemption.pk, state=State.WAITING).update(state=State.WITHDRAWN):
        raise WrongMoment
    redemption.refresh_from_db()
    return redemption


@transaction.atomic
def excuse(*, redemption: Redemption, reason: str, by: Principal, at: datetime) -> Redemption:
    """Say that somebody had a good reason for leaving early, so that nothing of their shares is kept.

    :raises OwnCase: nobody excuses themselves
    :raises ReasonNeeded, WrongMoment:
    """
    by.must(APPROVE, redemption)
    if redemption.membership_id in by.memberships or by.person_id == redemption.membership.person_id:
        raise OwnCase
    if not reason.strip():
        raise ReasonNeeded
    Tenant.lock_current()
    waiting = Redemption.objects.filter(pk=redemption.pk, state=State.WAITING, cause=Cause.LEFT, excused="")
    if not waiting.update(excused=reason.strip()[:300], excused_by=by.person_id):
        raise WrongMoment
    redemption.refresh_from_db()
    return redemption


@transaction.atomic
def approve_due(*, by: Principal, at: datetime) -> list[Redemption]:
    """Approve what may be repaid now, in the order of asking; what is only possible in part is approved in part.

    Shares are whole. What is approved leaves the capital, is owed to the member from then on, and goes out with the payouts:
    at once, or in the parts that the bylaws say for whoever leaves.
    """
    by.must(APPROVE)
    Tenant.lock_current()
    if bylaws.halted("shares.redeem", at):
        return []
    allowed, approved = queries.plan(register.day_of(at)).paid, []
    for one in list(queries.redemptions().filter(state=State.WAITING)):
        room = allowed.get(str(one.pk), 0)
        # Shares that bore a loss may be worth parts of a cent: rounded up, so that no limit is passed.
        count = one.shares if room >= one.nominal_minor else room // -(-one.nominal_minor // one.shares)
        if count:
            approved.append(_approve(one, count, by, at))
    paying_back.hand_over_due(by=Principal.job(by.coop_id), at=at)
    return approved


def _approve(one: Redemption, count: int, by: Principal, at: datetime) -> Redemption:
    # Of what is held now: the last share takes along what the others left of a cent.
    held = queries.holding(one.membership_id, one.share_class)
    whole_minor = held.nominal.minor * count // held.shares
    if count < one.shares:  # The rest keeps its place in the queue.
        rest = one.shares - count
        rest_minor = held.nominal.minor * one.shares // held.shares - whole_minor
        Redemption.objects.create(
            membership=one.membership, share_class=one.share_class, shares=rest, currency=one.currency,
            nominal_minor=rest_minor, cause=one.cause, estate=one.estate, asked_at=one.asked_at, asked_by=one.asked_by,
            excused=one.excused, excused_by=one.excused_by,
        )  # fmt: skip
        one.shares = count
    one.nominal_minor = whole_minor
    # Whoever is still a member asked for shares that were paid in full.
    if one.cause != Cause.ASKED:
        one.unpaid_minor = held.unpaid.minor * count // held.shares
    one.kept_minor = queries.kept_of_early_leaver(one)
    one.state, one.approved_on = State.APPROVED, register.day_of(at)
    if not one.amount.minor:
        one.state, one.paid_at = State.PAID, at
    one.save()
    whole, unpaid = Money(one.nominal_minor, one.currency), Money(one.unpaid_minor, one.currency)
    movement = Movement(
        membership=one.membership, share_class=one.share_class, kind=Movement.Kind.REDEEMED, shares=-count,
        currency=one.currency, nominal_minor=-whole.minor, unpaid_minor=-unpaid.minor,
    )  # fmt: skip
    legs = [ledger.debit("3000", whole, holder=one.membership.holder)]
    if unpaid.minor:
        legs.append(ledger.credit("1300", unpaid, holder=one.membership.holder))
    if one.kept_minor:
        rule = {"rule": "shares.early_deduction", "rule_version": bylaws.book().number}
        legs.append(ledger.credit("3100", one.kept, **rule))
    if one.amount.minor:
        legs.append(ledger.credit("2400", one.amount, holder=one.holder))
    register.write(
        movements=[movement], key=f"redemption:{one.pk}:approved", narration=_("Shares to be repaid"),
        subject=f"redemption:{one.pk}", by=by, at=at, postings=legs,
    )  # fmt: skip
    paying_back.promise(one, at=at)
    return one
