from typing import Any

from django.utils.translation import gettext_noop

from toadlane.plumbing.outbox import registry
from toadlane.plumbing.webhooks import services
from toadlane.plumbing.webhooks.permissions import LOOK
from toadlane.ui import nav


def wire() -> None:
    registry.tell_outside(services.fan_out)
    nav.declare("desk", 93, gettext_noop("Webhooks"), "webhooks:index", _looks_after_them)


def _looks_after_them(request: Any) -> bool:
    return bool(request.by.may(LOOK))
