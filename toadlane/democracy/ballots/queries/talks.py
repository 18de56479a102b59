"""Where a decision that is talked out stands, worked out anew from all that was said."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any

from django.utils.translation import gettext_lazy as _

from toadlane.democracy.ballots.models import Ballot, RollEntry, Said
from toadlane.democracy.ballots.queries.ballots import procedure_of
from toadlane.democracy.ballots.queries.counts import roll_of
from toadlane.democracy.counting.policies import consent, majorities, selection
from toadlane.democracy.counting.policies.consent import FACILITATOR, Event
from toadlane.democracy.counting.policies.tallies import Tally
from toadlane.kernel.errors import Expected

# What can be done in each, in the order in which the page offers it.
ACTS = {
    "consent": ("consent", "stand_aside", "object", "withdraw", "not_paramount", "second_not_paramount", "amend"),
    "lazy": ("object", "escalate", "withdraw"),
    "advice": ("ask", "answer", "decide"),
    "selection": ("nominate", "change", "propose", "consent", "object", "decline"),
}
# What whoever leads through it does, as such and not as one on the roll.
LEADING = ("amend", "propose", "ask", "decide")


class AskFirst(Expected):
    words = _("First everybody it affects is asked, and somebody who knows; and they have time to answer.")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where it stands.

    :param state: as the way of deciding calls it
    :param outcome: what it comes to if it ends now: `passed`, `rejected`, `blocked` or `expired`; empty while that is open
    :param is_over: whether it may end before its time
    :param awaited: the places on the roll that one waits for
    """

    state: str
    outcome: str = ""
    is_over: bool = False
    round: int = 1
    awaited: tuple[str, ...] = ()
    objections: dict[str, str] = field(default_factory=dict)
    concerns: dict[str, str] = field(default_factory=dict)
    elected: tuple[str, ...] = ()
    tally: dict[str, int] = field(default_factory=dict)
    goes_on: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "state": self.state, "round": self.round, "awaited": list(self.awaited), "objections": dict(self.objections),
            "concerns": dict(self.concerns), "tally": dict(self.tally),
        }  # fmt: skip


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
    return {"consent": _consent, "lazy": _lazy, "advice": _advice, "selection": _selection}[ballot.method](ballot, events, at)


def _consent(ballot: Ballot, events: list[Event], at: datetime) -> Standing:
    procedure = procedure_of(ballot)
    needed = [found.needed for one in procedure.majority.quorums for found in majorities.measure(one, Tally(), roll_of(ballot))]
    closed = at >= ballot.closes_at
    found = consent.consent(places(ballot), events, quorum=max([1, *map(ceil, needed)]), closed=closed, rounds=procedure.rounds)
    outcome = {"passed": "passed", "passed_with_concern": "passed", "failed_quorum": "expired", "objection_pending": "blocked"}
    return Standing(
        state=found.state, outcome=outcome.get(found.state, ""), is_over=bool(found.passed) and not found.awaited,
        round=found.round, awaited=found.awaited, objections=dict(found.objections), concerns=dict(found.concerns),
        goes_on=found.state == "objection_pending" and bool(procedure.fallback),
    )  # fmt: skip


def _lazy(ballot: Ballot, events: list[Event], at: datetime) -> Standing:
    procedure = procedure_of(ballot)
    found = consent.lazy(
        events, opened=ballot.opens_at, hours=procedure.hours, now=at, members=places(ballot), escalations=procedure.escalations
    )
    escalated = found.state == "to_full_decision"
    outcome = {"passed": "passed", "objection_pending": "blocked", "to_full_decision": "rejected"}
    return Standing(
        state=found.state, outcome=outcome.get(found.state, ""), is_over=escalated, objections=dict(found.objections),
        goes_on=found.state in ("objection_pending", "to_full_decision") and bool(procedure.fallback),
    )  # fmt: skip


def _advice(ballot: Ballot, events: list[Event], at: datetime) -> Standing:
    """All on the roll are affected; an expert is anybody asked by name. The decider asks, hears, and decides alone."""
    affected = places(ballot)
    asked = list(dict.fromkeys(event.about for event in events if event.act == "ask"))
    answered = [event.about for event in events if event.act == "answer"]
    if strangers := [name for name in answered if name not in asked]:
        raise consent.NotEligible(hint=strangers[0])
    days = procedure_of(ballot).answer_days
    last = max((event.at for event in events if event.act == "ask" and event.at), default=ballot.opens_at)
    decided = next((event for event in events if event.act == "decide"), None)
    found = consent.advice(
        affected=affected, experts=[name for name in asked if name not in affected], asked=asked, answered=answered,
        deadline_passed=(at - last).days >= days,
    )  # fmt: skip
    if events and events[-1] is decided and found.state != "may_decide":
        raise AskFirst
    outcome = "" if decided is None else "passed" if decided.about == "for" else "rejected"
    return Standing(
        state="decided" if decided else found.state, outcome=outcome or ("expired" if at >= ballot.closes_at else ""),
        is_over=decided is not None, awaited=(*found.to_ask, *found.awaited),
    )  # fmt: skip


def _selection(ballot: Ballot, events: list[Event], at: datetime) -> Standing:
    found = selection.selection(places(ballot), events)
    over = at >= ballot.closes_at
    outcome = "passed" if found.selected else "blocked" if found.objections else "expired" if over else ""
    return Standing(
        state=found.state, outcome=outcome, is_over=found.state == "selected", awaited=found.awaited, tally=dict(found.tally),
        objections=dict(found.objections), elected=(found.selected,) if found.selected else (),
    )  # fmt: skip
