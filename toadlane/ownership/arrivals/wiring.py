from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop

from toadlane.money.ledger import queries as books
from toadlane.ownership.arrivals import guards, permissions, queries, tasks
from toadlane.plumbing.outbox import timers
from toadlane.plumbing.triggers import refusals
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    books.declare_subject("arrival", queries.named)
    timers.every(timedelta(hours=1), tasks.drop_old)
    nav.declare("settings", 60, gettext_noop("Bring a co-op along"), "arrivals:index", _may)


def _may(request: Any) -> bool:
    return request.by is not None and bool(request.by.may(permissions.BRING_IN))
