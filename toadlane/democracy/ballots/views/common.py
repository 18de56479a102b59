from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.permissions import READ
from toadlane.kernel import digits
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.ui.shapes import Crumb


def ballot_of(request: CoopRequest, number: int) -> Any:
    """Return a ballot that this reader may see; what they may not, is not there."""
    found = queries.find(number)
    if found is None or not request.by.may(READ, found):
        raise Http404
    return found


def crumbs(ballot: Any, last: str = "") -> list[Crumb]:
    own = Crumb(
        _("Ballot %(number)s") % {"number": ballot.number}, reverse("ballots:detail", args=[ballot.number]) if last else ""
    )
    return [Crumb(_("Ballots"), reverse("ballots:index")), own, *([Crumb(last)] if last else [])]


def place_in(text: str | None) -> int | None:
    """Return a place on a roll out of an address or a form; none where nobody could have written it here."""
    return digits.number(text or "")
