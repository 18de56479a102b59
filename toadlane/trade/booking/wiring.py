from datetime import timedelta

from django.utils.translation import gettext_noop

from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.trade.booking import guards, handlers, queries, tasks
from toadlane.trade.booking.events import HoldExpired
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.catalog.events import ListingChanged
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    invariants.declare("booking.no_overlap", queries.no_overlap)
    registry.know(HoldExpired)
    registry.on(ListingChanged, handlers.keep_a_calendar)
    timers.every(timedelta(seconds=30), tasks.expire_holds, due=queries.coops_with_lapsed_holds, next_at=queries.next_lapse)
    timers.every(timedelta(minutes=5), tasks.read_outside_calendars, due=queries.coops_with_outside_calendars)
    catalog.declare_availability(queries.availability)
    nav.declare(
        "desk", 30, gettext_noop("My calendars"), "booking:index", lambda request: bool(request.by.memberships), group="work"
    )
