"""What whoever runs the server may do with jobs that were given up."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as lazy
from django_tasks import TaskResultStatus
from django_tasks_db.models import get_date_max

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import jobs
from toadlane.plumbing.outbox.permissions import REPLAY


class NotDead(Expected):
    words = lazy("There is no job of this number that was given up.")
    status = 404


@transaction.atomic
def replay(*, by: Principal, job_id: str | None = None) -> int:
    """Give one dead job, or all of them, a fresh set of attempts; return how many.

    :raises NotDead: when the one that is named was not given up
    """
    by.must(REPLAY)
    rows = jobs.dead()
    if job_id:
        try:
            rows = rows.filter(pk=UUID(job_id))
        except ValueError:
            raise NotDead from None
    count = rows.order_by().update(status=TaskResultStatus.READY, run_after=get_date_max(), worker_ids=[], finished_at=None)
    if job_id and not count:
        raise NotDead
    return count
