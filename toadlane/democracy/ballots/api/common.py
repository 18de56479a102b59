from typing import Any

from django.http import Http404
from ninja import Router

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.permissions import READ
from toadlane.plumbing.access.requests import CoopRequest

router = Router(tags=["ballots"])


def ballot_of(request: CoopRequest, number: int) -> Any:
    """Return a ballot that whoever asks may see; what they may not, is not there."""
    found = queries.find(number) if 0 < number < 2**31 else None
    if found is None or not request.by.may(READ, found):
        raise Http404
    return found


def entry_of(request: CoopRequest, ballot: Any, place: int | None) -> Any:
    """Return the vote that is meant: the one named, or the only one there is."""
    own = queries.my_entries(ballot, request.by)
    meant = [one for one in own if place in (None, one.place)]
    if len(meant) != 1:
        raise Http404
    return meant[0]
