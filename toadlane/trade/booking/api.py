"""Calendars: when something is open, what is free, and what is taken."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from toadlane.plumbing.access import paging
from toadlane.plumbing.access.lists import bounded, each, paged
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.booking import queries, schemas, services
from toadlane.trade.booking.permissions import KEEP, READ
from toadlane.trade.booking.policies import Window

router = Router(tags=["calendar"])
From = Annotated[datetime, Query(alias="from")]
To = Annotated[datetime, Query(alias="to")]
Minutes = Annotated[int | None, Query(ge=5, le=60 * 24 * 62)]
_FIELDS = tuple(schemas.ResourceOut.model_fields)


def _whole(resource: Any) -> dict[str, Any]:
    return {name: getattr(resource, name) for name in _FIELDS}


def _found(request: CoopRequest, pk: int, permission: Any = KEEP) -> Any:
    resource = queries.resource(pk) if 0 < pk < 2**63 else None
    if resource is None or not request.by.may(permission, resource):
        raise Http404
    return resource


def _aware(instant: datetime) -> datetime:
    """A time without an offset is the co-op's own."""
    if not queries.FIRST_YEAR <= instant.year <= queries.LAST_YEAR:
        raise services.NotAPlan(_("This date is too far away."))
    return instant if instant.tzinfo else timezone.make_aware(instant)


@router.get("/resources", response={200: schemas.Resources}, operation_id="calendar_list")
def resources(request: CoopRequest, cursor: str | None = None, limit: int = 25) -> Any:
    """The calendars that you keep; all of them for a coordinator."""
    found = paging.page(queries.kept_by(request.by), cursor=cursor, limit=limit, order=("name", "pk"))
    return {"items": [_whole(one) for one in found.items], "next": found.next}


@router.post("/resources", response={201: schemas.ResourceOut}, operation_id="calendar_open")
def open_resource(request: CoopRequest, given: schemas.ResourceIn) -> Any:
    """Open a calendar for a listing or a member."""
    values = given.dict()
    if values["membership_id"] is None and values["listing_id"] is None:
        values["membership_id"] = request.by.membership_id or min(request.by.memberships, default=None)
    return 201, _whole(services.open_resource(**values, by=request.by, at=request.now))


@router.get("/resources/{pk}", response={200: schemas.ResourceOut}, auth=None, operation_id="calendar_read")
def read(request: CoopRequest, pk: int) -> Any:
    """One calendar: what is booked, and how."""
    return _whole(_found(request, pk, READ))


@router.patch("/resources/{pk}", response={200: schemas.ResourceOut}, operation_id="calendar_change")
def change(request: CoopRequest, pk: int, given: schemas.ResourceChange) -> Any:
    """Change how something is booked. What is booked already stays."""
    nullable = {"check_in", "check_out"}
    values = {name: value for name, value in given.dict(exclude_unset=True).items() if value is not None or name in nullable}
    return _whole(services.change_resource(resource=_found(request, pk), by=request.by, at=request.now, **values))


@router.get("/resources/{pk}/slots", response={200: list[schemas.SlotOut]}, auth=None, operation_id="calendar_slots")
@bounded("two months of one calendar at most")
def slots(request: CoopRequest, pk: int, start: From, end: To, minutes: Minutes = None) -> Any:
    """The bookable slots between two instants, two months at most, with how many units of each are free."""
    length = timedelta(minutes=minutes) if minutes else None
    start, end = max(_aware(start), request.now), _aware(end)
    return queries.slots(_found(request, pk, READ), start, end, at=request.now, length=length)


@router.get("/resources/{pk}/taken", response={200: list[schemas.EntryOut]}, operation_id="calendar_taken")
@bounded("a year of one calendar at most")
def taken(request: CoopRequest, pk: int, start: From, end: To) -> Any:
    """What takes a calendar between two instants, a year at most. For whoever keeps it."""
    start = _aware(start)
    return queries.entries(_found(request, pk), start, min(_aware(end), start + timedelta(days=366)), at=request.now)


@router.get("/resources/{pk}/plan", response={200: schemas.PlanOut}, auth=None, operation_id="calendar_plan")
def plan(request: CoopRequest, pk: int) -> Any:
    """The weekly plan, in local time, and the days that are different."""
    resource = _found(request, pk, READ)
    return {
        "week": [vars(window) for window in queries.plans([resource])[pk].windows],
        "exceptions": [_days(e) for e in queries.exceptions(resource)],
    }


def _days(exception: Any) -> dict[str, Any]:
    return {name: getattr(exception, "pk" if name == "id" else name) for name in schemas.DaysOut.model_fields}


@router.put("/resources/{pk}/plan", response={200: schemas.PlanOut}, operation_id="calendar_set_week")
def set_week(request: CoopRequest, pk: int, given: schemas.WeekIn) -> Any:
    """Replace the weekly plan."""
    windows = [Window(window.weekday, window.opens, window.closes) for window in given.week]
    services.set_week(resource=_found(request, pk), windows=windows, by=request.by, at=request.now)
    return plan(request, pk)


