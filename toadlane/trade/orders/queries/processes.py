"""The processes of a co-op, and the one an order follows."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from toadlane.kernel.dates import at_wall_time, wall_time
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book
from toadlane.society.coops import queries as coops
from toadlane.society.coops.models import Coop
from toadlane.trade.orders.models import Order, ProcessVersion
from toadlane.trade.orders.policies import process, timers
from toadlane.trade.orders.policies.process import Process

_read: dict[str, Process] = {}


def read(document: Mapping[str, Any]) -> tuple[str, Process]:
    """Return the hash of a process and the process itself. Checked once: what has the same hash is the same.

    :raises BadProcess: when it cannot be run
    """
    digest = _digest(json.dumps(document))
    if digest not in _read:
        _read[digest] = process.read(document)
    return digest, _read[digest]


@lru_cache(maxsize=256)
def _digest(document: str) -> str:
    """Return the hash of a process. Every order asks, and there are as many processes as co-ops have written."""
    return process.digest(json.loads(document))


def of(order: Order) -> Process:
    """Return the process that an order follows, as it was when the order was placed."""
    version = order.process
    if version.hash not in _read:
        _read[version.hash] = process.read(version.document)
    return _read[version.hash]


def by_hash(digest: str) -> Process | None:
    """Return a process that is kept, or one that new orders follow: nothing may have been ordered by it yet."""
    if digest not in _read:
        kept = ProcessVersion.objects.filter(hash=digest).first()
        # Reading them is what puts them where it is looked for below.
        for document in [kept.document] if kept else documents(coops.of_scope(current_coop_id())).values():
            read(document)
    return _read.get(digest)


def documents(coop: Coop) -> Mapping[str, Any]:
    """Return the processes that new orders of this co-op may follow, by name."""
    return dict(coop.setup.get("processes", {}))


class Anchors(dict[str, datetime]):
    """The instants that timers count from. Those that have not come yet are missing."""

    def __init__(self, order: Order) -> None:
        times = {
            "placed": order.placed_at, "paid": order.paid_at, "start": order.starts_at, "end": order.ends_at,
            "done": order.done_at, "entered": order.state_since,
        }  # fmt: skip
        super().__init__({name: at for name, at in times.items() if at is not None})

    def __missing__(self, name: str) -> datetime:
        """Work out when the day of the order begins. The co-op is asked for its clocks only when a timer asks for this."""
        if name != "day":
            raise KeyError(name)
        zone = ZoneInfo(coops.of_scope(current_coop_id()).time_zone)
        self[name] = at_wall_time(datetime.combine(wall_time(self["start"], zone).date(), time(0)), zone)
        return self[name]


def opens(order: Order, transition: str) -> datetime | None:
    """Return the first moment at which a transition may be made, from whatever state; None where the process says nothing."""
    timers_of = (t.opens for t in of(order).transitions if t.name == transition and t.opens)
    lengths = Lengths(lambda: bylaws.book(version=order.bylaws_version))
    return min((timer.at(Anchors(order), lengths) for timer in timers_of), default=None)


class Lengths(dict[str, timedelta]):
    """The lengths that rules set. The bylaws are opened only when a timer asks for one."""

    def __init__(self, book: Callable[[], Book]) -> None:
        super().__init__()
        self.book = book

    def __missing__(self, name: str) -> timedelta:
        rule, unit = timers.NAMED[name]
        return int(self.book().value(rule)) * unit
