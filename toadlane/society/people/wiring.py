from typing import Any

from django.utils.translation import gettext_noop as _

from toadlane.plumbing.access import personal_data
from toadlane.society.people import queries
from toadlane.ui import nav


def wire() -> None:
    personal_data.declare("people", export=queries.own_data, inside=False)
    nav.declare("street", 80, _("Sign in"), "people:sign_in", _nobody)
    nav.declare("foot", 70, _("Who did what"), "people:trail", _on_the_board)
    nav.declare("settings", 50, _("Who did what"), "people:trail", _on_the_board)
    nav.declare("street", 90, _("My account"), "people:me", _somebody)


def _somebody(request: Any) -> bool:
    return bool(getattr(request, "user", None) and request.user.is_authenticated)


def _nobody(request: Any) -> bool:
    return not _somebody(request)


def _on_the_board(request: Any) -> bool:
    return bool(getattr(request, "coop", None) and request.by and request.by.roles & {"board", "founder"})
