"""The named actions of order processes. A process chooses among them; it cannot bring its own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.trade.booking import queries as calendars
from toadlane.trade.booking import services as booking
from toadlane.trade.booking.models import Booking, Resource
from toadlane.trade.catalog import services as catalog
from toadlane.trade.orders.events import ReviewsOpened
from toadlane.trade.orders.models import Chore, Order
from toadlane.trade.orders.queries import notice, processes
from toadlane.trade.orders.services import money
from toadlane.trade.orders.services.errors import TooLate
from toadlane.trade.orders.services.quoting import must_be_near
from toadlane.trade.work import queries as jobs
from toadlane.trade.work import services as work

Deed = Callable[[Any], None]


def nothing(move: Any) -> None:
    """Do nothing: what there is to do is done elsewhere."""


# --- time


def hold_slot(order: Order, *, by: Principal, at: datetime, careful: bool = False) -> None:
    """Keep the time of an order free until it is accepted or ends. Nobody has to be told: an order that lapses gives it back."""
    if order.starts_at is None or order.ends_at is None:
        return
    claim: dict[str, Any] = {
        "starts": order.starts_at, "ends": order.ends_at, "until": order.ends_at, "key": _key(order, order.starts_at), "by": by,
        "at": at, "subject": order.subject,
    }  # fmt: skip
    if careful:
        if resource := _free_resource(order, order.starts_at, order.ends_at, at):
            booking.hold(resource=resource, units=_units(order), **claim)
        return
    try:
        booking.hold_any(among=_among(order), units=_units(order), turn=order.pk, **claim)
    except booking.Closed as error:
        if not order.visits_home or order.provider_id or order.spec.get("chosen"):
            raise
        # Of all who could have come, the one who was asked last is nobody the customer has heard of.
        raise _nobody() from error


def _units(order: Order) -> int:
    return 1 if order.visits_home else int(order.spec.get("quantity", 1))


def _among(order: Order) -> dict[str, Any]:
    """Return which calendars can take an order: the listing's; else the provider's; else those of all members."""
    if order.listing_id and not order.visits_home:
        return {"listing_id": order.listing_id}
    chosen = order.provider_id or order.spec.get("chosen")
    return {"listing_id": None, **({"membership_id": chosen} if chosen else {"membership__isnull": False})}


def _key(order: Order, starts: datetime) -> str:
    return f"{order.subject}:{starts.isoformat()}"


def candidates(order: Order) -> list[Resource]:
    return list(Resource.objects.filter(**_among(order)).order_by("pk"))


def _free_resource(order: Order, starts: datetime, ends: datetime, at: datetime) -> Resource | None:
    """Return a calendar with room, or None where nobody keeps one.

    :raises booking.Taken: when everybody is taken
    """
    found = candidates(order)
    if not found:
        return None
    if len(found) == 1:
        return found[0]  # Booking looks by itself, and says when there is room again.
    free = calendars.free([r.pk for r in found], starts, ends, at=at)
    if not free:
        raise _nobody()
    # Spread over those who are free, so that one calendar does not fill up first.
    able = [r for r in found if r.pk in free]
    return able[order.pk % len(able)]


def _nobody() -> booking.Taken:
    return booking.Taken(_("Nobody is free at this time any more."), hint=_("Choose another time."), field="starts")


def _claims(order: Order) -> list[Booking]:
    over = (Booking.State.RELEASED, Booking.State.EXPIRED)
    return [claim for claim in calendars.of_subject(order.subject) if claim.state not in over]


def allocate(move: Any) -> None:
    """Make the held time a booking of whoever accepted. Held in another member's calendar, it moves to theirs."""
    order: Order = move.order
    if order.starts_at is None:
        return
    for claim in _claims(order):
        is_of_listing = not order.visits_home and order.listing_id and claim.resource.listing_id == order.listing_id
        if is_of_listing or claim.resource.membership_id == order.provider_id:
            booking.confirm(booking=claim, by=move.by, at=move.at)
            return
        booking.release(booking=claim, by=move.by, at=move.at)
    _take(order, move.by, move.at)


def _take(order: Order, by: Principal, at: datetime) -> None:
    assert order.starts_at is not None and order.ends_at is not None
    resource = _free_resource(order, order.starts_at, order.ends_at, at)
    if resource is None:
        return
    claim = booking.hold(
        resource=resource, starts=order.starts_at, ends=order.ends_at, until=order.ends_at,
        key=f"{_key(order, order.starts_at)}:{order.provider_id}:{at.isoformat()}", by=by, at=at, subject=order.subject,
    )  # fmt: skip
    booking.confirm(booking=claim, by=by, at=at)


