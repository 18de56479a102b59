"""What whoever runs the server may do with jobs that were given up; and a sandbox that moves on, with all that comes due."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as lazy
from django_tasks import TaskResultStatus
from django_tasks_db.models import get_date_max

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.clock import services as clock
from toadlane.plumbing.clock.permissions import ADVANCE
from toadlane.plumbing.outbox import jobs, walking
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


def move_on(*, by: Principal, days: int = 0, hours: int = 0, waits: bool = False) -> None:
    """Send a sandbox co-op forward on its way through time; a worker takes it there, and does at each moment what is due then.

    :param waits: whether to see it arrive, for a few seconds
    :raises clock.OnlyForward: when it would stand still or leave the decade
    :raises clock.NotASandbox: when real people live in it
    """
    by.must(ADVANCE)
    coop_id = current_coop_id()
    with transaction.atomic():
        was_on_its_way = clock.set_out(by=by, days=days, hours=hours)
        if not was_on_its_way or not walking.is_going(coop_id):
            walking.set_going(coop_id)
    if waits:
        walking.wait_for(coop_id)


@transaction.atomic
def stay(*, by: Principal) -> None:
    """Let a sandbox that is on its way stay at the moment to which it has come."""
    by.must(ADVANCE)
    clock.stay(by=by)
