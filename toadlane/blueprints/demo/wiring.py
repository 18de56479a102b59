from django.conf import settings
from django.utils.translation import gettext_noop

from toadlane.ui import nav


def wire() -> None:
    nav.declare(
        "foot", 90, gettext_noop("Sandbox"), "demo:sandbox", lambda request: bool(request.coop and request.coop.is_sandbox)
    )
    nav.declare("server", 80, gettext_noop("Who to log in as"), "demo:logins", lambda _request: settings.TOADLANE_SANDBOX)