def free_slot(move: Any) -> None:
    for claim in _claims(move.order):
        booking.release(booking=claim, by=move.by, at=move.at)


def set_new_time(move: Any) -> None:
    """Read the new time before the state is written, and refuse a move that comes too late to be free."""
    order, starts = move.order, move.facts.get("starts_at")
    if starts is None:
        raise TooLate(_("Say to when it should be moved."), field="starts_at")
    if starts <= move.at:
        raise TooLate(_("This time is over already."), field="starts_at")
    must_be_near(starts, None, move.at)
    hold_job(move)
    if order.provider_id is not None and move.at > notice.free_until(order, move.book):
        raise TooLate(
            _("Changes were free until %(when)s.") % {"when": notice.shown(notice.free_until(order, move.book))},
            hint=_("Write to them: they can still agree to another time."),
        )
    move.facts["moved_from"] = order.starts_at
    free_slot(move)
    length: timedelta = order.ends_at - order.starts_at
    move.changes |= {"starts_at": starts, "ends_at": starts + length}


def move_slot(move: Any) -> None:
    if move.order.provider_id is None:
        hold_slot(move.order, by=move.by, at=move.at)
    else:
        _take(move.order, move.by, move.at)
    job = jobs.of_subject(move.order.subject)
    if job and job.state not in job.ENDED:
        work.reschedule(
            job=job, starts=move.order.starts_at, ends=move.order.ends_at, earliest=processes.opens(move.order, "start"),
            by=_system(), at=move.at,
        )  # fmt: skip


# --- work


def hold_job(move: Any) -> None:
    """Take the job before its order is written, as whoever accepts it does. Each holding one, both would wait for ever."""
    if job := jobs.of_subject(move.order.subject):
        work.hold(job=job, by=_system())


def withdraw_job(move: Any) -> None:
    job = jobs.of_subject(move.order.subject)
    if job and job.state not in job.ENDED:
        work.withdraw(job=job, by=_system(), at=move.at)


# --- things


def reserve_stock(order: Order, *, by: Principal, at: datetime, careful: bool = False) -> None:
    if order.listing_id:
        catalog.take_stock(items={order.listing_id: int(order.spec.get("quantity", 1))}, by=by)


def return_stock(move: Any) -> None:
    if move.order.listing_id:
        catalog.return_stock(items={move.order.listing_id: int(move.order.spec.get("quantity", 1))}, by=move.by)


# --- money


def authorise(move: Any) -> None:
    move.changes["paid_at"] = move.at


def capture(move: Any) -> None:
    """Ask for the money that is held. A checkout of things from stock took it at once."""
    if move.order.total_minor and not move.facts.get("captured"):
        _chore(move, Chore.Kind.CAPTURE, move.order.total_minor)


def note_capture(move: Any) -> None:
    if move.facts.get("captured"):
        move.changes["captured_minor"] = move.order.total_minor


def void(move: Any) -> None:
    if move.order.total_minor:
        _chore(move, Chore.Kind.VOID, 0)


def _chore(move: Any, kind: Chore.Kind, minor: int) -> None:
    Chore.objects.create(order=move.order, kind=kind, key=f"{move.order.subject}:{kind}", minor=minor, asked_at=move.at)


def open_reviews(move: Any) -> None:
    order = move.order
    move.told.append(ReviewsOpened(order_id=order.pk, provider_id=order.provider_id, customer_id=order.customer_id))


def _system() -> Principal:
    return Principal.job(current_coop_id())


# Done before the order is written: what they find goes into the same statement.
EARLY: dict[str, Deed] = {
    "authorise": authorise, "capture": note_capture, "move_slot": set_new_time, "withdraw_job": hold_job
}  # fmt: skip
# `offer_job` follows after the commit, by the event of the move: choosing whom to ask takes a while.
DEEDS: dict[str, Deed] = {
    "authorise": nothing,
    "capture": capture,
    "void": void,
    "release": money.release,
    "refund": money.refund_whole,
    "refund_by_notice": money.refund_by_notice,
    "pay_no_show": money.pay_no_show,
    "settle_dispute": money.settle_dispute,
    "allocate": allocate,
    "free_slot": free_slot,
    "move_slot": move_slot,
    "offer_job": nothing,
    "withdraw_job": withdraw_job,
    "open_reviews": open_reviews,
    "return_stock": return_stock,
}
AT_PLACING = {"hold_slot": hold_slot, "reserve_stock": reserve_stock}
