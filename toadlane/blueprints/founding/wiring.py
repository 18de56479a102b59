from django.utils.translation import gettext_noop

from toadlane.blueprints.founding import queries
from toadlane.plumbing.desk import registry as desk
from toadlane.ui import nav


def wire() -> None:
    nav.declare("server", 20, gettext_noop("Found a co-op"), "founding:start")
    desk.declare_part("founding", "main", "founding/_next.html", queries.first_steps)
