"""Elections before the vote: who may stand, who stands, and what is put to the members."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from toadlane.democracy.circles.models import Election, Nomination
from toadlane.plumbing.outbox import timers
from toadlane.society.members import queries as members
from toadlane.society.members.models import MEMBERS, Delegate, Membership
from toadlane.society.people.models import Person

RUNNING = (Election.State.OPEN, Election.State.CLOSED, Election.State.PROPOSED)


def elections() -> QuerySet[Election]:
    return Election.objects.order_by("-opened_at", "-pk")


def running(office: str = "") -> QuerySet[Election]:
    rows = elections().filter(state__in=RUNNING)
    return rows.filter(office=office) if office else rows


def due(at: datetime) -> QuerySet[Election]:
    return Election.objects.filter(state=Election.State.OPEN, closes_at__lte=at).order_by("closes_at", "pk")


def next_close(at: datetime) -> datetime | None:
    """Return when the next nominations close."""
    return timers.first_after(at, Election.objects.filter(state=Election.State.OPEN), "closes_at")


def coops_with_elections_to_close(at: datetime) -> list[int]:
    return list(due(at).order_by().values_list("coop_id", flat=True).distinct())


def nominations(election: Election) -> QuerySet[Nomination]:
    return election.nominations.select_related(
        "person", "membership__person", "membership__organisation", "nominated_by"
    ).order_by("nominated_at", "pk")


def nomination(pk: int) -> Nomination | None:
    return Nomination.objects.select_related("election", "person", "membership").filter(pk=pk).first()


def may_stand(membership: Membership, member_class: str = "") -> bool:
    """Say whether a member may be put forward: of a class that may stand, and of the class whose seats they are."""
    own = members.member_classes().get(membership.member_class)
    if own is None or not membership.is_member or "stand" not in own.rights:
        return False
    return not member_class or membership.member_class == member_class


def who_would_sit(membership: Membership, person_id: int | None = None) -> Person | None:
    """Return the member in person, or the delegate named; an organisation's only delegate needs no naming."""
    if membership.person_id:
        return membership.person if person_id in (None, membership.person_id) else None
    delegates = [one.person for one in members.delegates_of(membership)]
    if person_id is None:
        return delegates[0] if len(delegates) == 1 else None
    return next((person for person in delegates if person.pk == person_id), None)


def standing_members(member_class: str = "") -> QuerySet[Membership]:
    """Return whom members may put forward, by name."""
    known = [name for name, one in members.member_classes().items() if "stand" in one.rights]
    rows = members.register().filter(standing__in=MEMBERS, member_class__in=[member_class] if member_class else known)
    return rows.filter(member_class__in=known).order_by("number", "pk")


def persons_who_may_stand(ids: list[int], member_class: str = "") -> set[int]:
    """Return which of some persons may hold an elected office: members themselves, or delegates of members. Two statements."""
    able = standing_members(member_class).order_by()
    own = set(able.filter(person_id__in=ids).values_list("person_id", flat=True))
    spoken = Delegate.objects.filter(person_id__in=ids, ended_on__isnull=True, membership__in=able.values("pk"))
    return own | set(spoken.values_list("person_id", flat=True))


def payload_of(election: Election) -> dict[str, Any]:
    """Return an election as a decision of kind `elect`, with everybody who stands."""
    standing = nominations(election).filter(accepted_at__isnull=False)
    candidates: list[Mapping[str, Any]] = [
        {"person": one.person_id, "name": one.person.name, "statement": one.statement} for one in standing
    ]
    return {
        "office": election.office, "sits": election.sits, "member_class": election.member_class, "seats": election.seats,
        "term_months": election.term_months, "method": election.method, "candidates": candidates, "nomination": election.pk,
    }  # fmt: skip
