"""What waits for people, and what was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from toadlane.money.payments.models import (
    CHARGED_BACK,
    Dispute,
    DisputeState,
    Errand,
    Heard,
    Method,
    Payment,
    Payout,
    Provider,
    Refund,
    State,
)

Errands = Refund | Payout
_WAITS = Q(state__in=(Errand.ASKED, Errand.UNKNOWN), reason="by_hand")
MOST = 100


@dataclass(frozen=True)
class ByHand:
    """Money that people have to move or to confirm, the longest waiting first."""

    payments: Sequence[Payment]
    refunds: Sequence[Refund]
    payouts: Sequence[Payout]


def refunds_by_hand() -> QuerySet[Refund]:
    return Refund.objects.filter(_WAITS).select_related("payment").order_by("asked_at", "pk")


def by_hand() -> ByHand:
    came = Payment.objects.filter(
        Q(doing="confirm") | Q(doing="", state__in=(State.CREATED, State.FAILED)), method__in=(Method.TRANSFER, Method.CASH)
    )
    return ByHand(
        list(came.order_by("begun_at", "pk")[:MOST]),
        list(refunds_by_hand()[:MOST]),
        list(Payout.objects.filter(_WAITS).order_by("asked_at", "pk")[:MOST]),
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


def payout(pk: UUID) -> Payout | None:
    return Payout.objects.filter(pk=pk).first()


def open_disputes() -> QuerySet[Dispute]:
    """Return the chargebacks that are not over, the oldest first."""
    return Dispute.objects.filter(state=DisputeState.OPEN).select_related("payment").order_by("opened_at", "pk")


def waits_for_a_bank() -> Q:
    """Say of refunds whether they wait until it is decided whether the payer's bank may keep what it took."""
    return Q(reason=CHARGED_BACK, payment_id__in=Dispute.objects.filter(state=DisputeState.OPEN).values("payment_id"))


def refund(pk: UUID) -> Refund | None:
    return Refund.objects.filter(pk=pk).select_related("payment").first()


def coops_with_notices(_now: datetime) -> list[int]:
    """Return the co-ops whose providers have told something that was not looked into yet. Asked with the scope lifted."""
    return list(Heard.objects.filter(done_at=None).order_by().values_list("coop_id", flat=True).distinct())
