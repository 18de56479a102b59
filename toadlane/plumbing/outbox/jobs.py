"""Jobs as rows: written with the fact, claimed by a worker, tried again when they fail, kept in sight when they are given up.

They are the tasks of django-tasks in its own table, so that any tool that knows these knows ours. Three things are ours: many
in one insert, retries with a growing pause, and giving back what a killed worker had taken.
"""

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult, get_date_max

from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.prepared import insert

# Pauses of 4, 16, 64, ... seconds: the last attempt is about six hours after the first.
ATTEMPTS = 8
LEASE = timedelta(minutes=15)
KEPT = timedelta(days=14)


def enqueue_all(job: Task[Any, Any], calls: Iterable[dict[str, Any]], *, run_after: datetime | None = None) -> None:
    """Write one row for each call of a task (its keyword arguments), in one statement and in the current transaction."""
    rows: list[Any] = [
        DBTaskResult(
            args_kwargs={"args": [], "kwargs": kwargs}, priority=job.priority, task_path=job.module_path,
            queue_name=job.queue_name, backend_name=job.backend, run_after=run_after or get_date_max(),
            exception_class_path="", traceback="",
        )
        for kwargs in calls
    ]  # fmt: skip
    insert(rows)


def ready(now: Any = None) -> QuerySet[Any]:
    """Return the jobs that wait and may be done now, in the order in which they are."""
    due = Q(run_after=get_date_max()) | Q(run_after__lte=now or clock.machine_time())
    return DBTaskResult.objects.filter(due, status=TaskResultStatus.READY)


def dead() -> QuerySet[Any]:
    """Return the jobs that were given up, oldest first. Nothing happens to them until somebody decides."""
    return DBTaskResult.objects.failed().order_by("enqueued_at", "pk")


def pause_after(attempt: int) -> timedelta:
    return timedelta(seconds=4**attempt)


def worker_name() -> str:
    """Return what this process signs the jobs with that it takes: its machine and its number there."""
    return f"{os.uname().nodename[-48:]}:{os.getpid()}"


def release_lost() -> int:
    """Give back the jobs of workers that were killed; return how many. django-tasks-db would leave them running for ever.

    At once where the worker was a process of this machine that is no more, and after its lease wherever it was. A worker
    that is only slow then runs beside its successor: one more reason why handlers are idempotent. A job that has killed
    its worker each time is given up like one that failed each time.
    """
    now, lost = clock.machine_time(), 0
    for row in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).only("status", "started_at", "worker_ids"):
        if row.started_at and row.started_at > now - LEASE and not _is_gone(row.worker_ids[-1] if row.worker_ids else ""):
            continue
        changes: dict[str, Any] = {"status": TaskResultStatus.READY, "started_at": None}
        if len(row.worker_ids) >= ATTEMPTS:
            changes = {"status": TaskResultStatus.FAILED, "finished_at": now, "traceback": "WorkerLost: each worker died of it"}
        lost += DBTaskResult.objects.filter(pk=row.pk, status=row.status, started_at=row.started_at).update(**changes)
    return lost


def _is_gone(worker: str) -> bool:
    machine, _colon, number = worker.rpartition(":")
    if machine != os.uname().nodename[-48:] or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def forget_old() -> int:
    """Delete jobs that succeeded long ago; return how many. What was given up stays."""
    old = DBTaskResult.objects.successful().filter(finished_at__lt=clock.machine_time() - KEPT)
    return old._raw_delete(old.db)
