"""The rests on shares that members have begun to pay, to be debited."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from toadlane.money.bank import queries as bank
from toadlane.money.payments.models import Method, Payment
from toadlane.money.payments.models import State as Paid
from toadlane.ownership.shares import queries
from toadlane.ownership.shares.models import Subscription
from toadlane.ownership.shares.permissions import COLLECT
from toadlane.plumbing.access.principals import Principal

State = Subscription.State


def unpaid_of(membership_ids: Iterable[int]) -> Counter[tuple[int, str]]:
    """Return what is unpaid on the shares of some members, however many, by membership and class, in minor units."""
    wanted = set(membership_ids)
    held = queries.holdings(membership_ids=wanted if len(wanted) <= bank.FEW else None)
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


def to_collect(
    *, membership_ids: Iterable[int], on_its_way: Collection[str], by: Principal, at: datetime
) -> Iterator[bank.Owed]:  # fmt: skip
    """Return the rests that some members have begun to pay by transfer on their shares, to be debited by the bank.

    Who wants more shares is not debited for a wish that may be given up: that is paid by whoever wants them.
    """
    by.must(COLLECT)
    rows, seen = Subscription.objects.filter(state=State.ASKED, shares=0, offer=None), set[tuple[int, str]]()
    wanted = set(membership_ids)
    whose = {one.subject: one for one in rows.order_by("pk") if one.membership_id in wanted}
    begun = [one for part in bank.few(whose) for one in Payment.objects.filter(subject__in=part)]
    begun.sort(key=lambda one: (one.begun_at, one.pk), reverse=True)
    unpaid = unpaid_of(one.membership_id for one in whose.values())
    # Who began twice owes the rest once: one that is on its way is the one, and otherwise what was begun last.
    for payment in sorted(begun, key=lambda one: str(one.pk) not in on_its_way and one.is_open):
        one = whose[payment.subject]
        if (rest := (one.membership_id, one.share_class)) in seen or payment.state == Paid.VOIDED:
            continue
        if payment.method == Method.TRANSFER or not payment.is_open or bank.is_going(payment, at):
            seen.add(rest)
        # What was paid another way meanwhile is owed no more.
        is_owed = one.paid_minor <= unpaid[rest]
        if is_owed and payment.method == Method.TRANSFER and payment.is_open and str(payment.pk) not in on_its_way:
            yield bank.Owed(one.membership_id, payment)


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
    one = queries.of_subject(payment.subject)
    coming = collected_from(one.membership_id, one.share_class) if one is not None and not one.shares else []
    return bank.in_words(coming)
