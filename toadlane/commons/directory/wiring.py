from django.utils.translation import gettext_noop as _

from toadlane.ui import nav


def wire() -> None:
    nav.declare("server", 10, _("Co-ops"), "directory:front")
    nav.declare("coop", 10, _("Who we are"), "directory:home")
