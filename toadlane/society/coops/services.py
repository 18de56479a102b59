from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.coops.models import Coop
from toadlane.society.coops.permissions import OPEN


@transaction.atomic
def open_coop(*, by: Principal, sandbox: bool = False, clock_at: datetime | None = None, **about: Any) -> Coop:
    """Give a new co-op its identity, name and place. It has no rules yet: `bylaws.found` comes next.

    :param clock_at: what a sandbox's own clock says when it opens; a year ago, for one that is to have a history
    :param about: fields of `Coop`
    """
    by.must(OPEN)
    ahead_by = clock_at - clock.machine_time() if clock_at else timedelta(0)
    return Coop.objects.create(tenant=Tenant.objects.create(is_sandbox=sandbox, ahead_by=ahead_by), **about)
