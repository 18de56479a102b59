from django.utils.translation import gettext_noop

from toadlane.plumbing.outbox import registry
from toadlane.plumbing.webhooks import services
from toadlane.ui import nav


def wire() -> None:
    registry.tell_outside(services.fan_out)
    nav.declare("settings", 40, gettext_noop("What other programs are told (webhooks)"), "webhooks:index")
