"""Keeping a resource: what it is, when it is open, and what is blocked by hand."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from toadlane.kernel.dates import in_utc
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.trade.booking import policies, queries
from toadlane.trade.booking.models import Allocation, PlanException, PlanWindow, Resource, Unit
from toadlane.trade.booking.permissions import KEEP, OPEN
from toadlane.trade.booking.services.claims import Taken, lock
from toadlane.trade.catalog.models import Listing

MOST_CAPACITY, DAY_MINUTES = 500, 24 * 60
# When a day or a night begins and ends, until whoever lends it says otherwise.
USUAL = {Unit.DAY: (time(9), time(19)), Unit.NIGHT: (time(15), time(11))}


class NotAPlan(Expected):
    """This does not make a weekly plan."""

    status = 422


class NotAResource(Expected):
    """Something about this calendar cannot be so."""

    status = 422


@transaction.atomic
def open_resource(
    *, name: str, time_zone: str, by: Principal, at: datetime, listing_id: int | None = None, membership_id: int | None = None,
    unit: str = Unit.HOUR, capacity: int = 1, before_minutes: int = 0, after_minutes: int = 0, slot_minutes: int = 60,
    check_in: time | None = None, check_out: time | None = None, is_always_open: bool = False,
) -> Resource:  # fmt: skip
    """Open a calendar for a listing, which its provider keeps, or for a member.

    :raises NotAResource: when a figure is out of its bounds; its `field` says which
    """
    listing = Listing.objects.filter(pk=listing_id).first() if listing_id is not None else None
    if listing_id is not None and listing is None:
        raise NotAResource(_("There is no such listing."), field="listing_id")
    owner = listing.provider_id if listing else membership_id
    by.must(OPEN, owner)
    resource = Resource(
        name=name, time_zone=time_zone, listing=listing, membership_id=owner, unit=unit, capacity=capacity,
        before_minutes=before_minutes, after_minutes=after_minutes, slot_minutes=slot_minutes, check_in=check_in,
        check_out=check_out, is_always_open=is_always_open,
    )  # fmt: skip
    _must_make_sense(resource)
    resource.save()
    return resource


@transaction.atomic
def open_for_listing(*, listing_id: int, by: Principal, at: datetime) -> Resource | None:
    """Open the calendar of a listing that is booked by time, once, with hours that its provider then changes.

    Without a calendar two people could be promised the same day.

    :returns: the calendar, or None for a listing that needs none or has one already
    """
    by.must(OPEN, None)
    listing = Listing.objects.filter(pk=listing_id).first()
    if listing is None or listing.process != "booking" or not listing.is_live or listing.unit not in Unit.values:
        return None
    if Resource.objects.filter(listing=listing).exists():
        return None
    begins, ends = USUAL.get(listing.unit, (None, None))
    zone = coops.of_scope(current_coop_id()).time_zone
    resource = open_resource(
        name=listing.title[:120], time_zone=zone, listing_id=listing.pk, unit=listing.unit, check_in=begins, check_out=ends,
        is_always_open=listing.unit != Unit.HOUR, by=by, at=at,
    )  # fmt: skip
    if listing.unit == Unit.HOUR:
        week = [policies.Window(weekday=day, opens=time(8), closes=time(20)) for day in range(7)]
        set_week(resource=resource, windows=week, by=by, at=at)
    return resource


@transaction.atomic
def change_resource(*, resource: Resource, by: Principal, at: datetime, **values: object) -> Resource:
    """Change how a resource is booked. What is booked already stays as it is.

    :raises NotAResource: when a figure is out of its bounds, or fewer units would be left than are taken
    """
    by.must(KEEP, resource)
    resource = lock([resource.pk])[resource.pk]
    for name, value in values.items():
        assert name in CHANGEABLE, name
        setattr(resource, name, value)
    _must_make_sense(resource)
    if Allocation.objects.filter(resource=resource, unit__gte=resource.capacity, ends_at__gt=at).exists():
        raise NotAResource(_("More of it is booked already than you would have left."), field="capacity")
    resource.save()
    return resource


CHANGEABLE = frozenset({
    "name", "time_zone", "unit", "capacity", "before_minutes", "after_minutes", "slot_minutes", "check_in", "check_out",
    "is_always_open",
})  # fmt: skip


def _must_make_sense(resource: Resource) -> None:
    if not resource.name.strip():
        raise NotAResource(_("Give it a name."), field="name")
    if resource.time_zone not in available_timezones():
        raise NotAResource(_("There is no such time zone."), field="time_zone")
    if resource.unit not in Unit.values:
        raise NotAResource(_("It is booked by the hour, the day or the night."), field="unit")
    day = (0, DAY_MINUTES)
    bounds = {"capacity": (1, MOST_CAPACITY), "slot_minutes": (5, DAY_MINUTES), "before_minutes": day, "after_minutes": day}
    for name, (least, most) in bounds.items():
        if not least <= getattr(resource, name) <= most:
            raise NotAResource(_("This is between %(least)s and %(most)s.") % {"least": least, "most": most}, field=name)


@transaction.atomic
def set_week(*, resource: Resource, windows: Sequence[policies.Window], by: Principal, at: datetime) -> None:
    """Replace the weekly plan. Bookings made under the old one stay.

    :raises NotAPlan: when two windows of a day overlap
    """
    by.must(KEEP, resource)
    for window in windows:
        if not 0 <= window.weekday <= 6:
            raise NotAPlan(_("A week has seven days, from 0 (Monday) to 6 (Sunday)."), field="weekday")
        for other in windows:
            same_day = other is not window and other.weekday == window.weekday
            if same_day and window.opens <= other.opens and (window.closes > other.opens or window.closes <= window.opens):
                raise NotAPlan(
                    _("Two of the times on %(day)s overlap.") % {"day": queries.weekday(window.weekday)},
                    hint=_("Make them one, or let the first end before the second begins."), field=f"day_{window.weekday}",
                )  # fmt: skip
    lock([resource.pk])
    PlanWindow.objects.filter(resource=resource).delete()
    PlanWindow.objects.bulk_create(
        PlanWindow(resource=resource, weekday=w.weekday, opens=w.opens, closes=w.closes) for w in windows
    )


@transaction.atomic
def add_exception(
    *, resource: Resource, first_on: date, last_on: date, by: Principal, at: datetime,
    opens: time | None = None, closes: time | None = None, note: str = "",
) -> PlanException:  # fmt: skip
    """Say that some days are different: closed, or open at other hours. Bookings on those days stay.

    :raises NotAPlan: when the days or the hours are the wrong way round
    """
    by.must(KEEP, resource)
    _must_be_near(first_on, last_on)
    if last_on < first_on:
        raise NotAPlan(_("The last day is before the first."), field="last_on")
    if (opens is None) != (closes is None):
        raise NotAPlan(_("Give both hours, or neither for days that are closed."), field="closes")
    return PlanException.objects.create(
        resource=resource, first_on=first_on, last_on=last_on, opens=opens, closes=closes, note=note
    )


def _must_be_near(*days: date) -> None:
    if not all(queries.FIRST_YEAR <= day.year <= queries.LAST_YEAR for day in days):
        raise NotAPlan(_("This date is too far away."))


@transaction.atomic
def remove_exception(*, exception: PlanException, by: Principal, at: datetime) -> None:
    """Let the week count again on those days."""
    by.must(KEEP, exception.resource)
    exception.delete()


@transaction.atomic
def block(
    *, resource: Resource, starts: datetime, ends: datetime, by: Principal, at: datetime, note: str = "", units: int | None = None
) -> list[Allocation]:
    """Keep time free of bookings: all of the resource, or some units of it.

    :raises Taken: when some of it is booked already
    """
    by.must(KEEP, resource)
    starts, ends = in_utc(starts), in_utc(ends)
    _must_be_near(starts, ends)
    if ends <= starts:
        raise NotAPlan(_("The end is before the beginning."), field="ends")
    resource = lock([resource.pk])[resource.pk]
    rows = [(row.unit, row.starts_at, row.ends_at) for row in queries.taking(queries.taken([resource.pk], starts, ends), at)]
    free = policies.free_units(resource.capacity, rows, starts, ends)
    wanted = resource.capacity if units is None else units
    if len(free) < wanted:
        raise Taken(
            _("Some of this time is booked already."), hint=_("Block around the booking, or cancel it first."), field="starts"
        )
    try:
        with transaction.atomic():
            return Allocation.objects.bulk_create(
                Allocation(resource=resource, unit=unit, starts_at=starts, ends_at=ends, kind=Allocation.Kind.BLOCK, note=note)
                for unit in free[:wanted]
            )
    except IntegrityError as error:
        # A hold that has lapsed still stands here until the next sweep.
        raise Taken(
            _("Some of this time is held for a moment longer."), hint=_("Try again in a minute."), field="starts"
        ) from error


@transaction.atomic
def unblock(*, allocation: Allocation, by: Principal, at: datetime) -> None:
    """Open blocked time again, for every unit that was blocked with it. Bookings and other calendars are not touched."""
    by.must(KEEP, allocation.resource)
    if allocation.kind != Allocation.Kind.BLOCK:
        raise NotAPlan(_("This is not a block."))
    same = {"resource_id": allocation.resource_id, "starts_at": allocation.starts_at, "ends_at": allocation.ends_at}
    Allocation.objects.filter(kind=Allocation.Kind.BLOCK, **same).delete()
