"""Periodic jobs: what is to be looked at every so often. Rooms say it in their `wiring`.

    timers.every(timedelta(seconds=20), tasks.advance_orders, due=queries.coops_with_due_orders)

A job is `run(*, by: Principal, at: datetime) -> None`. It runs in the scope of one co-op after the other, at that co-op's own
time, and is idempotent. Where it fails it becomes an ordinary job of the outbox: tried again, and visible when it is given up.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Run = Callable[..., Any]
Due = Callable[[datetime], Iterable[int]]


@dataclass(frozen=True)
class Periodic:
    """A periodic job.

    :param due: ids of the co-ops that have something to do by the machine's time, asked with the scope lifted; a sandbox
        that is ahead is always asked itself. None asks every co-op.
    :param of_server: runs once, outside all co-ops
    """

    name: str
    interval: timedelta
    run: Run
    due: Due | None = None
    of_server: bool = False


_timers: dict[str, Periodic] = {}


def every(interval: timedelta, run: Run, *, due: Due | None = None) -> None:
    """Run a job in each co-op, every `interval`."""
    _add(Periodic(_name(run), interval, run, due))


def every_on_server(interval: timedelta, run: Run) -> None:
    """Run a job once for the whole server, every `interval`, outside all co-ops."""
    _add(Periodic(_name(run), interval, run, of_server=True))


def named(name: str) -> Periodic:
    return _timers[name]


def declared() -> list[Periodic]:
    return sorted(_timers.values(), key=lambda timer: timer.name)


def _add(timer: Periodic) -> None:
    assert timer.name not in _timers, f"{timer.name} ticks already"
    _timers[timer.name] = timer


def _name(run: Run) -> str:
    return f"{run.__module__.split('.')[-2]}.{run.__name__}"
