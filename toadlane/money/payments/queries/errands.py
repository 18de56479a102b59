"""What waits for people, and what was sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum

from toadlane.money.ledger.models import JournalEntry
from toadlane.money.payments.models import (
    BY_THE_BANK,
    CHARGED_BACK,
    EARNED,
    SENT_BACK,
    Dispute,
    DisputeState,
    Errand,
    Heard,
    Payment,
    Payout,
    Provider,
    Refund,
    State,
)

Errands = Refund | Payout
MOST = 100


@dataclass(frozen=True)
class ByHand:
    """Money that people have to move or to confirm, the longest waiting first.

    Of what has not come yet the newest is first, after what waits for a second person: transfers that never come stay open, so
    that a late one is found, and may not stand before those that do.
    """

    payments: Sequence[Payment]
    refunds: Sequence[Refund]
    payouts: Sequence[Payout]


def waits_for_people() -> Q:
    """Say of what is sent whether people send it: no company takes it there, or the one that did has it back."""
    return Q(state__in=(Errand.ASKED, Errand.UNKNOWN), reason__in=("by_hand", SENT_BACK)) | Q(state=Errand.RETURNED)


def refunds_by_hand() -> QuerySet[Refund]:
    return Refund.objects.filter(waits_for_people()).select_related("payment").order_by("asked_at", "pk")


def refused_refunds() -> QuerySet[Refund]:
    """Return refunds that a company or a bank refused for good and that were not given back another way: people see to them.

    What the payer's own bank has taken, or disputes, is not sent a second time, nor what was tried again since.
    """
    again = Refund.objects.filter(
        payment=OuterRef("payment"), amount_minor=OuterRef("amount_minor"), asked_at__gte=OuterRef("asked_at")
    ).exclude(state=Errand.FAILED)
    taken = Dispute.objects.filter(payment=OuterRef("payment"), state__in=(DisputeState.OPEN, DisputeState.LOST))
    left = F("payment__refunded_minor") + F("amount_minor")
    rows = Refund.objects.filter(~Exists(taken), ~Exists(again), state=Errand.FAILED, payment__captured_minor__gte=left)
    return rows.exclude(reason=BY_THE_BANK).select_related("payment").order_by("asked_at", "pk")


def by_hand() -> ByHand:
    came = Payment.objects.filter(
        Q(doing="confirm") | Q(doing="", state__in=(State.CREATED, State.FAILED)), provider=Provider.MANUAL
    )
    return ByHand(
        list(came.order_by("-doing", "-begun_at", "-pk")[:MOST]),
        list(refunds_by_hand()[:MOST]),
        list(Payout.objects.filter(waits_for_people()).order_by("asked_at", "pk")[:MOST]),
    )


def unanswered() -> list[Payment]:
    """Return card payments whose answer is open."""
    rows = Payment.objects.exclude(doing="").exclude(provider=Provider.MANUAL)
    return list(rows.order_by("called_at", "pk")[:MOST])


def payments(*, state: str = "") -> QuerySet[Payment]:
    rows = Payment.objects.all()
    return rows.filter(state=state) if state else rows


def payouts(*, holders: Sequence[str] | None = None) -> QuerySet[Payout]:
    rows = Payout.objects.all()
    return rows if holders is None else rows.filter(holder__in=holders)


def sent_at(subjects: Iterable[str]) -> dict[str, datetime]:
    """Return when the last payout for a subject was sent; what still waits for one, or has none, is left out."""
    rows = Payout.objects.filter(subject__in=list(subjects)).order_by().values("subject")
    found = rows.annotate(open=Count("pk", filter=~Q(state=Errand.DONE)), last=Max("settled_at"))
    return {row["subject"]: row["last"] for row in found if not row["open"]}


def sent_of(subjects: Iterable[str]) -> dict[tuple[str, str], int]:
    """Return what was sent for some subjects, by subject and account, in minor units."""
    rows = Payout.objects.filter(subject__in=list(subjects), state=Errand.DONE).order_by().values_list("subject", "code")
    return {(subject, code): total for subject, code, total in rows.annotate(total=Sum("amount_minor"))}


def unsent_of(subject: str) -> dict[str, int]:
    """Return what waits to be sent for a subject, by account, in minor units."""
    rows = Payout.objects.filter(subject=subject).exclude(state=Errand.DONE).order_by().values_list("code")
    return dict(rows.annotate(total=Sum("amount_minor")))


def payout(pk: UUID) -> Payout | None:
    return Payout.objects.filter(pk=pk).first()


def dispute(pk: int) -> Dispute | None:
    return Dispute.objects.filter(pk=pk).first()


def open_disputes() -> QuerySet[Dispute]:
    """Return the chargebacks that are not over, the oldest first."""
    return Dispute.objects.filter(state=DisputeState.OPEN).select_related("payment").order_by("opened_at", "pk")


def waits_for_a_bank() -> Q:
    """Say of refunds whether they wait until it is decided whether the payer's bank may keep what it took."""
    return Q(reason=CHARGED_BACK, payment_id__in=Dispute.objects.filter(state=DisputeState.OPEN).values("payment_id"))


def came_back(keys: Iterable[str]) -> set[str]:
    """Return which of some refunds, by their keys, the payer's bank sent back and are owed still."""
    return set(Refund.objects.filter(key__in=list(keys), state=Errand.RETURNED).values_list("key", flat=True))


# The accounts whose rooms know of what came back that it is owed again; of any other a person sees to it.
AGAIN = (EARNED, "2250", "2400", "2410", "2420", "2500", "2510")


def can_come_back(payout: Payout) -> bool:
    """Whether a payout was sent by the bank, and what it is of knows how to be owed again."""
    return payout.provider == Provider.MANUAL and payout.state == Errand.DONE and payout.code in AGAIN


def times_back(payout: Payout) -> int:
    """Return how often the payee's bank has sent a payout back."""
    return JournalEntry.objects.filter(key__startswith=f"payout:{payout.pk}:back:").count()


def settled_refunds(keys: Iterable[str]) -> set[str]:
    """Return which of some refunds, by their keys, are over: booked, or refused for good."""
    rows = Refund.objects.filter(key__in=list(keys)).exclude(state__in=(Errand.ASKED, Errand.UNKNOWN))
    return set(rows.values_list("key", flat=True))


def refund(pk: UUID) -> Refund | None:
    return Refund.objects.filter(pk=pk).select_related("payment").first()


def coops_with_notices(_now: datetime) -> list[int]:
    """Return the co-ops whose providers have told something that was not looked into yet. Asked with the scope lifted."""
    return list(Heard.objects.filter(done_at=None).order_by().values_list("coop_id", flat=True).distinct())
