"""What the parts of this surface share: the router, who may read a meeting, and how rows are told."""

from typing import Any

from django.http import Http404
from ninja import Router

from toadlane.democracy.meetings import permissions, queries, schemas
from toadlane.plumbing.access.requests import CoopRequest

router = Router(tags=["meetings"])
BIG = 2**31


def readable(request: CoopRequest, number: int) -> Any:
    found = queries.find(number) if 0 < number < BIG else None
    if found is None or not request.by.may(permissions.READ, found):
        raise Http404
    return found


def item_of(meeting: Any, pk: int) -> Any:
    found = queries.item(meeting, pk) if 0 < pk < 2**62 else None
    if found is None:
        raise Http404
    return found


def brief(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in schemas.MeetingOut.model_fields}


def item_out(one: Any) -> dict[str, Any]:
    return {"id": one.pk} | {name: getattr(one, name) for name in schemas.ItemOut.model_fields if name != "id"}


def helper_out(one: Any) -> dict[str, Any]:
    return {"id": one.pk, "person": one.person_id, "name": one.person.name, "task": one.task}


def whole(request: CoopRequest, one: Any) -> dict[str, Any]:
    return brief(one) | {
        "items": [item_out(row) for row in queries.items(one)], "quorum": queries.quorum(one, at=request.now),
        "window": queries.window(one, at=request.now), "told": queries.delivery(one) if one.called_at else None,
        "helpers": [helper_out(row) for row in queries.helpers(one)],
    }  # fmt: skip


def demand_out(one: Any) -> dict[str, Any]:
    names = set(schemas.DemandOut.model_fields) - {"id", "meeting", "support"}
    return {name: getattr(one, name) for name in names} | {
        "id": one.pk, "meeting": one.meeting.number if one.meeting else None, "support": one.supports.count(),
    }  # fmt: skip
