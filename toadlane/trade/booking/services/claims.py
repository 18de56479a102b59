"""Holding, asking for, confirming and giving back time.

Writers lock the resources they want, in the order of their ids, before they look: what they then see free stays free, and
two baskets that share items in opposite order wait for each other instead of dying together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.dates import in_utc
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events as outbox
from toadlane.trade.booking import policies, queries
from toadlane.trade.booking.events import HoldExpired
from toadlane.trade.booking.models import Allocation, Booking, Resource
from toadlane.trade.booking.permissions import EXPIRE, TAKE
from toadlane.ui import formats


class Taken(Expected):
    """Somebody else has this time already."""


class Closed(Expected):
    words = lazy("It is not open at this time.")
    field = "starts"


class AlreadyOver(Expected):
    """This claim was given back or has expired."""


class KeyReused(Expected):
    words = lazy("This key was used for another booking.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class Want:
    """Some units of a resource for some time, preparation not counted."""

    resource: Resource
    starts: datetime
    ends: datetime
    units: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", in_utc(self.starts))
        object.__setattr__(self, "ends", in_utc(self.ends))


def hold(
    *, resource: Resource, starts: datetime, ends: datetime, until: datetime, key: str, by: Principal, at: datetime,
    units: int = 1, subject: str = "",
) -> Booking:  # fmt: skip
    """Take time for a while: nobody else gets it until `until`, and then everybody may.

    :param key: derived from the intent, such as `checkout:9:line:1`; the same intent takes once
    :raises Taken: when there is too little left; its hint says what is free next
    :raises Closed: when the plan says no
    """
    by.must(TAKE, resource)
    want = Want(resource=resource, starts=starts, ends=ends, units=units)
    return hold_all(wants=[want], until=until, keys=[key], by=by, at=at, subject=subject)[0]


@transaction.atomic
def hold_all(
    *, wants: Sequence[Want], until: datetime, keys: Sequence[str], by: Principal, at: datetime, subject: str = ""
) -> list[Booking]:
    """Take all of several wants or none: a basket, or one visit over several resources.

    :raises Taken: when one of them has too little left
    """
    by.must(TAKE)
    locked = lock([want.resource.pk for want in wants])
    known = {b.key: b for b in Booking.objects.filter(key__in=keys).select_related("resource")}
    plans = queries.plans(list(locked.values()))
    held = []
    for want, key in zip(wants, keys, strict=True):
        if key in known:
            held.append(_same(known[key], want))
            continue
        ours = locked[want.resource.pk]
        _must_be_open(plans[ours.pk], want)
        booking = Booking(resource=ours, starts_at=want.starts, ends_at=want.ends, units=want.units, state=Booking.State.HELD,
                          expires_at=until, key=key, subject=subject, asked_by=str(by), asked_at=at)  # fmt: skip
        held.append(_take(booking, at))
    return held


@transaction.atomic
def request(
    *, resource: Resource, starts: datetime, ends: datetime, key: str, by: Principal, at: datetime,
    units: int = 1, until: datetime | None = None, subject: str = "",
) -> Booking:  # fmt: skip
    """Ask for time without taking it. It is looked at again when the other side accepts.

    :raises Taken: when there is too little left already
    :raises Closed: when the plan says no
    """
    by.must(TAKE, resource)
    want = Want(resource=resource, starts=starts, ends=ends, units=units)
    if known := Booking.objects.filter(key=key).select_related("resource").first():
        return _same(known, want)
    _must_be_open(queries.plans([resource])[resource.pk], want)
    booking = Booking(resource=resource, starts_at=want.starts, ends_at=want.ends, units=units, state=Booking.State.REQUESTED,
                      expires_at=until, key=key, subject=subject, asked_by=str(by), asked_at=at)  # fmt: skip
    _units_for(booking, at)
    try:
        with transaction.atomic():
            booking.save()
    except IntegrityError:
        return _same(Booking.objects.select_related("resource").get(key=key), want)
    return booking


@transaction.atomic
def accept(*, booking: Booking, by: Principal, at: datetime) -> Booking:
    """Turn a request into a booking, if the time is still free.

    :raises Taken: when it was taken meanwhile
    :raises AlreadyOver: when the request has expired or was taken back
    """
    by.must(TAKE, booking)
    booking = _locked_booking(booking)
    if booking.state == Booking.State.CONFIRMED:
        return booking
    _must_be(booking, Booking.State.REQUESTED)
    if booking.expires_at and booking.expires_at <= at:
        raise AlreadyOver(_("This request has expired."))
    booking.state, booking.expires_at = Booking.State.CONFIRMED, None
    return _take(booking, at)


@transaction.atomic
def confirm(*, booking: Booking, by: Principal, at: datetime) -> Booking:
    """Make a hold a booking. A hold that has lapsed is taken again if the time is still free.

    :raises Taken: when the hold had lapsed and somebody else was quicker
    :raises AlreadyOver: when it was given back
    """
    by.must(TAKE, booking)
    booking = _locked_booking(booking)
    if booking.state == Booking.State.CONFIRMED:
        return booking
    _must_be(booking, Booking.State.HELD, Booking.State.EXPIRED)
    is_held = booking.state == Booking.State.HELD
    booking.state, booking.expires_at = Booking.State.CONFIRMED, None
    if is_held:
        booking.save(update_fields=["state", "expires_at"])
        return booking
    return _take(booking, at)


@transaction.atomic
def release(*, booking: Booking, by: Principal, at: datetime) -> Booking:
    """Give time back, whatever it was: a request, a hold or a booking. Twice is the same as once."""
    by.must(TAKE, booking)
    booking = _locked_booking(booking)
    if booking.state not in (Booking.State.RELEASED, Booking.State.EXPIRED):
        _give_back([booking], Booking.State.RELEASED)
    return booking


@transaction.atomic
def expire_holds(*, by: Principal, at: datetime) -> int:
    """Give back every hold and request whose time is over; return how many."""
    by.must(EXPIRE)
    waiting = (Booking.State.HELD, Booking.State.REQUESTED)
    rows = Booking.objects.select_for_update(skip_locked=True, of=("self",))
    lapsed = list(rows.filter(state__in=waiting, expires_at__lte=at).order_by("pk")[:500])
    _give_back(lapsed, Booking.State.EXPIRED)
    return len(lapsed)


def lock(resource_ids: Sequence[int]) -> dict[int, Resource]:
    rows = Resource.objects.select_for_update(no_key=True).filter(pk__in=set(resource_ids)).order_by("pk")
    return {row.pk: row for row in rows}


def _locked_booking(booking: Booking) -> Booking:
    """Lock the resource first and its booking second: the order everyone keeps to."""
    lock([booking.resource_id])
    return Booking.objects.select_for_update(no_key=True, of=("self",)).select_related("resource").get(pk=booking.pk)


def _same(known: Booking, want: Want) -> Booking:
    asked = (want.resource.pk, want.starts, want.ends, want.units)
    if (known.resource_id, known.starts_at, known.ends_at, known.units) != asked:
        raise KeyReused(_("This key was used for another booking."), hint=_("Use a new key for a new booking."))
    return known


def _must_be(booking: Booking, *states: str) -> None:
    if booking.state not in states:
        raise AlreadyOver(_("This is no longer waiting: it is “%(state)s”.") % {"state": booking.get_state_display()})


def _must_be_open(plan: queries.Plan, want: Want) -> None:
    if not plan.is_open(want.starts, want.ends):
        raise Closed(
            _("%(name)s is not open at this time.") % {"name": want.resource}, hint=_("Choose a time from its calendar.")
        )


def _take(booking: Booking, at: datetime) -> Booking:
    """Write a booking and what it takes. The resource is locked; the database still has the last word."""
    units = _units_for(booking, at)
    starts, ends = booking.resource.widened(booking.starts_at, booking.ends_at)
    try:
        with transaction.atomic():
            booking.save()
            Allocation.objects.bulk_create(
                Allocation(resource=booking.resource, unit=unit, starts_at=starts, ends_at=ends, booking=booking)
                for unit in units
            )
    except IntegrityError as error:
        raise _taken(booking, at) from error
    return booking


def _units_for(booking: Booking, at: datetime) -> list[int]:
    starts, ends = booking.resource.widened(booking.starts_at, booking.ends_at)
    rows = queries.taken([booking.resource_id], starts, ends)
    lapsed = {row.booking_id: row.booking for row in rows if queries.lapsed(row, at) and row.booking}
    rows = queries.taking(rows, at)
    if lapsed and booking.state != Booking.State.REQUESTED:
        _give_back(list(lapsed.values()), Booking.State.EXPIRED)
    taken = [(row.unit, row.starts_at, row.ends_at) for row in rows]
    units = policies.free_units(booking.resource.capacity, taken, starts, ends)[: booking.units]
    if len(units) < booking.units:
        raise _taken(booking, at)
    return units


def _taken(booking: Booking, at: datetime) -> Taken:
    length = booking.ends_at - booking.starts_at
    free = queries.next_free(booking.resource, booking.starts_at, at=at, length=length, units=booking.units)
    hint = _("Nothing else of this length is free in the next two months.")
    if free:
        local = timezone.localtime(free.starts, booking.resource.zone)
        hint = _("Free next: %(when)s.") % {"when": formats.moment(local.replace(tzinfo=None))}
    return Taken(_("Somebody was quicker: this time is taken."), hint=hint, field="starts")


def _give_back(bookings: Sequence[Booking], state: Booking.State) -> None:
    Allocation.objects.filter(booking__in=bookings).delete()
    for booking in bookings:
        booking.state = state
    Booking.objects.bulk_update(bookings, ["state"])
    if state == Booking.State.EXPIRED:
        for booking in bookings:
            outbox.publish(HoldExpired(booking_id=booking.pk, subject=booking.subject))
