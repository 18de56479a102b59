"""Where a decision that is talked out stands, read from the rows."""

from collections.abc import Sequence
from datetime import datetime

from toadlane.democracy.ballots.models import Ballot, RollEntry, Said
from toadlane.democracy.ballots.policies import standing
from toadlane.democracy.ballots.policies.standing import AskFirst, Standing
from toadlane.democracy.counting.policies.consent import FACILITATOR, Event

__all__ = ["ACTS", "LEADING", "AskFirst", "Standing", "may_be_amended", "places", "said_in", "stands"]

# What can be done in each, in the order in which the page offers it.
ACTS = {
    "consent": ("consent", "stand_aside", "object", "withdraw", "not_paramount", "second_not_paramount", "amend"),
    "lazy": ("object", "escalate", "withdraw"),
    "advice": ("ask", "answer", "decide"),
    "selection": ("nominate", "change", "propose", "consent", "object", "decline"),
}
# What whoever leads through it does, as such and not as one on the roll.
LEADING = ("amend", "propose", "ask", "decide")


def said_in(ballot: Ballot) -> list[Said]:
    return list(Said.objects.filter(ballot=ballot).select_related("entry").order_by("number"))


def places(ballot: Ballot) -> list[str]:
    return [str(place) for place in RollEntry.objects.filter(ballot=ballot).order_by("place").values_list("place", flat=True)]


def may_be_amended(ballot: Ballot) -> bool:
    """Say whether its words may change under way: not where they are what would be carried out."""
    return all(one.get("kind") == "resolution" for one in ballot.proposal.contents)


def stands(ballot: Ballot, said: Sequence[Said], *, at: datetime) -> Standing:
    """Say where it stands, and where it would end at an instant.

    :raises Expected: where the last thing said cannot be, as the way of deciding has it
    """
    events = [Event(str(one.entry.place) if one.entry else FACILITATOR, one.act, one.text, one.about, one.at) for one in said]
    return standing.stands(ballot, places(ballot), events, at=at)
