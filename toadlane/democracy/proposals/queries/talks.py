"""What members say, side by side and in the order in which it was said."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from toadlane.democracy.proposals.models import Amendment, Contribution, Proposal, Revision, Summary, Support

# On the page of the proposal; all of them stand on a page of their own.
SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Sides:
    """The case for and the case against, as many of each, and what was asked."""

    in_favor: list[Contribution]
    against: list[Contribution]
    questions: list[Contribution]
    count: int


def said(proposal: Proposal) -> QuerySet[Contribution]:
    """Return what was said, oldest first, each with its answers."""
    answers = Prefetch("replies", Contribution.objects.order_by("said_at", "pk"))
    return proposal.contributions.filter(reply_to=None).prefetch_related(answers).order_by("said_at", "pk")


def sides(proposal: Proposal) -> Sides:
    """Return what is shown side by side: what was said last on each side."""
    shown = {
        side: list(reversed(said(proposal).filter(hidden_because="", side=side).order_by("-said_at", "-pk")[:SHOWN]))
        for side in (Contribution.Side.FOR, Contribution.Side.AGAINST, Contribution.Side.QUESTION)
    }
    return Sides(
        in_favor=shown[Contribution.Side.FOR], against=shown[Contribution.Side.AGAINST],
        questions=shown[Contribution.Side.QUESTION], count=proposal.contributions.count(),
    )  # fmt: skip


def contribution(proposal: Proposal, pk: int) -> Contribution | None:
    return proposal.contributions.filter(pk=pk).first()


def summary(proposal: Proposal) -> Summary | None:
    return proposal.summaries.first()


def amendments(proposal: Proposal) -> QuerySet[Amendment]:
    return proposal.amendments.order_by("-number")


def revisions(proposal: Proposal) -> QuerySet[Revision]:
    return proposal.revisions.order_by("-number")


def names(proposal: Proposal, *roles: str) -> QuerySet[Support]:
    return proposal.supports.filter(role__in=roles).order_by("at", "pk")


def bringers(proposal: Proposal) -> list[str]:
    """Return who brought it, authors first and then those who stand for it with them."""
    found = names(proposal, Support.Role.AUTHOR, Support.Role.SPONSOR)
    return [one.name for one in sorted(found, key=lambda one: (one.role != Support.Role.AUTHOR, one.at, one.pk))]
