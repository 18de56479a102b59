"""Counting what lies open: the rows of a ballot, handed to the counting that needs no server."""

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.models import Ballot, RollEntry, State
from toadlane.democracy.ballots.policies import recounting
from toadlane.democracy.ballots.policies.recounting import Count
from toadlane.kernel import canonical
from toadlane.plumbing.tenancy.invariants import Finding

__all__ = ["Count", "count", "recounts"]


def count(ballot: Ballot, *, settled: bool | None = None, reason: str = "") -> Count:
    """Count a ballot. The same papers under the same frozen terms come to the same, byte for byte.

    :param settled: what the chair said about a tie
    """
    turnout = queries.turnout(ballot)
    absent = recounting.absent(ballot, turnout)
    if queries.is_talked(ballot):
        stands = queries.stands(ballot, queries.said_in(ballot), at=ballot.closed_at or ballot.closes_at)
        elected = _persons(ballot, stands.elected)
        return recounting.talked(ballot, stands, turnout=turnout, absent=absent, elected=elected)
    return recounting.count(
        ballot, queries.counted(ballot), root=ballot.board.root, turnout=turnout, absent=absent, settled=settled, reason=reason
    )


def _persons(ballot: Ballot, places: tuple[str, ...]) -> list[str]:
    """Return the persons at these places of the roll, as an election names whom it has chosen."""
    chosen = RollEntry.objects.filter(ballot=ballot, place__in=[int(place) for place in places]).order_by("place")
    return [str(person_id) for person_id in chosen.values_list("person_id", flat=True)]


def recounts() -> Finding:
    """Count every closed ballot again: the papers that lie there come to the result that was signed."""
    faults, ballots = [], Ballot.objects.filter(state=State.CLOSED).select_related("proposal").order_by("number")
    for ballot in ballots:
        signed = ballot.result or {}
        try:
            again = count(ballot, settled=signed.get("settled"), reason=signed.get("reason", ""))
        except Exception as error:  # What cannot be counted any more keeps no other from being counted again.
            faults.append(f"{ballot.name}: cannot be counted again: {type(error).__name__}: {error}")
            continue
        if any(signed.get(key) != value for key, value in again.result.items()):
            faults.append(f"{ballot.name}: counted again, it comes to something else")
        if again.log and canonical.digest(again.log) != signed.get("rounds"):
            faults.append(f"{ballot.name}: the rounds are not those that were signed")
    return Finding(len(ballots), faults)
