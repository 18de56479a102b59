"""Which open ballots may close before their time."""

from datetime import datetime

from django.db.models import Q

from toadlane.democracy.ballots.models import Ballot, Mark, State
from toadlane.democracy.ballots.policies import papers
from toadlane.democracy.ballots.policies.asked import judged_by
from toadlane.democracy.ballots.queries.ballots import is_talked
from toadlane.democracy.ballots.queries.counts import counted, roll_of, tally_of
from toadlane.democracy.ballots.queries.talks import said_in, stands
from toadlane.democracy.counting.policies.procedures import early


def settled(at: datetime) -> list[Ballot]:
    """Return the open ballots that may close before their time, since nothing that is still to come can change them."""
    may_end = Q(procedure__early_close=True) | Q(method__in=papers.TALKED)
    found = Ballot.objects.filter(may_end, state=State.OPEN, closes_at__gt=at).select_related("proposal").order_by("pk")
    return [ballot for ballot in found if is_settled(ballot, at)]


def is_settled(ballot: Ballot, at: datetime) -> bool:
    """Say whether nothing that is still to come can change the outcome, where the procedure lets it close then."""
    if is_talked(ballot):
        return stands(ballot, said_in(ballot), at=at).is_over
    if not ballot.procedure.get("early_close") or ballot.is_elsewhere:
        return False
    if ballot.is_secret:
        # Nobody knows what is in the urn; that all have voted, one knows.
        return not Mark.objects.filter(ballot=ballot, has_voted=False).exists()
    return early(judged_by(ballot), tally_of(ballot, counted(ballot)), roll_of(ballot))
