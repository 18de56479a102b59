"""What members have begun to pay, what the bank collects of it, and what is not to be paid a second time."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Max

from toadlane.kernel.money import Money
from toadlane.money.bank import queries as bank
from toadlane.money.payments.models import Payment
from toadlane.ownership.dues.models import Remittance
from toadlane.ownership.dues.queries.claims import left_of, left_of_all, of_subject


def asked_of(membership_ids: Iterable[int]) -> list[tuple[Remittance, Payment]]:
    """Return what some members, however many, have begun to pay and is not settled, with its payment."""
    wanted = set(membership_ids)
    rows = Remittance.objects.filter(state=Remittance.State.ASKED).order_by("-pk")
    rows = rows.filter(membership_id__in=wanted) if len(wanted) <= bank.FEW else rows
    asked = [one for one in rows if one.membership_id in wanted]
    begun = {
        one.subject: one
        for part in bank.few(one.subject for one in asked)
        for one in Payment.objects.filter(subject__in=part).order_by("begun_at", "pk")
    }
    return [(one, begun[one.subject]) for one in asked if one.subject in begun]


def newest_of(membership_ids: Iterable[int]) -> dict[int, int]:
    """Return the last payment that each of some members, however many, has begun."""
    wanted = set(membership_ids)
    rows = Remittance.objects.order_by()
    rows = rows.filter(membership_id__in=wanted) if len(wanted) <= bank.FEW else rows
    rows = rows.values_list("membership_id").annotate(last=Max("pk"))
    return {pk: last for pk, last in rows if pk in wanted}


def collected_from(membership_id: int) -> list[bank.UnderWay]:
    """Return what of somebody's dues the bank collects already, as they were told."""
    return bank.under_way(one.subject for one, _payment in asked_of([membership_id]))


def to_pay(membership_id: int) -> Money:
    """Return what somebody owes and the bank does not collect already."""
    left = left_of([membership_id])
    return Money(max(0, left.minor - sum(one.amount.minor for one in collected_from(membership_id))), left.currency)


def not_owed(subjects: Collection[str], at: datetime) -> list[str]:
    """Return which of some payments are of what is not owed any more, or what somebody is paying another way just now."""
    pks = [int(one.removeprefix("dues:")) for one in subjects if one.startswith("dues:")]
    ours = [one for part in bank.few(pks) for one in Remittance.objects.filter(pk__in=part)]
    owed, left, theirs = Counter[int](), left_of_all(), {one.subject for one in ours}
    for one in ours:
        owed[one.membership_id] += one.amount_minor
    others = {one.subject: (one, payment) for one, payment in asked_of(owed) if one.subject not in theirs}
    coming = {one.subject for one in bank.under_way(others)}
    for subject, (one, payment) in others.items():
        if subject in coming or bank.is_going(payment, at):
            owed[one.membership_id] += one.amount_minor
    return [one.subject for one in ours if owed[one.membership_id] > left.get(one.membership_id, 0)]


def hindrance(payment: Payment) -> str:
    """Say why what somebody began to pay is not to be paid now: it is collected by direct debit. Nothing where it may be."""
    one = of_subject(payment.subject)
    coming = [] if one is None else collected_from(one.membership_id)
    is_twice = one is not None and payment.amount_minor > to_pay(one.membership_id).minor
    return bank.in_words(coming) if coming and is_twice else ""
