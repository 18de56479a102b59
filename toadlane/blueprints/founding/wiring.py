from django.utils.translation import gettext_noop

from toadlane.ui import nav


def wire() -> None:
    nav.declare("server", 20, gettext_noop("Found a co-op"), "founding:start")
