from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django_tasks_db.models import DBTaskResult

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import jobs
from toadlane.plumbing.outbox.permissions import LOOK


@dataclass(frozen=True)
class Job:
    id: str
    task: str
    about: dict[str, Any]
    status: str
    attempts: int
    enqueued_at: datetime
    run_after: datetime | None
    error: str


def count_by_status() -> dict[str, int]:
    """Return how many jobs are READY, RUNNING, FAILED and SUCCESSFUL."""
    rows = DBTaskResult.objects.order_by().values_list("status").annotate(n=Count("pk"))
    return {"READY": 0, "RUNNING": 0, "FAILED": 0, "SUCCESSFUL": 0} | {str(status): n for status, n in rows}


def dead(*, by: Principal, limit: int = 100) -> list[Job]:
    """Return the jobs that were given up, with the last line of what went wrong."""
    by.must(LOOK)
    return [told(row) for row in jobs.dead()[:limit]]


def told(row: Any) -> Job:
    return Job(
        id=str(row.pk), task=row.task_path.rsplit(".", 1)[-1], about=row.args_kwargs["kwargs"], status=str(row.status),
        attempts=len(row.worker_ids), enqueued_at=row.enqueued_at, run_after=row.run_after if row.run_after.year < 9999 else None,
        error=row.traceback.strip().rsplit("\n", 1)[-1],
    )  # fmt: skip
