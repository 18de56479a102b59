"""Meetings before they begin: prepared, called, asked for."""

from typing import Any

from django.http import Http404

from toadlane.democracy.meetings import permissions, queries, schemas, services
from toadlane.democracy.meetings.api.shapes import brief, demand_out, item_of, item_out, readable, router, whole
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest


def _demand_row(request: CoopRequest, pk: int) -> Any:
    request.by.must(permissions.LIST)
    found = queries.demand(pk) if 0 < pk < 2**62 else None
    if found is None:
        raise Http404
    return found


def _own(request: CoopRequest) -> Any:
    request.by.must(permissions.DEMAND)
    found = queries.voters().filter(pk__in=request.by.memberships).first()
    if found is None:
        raise Http404
    return found


@router.get("", response={200: schemas.MeetingsOut}, summary="Meetings, the latest first")
def meetings(request: CoopRequest, cursor: str | None = None, limit: int = 30) -> Any:
    request.by.must(permissions.LIST)
    found = page(queries.meetings(), cursor=cursor, limit=limit, order=("-starts_at", "-pk"))
    return {"items": [brief(one) for one in found.items if request.by.may(permissions.READ, one)], "next": found.next}


@router.post("", response={201: schemas.WholeMeeting}, summary="Prepare a meeting")
def draft(request: CoopRequest, data: schemas.NewMeeting) -> Any:
    given = data.dict()
    wanted = given.pop("demand")
    demand = _demand_row(request, wanted) if wanted else None
    return 201, whole(request, services.draft_meeting(**given, demand=demand, by=request.by, at=request.now))


@router.get("/demands", response={200: schemas.DemandsOut}, summary="What members ask for")
def demands(request: CoopRequest, cursor: str | None = None, limit: int = 30) -> Any:
    request.by.must(permissions.LIST)
    found = page(queries.demands(), cursor=cursor, limit=limit, order=("-opened_at", "-pk"))
    return {"items": [demand_out(one) for one in found.items], "next": found.next}


@router.post("/demands", response={201: schemas.DemandOut}, summary="Ask for a meeting, or for an item")
def ask(request: CoopRequest, data: schemas.DemandIn) -> Any:
    given = data.dict()
    number = given.pop("meeting")
    meeting = readable(request, number) if number else None
    made = services.demand(**given, meeting=meeting, membership=_own(request), by=request.by, at=request.now)
    return 201, demand_out(made)


@router.get("/demands/{pk}", response={200: schemas.DemandOut}, summary="What members ask for, and how many")
def demand(request: CoopRequest, pk: int) -> Any:
    return demand_out(_demand_row(request, pk))


@router.post("/demands/{pk}/support", response={200: schemas.DemandOut}, summary="Ask for it too")
def support(request: CoopRequest, pk: int) -> Any:
    one = _demand_row(request, pk)
    return demand_out(services.support(demand=one, membership=_own(request), by=request.by, at=request.now))


@router.get("/{number}", response={200: schemas.WholeMeeting}, summary="One meeting")
def meeting(request: CoopRequest, number: int) -> Any:
    return whole(request, readable(request, number))


@router.put("/{number}", response={200: schemas.WholeMeeting}, summary="Change what is being prepared")
def change(request: CoopRequest, number: int, data: schemas.MeetingIn) -> Any:
    one = readable(request, number)
    return whole(request, services.change_draft(meeting=one, **data.dict(), by=request.by, at=request.now))


@router.post("/{number}/items", response={201: schemas.ItemOut}, summary="Put something on the agenda")
def add_item(request: CoopRequest, number: int, data: schemas.ItemIn) -> Any:
    one = readable(request, number)
    return 201, item_out(services.add_item(meeting=one, **data.dict(), by=request.by, at=request.now))


@router.delete("/{number}/items/{pk}", response={204: None}, summary="Take something off the agenda")
def remove_item(request: CoopRequest, number: int, pk: int) -> Any:
    services.remove_item(item=item_of(readable(request, number), pk), by=request.by, at=request.now)
    return 204, None


@router.post("/{number}/items/{pk}/up", response={200: list[schemas.ItemOut]}, summary="Move something up")
def move_up(request: CoopRequest, number: int, pk: int) -> Any:
    one = readable(request, number)
    services.move_item(item=item_of(one, pk), up=1, by=request.by, at=request.now)
    return [item_out(row) for row in queries.items(one)]


@router.post("/{number}/items/{pk}/down", response={200: list[schemas.ItemOut]}, summary="Move something down")
def move_down(request: CoopRequest, number: int, pk: int) -> Any:
    one = readable(request, number)
    services.move_item(item=item_of(one, pk), up=-1, by=request.by, at=request.now)
    return [item_out(row) for row in queries.items(one)]


@router.post("/{number}/call", response={200: schemas.WholeMeeting}, summary="Call a meeting")
def call(request: CoopRequest, number: int) -> Any:
    """From then on the day and the agenda stand, and everybody is told."""
    one = readable(request, number)
    return whole(request, services.call_meeting(meeting=one, by=request.by, at=request.now))


@router.post("/{number}/cancel", response={200: schemas.WholeMeeting}, summary="Call a meeting off")
def cancel(request: CoopRequest, number: int, data: schemas.Reason) -> Any:
    one = readable(request, number)
    return whole(request, services.cancel_meeting(meeting=one, reason=data.reason, by=request.by, at=request.now))
