"""What the law asks for by a day, over REST."""

from typing import Any

from ninja import Status

from toadlane.democracy.meetings import permissions, schemas, services
from toadlane.democracy.meetings.api.shapes import router
from toadlane.democracy.meetings.queries import duties as known
from toadlane.democracy.proposals.queries.procedures import day_of
from toadlane.plumbing.access.requests import CoopRequest


def _done(one: Any) -> dict[str, Any]:
    names = ("key", "title", "law", "due_on", "note", "done_at")
    return {name: getattr(one, name) for name in names} | {"name": one.person.name}


@router.get("/duties", response={200: schemas.DutiesOut}, summary="What the law asks for by a day, and what was done")
def duties(request: CoopRequest) -> Any:
    request.by.must(permissions.LIST)
    today = day_of(request.now)
    owed = [
        {"key": one.key, "title": one.title, "law": one.law, "due_on": one.due_on, "is_late": one.is_late(today)}
        for one in known.owed(request.now)
    ]
    return {"owed": owed, "done": [_done(one) for one in known.done()[:100]]}


@router.post("/duties", response={201: schemas.DutyDoneOut}, summary="Say that one of them is done, and where it is")
def do_duty(request: CoopRequest, data: schemas.DutyIn) -> Any:
    return Status(201, _done(services.do_duty(key=data.key, note=data.note, by=request.by, at=request.now)))
