from typing import Any

from django.db import transaction

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.coops.models import Coop
from toadlane.society.coops.permissions import OPEN


@transaction.atomic
def open_coop(*, by: Principal, sandbox: bool = False, **about: Any) -> Coop:
    """Give a new co-op its identity, name and place. It has no rules yet: `bylaws.found` comes next.

    :param about: fields of `Coop`
    """
    by.must(OPEN)
    return Coop.objects.create(tenant=Tenant.objects.create(is_sandbox=sandbox), **about)
