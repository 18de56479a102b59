import json
from copy import deepcopy
from functools import lru_cache
from typing import Any

from toadlane.plumbing.tenancy.models import CoopQuerySet
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.society.coops.models import Coop
from toadlane.trade.catalog.models import Listing, State
from toadlane.trade.catalog.policies import Kind, parse_kinds


def kinds(coop: Coop | None = None) -> dict[str, Kind]:
    """Return the kinds of listing that this co-op has, by id. Without a co-op, that of the scope."""
    return _parsed(json.dumps((coop or coops.of_scope(current_coop_id())).setup.get("kinds")))


@lru_cache(maxsize=256)
def _parsed(written: str) -> dict[str, Kind]:
    """Read kinds once per process: every page of a co-op asks for them, and they hardly ever change."""
    return parse_kinds(json.loads(written))


def kinds_as_data(coop: Coop) -> list[dict[str, Any]]:
    """Return a copy of the kinds as they are written, for changing."""
    written = coop.setup.get("kinds") or []
    return deepcopy(written.get("kinds", []) if isinstance(written, dict) else written)


def kind_of(listing: Listing, coop: Coop | None = None) -> Kind:
    """Return a listing's kind. One whose kind was taken away keeps how it is ordered and priced, without fields."""
    gone = Kind(
        id=listing.kind, names={"en": listing.kind}, process=listing.process, unit=listing.unit, pricing=listing.pricing
    )  # fmt: skip
    return kinds(coop).get(listing.kind, gone)


def live() -> "CoopQuerySet":
    return Listing.objects.filter(state=State.LIVE)


def neighborhood(name: str) -> tuple[float, float] | None:
    """Return about where something in the window stands that says it is in this part of town, or nothing."""
    known = live().filter(area__icontains=name, public_latitude__isnull=False, public_longitude__isnull=False)
    found = known.order_by("pk").values_list("public_latitude", "public_longitude").first() if len(name) > 2 else None
    return (float(found[0]), float(found[1])) if found else None


def one(pk: int) -> Listing | None:
    return Listing.objects.select_related("provider", "cover").filter(pk=pk).first()


def locked(pk: int) -> Listing:
    """Return a listing that nobody else changes until the transaction ends."""
    return Listing.objects.select_for_update().get(pk=pk)
