from typing import Any

from django.db import transaction

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops.models import Coop
from toadlane.trade.catalog.permissions import KINDS
from toadlane.trade.catalog.policies import Kind, parse_kinds


@transaction.atomic
def set_kinds(*, kinds: list[dict[str, Any]], by: Principal) -> dict[str, Kind]:
    """Replace the kinds of listing of this co-op. Listings keep what they said, also of fields that are gone.

    :raises NotAKind: with the place of the fault
    """
    by.must(KINDS)
    parsed = parse_kinds(kinds)
    coop = Coop.objects.select_for_update().get(pk=current_coop_id())
    coop.config = {**coop.config, "kinds": kinds}
    coop.save(update_fields=["config", "config_digest"])
    return parsed
