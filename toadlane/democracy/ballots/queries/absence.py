"""Who took part, and who was absent: shown while there is still time to call them, and kept with the result."""

from typing import Any

from django.db.models import Count, Q

from toadlane.democracy.ballots.models import Ballot, RollEntry
from toadlane.democracy.ballots.policies import recounting
from toadlane.democracy.ballots.queries.ballots import has_voted


def turnout(ballot: Ballot) -> list[dict[str, Any]]:
    """Return how many of each class and college are on the roll, and how many of them have voted."""
    rows = RollEntry.objects.filter(ballot=ballot).order_by().annotate(voted=has_voted())
    counted = rows.values("college", "member_class").annotate(members=Count("pk"), took_part=Count("pk", filter=Q(voted=True)))
    found = [
        {"college": one["college"], "class": one["member_class"], "members": one["members"], "voted": one["took_part"]}
        for one in counted
    ]
    return sorted(found, key=lambda one: (one["college"], one["class"]))


def absent(ballot: Ballot) -> list[dict[str, Any]]:
    """Return the groups with no voice in this: classes that are not on its roll, and those of which nobody has voted."""
    return recounting.absent(ballot, turnout(ballot))


def voters_of(ballot: Ballot) -> int:
    """Return how many have voted so far."""
    return RollEntry.objects.filter(has_voted(), ballot=ballot).count()
