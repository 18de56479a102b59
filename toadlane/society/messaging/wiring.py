from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop as _

from toadlane.plumbing.access import personal_data
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.files import permissions as files
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.triggers import refusals
from toadlane.society.messaging import events, guards, handlers, queries, services, tasks
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    guards.sealed()
    files.declare_readers("thread", queries.may_open)
    personal_data.declare("messaging", export=queries.export, erase=services.forget)
    nav.declare("desk", 90, _("What I was told"), "messaging:notices", _takes_part)
    nav.declare("street", 40, _("Messages"), "messaging:threads", _takes_part)
    desk.declare("messaging", queries.waiting)
    registry.on(events.NoticesGiven, handlers.write_letters)
    registry.on(events.DigestDue, handlers.digest)
    timers.every(timedelta(minutes=15), tasks.digest, next_at=queries.next_digest)


def _takes_part(request: Any) -> bool:
    return bool(getattr(request, "coop", None) and request.by.person_id)
