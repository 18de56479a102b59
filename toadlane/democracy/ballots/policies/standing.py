"""Where a decision that is talked out stands, worked out anew from all that was said. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any

from django.utils.translation import gettext_lazy as _

from toadlane.democracy.ballots.policies.asked import Asked, procedure_of, roll_of
from toadlane.democracy.counting.policies import consent, majorities, selection
from toadlane.democracy.counting.policies.consent import Event
from toadlane.democracy.counting.policies.tallies import Tally
from toadlane.kernel.errors import Expected


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


def stands(ballot: Asked, places: Sequence[str], events: Sequence[Event], *, at: datetime) -> Standing:
    """Say where it stands, and where it would end at an instant.

    :raises Expected: where the last thing said cannot be, as the way of deciding has it
    """
    ways = {"consent": _consent, "lazy": _lazy, "advice": _advice, "selection": _selection}
    return ways[ballot.method](ballot, places, events, at)


def _consent(ballot: Asked, places: Sequence[str], events: Sequence[Event], at: datetime) -> Standing:
    procedure = procedure_of(ballot)
    needed = [found.needed for one in procedure.majority.quorums for found in majorities.measure(one, Tally(), roll_of(ballot))]
    closed = at >= ballot.closes_at
    found = consent.consent(places, events, quorum=max([1, *map(ceil, needed)]), closed=closed, rounds=procedure.rounds)
    outcome = {"passed": "passed", "passed_with_concern": "passed", "failed_quorum": "expired", "objection_pending": "blocked"}
    return Standing(
        state=found.state, outcome=outcome.get(found.state, ""), is_over=bool(found.passed) and not found.awaited,
        round=found.round, awaited=found.awaited, objections=dict(found.objections), concerns=dict(found.concerns),
        goes_on=found.state == "objection_pending" and bool(procedure.fallback),
    )  # fmt: skip


def _lazy(ballot: Asked, places: Sequence[str], events: Sequence[Event], at: datetime) -> Standing:
    procedure = procedure_of(ballot)
    found = consent.lazy(
        events, opened=ballot.opens_at, hours=procedure.hours, now=at, members=places, escalations=procedure.escalations
    )
    escalated = found.state == "to_full_decision"
    outcome = {"passed": "passed", "objection_pending": "blocked", "to_full_decision": "rejected"}
    return Standing(
        state=found.state, outcome=outcome.get(found.state, ""), is_over=escalated, objections=dict(found.objections),
        goes_on=found.state in ("objection_pending", "to_full_decision") and bool(procedure.fallback),
    )  # fmt: skip


def _advice(ballot: Asked, places: Sequence[str], events: Sequence[Event], at: datetime) -> Standing:
    """All on the roll are affected; an expert is anybody asked by name. The decider asks, hears, and decides alone."""
    affected = list(places)
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


def _selection(ballot: Asked, places: Sequence[str], events: Sequence[Event], at: datetime) -> Standing:
    found = selection.selection(places, events)
    over = at >= ballot.closes_at
    outcome = "passed" if found.selected else "blocked" if found.objections else "expired" if over else ""
    return Standing(
        state=found.state, outcome=outcome, is_over=found.state == "selected", awaited=found.awaited, tally=dict(found.tally),
        objections=dict(found.objections), elected=(found.selected,) if found.selected else (),
    )  # fmt: skip
