"""A co-op as the street sees it, and what its board may change without a vote."""

from typing import Any

from ninja import Router

from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.coops import queries, schemas, services
from toadlane.society.coops.permissions import EDIT

router = Router(tags=["co-ops"])
server = Router(tags=["co-ops"])


def _coop(coop: Any) -> dict[str, Any]:
    names = [name for name in schemas.CoopOut.model_fields if name != "home"]
    return {**{name: getattr(coop, name) for name in names}, "home": queries.home(coop)}


@router.get("/about", auth=None, response=schemas.CoopOut, summary="The co-op itself")
def about(request: CoopRequest) -> Any:
    return _coop(request.coop)


@router.patch("/about", response=schemas.CoopOut, summary="Change how the co-op looks and is found")
def change(request: CoopRequest, data: schemas.CoopIn) -> Any:
    request.by.must(EDIT, request.coop)
    asked = data.dict(exclude_unset=True)
    who: dict[str, Any] = {"coop": request.coop, "by": request.by, "at": request.now}
    if asked.get("theme") is not None:
        services.paint(**who, theme=asked["theme"])
    if asked.get("words") is not None:
        services.choose_words(**who, words=asked["words"])
    if "host" in asked:
        services.move_to(**who, host=asked["host"] or "")
    described: dict[str, Any] = {
        name: "" if value is None and name not in _PIN else value for name, value in asked.items() if name in services.EDITABLE
    }
    if described:
        services.describe(**who, **described)
    return _coop(request.coop)


_PIN = ("latitude", "longitude")
