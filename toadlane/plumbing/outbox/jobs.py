"""Jobs as rows: written with the fact, claimed by a worker, tried again when they fail, kept in sight when they are given up.

They are the tasks of django-tasks in its own table, so that any tool that knows these knows ours. Three things are ours: many
in one insert, retries with a growing pause, and giving back what a killed worker had taken.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult, get_date_max

from toadlane.plumbing.clock import queries as clock

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
    if rows:
        DBTaskResult.objects.bulk_create(rows)


def ready() -> QuerySet[Any]:
    return DBTaskResult.objects.ready()


def dead() -> QuerySet[Any]:
    """Return the jobs that were given up, oldest first. Nothing happens to them until somebody decides."""
    return DBTaskResult.objects.failed().order_by("enqueued_at", "pk")


def pause_after(attempt: int) -> timedelta:
    return timedelta(seconds=4**attempt)


def release_lost() -> int:
    """Give back the jobs of workers that were killed; return how many. django-tasks-db would leave them running for ever.

    A worker that is only slow then runs beside its successor: one more reason why handlers are idempotent.
    """
    lost = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=clock.machine_time() - LEASE)
    return lost.update(status=TaskResultStatus.READY, started_at=None)


def forget_old() -> int:
    """Delete jobs that succeeded long ago; return how many. What was given up stays."""
    old = DBTaskResult.objects.successful().filter(finished_at__lt=clock.machine_time() - KEPT)
    return old._raw_delete(old.db)