@router.post("/resources/{pk}/exceptions", response={201: schemas.DaysOut}, operation_id="calendar_add_exception")
def add_exception(request: CoopRequest, pk: int, given: schemas.DaysIn) -> Any:
    """Say that some days are closed, or open at other hours."""
    return 201, _days(services.add_exception(resource=_found(request, pk), **given.dict(), by=request.by, at=request.now))


@router.delete("/resources/{pk}/exceptions/{exception}", response={204: None}, operation_id="calendar_remove_exception")
def remove_exception(request: CoopRequest, pk: int, exception: int) -> Any:
    """Let the week count again on those days."""
    found = next((one for one in queries.exceptions(_found(request, pk)) if one.pk == exception), None)
    if found is None:
        raise Http404
    services.remove_exception(exception=found, by=request.by, at=request.now)
    return 204, None


@router.post("/resources/{pk}/blocks", response={201: schemas.BlockOut}, operation_id="calendar_block")
def block(request: CoopRequest, pk: int, given: schemas.BlockIn) -> Any:
    """Keep time free of bookings."""
    times = {"starts": _aware(given.starts), "ends": _aware(given.ends)}
    rows = services.block(
        resource=_found(request, pk), **times, units=given.units, note=given.note, by=request.by, at=request.now
    )
    return 201, {"allocation_ids": [row.pk for row in rows]}


@router.delete("/resources/{pk}/blocks/{allocation}", response={204: None}, operation_id="calendar_unblock")
def unblock(request: CoopRequest, pk: int, allocation: int) -> Any:
    """Open blocked time again, for every unit that was blocked with it."""
    _found(request, pk)
    found = queries.allocation(allocation) if 0 < allocation < 2**63 else None
    if found is None or found.resource_id != pk:
        raise Http404
    services.unblock(allocation=found, by=request.by, at=request.now)
    return 204, None


def _feed(line: queries.FeedLine) -> dict[str, Any]:
    return {"id": line.pk, "url": line.url, "made_at": line.made_at}


@router.get("/resources/{pk}/feeds", response={200: list[schemas.FeedOut]}, operation_id="calendar_feeds")
@paged("pk", tell=each(_feed))
def feeds(request: CoopRequest, pk: int) -> Any:
    """The secret iCalendar addresses of a calendar."""
    return queries.feeds(_found(request, pk))


@router.post("/resources/{pk}/feeds", response={201: list[schemas.FeedOut]}, operation_id="calendar_make_feed")
def make_feed(request: CoopRequest, pk: int) -> Any:
    """Make a secret address. Whoever has it reads when, and not who."""
    services.make_feed(resource=_found(request, pk), by=request.by, at=request.now)
    return 201, [_feed(line) for line in queries.feeds(_found(request, pk))]


@router.get("/feeds", response={200: list[schemas.FeedOut]}, operation_id="calendar_own_feeds")
@paged("pk", tell=each(_feed))
def own_feeds(request: CoopRequest) -> Any:
    """The secret iCalendar addresses of everything that you offer."""
    if not request.by.memberships:
        raise Http404
    return queries.own_feeds(request.by)


@router.post("/feeds", response={201: list[schemas.FeedOut]}, operation_id="calendar_make_own_feed")
def make_own_feed(request: CoopRequest) -> Any:
    """Make a secret address for everything that you offer. Whoever has it reads when, and not who."""
    owner = request.by.membership_id or min(request.by.memberships, default=0)
    services.make_own_feed(membership_id=owner, by=request.by, at=request.now)
    return Status(201, [_feed(line) for line in queries.own_feeds(request.by)])


@router.delete("/feeds/{feed}", response={204: None}, operation_id="calendar_end_feed")
def end_feed(request: CoopRequest, feed: int) -> Any:
    """End a secret address for good."""
    found = queries.feed(feed) if 0 < feed < 2**63 else None
    if found is None:
        raise Http404
    services.end_feed(feed=found, by=request.by, at=request.now)
    return 204, None


@router.get("/resources/{pk}/outside", response={200: list[schemas.OutsideOut]}, operation_id="calendar_outside")
@paged("pk", tell=each(lambda one: _outside(one)))
def outside(request: CoopRequest, pk: int) -> Any:
    """Calendars kept elsewhere that block time here."""
    return queries.outside(_found(request, pk))


def _outside(one: Any) -> dict[str, Any]:
    return {name: getattr(one, "pk" if name == "id" else name) for name in schemas.OutsideOut.model_fields}


@router.post("/resources/{pk}/outside", response={201: schemas.OutsideOut}, operation_id="calendar_subscribe")
def subscribe(request: CoopRequest, pk: int, given: schemas.OutsideIn) -> Any:
    """Let a calendar kept elsewhere block time here: by its address, or by a file's content."""
    return 201, _outside(services.subscribe(resource=_found(request, pk), **given.dict(), by=request.by, at=request.now))


@router.delete("/resources/{pk}/outside/{calendar}", response={204: None}, operation_id="calendar_unsubscribe")
def unsubscribe(request: CoopRequest, pk: int, calendar: int) -> Any:
    """Forget a calendar kept elsewhere and open what it blocked."""
    found = next((one for one in queries.outside(_found(request, pk)) if one.pk == calendar), None)
    if found is None:
        raise Http404
    services.unsubscribe(calendar=found, by=request.by, at=request.now)
    return 204, None
