"""Votes that others carry: delegations, which reach a ballot when it closes."""

from datetime import datetime

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.models import Ballot, Delegation, RollEntry, Vote
from toadlane.democracy.counting.policies import delegation


def carry(ballot: Ballot, *, at: datetime) -> int:
    """Cast the votes of those who did not vote and let somebody else, at the last moment before the close; return how many."""
    procedure = queries.procedure_of(ballot)
    if not procedure.may_delegate or ballot.is_secret:
        return 0
    given = _given(ballot)
    votes = {vote.entry_id: vote for vote in Vote.objects.filter(ballot=ballot)}
    # A member's vote is their first entry; the other seats of an organisation belong to its delegates in person.
    entries = {row.membership_id: row for row in RollEntry.objects.filter(ballot=ballot, seat=1).order_by("place")}
    carried = delegation.carry(
        [str(member) for member in entries], {str(giver): str(receiver) for giver, receiver in given.items()},
        {str(member) for member, entry in entries.items() if entry.pk in votes}, cap_total=procedure.delegation_cap,
        order=[str(giver) for giver in given],
    )  # fmt: skip
    found = []
    for giver, voter in carried.voters.items():
        if voter not in (None, giver):
            through = entries[int(voter or 0)]
            choice = votes[through.pk].choice
            found.append(Vote(ballot=ballot, entry=entries[int(giver)], choice=choice, cast_at=at, carried_by=through))
    return len(Vote.objects.bulk_create(found))


def _given(ballot: Ballot) -> dict[int, int]:
    """Return who has delegated to whom, in the order in which they did; what is given for this ballot comes before the rest."""
    living = Delegation.objects.filter(ended_at=None).order_by("given_at", "pk")
    standing = dict(living.filter(ballot=None).values_list("giver_id", "receiver_id"))
    return {**standing, **dict(living.filter(ballot=ballot).values_list("giver_id", "receiver_id"))}
