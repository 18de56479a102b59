"""Counting a ballot from what was frozen and what lies open. Pure, so that the server that closes a ballot, and whoever checks
a file far from it, come to the same by the same lines.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from toadlane.democracy.ballots.policies import papers
from toadlane.democracy.ballots.policies.asked import Asked, is_together, judged_by, procedure_of, roll_of
from toadlane.democracy.ballots.policies.standing import Standing
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.democracy.counting.policies.procedures import judge, settle
from toadlane.democracy.counting.policies.profiles import Profile
from toadlane.democracy.counting.policies.tallies import Tally

SIDES = ("for", "against", "abstain", "block", "voters")
STATES = {"quorum": "expired", "blocked": "blocked"}


class Counted(NamedTuple):
    """Equal papers of one college."""

    college: str
    weight: int
    choice: str
    count: int  # type: ignore[assignment]  # Of a tuple nobody asks how often something is in it.


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


def count(
    ballot: Asked,
    found: Sequence[Counted],
    *,
    root: str,
    turnout: Any,
    absent: Any,
    settled: bool | None = None,
    reason: str = "",
) -> Count:
    """Count papers. The same papers under the same frozen terms come to the same, byte for byte.

    :param root: that of the board, which decides the lot
    :param settled: what the chair said about a tie
    """
    procedure, tally = judged_by(ballot), tally_of(ballot, found, turnout)
    outcome = judge(procedure, tally, roll_of(ballot))
    next_at = None
    if outcome.awaits == "chair":
        if settled is None:
            return Count(result={}, awaits="chair")
        outcome = settle(outcome, passed=settled)
    elif outcome.awaits == "lot":
        outcome = settle(outcome, passed=drawn(ballot, root, ["passed", "rejected"])[0] == "passed")
    elif outcome.awaits == "runoff":
        next_at = ballot.closed_at
    if outcome.why == "quorum" and procedure.second_call_days is not None and ballot.round == 1:
        next_at = (ballot.closed_at or ballot.closes_at) + timedelta(days=procedure.second_call_days)
    log, elected = _elected(ballot, found, root) if ballot.method in METHODS else (None, {})
    passed = outcome.passed and (elected == {} or bool(elected["elected"]))
    result = {
        "method": ballot.method, "outcome": "passed" if passed else STATES.get(outcome.why, "rejected"), "why": outcome.why,
        "judged": outcome.as_json(), "settled": settled, "reason": reason, "next_round": bool(next_at), **elected,
        "turnout": turnout, "absent": absent,
        **({"elsewhere": sum(one.count for one in found)} if ballot.is_elsewhere else {}),
    }  # fmt: skip
    return Count(result=result, log=log, next_at=next_at)


def talked(ballot: Asked, stands: Standing, *, turnout: Any, absent: Any, elected: list[str]) -> Count:
    """Say what was said comes to, at the close.

    :param elected: the persons at the places that `stands` names, as an election names whom it has chosen
    """
    result = {
        "method": ballot.method, "outcome": stands.outcome or "expired", "why": stands.state, "talk": stands.as_json(),
        "next_round": stands.goes_on, "turnout": turnout, "absent": absent,
        **({"elected": elected} if ballot.method == "selection" else {}),
    }  # fmt: skip
    return Count(result=result, next_at=(ballot.closed_at or ballot.closes_at) if stands.goes_on else None)


def _elected(ballot: Asked, found: Sequence[Counted], root: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Count by a method of the registry; return the whole of it with all rounds, and what a result holds of it."""
    ids = [str(option["id"]) for option in ballot.options]
    method, lot = METHODS[ballot.method], drawn(ballot, root, ids)
    if method.kind == "ranking":
        counted = method.rank(profile_of(ballot, found), ballot.params, lot)
    else:
        counted = method.count(choices_of(ballot, found), ids, ballot.params, lot)
    told = counted.as_json()
    short = {key: value for key, value in told.items() if key not in ("stages", "extra", "elected", "method", "options")}
    return {**told, "places": counted.places}, {"elected": counted.winners, "counted": short, "lot": lot}


def choices_of(ballot: Asked, found: Iterable[Counted]) -> Iterator[tuple[Any, int]]:
    """Return choices as the methods of counting read them, with their weight."""
    shape = papers.shape(ballot.method)
    for one in found:
        yield papers.read(one.choice, ballot.options, shape), one.weight * one.count


def profile_of(ballot: Asked, found: Iterable[Counted]) -> Profile:
    """Return rankings in one matrix."""
    return papers.profile([(one.choice, one.weight * one.count) for one in found], ballot.options)


def tally_of(ballot: Asked, found: Iterable[Counted], turnout: Iterable[Mapping[str, Any]] = ()) -> Tally:
    """Add up votes for, against, abstaining and blocking, by college. Of other questions it only says who took part.

    :param turnout: how many of each college took part, which is all that is known of one whose votes lie in one heap
    """
    sums: dict[str, dict[str, int]] = {}
    is_majority = ballot.method == "majority"
    for one in found:
        college = sums.get(one.college) or sums.setdefault(one.college, dict.fromkeys(SIDES, 0))
        option = papers.read(one.choice, ballot.options, "one") if is_majority else "abstain"
        college[option if option in college else "abstain"] += one.weight * one.count
        college["voters"] += one.count
    apart = {name: Tally.read(sums[name]) for name in sorted(sums)}
    if not is_together(ballot):
        return Tally.of_colleges(apart)
    whole = Tally.of_colleges(apart)
    return replace(whole, colleges=_heads(turnout) if procedure_of(ballot).asks_each_class else {})


def _heads(turnout: Iterable[Mapping[str, Any]]) -> dict[str, Tally]:
    voted: dict[str, int] = {}
    for one in turnout:
        voted[one["college"]] = voted.get(one["college"], 0) + one["voted"]
    return {name: Tally(abstain=n, voters=n) for name, n in sorted(voted.items())}


def drawn(ballot: Asked, root: str, names: Sequence[str]) -> list[str]:
    """Return names in the order of the lot: by SHA-256 of the ballot's hash, the root of its board and the name.

    The rule is known before, the order to nobody before the last vote is in: every vote moves the root.
    """
    return sorted(names, key=lambda name: hashlib.sha256(f"{ballot.hash}{root}{name}".encode()).hexdigest())


def absent(ballot: Asked, turnout: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the groups with no voice in this: classes that are not on its roll, and those of which nobody has voted, where it
    is known here who has.
    """
    classes: Mapping[str, int] = ballot.frozen["roll"]["classes"]
    here = {one["class"]: one for one in turnout}
    found = []
    for name, size in sorted(classes.items()):
        if name not in here:
            found.append({"class": name, "members": size, "why": "not_on_roll"})
        elif not here[name]["voted"] and not ballot.is_elsewhere:
            found.append({"class": name, "members": here[name]["members"], "why": "nobody_voted"})
    return found


def figures(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of a result: how many could vote, how many did, and of a majority how."""
    turnout = result.get("turnout", [])
    voted = result.get("elsewhere", sum(one["voted"] for one in turnout))
    found = {"eligible": sum(one["members"] for one in turnout), "voted": voted}
    if result.get("method") != "majority" or "judged" not in result:
        return found
    return found | {key: result["judged"]["tally"].get(key, 0) for key in ("for", "against", "abstain", "block")}


def roll_digest(lines: Iterable[str]) -> str:
    """Return the hash of a roll: of its lines as they are published, each ended by a line feed."""
    whole = hashlib.sha256()
    for line in lines:
        whole.update(f"{line}\n".encode())
    return whole.hexdigest()
