from datetime import timedelta

from django.utils.translation import gettext_noop as _

from toadlane.commons.records import handlers, queries, tasks
from toadlane.commons.records.permissions import READ
from toadlane.plumbing.outbox import registry, timers
from toadlane.society.bylaws.events import BylawsChanged
from toadlane.ui import nav


def wire() -> None:
    registry.on(BylawsChanged, handlers.rules_changed)
    timers.every(timedelta(seconds=20), tasks.prepare, due=queries.coops_waiting)
    timers.every(timedelta(hours=1), tasks.renew, due=queries.coops_to_renew)
    nav.declare("foot", 25, _("Records"), "records:records", lambda request: bool(request.coop and request.by.may(READ)))
