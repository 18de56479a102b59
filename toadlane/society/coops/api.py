"""A co-op as the street sees it, and what its board may change without a vote."""

from typing import Any

from ninja import File, Router
from ninja.files import UploadedFile

from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.files import services as keeping
from toadlane.society.coops import queries, schemas, services
from toadlane.society.coops.permissions import EDIT

router = Router(tags=["co-ops"])


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


@router.post("/about/logo", response=schemas.CoopOut, summary="Put a picture on the sign over the door")
def put_up_logo(request: CoopRequest, file: File[UploadedFile]) -> Any:
    """Multipart, `file`: a picture that is re-encoded like every other."""
    request.by.must(EDIT, request.coop)
    logo = keeping.add_picture(file=file, by=request.by, at=request.now)
    return _coop(services.put_up_logo(coop=request.coop, logo=logo, by=request.by, at=request.now))


@router.delete("/about/logo", response=schemas.CoopOut, summary="Take the picture down")
def take_down_logo(request: CoopRequest) -> Any:
    return _coop(services.put_up_logo(coop=request.coop, logo=None, by=request.by, at=request.now))


_PIN = ("latitude", "longitude")
