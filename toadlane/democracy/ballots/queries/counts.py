"""What was voted, put together for counting. Only for ballots that are closed, or whose results are live."""

from collections import Counter

from django.db import connection

from toadlane.democracy.ballots.models import Ballot, Paper, Vote
from toadlane.democracy.ballots.policies.asked import roll_of
from toadlane.democracy.ballots.policies.recounting import Counted, choices_of, profile_of, tally_of

__all__ = ["Counted", "choices_of", "counted", "profile_of", "roll_of", "tally_of"]

ROWS = 5000  # Votes that are read at a time.


def counted(ballot: Ballot) -> list[Counted]:
    """Return the papers of a ballot, equal ones together.

    They are put together here: a database sorts what it groups, which takes longer than all the rest of the count.
    """
    if ballot.is_secret:
        rows = Paper.objects.filter(ballot=ballot).order_by("college", "weight", "choice")
        return [Counted(*row) for row in rows.values_list("college", "weight", "choice", "count")]
    votes = Vote.objects.filter(ballot=ballot).order_by().values_list("entry__college", "entry__weight", "choice")
    sql, params = votes.query.sql_with_params()
    found = Counter[tuple[str, int, str]]()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(ROWS):
            found.update(rows)
    return [Counted(*row, count) for row, count in found.items()]
