"""Proposals as pages and other rooms read them."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import Count, Q, QuerySet

from toadlane.democracy.counting.policies.majorities import Quorum
from toadlane.democracy.proposals import policies
from toadlane.democracy.proposals.models import OPEN, Decision, Proposal, Stage, Support
from toadlane.democracy.proposals.permissions import classes_with
from toadlane.democracy.proposals.queries.procedures import procedure_of
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import timers
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book
from toadlane.society.members import queries as members
from toadlane.society.members.models import MEMBERS, Delegate, Membership, Office
from toadlane.society.messaging import queries as messaging
from toadlane.society.simulations.models import Simulation


def simulation_of(proposal: Proposal) -> Simulation | None:
    """Return what the proposal, as it stands, would have done to last year's orders; None where it touches no money."""
    kept = proposal.revisions.filter(number=proposal.revision).select_related("simulation").first()
    return kept.simulation if kept else None


def every() -> QuerySet[Proposal]:
    return Proposal.objects.select_related("decision", "decision__enactment").order_by("-number")


def none() -> QuerySet[Proposal]:
    return Proposal.objects.none()


def under_way() -> QuerySet[Proposal]:
    """Return what is not over: ideas, talk, votes, and what passed and is on its way."""
    return every().filter(ended_at=None)


def find(number: int) -> Proposal | None:
    return every().filter(number=number).first()


def voters() -> QuerySet[Membership]:
    """Return the memberships of classes that may vote."""
    return Membership.objects.filter(standing__in=MEMBERS, member_class__in=classes_with("vote"))


def voice_of(by: Principal, right: str = "") -> Membership | None:
    """Return the membership somebody speaks with: their own before that of an organisation.

    :param right: one whose class has this right, where there is one
    """
    rows = members.register().filter(pk__in=by.memberships)
    if right:
        rows = rows.filter(member_class__in=classes_with(right))
    found = sorted(rows, key=lambda row: (row.pk != by.membership_id, row.pk))
    return found[0] if found else None


@dataclass(frozen=True)
class Backing:
    """How many of a class, or of all who may vote, have put their name under something, and how many it takes."""

    of: str
    names: int
    members: int
    needed: int

    @property
    def is_enough(self) -> bool:
        return self.names >= self.needed


def _by_class(rows: QuerySet[Support]) -> dict[str, int]:
    # Counted by the class they are in today: who has left no longer counts.
    live = rows.filter(membership__standing__in=MEMBERS).order_by()
    return dict(live.values_list("membership__member_class").annotate(n=Count("pk")))


def _sizes() -> dict[str, int]:
    return dict(voters().order_by().values_list("member_class").annotate(n=Count("pk")))


def backing(proposal: Proposal, book: Book | None = None) -> list[Backing]:
    """Return the support of an idea, class by class: a share of one class is enough. Of a petition, that of all voters."""
    book = book or bylaws.book()
    named, sizes = _by_class(proposal.supports.exclude(role=Support.Role.SUSPEND)), _sizes()
    if proposal.is_petition:
        return [_together(named, sizes, book.value("gov.petition_share"))]
    rule = procedure_of(proposal, book).support or Quorum(fraction=book.value("gov.support_share"), of="class")
    if rule.of != "class":
        everybody = sum(sizes.values())
        return [Backing("", _names(named, sizes), everybody, policies.needed_by(rule, everybody))]
    asked = [one for one in sorted(sizes) if not rule.classes or one in rule.classes]
    return [Backing(one, named.get(one, 0), sizes[one], policies.needed_by(rule, sizes[one])) for one in asked]


def demand(proposal: Proposal, book: Book | None = None) -> Backing:
    """Return how many ask to suspend what was decided, of how many it takes."""
    named = _by_class(proposal.supports.filter(role=Support.Role.SUSPEND))
    return _together(named, _sizes(), (book or bylaws.book()).value("gov.suspension_share"))


def _together(named: dict[str, int], sizes: dict[str, int], share: Fraction) -> Backing:
    everybody = sum(sizes.values())
    return Backing("", _names(named, sizes), everybody, policies.needed(share, everybody))


def _names(named: dict[str, int], sizes: dict[str, int]) -> int:
    return sum(n for one, n in named.items() if one in sizes)


def eligible(proposal: Proposal) -> QuerySet[Membership]:
    """Return who is to be told of the vote: the members on its roll, or those who hold the office or sit in the circle."""
    roll = procedure_of(proposal).roll
    _place, _colon, name = roll.who.partition(":")
    if roll.is_of_members:
        rows = voters().filter(standing__in=(*MEMBERS, *roll.statuses))
        return rows.filter(member_class__in=roll.classes) if roll.classes else rows
    seated = Office.objects.filter(office=name, ended_on=None).values("person_id")
    spoken_for = Delegate.objects.filter(person_id__in=seated, ended_on=None).values("membership_id")
    return Membership.objects.filter(Q(person_id__in=seated) | Q(pk__in=spoken_for), standing__in=MEMBERS)


def notice_key(proposal: Proposal) -> str:
    """Return the name of the announcement of its vote; a notice that is given again is another one."""
    return f"proposal:{proposal.number}:vote:{proposal.noticed_at:%Y%m%d%H%M%S}"


def was_announced(proposal: Proposal) -> bool:
    """Say whether everybody who has a vote has been told of it at their desk and by letter. Without that, no vote is valid."""
    log = messaging.delivered(notice_key(proposal))
    return log.people > 0 and log.is_complete


def ready_for_vote(at: datetime) -> list[Proposal]:
    """Return what has its support, has been talked about and announced for as long as the bylaws ask, and has not moved."""
    due = Proposal.objects.filter(stage=Stage.PROPOSAL, vote_from__lte=at, stuck_because="")
    return [proposal for proposal in due.order_by("vote_from", "pk") if was_announced(proposal)]


def next_announcement(at: datetime) -> datetime | None:
    """Return when the next proposal has been talked about for long enough."""
    return timers.first_after(at, Proposal.objects.filter(stage=Stage.DISCUSSION, stuck_because=""), "talk_until")


def brought_again(decision: Decision) -> Proposal | None:
    """Return the proposal that brings again what could not be carried out, while it is under way."""
    return Proposal.objects.filter(about_decision=decision.name, stage__in=(*OPEN, Stage.VOTING)).order_by("-pk").first()
