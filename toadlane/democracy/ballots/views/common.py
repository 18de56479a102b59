from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.permissions import READ
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Refused
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
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


def done(request: CoopRequest, form: Any, deed: Callable[[], Any], told: str) -> bool:
    """Do what a form asks and say so; or leave the form with what is wrong."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        deed()
    except Refused:
        raise
    except Expected as error:
        form.add_error(error.field if error.field in form.fields else None, f"{error} {error.hint}".strip())
        return False
    messages.success(request, told)
    return True


def deed(request: CoopRequest, work: Callable[[], Any], told: str, back: str, *args: object) -> HttpResponse:
    """Make the one service call of a button, say what came of it, and go back."""
    try:
        work()
    except Refused:
        raise
    except Expected as error:
        messages.error(request, f"{error} {error.hint}".strip())
    else:
        messages.success(request, told)
    return redirect(back, *args)


def status_of(form: Any) -> int:
    return 422 if form is not None and form.is_bound and form.errors else 200
