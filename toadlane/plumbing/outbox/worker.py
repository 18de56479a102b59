"""The loop that works off what is due: jobs as they come, timers when it is their time, lost jobs now and then."""

import signal
import threading
import time
from datetime import timedelta
from functools import lru_cache
from types import FrameType
from typing import Any

import structlog
from django.db import OperationalError, close_old_connections, transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import is_locked_database_exception

from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.outbox import jobs, timers
from toadlane.plumbing.outbox.delivery import take_turn
from toadlane.plumbing.outbox.models import Timer
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.prepared import Param, Prepared, update
from toadlane.plumbing.tenancy.scope import every_coop

log = structlog.get_logger("toadlane.worker")

# A look costs a millisecond: busy, the next job starts at once; idle, the pause grows to half a second.
SHORTEST, LONGEST = 0.02, 0.5
HOUSEKEEPING = timedelta(seconds=60)


class Worker:
    def __init__(self) -> None:
        self.name = jobs.worker_name()
        self.stopping = threading.Event()
        self._next_housekeeping = clock.machine_time()

    def run(self) -> None:
        """Work until told to stop; the job at hand is finished first."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._stop)
        log.info("worker ready", worker=self.name)
        pause = SHORTEST
        while not self.stopping.is_set():
            try:
                worked = self.step()
            except OperationalError as error:
                # The database is away or locked: it comes back, and so do we.
                log.warning("database not available", error=str(error))
                close_old_connections()
                worked, pause = False, LONGEST
            pause = SHORTEST if worked else min(pause * 1.5, LONGEST)
            if not worked:
                self.stopping.wait(pause)
        log.info("worker stopped", worker=self.name)

    def step(self) -> bool:
        """Do one thing that is due; return whether there was one."""
        now = clock.machine_time()
        if now >= self._next_housekeeping:
            close_old_connections()
            self._next_housekeeping = now + HOUSEKEEPING
            if lost := jobs.release_lost():
                log.warning("gave back the jobs of a lost worker", jobs=lost)
        job = claim(self.name)
        if job:
            attempt(job)
        return bool(job) or run_due_timers()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()


@lru_cache(maxsize=64)
def _next(coop_id: int | None, sandbox_id: int | None) -> Prepared[Any]:
    """The job that is next, of one co-op or of any: what a worker asks all day."""
    among = {"args_kwargs__kwargs__coop_id": coop_id} if coop_id else {}
    among |= {"args_kwargs__kwargs__sandbox_id": sandbox_id} if sandbox_id else {}
    return Prepared(lambda: jobs.ready(Param("now")).filter(**among)[:1], of_coop=False)


def claim(worker: str, coop_id: int | None = None, *, sandbox_id: int | None = None) -> Any | None:
    """Take the next job, of one co-op or of any, so that no other worker does: of two that look at once, one finds it unchanged.

    Looking takes no lock: an idle worker must not keep SQLite's one writer waiting.

    :param sandbox_id: only the job that takes this co-op through time
    """
    try:
        while job := _next(coop_id, sandbox_id).first(now=(now := clock.machine_time())):
            taken = {"status": TaskResultStatus.RUNNING, "started_at": now, "worker_ids": [*job.worker_ids, worker]}
            if update(DBTaskResult, taken, id=job.pk, status=TaskResultStatus.READY):
                for name, value in taken.items():
                    setattr(job, name, value)
                return job
    except OperationalError as error:
        if not is_locked_database_exception(error):
            raise
    return None


def attempt(job: Any) -> bool:
    """Run a claimed job once; on failure put it back for later, or give it up in the open."""
    try:
        # Only what the row says: the signals of django-tasks have no listeners here.
        job.task.call(*job.args_kwargs["args"], **job.args_kwargs["kwargs"])
    except Exception as error:
        attempts = len(job.worker_ids)
        job.set_failed(error)
        log.warning("job failed", job=str(job.pk), task=job.task_path, attempt=attempts, error=repr(error))
        if attempts < jobs.ATTEMPTS:
            # The traceback stays on the row while it waits, so that a stumbling job shows why.
            later = clock.machine_time() + jobs.pause_after(attempts)
            DBTaskResult.objects.filter(pk=job.pk).update(status=TaskResultStatus.READY, run_after=later, finished_at=None)
        return False
    done = {
        "status": TaskResultStatus.SUCCESSFUL,
        "finished_at": clock.machine_time(),
        "exception_class_path": "",
        "traceback": "",
    }
    update(DBTaskResult, done, id=job.pk)
    return True


def run_due_timers() -> bool:
    """Run each timer whose time has come, and that no other worker has taken; return whether there was one."""
    now, ran = clock.machine_time(), False
    next_at = dict(Timer.objects.values_list("name", "next_at"))
    for timer in timers.declared():
        if timer.name not in next_at:
            _, ours = Timer.objects.get_or_create(name=timer.name, defaults={"next_at": now + timer.interval, "ran_at": now})
        elif next_at[timer.name] <= now:
            due = Timer.objects.filter(name=timer.name, next_at=next_at[timer.name])
            ours = due.update(next_at=now + timer.interval, ran_at=now) == 1
        else:
            continue
        if ours:
            ran = True
            started = time.perf_counter()
            turn(timer)
            Timer.objects.filter(name=timer.name).update(took_ms=int(1000 * (time.perf_counter() - started)))
    return ran


def turn(timer: timers.Periodic, *, coop_id: int | None = None) -> None:
    """Run one periodic job in every co-op that has something to do, or in the one that is named."""
    if timer.of_server:
        _take(timer, None)
        return
    for one in [coop_id] if coop_id else _who_has_work(timer):
        _take(timer, one)


def _who_has_work(timer: timers.Periodic) -> list[int]:
    with every_coop(reason="asking which co-ops have something due"):
        if timer.due is None:
            return list(Tenant.objects.order_by("pk").values_list("pk", flat=True))
        ahead = Tenant.objects.filter(ahead_by__gt=timedelta(0)).values_list("pk", flat=True)
        return sorted({*timer.due(clock.machine_time()), *ahead})


def _take(timer: timers.Periodic, coop_id: int | None) -> None:
    call: dict[str, Any] = {"name": timer.name, "coop_id": coop_id}
    try:
        take_turn.call(**call)
    except Exception as error:
        log.warning("timer failed", timer=timer.name, coop=coop_id, error=repr(error))
        with transaction.atomic():
            waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=take_turn.module_path)
            if not any(row.args_kwargs["kwargs"] == call for row in waiting):
                jobs.enqueue_all(take_turn, [call], run_after=clock.machine_time() + jobs.pause_after(1))


def drain(*, most: int = 100_000, coop_id: int | None = None) -> int:
    """Work off every job that is ready now, here and at once; return how many there were. For tests, commands and the demo."""
    done = 0
    while done < most and (job := claim(jobs.worker_name(), coop_id)):
        attempt(job)
        done += 1
    return done


def run_timers(coop_id: int | None = None) -> None:
    """Give every timer a turn now, in one co-op or in all, and work off what comes of it."""
    for timer in timers.declared():
        if coop_id is None or not timer.of_server:
            turn(timer, coop_id=coop_id)
    drain()
