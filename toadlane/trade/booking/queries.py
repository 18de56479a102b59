"""What is open, what is taken, what is free."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from toadlane.trade.booking import policies
from toadlane.trade.booking.models import Allocation, Booking, PlanException, PlanWindow, Resource
from toadlane.trade.booking.policies import Different, Range, Window

MOST_DAYS = 62


@dataclass(frozen=True)
class Slot:
    starts: datetime
    ends: datetime
    free: int

    @property
    def is_free(self) -> bool:
        return self.free > 0


def resource(pk: int) -> Resource:
    return Resource.objects.get(pk=pk)


def of_listing(listing_id: int) -> list[Resource]:
    return list(Resource.objects.filter(listing_id=listing_id).order_by("pk"))


def of_membership(membership_id: int) -> list[Resource]:
    return list(Resource.objects.filter(membership_id=membership_id).order_by("pk"))


def of_subject(subject: str) -> list[Booking]:
    """Return what is or was claimed for `order:12`."""
    return list(Booking.objects.filter(subject=subject).select_related("resource").order_by("starts_at", "pk"))


def taking(rows: Iterable[Allocation], at: datetime) -> list[Allocation]:
    """Leave out holds whose time is over: the job that clears them may be behind."""
    return [row for row in rows if not lapsed(row, at)]


def lapsed(row: Allocation, at: datetime) -> bool:
    held = row.booking
    return held is not None and held.state == Booking.State.HELD and held.expires_at is not None and held.expires_at <= at


def taken(resource_ids: Collection[int], starts: datetime, ends: datetime) -> list[Allocation]:
    """Return every allocation that touches a range, in one statement, lapsed holds included."""
    rows = Allocation.objects.filter(resource_id__in=resource_ids, starts_at__lt=ends, ends_at__gt=starts)
    return list(rows.select_related("booking").order_by("resource_id", "unit", "starts_at"))


@dataclass(frozen=True)
class Plan:
    """A resource's week and its exceptions, read once."""

    resource: Resource
    windows: list[Window]
    exceptions: list[Different]

    def opening(self, start: datetime, end: datetime) -> list[Range]:
        if self.resource.is_always_open:
            return policies.without([(start, end)], policies.closed_days(self.exceptions, self.resource.zone))
        return policies.opening(self.windows, self.exceptions, self.resource.zone, start, end)

    def is_open(self, start: datetime, end: datetime) -> bool:
        return policies.covers(self.opening(start, end), start, end)


def plans(resources: Collection[Resource]) -> dict[int, Plan]:
    """Return the plans of several resources in two statements."""
    windows: dict[int, list[Window]] = defaultdict(list)
    exceptions: dict[int, list[Different]] = defaultdict(list)
    ids = [r.pk for r in resources]
    if weekly := [r.pk for r in resources if not r.is_always_open]:
        for w in PlanWindow.objects.filter(resource_id__in=weekly):
            windows[w.resource_id].append(Window(w.weekday, w.opens, w.closes))
    for e in PlanException.objects.filter(resource_id__in=ids):
        exceptions[e.resource_id].append(Different(e.first_on, e.last_on, e.opens, e.closes))
    return {r.pk: Plan(r, windows[r.pk], exceptions[r.pk]) for r in resources}


def free(resource_ids: Collection[int], starts: datetime, ends: datetime, *, at: datetime, units: int = 1) -> set[int]:
    """Return which of the resources are open and have enough free units: four statements, however many there are."""
    resources = list(Resource.objects.filter(pk__in=resource_ids))
    if not resources:
        return set()
    reach = timedelta(minutes=max(max(r.before_minutes, r.after_minutes) for r in resources))
    rows: dict[int, list[tuple[int, datetime, datetime]]] = defaultdict(list)
    for row in taking(taken([r.pk for r in resources], starts - reach, ends + reach), at):
        rows[row.resource_id].append((row.unit, row.starts_at, row.ends_at))
    found = plans(resources)
    return {
        r.pk
        for r in resources
        if len(policies.free_units(r.capacity, rows[r.pk], *r.widened(starts, ends))) >= units
        and found[r.pk].is_open(starts, ends)
    }


def slots(resource: Resource, start: datetime, end: datetime, *, at: datetime, length: timedelta | None = None) -> list[Slot]:
    """Return the bookable slots of a resource between two instants, taken ones included; at most two months of them."""
    end = min(end, start + timedelta(days=MOST_DAYS))
    length = length or timedelta(minutes=resource.slot_minutes)
    step = timedelta(minutes=resource.slot_minutes)
    reach = timedelta(minutes=max(resource.before_minutes, resource.after_minutes))
    rows = [(a.unit, a.starts_at, a.ends_at) for a in taking(taken([resource.pk], start - reach, end + reach), at)]
    found = []
    for opens, closes in plans([resource])[resource.pk].opening(start, end):
        starts = opens
        while starts + length <= closes:
            if starts >= at:
                units = policies.free_units(resource.capacity, rows, *resource.widened(starts, starts + length))
                found.append(Slot(starts, starts + length, len(units)))
            starts += step
    return found


def next_free(resource: Resource, after: datetime, *, at: datetime, length: timedelta, units: int = 1) -> Slot | None:
    """Return the next slot with enough free units within two months."""
    after = max(after, at)
    return next(
        (s for s in slots(resource, after, after + timedelta(days=MOST_DAYS), at=at, length=length) if s.free >= units), None
    )


def stay(resource: Resource, first: date, last: date) -> Range:
    """Return the range of a stay from one date to another (the day of leaving), by the resource's local clocks."""
    return policies.nights(first, last, resource.check_in or time(15), resource.check_out or time(11), resource.zone)


WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


def weekday(number: int) -> str:
    return str(WEEKDAYS[number])
