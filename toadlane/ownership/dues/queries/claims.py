"""Claims and what came for them."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q, QuerySet, Sum

from toadlane.kernel.money import Money
from toadlane.ownership.dues.models import Claim, Remittance, Waiver
from toadlane.ownership.dues.queries.terms import currency

WHOSE = ("membership__person", "membership__organisation")
STAYED = F("amount_minor") - F("returned_minor") - F("reversed_minor")
OPEN = Q(amount_minor__gt=F("paid_minor") + F("waived_minor"))


def claims(*, membership_ids: Iterable[int] | None = None) -> QuerySet[Claim]:
    """Return what was charged, the newest first."""
    rows = Claim.objects.select_related(*WHOSE).order_by("-first_on", "-pk")
    return rows if membership_ids is None else rows.filter(membership_id__in=list(membership_ids))


def open_claims(*, membership_ids: Iterable[int] | None = None) -> QuerySet[Claim]:
    """Return what is not paid and not waived, the oldest first."""
    return claims(membership_ids=membership_ids).filter(OPEN).order_by("first_on", "pk")


def claim(pk: int) -> Claim | None:
    return claims().filter(pk=pk).first()


def left_of(membership_ids: Iterable[int]) -> Money:
    """Return what members still owe."""
    rows = Claim.objects.filter(OPEN, membership_id__in=list(membership_ids)).order_by()
    return Money(rows.aggregate(left=Sum(F("amount_minor") - F("paid_minor") - F("waived_minor")))["left"] or 0, currency())


def left_of_all() -> dict[int, int]:
    """Return what each member still owes, in minor units: in one statement, however many there are."""
    rows = Claim.objects.filter(OPEN).order_by().values_list("membership_id")
    return dict(rows.annotate(left=Sum(F("amount_minor") - F("paid_minor") - F("waived_minor"))))


def owed_in_all() -> Money:
    """Return what all members together still owe."""
    rows = Claim.objects.filter(OPEN).order_by()
    return Money(rows.aggregate(left=Sum(F("amount_minor") - F("paid_minor") - F("waived_minor")))["left"] or 0, currency())


def credit_of(membership_ids: Iterable[int]) -> Money:
    """Return what members paid ahead, for claims that are yet to come."""
    rows = Remittance.objects.filter(membership_id__in=list(membership_ids), state=Remittance.State.PAID).order_by()
    over = Sum(F("amount_minor") - F("used_minor") - F("returned_minor") - F("reversed_minor"))
    return Money(rows.aggregate(over=over)["over"] or 0, currency())


def balance(membership_id: int) -> int:
    """Return claims less payments less waivers, in minor units: what the books say this member owes.

    What went back to the payer, or was taken back, is no payment.
    """
    own = Claim.objects.filter(membership_id=membership_id).order_by()
    charged = own.aggregate(sum=Sum(F("amount_minor") - F("waived_minor")))["sum"] or 0
    came = Remittance.objects.filter(membership_id=membership_id, state=Remittance.State.PAID).order_by()
    return int(charged - (came.aggregate(sum=Sum(STAYED))["sum"] or 0))


def remittances(*, membership_ids: Iterable[int]) -> QuerySet[Remittance]:
    return Remittance.objects.select_related(*WHOSE).filter(membership_id__in=list(membership_ids)).order_by("-pk")


def remittance(pk: int) -> Remittance | None:
    return Remittance.objects.select_related(*WHOSE).filter(pk=pk).first()


def of_subject(subject: str) -> Remittance | None:
    kind, _colon, pk = subject.partition(":")
    return remittance(int(pk)) if kind == "dues" and pk.isdigit() else None


def with_credit(membership_id: int) -> list[Remittance]:
    """Return what a member paid ahead and nothing has used."""
    rows = Remittance.objects.filter(membership_id=membership_id, state=Remittance.State.PAID).order_by("pk")
    return [one for one in rows.select_related("membership") if one.left_minor > 0]


def waivers(*, membership_ids: Iterable[int] | None = None) -> QuerySet[Waiver]:
    rows = Waiver.objects.select_related(*WHOSE).order_by("-pk")
    return rows if membership_ids is None else rows.filter(membership_id__in=list(membership_ids))


def waiver(pk: int) -> Waiver | None:
    return waivers().filter(pk=pk).first()


def waived_on(day: date) -> QuerySet[Waiver]:
    """Return the waivers that hold on a day; one that was ended holds no more on the day it was ended."""
    return Waiver.objects.filter(Q(ended_on=None) | Q(ended_on__gt=day), from_on__lte=day, until_on__gte=day)
