"""Who is asked first. Named pure functions that a co-op chooses by `trade.allocation`; each gives its reason in words.

None of them looks at offers passed on: whoever says no today is asked tomorrow as if nothing had happened.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import asin, cos, radians, sin, sqrt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

EARTH_KM = 6371.0


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A member who could take a job: free at that time, and able.

    :param last_accepted_at: when they last took on a job, for taking turns
    :param jobs_this_month: jobs they took on that begin within thirty days of this one
    """

    membership_id: int
    name: str
    latitude: float | None = None
    longitude: float | None = None
    skills: frozenset[str] = field(default_factory=frozenset)
    last_accepted_at: datetime | None = None
    jobs_this_month: int = 0


@dataclass(frozen=True, kw_only=True)
class Need:
    latitude: float | None = None
    longitude: float | None = None
    skills: frozenset[str] = field(default_factory=frozenset)
    chosen: int | None = None


@dataclass(frozen=True)
class Pick:
    candidate: Candidate
    reason: str


Policy = Callable[[Need, Sequence[Candidate]], Pick | None]


def able(need: Need, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Leave those who have the skills asked for, in the order in which they joined."""
    return sorted((c for c in candidates if need.skills <= c.skills), key=lambda c: c.membership_id)


def nearest(need: Need, candidates: Sequence[Candidate]) -> Pick | None:
    """Ask whoever has the shortest way; among equals, whoever has waited longest."""
    ranked = sorted(able(need, candidates), key=lambda c: (distance(need, c), _waited(c), c.membership_id))
    if not ranked:
        return None
    km = distance(need, ranked[0])
    if km == float("inf"):
        return Pick(ranked[0], _("Nobody gave a place; this one has waited longest."))
    return Pick(ranked[0], _("Nearest of those who are free: %(km)s km away.") % {"km": f"{km:.1f}"})


def rotation(need: Need, candidates: Sequence[Candidate]) -> Pick | None:
    """Ask in turn: whoever took on a job longest ago, and first of all who never did."""
    ranked = sorted(able(need, candidates), key=lambda c: (_waited(c), c.membership_id))
    if not ranked:
        return None
    if ranked[0].last_accepted_at is None:
        return Pick(ranked[0], _("It is their turn: they have not had a job yet."))
    return Pick(ranked[0], _("It is their turn: their last job was taken on longest ago."))


def fewest_jobs(need: Need, candidates: Sequence[Candidate]) -> Pick | None:
    """Ask whoever has the fewest jobs this month; among equals, whoever has waited longest."""
    ranked = sorted(able(need, candidates), key=lambda c: (c.jobs_this_month, _waited(c), c.membership_id))
    if not ranked:
        return None
    count = ranked[0].jobs_this_month
    words = ngettext("Fewest jobs this month: %(count)s.", "Fewest jobs this month: %(count)s.", count)
    return Pick(ranked[0], words % {"count": count})


def choose(need: Need, candidates: Sequence[Candidate]) -> Pick | None:
    """Ask whom the customer chose, and nobody else."""
    found = next((c for c in candidates if c.membership_id == need.chosen), None)
    return Pick(found, _("Chosen by the customer.")) if found else None


ALLOCATION: dict[str, Policy] = {"nearest": nearest, "rotation": rotation, "fewest_jobs": fewest_jobs, "choose": choose}


def distance(need: Need, candidate: Candidate) -> float:
    """Return kilometers along the great circle (haversine), or infinity where a place is missing."""
    if None in (need.latitude, need.longitude, candidate.latitude, candidate.longitude):
        return float("inf")
    lat1, lon1, lat2, lon2 = map(radians, (need.latitude, need.longitude, candidate.latitude, candidate.longitude))  # type: ignore[arg-type]
    a = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(a))


def _waited(candidate: Candidate) -> float:
    """Sort who waited longest first; who never had a job comes before all."""
    return candidate.last_accepted_at.timestamp() if candidate.last_accepted_at else float("-inf")
