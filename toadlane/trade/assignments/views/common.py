"""What the pages of this room have in common: finding what they are about, and forms that keep what was typed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.assignments import queries
from toadlane.trade.assignments.permissions import MANAGE, SEE
from toadlane.ui.shapes import Crumb


def activity_at(request: CoopRequest, pk: int, *, manages: bool = False) -> Any:
    """Return an activity that whoever asks may see; what they may not see is not there."""
    found = queries.activity(pk)
    if found is None or not request.by.may(SEE, found):
        raise Http404
    if manages:
        request.by.must(MANAGE, found)
    return found


def assignment_at(request: CoopRequest, pk: int) -> Any:
    found = queries.assignment(pk)
    if found is None or not request.by.may(SEE, found.activity):
        raise Http404
    return found


def typed(request: CoopRequest) -> Any:
    return request.POST if request.method == "POST" else None


def press(request: CoopRequest, deed: Callable[[], Any], told: str) -> None:
    """Do what a button asks, and say how it went."""
    try:
        deed()
    except Refused:
        raise
    except Expected as error:
        messages.error(request, f"{error} {error.hint}".strip())
    else:
        messages.success(request, told)


def crumbs(*rest: Crumb) -> list[Crumb]:
    return [Crumb(_("My activities"), reverse("assignments:mine")), *rest]


def of_activity(activity: Any) -> Crumb:
    return Crumb(activity.name, reverse("assignments:activity", args=[activity.pk]))
