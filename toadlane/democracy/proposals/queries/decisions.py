"""Decisions as pages, rules and other rooms read them."""

from datetime import datetime

from django.db.models import QuerySet

from toadlane.democracy.proposals.models import Decision, Enactment
from toadlane.kernel import canonical
from toadlane.plumbing.tenancy.invariants import Finding


def every() -> QuerySet[Decision]:
    return Decision.objects.select_related("proposal", "enactment").order_by("-number")


def named(name: str) -> Decision | None:
    return every().filter(name=name).first()


def has_passed(name: str) -> bool:
    """Say whether members passed a decision of this name, and it was neither annulled nor suspended."""
    rows = Enactment.objects.filter(decision__name=name)
    return rows.filter(state__in=(Enactment.State.SCHEDULED, Enactment.State.ENACTED)).exists()


def is_in_force(name: str) -> bool:
    """Say whether a decision has taken effect: what rests on it, like a payment, waits until then."""
    return Enactment.objects.filter(decision__name=name, state=Enactment.State.ENACTED).exists()


def due(at: datetime) -> QuerySet[Enactment]:
    rows = Enactment.objects.filter(state=Enactment.State.SCHEDULED, due_at__lte=at)
    return rows.select_related("decision__proposal").order_by("due_at", "pk")


def coops_with_due(at: datetime) -> list[int]:
    """Return the co-ops where something is to take effect; asked with the scope lifted."""
    rows = Enactment.objects.filter(state=Enactment.State.SCHEDULED, due_at__lte=at)
    return list(rows.order_by("coop_id").values_list("coop_id", flat=True).distinct())


def chain() -> Finding:
    """Look whether every decision is what it was, in the order in which they were taken."""
    previous, faults, count = "", [], 0
    for row in Decision.objects.select_related("proposal").order_by("number"):
        count += 1
        if row.previous_hash != previous or row.hash != canonical.digest(row.hashed()):
            faults.append(f"decision {row.name} is not what it was")
        previous = row.hash
    return Finding(count, faults)
