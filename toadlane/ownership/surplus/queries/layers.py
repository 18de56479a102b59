"""What members left in their capital accounts, year by year, less what was given back or lost: the oldest first."""

from dataclasses import dataclass

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.ownership.surplus.models import Imputation, Repayment, Year
from toadlane.plumbing.tenancy.invariants import Finding


@dataclass(frozen=True)
class Layer:
    """One year's part of the capital accounts: what is left of each member's, in minor units by membership."""

    year: Year
    left: dict[str, int]

    @property
    def total(self) -> Money:
        return Money(sum(self.left.values()), self.year.currency)


def layers(currency: str) -> list[Layer]:
    """Return the years of which something is left, the oldest first."""
    found, lost = [], Imputation.objects.filter(booked_at__isnull=False, year__currency=currency).values_list("layers", flat=True)
    off_by_loss = list(lost)
    rows = Year.objects.filter(state=Year.State.BOOKED, currency=currency).order_by("ends_on", "pk")
    for year in rows.defer("facts", "terms").prefetch_related("repayments"):
        left = dict(year.result["retained"])
        for repaid in year.repayments.all():
            for pk, minor in repaid.parts.items():
                left[pk] -= minor
        for off in off_by_loss:
            for pk, minor in off.get(str(year.pk), {}).items():
                left[pk] -= minor
        if any(left.values()):
            found.append(Layer(year, {pk: minor for pk, minor in left.items() if minor}))
    return found


def repayments() -> list[Repayment]:
    return list(
        Repayment.objects.select_related("year").defer("year__facts", "year__terms", "year__result").order_by("-pk")[:100]
    )


def layers_hold() -> Finding:
    """What is left of all years is what stands on the members' capital accounts, for each of them."""
    years = Year.objects.filter(state=Year.State.BOOKED)
    faults, looked_at = [], 0
    for currency in sorted(set(years.values_list("currency", flat=True))):
        kept: dict[str, int] = {}
        for layer in layers(currency):
            for pk, minor in layer.left.items():
                kept[f"membership:{pk}"] = kept.get(f"membership:{pk}", 0) + minor
        booked = {row.holder: -row.minor for row in books.holders("3200", currency) if row.minor}
        looked_at += len(kept)
        faults += [
            f"{holder}: {kept.get(holder, 0)} of its years are left, the books say {booked.get(holder, 0)}"
            for holder in sorted(kept.keys() | booked.keys()) if kept.get(holder) != booked.get(holder)
        ]  # fmt: skip
    return Finding(looked_at, faults)
