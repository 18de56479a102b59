"""A hold in as few statements as can be: the way most orders go."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Func, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from toadlane.kernel.dates import in_utc
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.prepared import Param, Prepared
from toadlane.trade.booking import policies, queries
from toadlane.trade.booking.models import Allocation, Booking, PlanException, PlanWindow, Resource
from toadlane.trade.booking.permissions import TAKE
from toadlane.trade.booking.services.claims import hold

# How far preparation may reach for the quick way; a calendar that needs longer goes the long one.
REACH = timedelta(hours=12)


class _Rows(Func):
    """All rows of a subquery as one JSON list."""

    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        return self.as_sql(compiler, connection, template="json_group_array(json(%(expressions)s))")

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self.as_sql(compiler, connection, template="jsonb_agg(%(expressions)s)")


def hold_any(
    *, among: Mapping[str, Any], starts: datetime, ends: datetime, until: datetime, key: str, by: Principal, at: datetime,
    units: int = 1, subject: str = "", turn: int = 0,
) -> Booking | None:  # fmt: skip
    """Take time in one of several calendars, for an intent that is new: its key has not been used before.

    Plans, exceptions and what is taken come in one statement, and nothing is locked: of two who take the same at once the
    database lets one through. The other's transaction ends with an IntegrityError, and is tried again by `hold`.

    :param among: which calendars, as conditions on `Resource`
    :param turn: a number that spreads over those who are free, so that one calendar does not fill up first
    :returns: None where there are no such calendars
    :raises Taken, Closed: when none of them has room
    """
    by.must(TAKE)
    starts, ends = in_utc(starts), in_utc(ends)
    found = _calendars(among, starts, ends)
    if not found:
        return None
    claim: dict[str, Any] = {
        "starts": starts,
        "ends": ends,
        "until": until,
        "key": key,
        "by": by,
        "at": at,
        "units": units,
        "subject": subject,
    }
    free = [(resource, room) for resource in found if (room := _room(resource, starts, ends, units=units, at=at))]
    if not free:
        # The long way clears what has lapsed, and says what is free next.
        return hold(resource=_first_with_hope(found, starts, ends), **claim)
    resource, room = free[turn % len(free)]
    booking = Booking(resource=resource, starts_at=starts, ends_at=ends, units=units, state=Booking.State.HELD,
                      expires_at=until, key=key, subject=subject, asked_by=str(by), asked_at=at)  # fmt: skip
    _write(booking, room, *resource.widened(starts, ends))
    return booking


def _room(resource: Any, starts: datetime, ends: datetime, *, units: int, at: datetime) -> list[int]:
    """Return the units to take, or none where there is too little room, it is closed, or it takes the long way to know."""
    if _needs_long_way(resource, at) or not _plan(resource).is_open(starts, ends):
        return []
    begins, finishes = resource.widened(starts, ends)
    taken = [(row["unit"], _instant(row["starts"]), _instant(row["ends"])) for row in resource.taken_rows or ()]
    free = policies.free_units(resource.capacity, taken, begins, finishes)[:units]
    return free if len(free) == units else []


def _first_with_hope(found: Sequence[Any], starts: datetime, ends: datetime) -> Any:
    return next((resource for resource in found if _plan(resource).is_open(starts, ends)), found[0])


_PREPARED: dict[tuple[tuple[str, Any], ...], Prepared[Resource]] = {}


def _calendars(among: Mapping[str, Any], starts: datetime, ends: datetime) -> list[Any]:
    """Return the calendars with their plans and what is taken near that time, by a query prepared for its conditions."""
    shape = tuple((name, value if value is None or isinstance(value, bool) else Param(name)) for name, value in among.items())
    prepared = _PREPARED.get(shape) or _PREPARED.setdefault(shape, Prepared(lambda: _with_plans(dict(shape))))
    given = {name: value for name, value in among.items() if value is not None and not isinstance(value, bool)}
    return prepared(before=ends + REACH, after=starts - REACH, **given)


def _with_plans(among: Mapping[str, Any]) -> QuerySet[Any]:
    def rows(found: QuerySet[Any], **fields: str) -> Subquery:
        of_resource = found.filter(resource_id=OuterRef("pk")).order_by().values("resource_id")
        return Subquery(of_resource.annotate(rows=_Rows(JSONObject(**fields))).values("rows"))

    near = Allocation.objects.filter(starts_at__lt=Param("before"), ends_at__gt=Param("after"))
    return Resource.objects.filter(**among).order_by("pk").annotate(
        week_rows=rows(PlanWindow.objects.all(), weekday="weekday", opens="opens", closes="closes"),
        other_rows=rows(PlanException.objects.all(), first="first_on", last="last_on", opens="opens", closes="closes"),
        taken_rows=rows(near, unit="unit", starts="starts_at", ends="ends_at", until="booking__expires_at"),
    )  # fmt: skip


def _needs_long_way(resource: Any, at: datetime) -> bool:
    """Say whether preparation reaches far, or a hold has lapsed that has to be cleared first."""
    if max(resource.before_minutes, resource.after_minutes) * 60 > REACH.total_seconds():
        return True
    return any(row["until"] and _instant(row["until"]) <= at for row in resource.taken_rows or ())


def _plan(resource: Any) -> queries.Plan:
    windows = [
        policies.Window(row["weekday"], time.fromisoformat(row["opens"]), time.fromisoformat(row["closes"]))
        for row in resource.week_rows or ()
    ]
    exceptions = [
        policies.Different(
            datetime.fromisoformat(row["first"]).date(), datetime.fromisoformat(row["last"]).date(),
            time.fromisoformat(row["opens"]) if row["opens"] else None,
            time.fromisoformat(row["closes"]) if row["closes"] else None,
        )
        for row in resource.other_rows or ()
    ]  # fmt: skip
    return queries.Plan(resource, windows, exceptions)


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _write(booking: Booking, units: Sequence[int], begins: datetime, finishes: datetime) -> None:
    """Write a booking and what it takes: one statement on PostgreSQL, two on SQLite."""
    if connection.vendor != "postgresql":
        booking.save(force_insert=True)
        Allocation.objects.bulk_create(
            Allocation(resource=booking.resource, unit=unit, starts_at=begins, ends_at=finishes, booking=booking)
            for unit in units
        )
        return
    booking.claim()
    fields = [field for field in booking._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(str(field.column) for field in fields)
    values = [field.get_db_prep_save(field.pre_save(booking, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH claim AS (INSERT INTO {Booking._meta.db_table} ({columns}) VALUES ({', '.join(['%s'] * len(fields))}) "
            f"RETURNING id, coop_id, resource_id) "
            f"INSERT INTO {Allocation._meta.db_table} (coop_id, resource_id, unit, starts_at, ends_at, kind, booking_id, note) "
            f"SELECT coop_id, resource_id, unit, %s, %s, 'booking', id, '' FROM claim, unnest(%s::int[]) AS unit "
            f"RETURNING booking_id",
            [*values, begins, finishes, list(units)],
        )
        booking.pk = cursor.fetchone()[0]
    booking._state.adding = False
