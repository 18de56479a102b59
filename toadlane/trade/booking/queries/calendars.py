"""What is open, what is taken, what is free."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, FilteredRelation, Q, QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from toadlane.kernel.dates import at_wall_time, in_utc, wall_time
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import timers
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.plumbing.tenancy.models import CoopQuerySet
from toadlane.plumbing.tenancy.prepared import Among, Param, Prepared
from toadlane.trade.booking import policies
from toadlane.trade.booking.models import Allocation, Booking, OutsideCalendar, PlanException, PlanWindow, Resource, Unit
from toadlane.trade.booking.permissions import COORDINATORS
from toadlane.trade.booking.policies import Different, Range, Window

MOST_DAYS = 62
# Within these years all arithmetic of dates and zones is safe.
FIRST_YEAR, LAST_YEAR = 1990, 2200


@dataclass(frozen=True)
class Slot:
    starts: datetime
    ends: datetime
    free: int

    @property
    def is_free(self) -> bool:
        return self.free > 0


def resource(pk: int) -> Resource | None:
    return Resource.objects.select_related("listing", "membership").filter(pk=pk).first()


def kept_by(by: Principal) -> CoopQuerySet:
    """Return the calendars that somebody keeps: their own, and all of them for a coordinator."""
    rows = Resource.objects.select_related("listing", "membership__person", "membership__organisation").order_by("name", "pk")
    return rows if by.roles & COORDINATORS else rows.filter(membership_id__in=by.memberships)


def of_listing(listing_id: int) -> list[Resource]:
    return list(Resource.objects.filter(listing_id=listing_id).order_by("pk"))


def of_subject(subject: str) -> list[Booking]:
    """Return what is or was claimed for `order:12`."""
    return _OF_SUBJECT(subject=subject)


_OF_SUBJECT: Prepared[Booking] = Prepared(
    lambda: Booking.objects.filter(subject=Param("subject")).select_related("resource").order_by("starts_at", "pk")
)


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
    return _free(list(Resource.objects.filter(pk__in=resource_ids)), starts, ends, at=at, units=units)


def _free(resources: list[Resource], starts: datetime, ends: datetime, *, at: datetime, units: int) -> set[int]:
    if not resources:
        return set()
    reach = timedelta(minutes=max(max(r.before_minutes, r.after_minutes) for r in resources))
    rows: dict[int, list[tuple[int, datetime, datetime]]] = defaultdict(list)
    for row in taking(taken([r.pk for r in resources], in_utc(starts) - reach, in_utc(ends) + reach), at):
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
    start = in_utc(start)
    end = min(in_utc(end), start + timedelta(days=MOST_DAYS))
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


def weekday(number: int) -> str:
    return str(WEEKDAYS[number])


@dataclass(frozen=True)
class Entry:
    """Something in a calendar, once for all the units it takes."""

    allocation_id: int
    starts: datetime
    ends: datetime
    kind: str
    label: str
    units: int
    is_held: bool = False
    subject: str = ""


@dataclass(frozen=True)
class Day:
    on: date
    is_today: bool
    opening: list[Range]
    slots: list[Slot]
    entries: list[Entry]


def week(resource: Resource, monday: date, *, at: datetime) -> list[Day]:
    """Return seven days of a calendar: opening, slots and what is taken; five statements, however full it is."""
    zone = resource.zone
    edges = [at_wall_time(datetime.combine(monday + timedelta(days=n), time(0)), zone) for n in range(8)]
    opening = plans([resource])[resource.pk].opening(edges[0], edges[-1])
    free_slots = slots(resource, edges[0], edges[-1], at=at) if resource.unit == Unit.HOUR else []
    there = entries(resource, edges[0], edges[-1], at=at)
    today = wall_time(at, zone).date()
    return [
        Day(
            on=(on := monday + timedelta(days=n)),
            is_today=on == today,
            opening=[(max(s, start), min(e, end)) for s, e in opening if s < end and e > start],
            slots=[slot for slot in free_slots if start <= slot.starts < end],
            entries=[entry for entry in there if entry.starts < end and entry.ends > start],
        )
        for n, (start, end) in enumerate(pairwise(edges))
    ]


def entries(resource: Resource, start: datetime, end: datetime, *, at: datetime) -> list[Entry]:
    """Return what takes a resource between two instants. Who it is for is not told here: the order knows."""
    found: dict[tuple[object, ...], list[Allocation]] = defaultdict(list)
    for row in taking(taken([resource.pk], start, end), at):
        found[row.kind, row.booking_id, row.outside_id, row.starts_at, row.ends_at, row.note].append(row)
    result = [_entry(rows) for rows in found.values()]
    return sorted(result, key=lambda entry: (entry.starts, entry.allocation_id))


def _entry(rows: list[Allocation]) -> Entry:
    first = rows[0]
    held = first.booking
    starts, ends = (held.starts_at, held.ends_at) if held else (first.starts_at, first.ends_at)
    subject = held.subject if held else ""
    kind, _colon, number = subject.partition(":")
    label = _("Order %(number)s") % {"number": number} if kind == "order" else first.note or first.get_kind_display()
    is_held = held is not None and held.state == Booking.State.HELD
    return Entry(first.pk, starts, ends, first.kind, str(label), len(rows), is_held, subject)


def outside_due(at: datetime) -> list[OutsideCalendar]:
    """Return the outside calendars that are to be read again."""
    return list(
        OutsideCalendar.objects.filter(next_at__lte=at).exclude(address="").select_related("resource").order_by("next_at")[:50]
    )


def coops_with_lapsed_holds(at: datetime) -> list[int]:
    waiting = (Booking.State.HELD, Booking.State.REQUESTED)
    return list(
        Booking.objects.filter(state__in=waiting, expires_at__lte=at).order_by().values_list("coop_id", flat=True).distinct()
    )


def next_lapse(at: datetime) -> datetime | None:
    """Return when the next hold or request lapses."""
    return timers.first_after(at, Booking.objects.filter(state__in=(Booking.State.HELD, Booking.State.REQUESTED)), "expires_at")


def coops_with_outside_calendars(at: datetime) -> list[int]:
    return list(OutsideCalendar.objects.filter(next_at__lte=at).order_by().values_list("coop_id", flat=True).distinct())


def availability(listing_ids: Sequence[int], starts: datetime, ends: datetime, units: int) -> set[int]:
    """Return which listings have a calendar with room for a whole span: what a search asks. Two statements for any number.

    A search does not know what time it is here: a hold counts until it is swept.
    """
    calendars = _calendars(listing_ids, starts, ends)
    reach = timedelta(minutes=max((max(one.before, one.after) for one in calendars), default=0))
    busy: dict[int, list[tuple[int, datetime, datetime]]] = defaultdict(list)
    touching = _TOUCHING(
        resources=[one.pk for one in calendars], before=in_utc(ends) + reach, after=in_utc(starts) - reach
    ) if calendars else []  # fmt: skip
    for pk, unit, begins, stops in touching:
        busy[pk].append((unit, begins, stops))
    return {one.listing_id for one in calendars if one.has_room(busy[one.pk], starts, ends, units)}


def _taken() -> QuerySet[Allocation, Any]:
    span = {"starts_at__lt": Param("before"), "ends_at__gt": Param("after")}
    rows = Allocation.objects.filter(Among("resource_id", Param("resources")), **span)
    return rows.order_by().values_list("resource_id", "unit", "starts_at", "ends_at")


_TOUCHING: Prepared[Any] = Prepared(_taken)


@dataclass
class _Calendar:
    """A resource as a search sees it: hundreds are looked at for one page, so it is no model."""

    pk: int
    listing_id: int
    capacity: int
    before: int
    after: int
    is_always_open: bool
    time_zone: str
    windows: list[Window] = field(default_factory=list)
    exceptions: list[Different] = field(default_factory=list)

    def has_room(self, busy: list[tuple[int, datetime, datetime]], starts: datetime, ends: datetime, units: int) -> bool:
        begins, stops = in_utc(starts) - timedelta(minutes=self.before), in_utc(ends) + timedelta(minutes=self.after)
        if (len(policies.free_units(self.capacity, busy, begins, stops)) if busy else self.capacity) < units:
            return False
        if self.is_always_open:
            closed = policies.closed_days(self.exceptions, ZoneInfo(self.time_zone)) if self.exceptions else []
            return not any(first < ends and starts < last for first, last in closed)
        return policies.covers(
            policies.opening(self.windows, self.exceptions, ZoneInfo(self.time_zone), starts, ends), starts, ends
        )


def _calendars(listing_ids: Sequence[int], starts: datetime, ends: datetime) -> list[_Calendar]:
    """Return the calendars of some listings, with their windows and the exceptions near a span, in one statement."""
    first, last = (starts - timedelta(days=2)).date(), (ends + timedelta(days=2)).date()
    made: dict[int, _Calendar] = {}
    for row in _WITH_PLANS(listings=list(listing_ids), first=first, last=last):
        calendar = made.get(row[0]) or made.setdefault(row[0], _Calendar(*row[:7]))
        # Windows and exceptions are each joined to the other: what was seen before is seen again.
        if row[7] is not None and (window := Window(*row[7:10])) not in calendar.windows:
            calendar.windows.append(window)
        if row[10] is not None and (different := Different(*row[10:])) not in calendar.exceptions:
            calendar.exceptions.append(different)
    return list(made.values())


def _plans() -> QuerySet[Resource, Any]:
    within = Q(exceptions__first_on__lte=Param("last"), exceptions__last_on__gte=Param("first"))
    own = ("pk", "listing_id", "capacity", "before_minutes", "after_minutes", "is_always_open", "time_zone")
    weekly = ("windows__weekday", "windows__opens", "windows__closes")
    other = ("near__first_on", "near__last_on", "near__opens", "near__closes")
    found = Resource.objects.filter(Among("listing_id", Param("listings")))
    return found.annotate(near=FilteredRelation("exceptions", condition=within)).order_by().values_list(*own, *weekly, *other)


_WITH_PLANS: Prepared[Any] = Prepared(_plans)


def no_overlap() -> Finding:
    """Look at every allocation beside the next one of its unit, and at every booking beside what it takes."""
    looked_at, faults = 0, []
    last: Allocation | None = None
    for row in Allocation.objects.order_by("resource_id", "unit", "starts_at").iterator():
        looked_at += 1
        if last and (last.resource_id, last.unit) == (row.resource_id, row.unit) and last.ends_at > row.starts_at:
            faults.append(f"allocations {last.pk} and {row.pk} take the same unit at the same time")
        last = row
    taking_rows = Booking.objects.filter(state__in=Booking.TAKING).annotate(rows=Count("allocations"))
    short = taking_rows.exclude(rows=F("units")).order_by("pk").values_list("pk", flat=True)
    faults += [f"booking {pk} does not take what it says" for pk in short]
    return Finding(looked_at, faults)


def exceptions(resource: Resource) -> list[PlanException]:
    return list(PlanException.objects.filter(resource=resource).select_related("resource"))


def allocation(pk: int) -> Allocation | None:
    return Allocation.objects.select_related("resource").filter(pk=pk).first()


def outside(resource: Resource) -> list[OutsideCalendar]:
    return list(OutsideCalendar.objects.filter(resource=resource).select_related("resource"))
