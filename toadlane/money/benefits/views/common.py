from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.ui.shapes import Crumb


def home() -> Crumb:
    return Crumb(_("Benefits"), reverse("benefits:mine"))


def told(error: Expected) -> str:
    return f"{error} {error.hint}".strip()


def tried(request: CoopRequest, deed: Callable[[], Any], done: str = "") -> Any:
    """Do it, and say what stood in the way or that it is done. None when it was not."""
    try:
        answer = deed()
    except Refused:
        raise
    except Expected as error:
        messages.error(request, told(error))
        return None
    if done:
        messages.success(request, done)
    return answer


def by_form(form: forms.Form, deed: Callable[[], Any]) -> Any:
    """Do what a form asks for; what stands in the way is said beside its field. None when it was not done."""
    try:
        return deed()
    except Refused:
        raise
    except Expected as error:
        form.add_error(error.field if error.field in form.fields else None, told(error))
        return None


def key(request: CoopRequest) -> str:
    """Return the intent's own key, which the form carries: pressed twice, it is one intent."""
    return f"web:{request.POST.get('key', '')[:60]}"
