"""What was voted, put together for counting. Only for ballots that are closed, or whose results are live."""

from django.db.models import Count

from toadlane.democracy.ballots.models import Ballot, Paper, Vote
from toadlane.democracy.ballots.policies.asked import roll_of
from toadlane.democracy.ballots.policies.recounting import Counted, choices_of, profile_of, tally_of

__all__ = ["Counted", "choices_of", "counted", "profile_of", "roll_of", "tally_of"]


def counted(ballot: Ballot) -> list[Counted]:
    """Return the papers of a ballot, equal ones together."""
    if ballot.is_secret:
        rows = Paper.objects.filter(ballot=ballot).order_by("college", "weight", "choice")
        return [Counted(*row) for row in rows.values_list("college", "weight", "choice", "count")]
    votes = Vote.objects.filter(ballot=ballot).order_by().values_list("entry__college", "entry__weight", "choice")
    return [Counted(*row) for row in votes.annotate(n=Count("pk"))]
