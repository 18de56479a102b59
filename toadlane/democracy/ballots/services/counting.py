"""Counting what lies open: the method, the procedure's judgment, ties by the announced rule, and who was absent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.models import Ballot, RollEntry, State
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.democracy.counting.policies.procedures import judge, settle
from toadlane.kernel import canonical
from toadlane.plumbing.tenancy.invariants import Finding

STATES = {"quorum": "expired", "blocked": "blocked"}


@dataclass(frozen=True, kw_only=True)
class Count:
    """What a count came to.

    :param result: what is signed; `log` the rounds, whose hash is signed with it
    :param awaits: `chair`, while a tie waits for them
    :param next_at: when a second call or a second vote opens
    """

    result: dict[str, Any]
    log: Any = None
    awaits: str = ""
    next_at: datetime | None = None


def count(ballot: Ballot, *, settled: bool | None = None, reason: str = "") -> Count:
    """Count a ballot. The same papers under the same frozen terms come to the same, byte for byte.

    :param settled: what the chair said about a tie
    """
    if queries.is_talked(ballot):
        return _talked(ballot)
    procedure = queries.procedure_of(ballot)
    found = queries.counted(ballot)
    tally = queries.tally_of(ballot, found)
    outcome = judge(procedure, tally, queries.roll_of(ballot))
    next_at = None
    if outcome.awaits == "chair":
        if settled is None:
            return Count(result={}, awaits="chair")
        outcome = settle(outcome, passed=settled)
    elif outcome.awaits == "lot":
        outcome = settle(outcome, passed=queries.drawn(ballot, ["passed", "rejected"])[0] == "passed")
    elif outcome.awaits == "runoff":
        next_at = ballot.closed_at
    if outcome.why == "quorum" and procedure.second_call_days is not None and ballot.round == 1:
        next_at = (ballot.closed_at or ballot.closes_at) + timedelta(days=procedure.second_call_days)
    log, elected = _elected(ballot, found) if ballot.method in METHODS else (None, {})
    passed = outcome.passed and (elected == {} or bool(elected["elected"]))
    result = {
        "method": ballot.method, "outcome": "passed" if passed else STATES.get(outcome.why, "rejected"), "why": outcome.why,
        "judged": outcome.as_json(), "settled": settled, "reason": reason, "next_round": bool(next_at), **elected,
        "turnout": queries.turnout(ballot), "absent": queries.absent(ballot),
        **({"elsewhere": sum(one.count for one in found)} if ballot.is_elsewhere else {}),
    }  # fmt: skip
    return Count(result=result, log=log, next_at=next_at)


def _talked(ballot: Ballot) -> Count:
    """Say what was said comes to, at the close."""
    closed_at = ballot.closed_at or ballot.closes_at
    stands = queries.stands(ballot, queries.said_in(ballot), at=closed_at)
    result = {
        "method": ballot.method, "outcome": stands.outcome or "expired", "why": stands.state, "talk": stands.as_json(),
        "next_round": stands.goes_on, "turnout": queries.turnout(ballot), "absent": queries.absent(ballot),
        **({"elected": _persons(ballot, stands.elected)} if ballot.method == "selection" else {}),
    }  # fmt: skip
    return Count(result=result, next_at=closed_at if stands.goes_on else None)


def _persons(ballot: Ballot, places: tuple[str, ...]) -> list[str]:
    """Return the persons at these places of the roll, as an election names whom it has chosen."""
    chosen = RollEntry.objects.filter(ballot=ballot, place__in=[int(place) for place in places]).order_by("place")
    return [str(person_id) for person_id in chosen.values_list("person_id", flat=True)]


def _elected(ballot: Ballot, found: list[queries.Counted]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Count by a method of the registry; return the whole of it with all rounds, and what a result holds of it."""
    ids = [str(option["id"]) for option in ballot.options]
    method, lot = METHODS[ballot.method], queries.drawn(ballot, ids)
    if method.kind == "ranking":
        counted = method.rank(queries.profile_of(ballot, found), ballot.params, lot)
    else:
        counted = method.count(queries.choices_of(ballot, found), ids, ballot.params, lot)
    told = counted.as_json()
    short = {key: value for key, value in told.items() if key not in ("stages", "extra", "elected", "method", "options")}
    return {**told, "places": counted.places}, {"elected": counted.winners, "counted": short, "lot": lot}


def recounts() -> Finding:
    """Count every closed ballot again: the papers that lie there come to the result that was signed."""
    faults, ballots = [], Ballot.objects.filter(state=State.CLOSED).select_related("proposal").order_by("number")
    for ballot in ballots:
        signed = ballot.result or {}
        again = count(ballot, settled=signed.get("settled"), reason=signed.get("reason", ""))
        if any(signed.get(key) != value for key, value in again.result.items()):
            faults.append(f"{ballot.name}: counted again, it comes to something else")
        if again.log and canonical.digest(again.log) != signed.get("rounds"):
            faults.append(f"{ballot.name}: the rounds are not those that were signed")
    return Finding(len(ballots), faults)
