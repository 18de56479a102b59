"""When a ballot closes after all: later, where its quorum was reached at the last moment; earlier, where nothing can change."""

from datetime import UTC, datetime, timedelta

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.events import BallotExtended
from toadlane.democracy.ballots.models import Ballot, Mark
from toadlane.democracy.counting.policies import majorities
from toadlane.democracy.counting.policies.procedures import Tally
from toadlane.democracy.proposals import services as proposals
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events


def counts_heads(ballot: Ballot) -> bool:
    """Say whether each vote has to be followed by a look at the quorum; such votes wait for each other."""
    return ballot.quorum_at is None and bool(ballot.procedure.get("late_quorum_hours"))


def look(ballot: Ballot, *, by: Principal, at: datetime) -> None:
    """Note when the quorum is reached, and leave the others their time to answer. Called after a vote, with the ballot held."""
    if not counts_heads(ballot):
        return
    procedure = queries.procedure_of(ballot)
    tally, roll = _so_far(ballot), queries.roll_of(ballot)
    if not all(found.reached for quorum in procedure.majority.quorums for found in majorities.measure(quorum, tally, roll)):
        return
    ballot.quorum_at = at
    closes_at = majorities.closing(ballot.closes_at, at, timedelta(hours=procedure.late_quorum_hours))
    if closes_at == ballot.closes_at:
        ballot.save(update_fields=["quorum_at"])
        return
    ballot.extended_from, ballot.closes_at = ballot.extended_from or ballot.closes_at, closes_at
    ballot.save(update_fields=["quorum_at", "extended_from", "closes_at"])
    job = Principal.job(ballot.coop_id)
    proposals.voting_extended(proposal=ballot.proposal, closes_at=closes_at, by=job, at=at)
    events.publish(BallotExtended(ballot_id=ballot.pk, number=ballot.number, closes_at=closes_at.astimezone(UTC).isoformat()))


def _so_far(ballot: Ballot) -> Tally:
    """Return who has taken part: in a secret ballot that is all there is to know."""
    if not ballot.is_secret:
        return queries.tally_of(ballot, queries.counted(ballot))
    colleges: dict[str, int] = {}
    for college in Mark.objects.filter(ballot=ballot, has_voted=True).order_by().values_list("entry__college", flat=True):
        colleges[college] = colleges.get(college, 0) + 1
    return Tally.of_colleges({name: Tally(abstain=n, voters=n) for name, n in sorted(colleges.items())})
