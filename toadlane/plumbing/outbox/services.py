"""What whoever runs the server may do with jobs that were given up; and a sandbox that moves on, with all that comes due."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as lazy
from django_tasks import TaskResultStatus
from django_tasks_db.models import get_date_max

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.clock import services as clock
from toadlane.plumbing.clock.permissions import ADVANCE
from toadlane.plumbing.outbox import jobs, timers
from toadlane.plumbing.outbox.delivery import take_turn
from toadlane.plumbing.outbox.permissions import REPLAY
from toadlane.plumbing.tenancy.scope import current_coop_id


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


@transaction.atomic
def move_on(*, by: Principal, days: int) -> timedelta:
    """Move a sandbox co-op forward and let the worker do what has come due at once, not in an hour when its timer rings.

    :returns: how far ahead it is
    :raises clock.OnlyForward: when it would stand still or leave the decade
    :raises clock.NotASandbox: when real people live in it
    """
    by.must(ADVANCE)
    ahead = clock.advance(by=by, days=days)
    calls = [{"name": timer.name, "coop_id": current_coop_id()} for timer in timers.declared() if not timer.of_server]
    jobs.enqueue_all(take_turn, calls)
    return ahead
