"""Moving an order from one state to the next: the one way it is done."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.outbox.registry import Event
from toadlane.plumbing.tenancy.prepared import update
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book
from toadlane.trade.orders.events import OrderMoved, OrderPlaced
from toadlane.trade.orders.models import Order, OrderMoment
from toadlane.trade.orders.permissions import MOVE, actors
from toadlane.trade.orders.policies.process import Process, Transition
from toadlane.trade.orders.queries import processes
from toadlane.trade.orders.services import deeds
from toadlane.trade.orders.services.errors import MovedOn, NotNow, TooEarly, TooLate
from toadlane.ui import formats

# Moments the order row tells by itself: they need no row of their own.
UNTOLD = frozenset({"pay"})


@dataclass(frozen=True)
class Step:
    """An order and the transition that is asked for; None when there is none of that name from where the order is.

    :param as_well: actors that the caller has found the principal to be, which the order does not know yet
    """

    order: Order
    transition: Transition | None
    as_well: frozenset[str] = frozenset()

    @property
    def coop_id(self) -> int:
        return self.order.coop_id


@dataclass
class Move:
    """A step while it is being made: what the deeds may read, and where they leave what follows."""

    order: Order
    process: Process
    transition: Transition
    by: Principal
    at: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    as_well: frozenset[str] = frozenset()
    changes: dict[str, Any] = field(default_factory=dict)
    told: list[Event] = field(default_factory=list)
    _book: Book | None = None

    @property
    def book(self) -> Book:
        """Return the rules the order is under: those of the day it was placed."""
        self._book = self._book or bylaws.book(version=self.order.bylaws_version)
        return self._book


@transaction.atomic
def advance(
    *, order: Order, transition: str, by: Principal, at: datetime, facts: dict[str, Any] | None = None,
    as_well: frozenset[str] = frozenset(),
) -> Order:  # fmt: skip
    """Make one transition of the order's process, with everything that belongs to it, or nothing.

    :param facts: what the transition needs to know: a provider, a worker, a time, a reason
    :raises NotNow: when the process has no such transition from the order's state
    :raises TooEarly, TooLate: outside the time in which it may be made
    :raises MovedOn: when somebody else moved the order meanwhile
    """
    by.must(MOVE, Step(order, processes.of(order).find(transition, order.state), as_well))
    process = processes.of(order)
    found = process.find(transition, order.state)
    if found is None:
        raise NotNow(_("This cannot be done now."), hint=_("Look at what can be done on the order’s page."))
    told = _make(Move(order, process, found, by, at, dict(facts or {}), as_well))
    while follow := next((t for t in process.leaving(order.state) if t.at_once), None):
        told += _make(Move(order, process, follow, Principal.job(order.coop_id), at))
    events.publish(*told)
    return order


def move_paid(*, order: Order, taken: bool, by: Principal, at: datetime) -> Order:
    """Move an order on because it is paid. Part of the caller's transaction, and without a savepoint of its own.

    :param taken: whether the money was taken already, or is held
    :raises MovedOn: when it has moved already; nothing was written then
    """
    by.must(MOVE, Step(order, processes.of(order).find("pay", order.state)))
    process = processes.of(order)
    found = process.find("pay", order.state)
    if found is None:
        raise MovedOn
    told = _make(Move(order, process, found, by, at, {"captured": taken}))
    placed = OrderPlaced(order_id=order.pk, kind=order.kind, total_minor=order.total_minor, currency=order.currency)
    events.publish(placed, *told)
    return order


def _make(move: Move) -> list[Event]:
    order, transition, at = move.order, move.transition, move.at
    _must_be_open(move)
    before = order.state
    for deed in transition.deeds:
        deeds.EARLY.get(deed, deeds.nothing)(move)
    order.state, order.state_since = transition.to, at
    if transition.to == "done" and order.done_at is None:
        order.done_at = at
        move.changes["done_at"] = at
    set_timer(order, move.process, move)
    for name, value in move.changes.items():
        setattr(order, name, value)
    # Conditional: of two who press at once, one moves the order and the other is told.
    changes = {"state": order.state, "state_since": at, "due_at": order.due_at, "due_to": order.due_to, **move.changes}
    if not update(Order, changes, id=order.pk, state=before):
        raise MovedOn
    for deed in transition.deeds:
        deeds.DEEDS[deed](move)
    if transition.name not in UNTOLD:
        acting = (move.as_well or actors(move.by, order)) & transition.actors
        who = next(iter(sorted(acting)), "system")
        OrderMoment.objects.create(
            order=order, at=at, deed=transition.name, state=order.state, actor=who, by=str(move.by), facts=_tellable(move.facts)
        )
    return [*move.told, OrderMoved(order_id=order.pk, kind=order.kind, deed=transition.name, state=order.state)]


def set_timer(order: Order, process: Process, move: Move | None = None) -> None:
    """Work out when the next timer of the order rings, and what it does."""
    waits = [t for t in process.leaving(order.state) if t.after]
    if not waits:
        order.due_at, order.due_to = None, ""
        return
    if move:
        for name, value in move.changes.items():
            setattr(order, name, value)
    lengths = processes.Lengths(lambda: move.book if move else bylaws.book(version=order.bylaws_version))
    due = process.due(order.state, processes.Anchors(order), lengths)
    order.due_at, order.due_to = due if due else (None, "")


def _must_be_open(move: Move) -> None:
    anchors, lengths = processes.Anchors(move.order), processes.Lengths(lambda: move.book)
    if (opens := move.transition.opens) and move.at < (since := opens.at(anchors, lengths)):
        raise TooEarly(_("This can be done from %(when)s on.") % {"when": _local(since)})
    if (closes := move.transition.closes) and move.at >= (until := closes.at(anchors, lengths)):
        raise TooLate(
            _("This could be done until %(when)s.") % {"when": _local(until)},
            hint=_("If something was wrong, say so on the order’s page."),
        )


def _local(at: datetime) -> str:
    return formats.moment(at)


def _tellable(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in facts.items()}
