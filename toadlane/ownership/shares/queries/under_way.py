"""The rests on shares that members have begun to pay, what the bank collects of them, and what is not paid a second time."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Sum

from toadlane.money.bank import queries as bank
from toadlane.money.payments.models import Payment
from toadlane.ownership.shares.models import Offer, Subscription
from toadlane.ownership.shares.queries import holdings, of_subject
from toadlane.plumbing.outbox import timers


def next_close(at: datetime) -> datetime | None:
    """Return when the next offer of shares closes."""
    return timers.first_after(at, Offer.objects.filter(state=Offer.State.OPEN), "closes_at")


def promised_by(offer: Offer, membership_ids: Collection[int]) -> int:
    """Return what some members have applied for and paid, in minor units."""
    paid = offer.applications.filter(paid_at__isnull=False, membership_id__in=membership_ids)
    return int(paid.aggregate(sum=Sum("paid_minor"))["sum"] or 0)


def unpaid_of(membership_ids: Iterable[int]) -> Counter[tuple[int, str]]:
    """Return what is unpaid on the shares of some members, however many, by membership and class, in minor units."""
    wanted = set(membership_ids)
    held = holdings(membership_ids=wanted if len(wanted) <= bank.FEW else None)
    return Counter({(one.membership_id, one.share_class): one.unpaid.minor for one in held})


def rests_asked(membership_ids: Iterable[int]) -> list[Subscription]:
    """Return the rests that some members, however many, have begun to pay and that have not come."""
    wanted = set(membership_ids)
    rows = Subscription.objects.filter(state=Subscription.State.ASKED, shares=0, offer=None).order_by("pk")
    rows = rows.filter(membership_id__in=wanted) if len(wanted) <= bank.FEW else rows
    return [one for one in rows if one.membership_id in wanted]


def collected_from(membership_id: int, share_class: str) -> list[bank.UnderWay]:
    """Return what of a rest the bank collects already, as its member was told."""
    return bank.under_way(one.subject for one in rests_asked([membership_id]) if one.share_class == share_class)


def not_owed(subjects: Collection[str], at: datetime) -> list[str]:
    """Return which of some payments are of a rest that is paid, or that its member is paying another way just now."""
    pks = [int(one.removeprefix("shares:")) for one in subjects if one.startswith("shares:")]
    ours = [one for part in bank.few(pks) for one in Subscription.objects.filter(pk__in=part)]
    unpaid, theirs = unpaid_of(one.membership_id for one in ours), {one.subject for one in ours}
    others = {one.subject: one for one in rests_asked(one.membership_id for one in ours) if one.subject not in theirs}
    begun = [one for part in bank.few(others) for one in Payment.objects.filter(subject__in=part)]
    going = {one.subject for one in begun if bank.is_going(one, at)} | {one.subject for one in bank.under_way(others)}
    taken = {(others[one].membership_id, others[one].share_class) for one in going}
    return [
        one.subject for one in ours
        if one.paid_minor > unpaid[one.membership_id, one.share_class] or (one.membership_id, one.share_class) in taken
    ]  # fmt: skip


def hindrance(payment: Payment) -> str:
    """Say why a rest that somebody began to pay is not to be paid now: it is collected by direct debit already."""
    one = of_subject(payment.subject)
    coming = collected_from(one.membership_id, one.share_class) if one is not None and not one.shares else []
    return bank.in_words(coming)
