"""Taking shares: what is asked for waits for its money, and is in the register when it has come."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.money.bank import queries as bank
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import queries as paid_for
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment
from toadlane.ownership.shares import queries
from toadlane.ownership.shares.events import SharesPaid
from toadlane.ownership.shares.models import Movement, Offer, Subscription
from toadlane.ownership.shares.permissions import OWN, SETTLE
from toadlane.ownership.shares.policies import subscriptions
from toadlane.ownership.shares.queries import under_way
from toadlane.ownership.shares.services import redeeming, register
from toadlane.ownership.shares.services.errors import BeyondTheCap, NothingUnpaid, TooMuchInvested, UnderWay
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import services as members
from toadlane.society.members.models import OVER, Membership
from toadlane.trade.assignments import queries as assignments

State = Subscription.State
# What one run of the job gives back; what is left comes with the next.
MOST = 500


@dataclass(frozen=True)
class Placed:
    subscription: Subscription
    payment: Payment


@transaction.atomic
def subscribe(
    *, membership: Membership, share_class: str, shares: int, method: str, key: str, by: Principal, at: datetime,
    paid_rate: str | Fraction = "1", return_url: str = "",
) -> Placed:  # fmt: skip
    """Ask for shares and begin to pay for them; the register follows the money.

    :param paid_rate: which part is paid now; the rest is owed, and can be paid at any time
    :param key: of the intent: asked again with it, nothing is asked twice
    :raises NotOnOffer, BeyondTheCap, BelowMinimumPayment, NoShares:
    """
    by.must(OWN, membership)
    Tenant.lock_current()
    if known := Subscription.objects.filter(key=key).first():
        return _begin(known, method, by, at, return_url)
    one = register.share_class(share_class, membership)
    asked = subscriptions.subscribe(shares=shares, nominal=one.price, paid_rate=paid_rate, least=one.paid_at_once)
    register.within_caps(one, membership, shares)
    wanted = Subscription.objects.create(
        membership=membership, share_class=one.id, shares=shares, currency=queries.currency(), nominal_minor=asked.subscribed,
        paid_minor=asked.paid, fee_minor=queries.entry_fee(membership, one), key=key, rule_version=bylaws.book().number,
        asked_at=at, asked_by=str(by),
    )  # fmt: skip
    return _begin(wanted, method, by, at, return_url)


@transaction.atomic
def pay_rest(
    *, membership: Membership, share_class: str, method: str, key: str, by: Principal, at: datetime, return_url: str = ""
) -> Placed:
    """Pay what is still unpaid on one's shares, with the interest that the bylaws ask of who is late.

    :raises NothingUnpaid: when it is all paid
    :raises UnderWay: when it is being collected by direct debit already
    """
    by.must(OWN, membership)
    Tenant.lock_current()
    if known := Subscription.objects.filter(key=key).first():
        return _begin(known, method, by, at, return_url)
    unpaid = queries.holding(membership.pk, share_class).unpaid
    if not unpaid.minor:
        raise NothingUnpaid
    if coming := under_way.collected_from(membership.pk, share_class):
        raise UnderWay(hint=bank.in_words(coming))
    late = queries.late_interest(membership.pk, share_class, register.day_of(at))
    wanted = Subscription.objects.create(
        membership=membership, share_class=share_class, shares=0, currency=unpaid.currency, nominal_minor=0,
        paid_minor=unpaid.minor, interest_minor=late.minor, key=key, rule_version=bylaws.book().number, asked_at=at,
        asked_by=str(by),
    )  # fmt: skip
    return _begin(wanted, method, by, at, return_url)


def begin_for_offer(
    *, membership: Membership, offer: Offer, shares: int, price: int, method: str, key: str, by: Principal, at: datetime,
    return_url: str,
) -> Placed:  # fmt: skip
    """Ask for shares of an offer, paid whole; nothing is in the register before the offer closes."""
    by.must(OWN, membership)
    wanted, _new = Subscription.objects.get_or_create(
        key=key,
        defaults={
            "membership": membership, "share_class": offer.share_class, "shares": shares, "currency": offer.currency,
            "nominal_minor": shares * price, "paid_minor": shares * price, "offer": offer, "asked_at": at, "asked_by": str(by),
            "rule_version": bylaws.book().number,
        },
    )  # fmt: skip
    return _begin(wanted, method, by, at, return_url)


def _begin(wanted: Subscription, method: str, by: Principal, at: datetime, return_url: str) -> Placed:
    payment = payments.begin(
        subject=wanted.subject, amount=wanted.to_pay, method=method, key=f"{wanted.subject}:payment", by=by, at=at,
        capture_at_once=True, return_url=return_url,
    )  # fmt: skip
    return Placed(wanted, payment)


@transaction.atomic
def settle(*, subscription: Subscription, by: Principal, at: datetime) -> Subscription:
    """Enter in the register what has been paid. Doing it again is harmless.

    What was applied for in an offer only counts as paid: the offer's close says what becomes of it.
    """
    by.must(SETTLE, subscription)
    Tenant.lock_current()
    wanted = Subscription.objects.select_for_update(of=("self",)).select_related("membership").get(pk=subscription.pk)
    if wanted.offer is not None:
        return _hold_for(wanted.offer, wanted, at)
    if wanted.state != State.ASKED:
        return wanted
    wanted.paid_at = wanted.paid_at or at
    _enter_whole(wanted, by=by, at=at) if wanted.shares else _enter_rest(wanted, by=by, at=at)
    wanted.state = State.LAPSED if wanted.back_minor else State.DONE
    wanted.save(update_fields=["paid_at", "state", "back_minor"])
    if wanted.state == State.DONE:
        _follow(wanted.membership, by=by, at=at)
    return wanted


def _hold_for(offer: Offer, wanted: Subscription, at: datetime) -> Subscription:
    """Let an application count from now on. What came when the offer was over, or goes beyond a stake or a cap, goes back."""
    if wanted.paid_at is not None or wanted.state not in (State.ASKED, State.LAPSED):
        return wanted
    others = offer.applications.filter(membership=wanted.membership, paid_at__isnull=False, state=State.ASKED)
    before = others.aggregate(paid=Sum("paid_minor"), shares=Sum("shares"))
    if (
        offer.state != Offer.State.OPEN
        or wanted.paid_minor + (before["paid"] or 0) > offer.max_stake_minor
        or not within(wanted, wanted.shares + (before["shares"] or 0))
    ):
        wanted.state, wanted.back_minor = State.LAPSED, wanted.to_pay.minor
    else:
        wanted.state, wanted.paid_at = State.ASKED, at
    wanted.save(update_fields=["paid_at", "state", "back_minor"])
    return wanted


def within(wanted: Subscription, shares: int) -> bool:
    """Whether somebody may hold so many more shares of what they asked for."""
    one = queries.share_classes().get(wanted.share_class)
    try:
        if one is not None:
            register.within_caps(one, wanted.membership, shares)
    except (BeyondTheCap, TooMuchInvested):
        return False
    return True


def _follow(membership: Membership, *, by: Principal, at: datetime) -> None:
    """Begin a membership that waited for its first shares; queue what came for one that is over already."""
    events.publish(SharesPaid(membership_id=membership.pk))
    begin_if_paid(membership=membership, by=by, at=at)
    if membership.standing in OVER:
        redeeming.ask_back_all(membership=membership, by=by, at=at)


@transaction.atomic
def begin_if_paid(*, membership: Membership, by: Principal, at: datetime) -> None:
    """Begin the membership of whoever has agreed and lacks no share that a member has to take. Harmless to repeat."""
    by.must(SETTLE, membership)
    if membership.is_joining and not queries.missing(membership, assignments.today(at)):
        members.begin(membership=membership, by=by, at=at)


def _enter_whole(wanted: Subscription, *, by: Principal, at: datetime) -> None:
    """Enter what was subscribed; what went beyond a cap meanwhile, such as the same asked for twice, goes back whole."""
    if within(wanted, wanted.shares):
        enter(wanted, wanted.shares, by=by, at=at)
    else:
        wanted.back_minor = wanted.to_pay.minor


def enter(wanted: Subscription, shares: int, *, by: Principal, at: datetime) -> None:
    """Enter a subscription, or the part of it that was allotted."""
    whole = wanted.nominal_minor * shares // wanted.shares
    paid = min(wanted.paid_minor, whole)
    holder, unit = wanted.membership.holder, wanted.currency
    legs = [ledger.debit("2100", Money(paid + wanted.fee_minor, unit)), ledger.credit("3000", Money(whole, unit), holder=holder)]
    if whole > paid:
        legs.append(ledger.debit("1300", Money(whole - paid, unit), holder=holder))
    if wanted.fee_minor:
        fee = Money(wanted.fee_minor, unit)
        legs.append(ledger.credit("3100", fee, rule="shares.entry_fee", rule_version=wanted.rule_version))
    movement = Movement(
        membership=wanted.membership, share_class=wanted.share_class, kind=Movement.Kind.SUBSCRIBED, shares=shares,
        currency=unit, nominal_minor=whole, unpaid_minor=whole - paid,
    )  # fmt: skip
    register.write(
        movements=[movement], key=f"{wanted.subject}:subscribed", narration=_("Shares subscribed"), postings=legs,
        subject=wanted.subject, by=by, at=at,
    )  # fmt: skip


def _enter_rest(wanted: Subscription, *, by: Principal, at: datetime) -> None:
    """Enter what is still unpaid of the shares, and no more: what was paid twice goes back."""
    unpaid = queries.holding(wanted.membership_id, wanted.share_class).unpaid.minor
    wanted.back_minor = max(0, wanted.paid_minor - unpaid)
    if not unpaid:
        # Nothing was late either.
        wanted.back_minor = wanted.to_pay.minor
        return
    holder, rest = wanted.membership.holder, Money(min(wanted.paid_minor, unpaid), wanted.currency)
    used = Money(wanted.to_pay.minor - wanted.back_minor, wanted.currency)
    legs = [ledger.debit("2100", used), ledger.credit("1300", rest, holder=holder)]
    if wanted.interest_minor:
        interest = Money(wanted.interest_minor, wanted.currency)
        legs.append(ledger.credit("4900", interest, rule="shares.rest_interest", rule_version=wanted.rule_version))
    movement = Movement(
        membership=wanted.membership, share_class=wanted.share_class, kind=Movement.Kind.PAID, shares=0,
        currency=wanted.currency, nominal_minor=0, unpaid_minor=-rest.minor,
    )  # fmt: skip
    register.write(
        movements=[movement], key=f"{wanted.subject}:rest", narration=_("Shares paid in"), subject=wanted.subject,
        postings=legs, by=by, at=at,
    )  # fmt: skip


def give_back_due(*, by: Principal, at: datetime) -> int:
    """Give back what came and could not be entered or allotted; never inside a transaction. Doing it again is harmless."""
    by.must(SETTLE)
    rows = list(Subscription.objects.filter(state=State.LAPSED, back_minor__gt=0).order_by("pk")[:MOST])
    for wanted in rows:
        payment = paid_for.of_subject(wanted.subject)
        # What is to go back in all, of which some may have gone before.
        if payment is not None and (left := wanted.back_minor - payment.refunded_minor) > 0:
            back, key = Money(left, wanted.currency), f"{wanted.subject}:back:{wanted.back_minor}"
            payments.refund(payment=payment, amount=back, key=key, by=by, at=at)
        entered = wanted.back_minor < wanted.to_pay.minor
        Subscription.objects.filter(pk=wanted.pk, state=State.LAPSED).update(state=State.DONE if entered else State.REFUNDED)
    return len(rows)
