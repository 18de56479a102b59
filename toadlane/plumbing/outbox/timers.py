"""Periodic jobs: what is to be looked at every so often. Rooms say it in their `wiring`.

    timers.every(timedelta(seconds=20), tasks.advance_orders, due=queries.coops_with_due_orders)

    timers.every(timedelta(seconds=20), tasks.close_ballots, next_at=queries.next_close)

A job is `run(*, by: Principal, at: datetime) -> None`. It runs in the scope of one co-op after the other, at that co-op's own
time, and is idempotent. Where it fails it becomes an ordinary job of the outbox: tried again, and visible when it is given up.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, QuerySet

Run = Callable[..., Any]
Due = Callable[[datetime], Iterable[int]]
Moment = Callable[[datetime], datetime | None]


@dataclass(frozen=True)
class Periodic:
    """A periodic job.

    :param due: ids of the co-ops that have something to do by the machine's time, asked with the scope lifted; a sandbox
        that is ahead is always asked itself. None asks every co-op.
    :param moment_after: the next moment after an instant at which there is something to do in the co-op in scope: where a
        sandbox stops on its way through time. Without it, it has its turn there when a day begins
    :param of_server: runs once, outside all co-ops
    """

    name: str
    interval: timedelta
    run: Run
    due: Due | None = None
    moment_after: Moment | None = None
    of_server: bool = False


_timers: dict[str, Periodic] = {}
# When the next day begins in the co-op in scope: rooms above know its zone.
_days: list[Callable[[datetime], datetime]] = []


def every(interval: timedelta, run: Run, *, due: Due | None = None, next_at: Moment | None = None) -> None:
    """Run a job in each co-op, every `interval`."""
    _add(Periodic(_name(run), interval, run, due, next_at))


def every_on_server(interval: timedelta, run: Run) -> None:
    """Run a job once for the whole server, every `interval`, outside all co-ops."""
    _add(Periodic(_name(run), interval, run, of_server=True))


def named(name: str) -> Periodic:
    return _timers[name]


def declared() -> list[Periodic]:
    return sorted(_timers.values(), key=lambda timer: timer.name)


def of_coops() -> list[Periodic]:
    return [timer for timer in declared() if not timer.of_server]


def of_moments() -> list[Periodic]:
    """Return the timers that can say when they have something to do."""
    return [timer for timer in declared() if timer.moment_after]


def first_after(at: datetime, rows: QuerySet[Any], column: str) -> datetime | None:
    """Return the first instant after another that stands in a column of these rows."""
    found: datetime | None = rows.filter(**{f"{column}__gt": at}).order_by().aggregate(first=Min(column))["first"]
    return found


def declare_days(next_day: Callable[[datetime], datetime]) -> None:
    """Say when the next day begins in the co-op in scope."""
    assert not _days, "it is said already when days begin"
    _days.append(next_day)


def next_day(at: datetime) -> datetime:
    return _days[0](at)


def _add(timer: Periodic) -> None:
    assert timer.name not in _timers, f"{timer.name} ticks already"
    _timers[timer.name] = timer


def _name(run: Run) -> str:
    return f"{run.__module__.split('.')[-2]}.{run.__name__}"
