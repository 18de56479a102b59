"""A sandbox on its way through time: it stops wherever something is due, and what is due there is done there.

In one leap, a vote would open on the day on which it should have closed. So it walks: to the next moment that any timer names
(`timers.every(..., next_at=...)`), or to the next morning of its calendar, and there everything is worked off before it goes on.

The way is a job like any other, in stretches of a few seconds, so that other co-ops have their turn in between. Killed on the
way, it is taken up by the next worker, and begins with a turn for every timer, at the time to which it had come.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as lazy
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.clock import services as sandbox
from toadlane.plumbing.outbox import jobs, timers, worker
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import scope

STRETCH = 3.0  # Seconds of one job.
BREATH = timedelta(milliseconds=100)  # In which the worker sees to the timers of everybody else.
# Before it sets out: what people were doing when it was sent is done, and dated, before time runs.
GATHERING = timedelta(seconds=1)
# One request of a process at a time: the others are told at once, so that nobody fills all threads with waiting.
_one_waits = threading.BoundedSemaphore()
PATIENCE = 4.0  # Seconds that somebody waits for a sandbox on its way before they are told that it is.
ROUNDS = 5  # What one timer does may be what another waits for; they wait for each other no longer than that.
# How close stops may be: as close as timers ring. Where nothing comes of them they grow apart, and never beyond the last.
CLOSEST, FARTHEST = timedelta(seconds=20), timedelta(hours=1)


class Stumbled(Expected):
    words = lazy("Something went wrong on the way. A worker tries again in a while: what went wrong stands with its job.")


@task()
def walk(*, sandbox_id: int, stride_s: int = 0) -> None:
    """Take a sandbox a stretch of its way, and leave the rest to the next job.

    :param sandbox_id: named so, that working off the jobs of this co-op on the way does not take up the way itself
    :param stride_s: how close to the last the next stop may be, as it was when the last stretch ended; 0 where it sets out
    """
    ends = time.monotonic() + STRETCH
    by, stride = Principal.job(sandbox_id), max(timedelta(seconds=stride_s), CLOSEST)
    with scope(sandbox_id):
        is_free = not _others_work_for(sandbox_id)
        if is_free:
            begins = not stride_s or _was_broken_off(sandbox_id)
            _work_off(sandbox_id, timers.of_coops() if begins else timers.of_moments())
        while is_free and time.monotonic() < ends:
            tenant = Tenant.objects.get(pk=sandbox_id)
            if tenant.bound_for in (None, tenant.ahead_by):
                if sandbox.arrive(by=by):
                    return
                continue
            now = clock.now(tenant)
            day = timers.next_day(now)
            stop = min(day, max(_next_moment(now, before=day), now + stride))
            is_there = sandbox.step(until=stop, by=by)
            done = _work_off(sandbox_id, timers.of_coops() if is_there or stop == day else timers.of_moments())
            is_free = not _others_work_for(sandbox_id)
            stride = CLOSEST if done or stop == day else min(2 * stride, FARTHEST)
    rest = {"sandbox_id": sandbox_id, "stride_s": int(stride.total_seconds())}
    jobs.enqueue_all(walk, [rest], run_after=clock.machine_time() + BREATH)


def set_going(coop_id: int) -> None:
    """Write the job that takes a sandbox on."""
    jobs.enqueue_all(walk, [{"sandbox_id": coop_id}], run_after=clock.machine_time() + GATHERING)


def is_going(coop_id: int) -> bool:
    """Say whether somebody takes it on, or will."""
    alive = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    return bool(DBTaskResult.objects.filter(status__in=alive, args_kwargs__kwargs__sandbox_id=coop_id).exists())


def wait_for(coop_id: int) -> None:
    """Wait a little while a worker takes a sandbox where it is bound for: most ways are short, and then nobody notices.

    Inside a transaction nobody waits: the worker could not go on.
    """
    if connection.in_atomic_block or not _one_waits.acquire(blocking=False):
        return
    ends = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < ends and Tenant.objects.filter(pk=coop_id, bound_for__isnull=False).exists():
            time.sleep(worker.SHORTEST)
    finally:
        _one_waits.release()


def accompany(coop_id: int, say: Callable[[str], object]) -> None:
    """See a sandbox to where it is bound for: take its jobs here, and wait where another worker has them in hand.

    :param say: told of each month to which it comes
    """
    told = ""
    while (tenant := Tenant.objects.get(pk=coop_id)).bound_for is not None:
        if (month := f"{clock.now(tenant):%B %Y}") != told:
            say(told := month)
        if job := worker.claim(jobs.worker_name(), sandbox_id=coop_id):
            if not worker.attempt(job):
                raise Stumbled
            continue
        jobs.release_lost()
        if not is_going(coop_id):
            set_going(coop_id)
        time.sleep(worker.SHORTEST)


def _next_moment(now: datetime, *, before: datetime) -> datetime:
    """Return when the next timer that knows its moments has something to do in the co-op in scope."""
    return min(
        (moment for timer in timers.of_moments() if timer.moment_after and (moment := timer.moment_after(now))), default=before
    )


def _work_off(coop_id: int, due: list[timers.Periodic]) -> int:
    """Give these timers a turn in one co-op, with all that comes of it and all that comes of that; return how many jobs came."""
    done = 0
    for _round in range(ROUNDS):
        for timer in due:
            worker.turn(timer, coop_id=coop_id)
        came = worker.drain(coop_id=coop_id)
        done += came
        if not came:
            break
        due = timers.of_moments()
    return done


def _was_broken_off(coop_id: int) -> bool:
    """Say whether the stretch at hand was begun before, by a worker who did not come to its end."""
    mine: Any = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, args_kwargs__kwargs__sandbox_id=coop_id)
    return any(len(row.worker_ids) > 1 for row in mine)


def _others_work_for(coop_id: int) -> bool:
    """Say whether another worker has a job of this co-op in hand: time goes on when that is done."""
    running: Any = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, args_kwargs__kwargs__coop_id=coop_id)
    return bool(running.exists())
