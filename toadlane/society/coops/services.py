import re
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.coops.models import Coop
from toadlane.society.coops.permissions import OPEN


class SlugTaken(Expected):
    """Another co-op on this server has that short name."""

    field = "slug"


class NotASlug(Expected):
    """A short name is made of small letters, digits and hyphens, and is 2 to 60 long."""

    status = 422
    field = "slug"


_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])")


@transaction.atomic
def open_coop(*, by: Principal, sandbox: bool = False, clock_at: datetime | None = None, **about: Any) -> Coop:
    """Give a new co-op its identity, name and place. It has no rules yet: `bylaws.found` comes next.

    :param clock_at: what a sandbox's own clock says when it opens; a year ago, for one that is to have a history
    :param about: fields of `Coop`
    :raises SlugTaken, NotASlug:
    """
    by.must(OPEN)
    if not _SLUG.fullmatch(about["slug"]):
        raise NotASlug
    if Coop.objects.filter(slug=about["slug"]).exists():
        raise SlugTaken
    ahead_by = clock_at - clock.machine_time() if clock_at else timedelta(0)
    return Coop.objects.create(tenant=Tenant.objects.create(is_sandbox=sandbox, ahead_by=ahead_by), **about)
