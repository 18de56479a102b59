"""What a page does when somebody presses: one service call, and a word about what came of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.access.requests import CoopRequest


def done(request: CoopRequest, form: Any, work: Callable[[], Any], told: str = "") -> bool:
    """Do what a form asks and say so; or leave the form with what is wrong and what to do, beside its field."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        work()
    except Refused:
        # Whoever may not do it gets the page for that, or learns nothing at all.
        raise
    except Expected as error:
        form.add_error(error.field if error.field in form.fields else None, f"{error} {error.hint}".strip())
        return False
    if told:
        messages.success(request, told)
    return True


def deed(request: CoopRequest, work: Callable[[], Any], told: str, back: str, *args: object) -> HttpResponse:
    """Do what a button asks, say what came of it, and go back to where it was pressed."""
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
    """Return the status of a page that shows a form: 422 where something in it is wrong."""
    return 422 if form is not None and form.is_bound and form.errors else 200
