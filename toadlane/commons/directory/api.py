"""The public list of co-ops: who they are, where, and what they keep."""

from typing import Annotated, Any

from django.http import Http404
from ninja import Query, Router

from toadlane.commons.directory import queries, schemas
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.coops import queries as coops

server = Router(tags=["directory"])


def _told(shop: queries.Shop) -> dict[str, Any]:
    coop = shop.coop
    names = ("slug", "name", "tagline", "about", "sector", "place", "country", "currency", "language", "blueprint", "founded_at")
    place = {axis: None if getattr(coop, axis) is None else float(getattr(coop, axis)) for axis in ("latitude", "longitude")}
    return {name: getattr(coop, name) for name in names} | place | {
        "members": shop.members, "commission": _decimal(shop), "is_sandbox": coop.is_sandbox,
        "url": coops.address(coop, "directory:home"),
    }  # fmt: skip


def _decimal(shop: queries.Shop) -> str | None:
    return None if shop.commission is None else format(float(shop.commission), ".10g")


@server.get("/coops", response={200: schemas.Coops}, auth=None, operation_id="coops_list")
def street(
    request: CoopRequest,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
    sector: str = "",
    search: str = "",
) -> Any:
    """Every co-op on this server, the oldest first."""
    found = queries.street(sector=sector, search=search, cursor=cursor, limit=limit)
    return {"items": [_told(shop) for shop in found.shops], "next": found.next}


@server.get("/coops/{coop}", response={200: schemas.CoopOut}, auth=None, operation_id="coops_read")
def one(request: CoopRequest, coop: str) -> Any:
    """One co-op as the street sees it."""
    found = coops.at_slug(coop)
    if found is None:
        raise Http404
    return _told(queries.shops([found])[0])
