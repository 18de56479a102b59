"""Circles, offices and elections over REST: the same services as the pages."""

from typing import Any

from django.http import Http404
from ninja import Router

from toadlane.democracy.circles import permissions, queries, schemas, services
from toadlane.democracy.circles.queries import draws
from toadlane.plumbing.access.lists import paged
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.members import queries as members

router = Router(tags=["circles"])
BIG = 2**62


def _circle(one: Any, request: CoopRequest) -> dict[str, Any]:
    return queries.terms_of(one) | {
        "parent": one.parent.slug if one.parent else None, "review_on": one.review_on, "founded_by": one.founded_by,
        "ended_on": one.ended_on, "ended_by": one.ended_by, "sitting": queries.sitting(one.slug, at=request.now),
        "vacancies": queries.vacancies(one),
    }  # fmt: skip


def _at(slug: str) -> Any:
    found = queries.row(slug) or queries.organ(slug)
    if found is None:
        raise Http404
    return found


def _election(request: CoopRequest, pk: int) -> Any:
    request.by.must(permissions.READ_ELECTIONS)
    found = queries.elections().filter(pk=pk).first() if 0 < pk < BIG else None
    if found is None:
        raise Http404
    return found


def _nomination_row(request: CoopRequest, pk: int) -> Any:
    found = queries.nomination(pk) if 0 < pk < BIG else None
    if found is None or not request.by.may(permissions.READ_ELECTIONS):
        raise Http404
    return found


def _told(one: Any) -> dict[str, Any]:
    return {"id": one.pk} | {name: getattr(one, name) for name in schemas.ElectionOut.model_fields if name != "id"}


def _nominated(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk, "person": one.person_id, "name": one.person.name, "membership": one.membership_id,
        "nominated_by": one.nominated_by.name, "reason": one.reason, "statement": one.statement, "stands": one.stands,
        "has_declined": one.declined_at is not None,
    }  # fmt: skip


@router.get("", auth=None, response=list[schemas.CircleOut], summary="Circles, and who sits in them, by slug")
@paged("slug", tell=lambda request, rows: [_circle(one, request) for one in rows])
def circles(request: CoopRequest) -> Any:
    request.by.must(permissions.READ)
    return queries.everyone()


@router.get("/elections", response={200: schemas.ElectionsOut}, summary="Elections, the newest first")
def elections(request: CoopRequest, cursor: str | None = None, limit: int = 30) -> Any:
    request.by.must(permissions.READ_ELECTIONS)
    found = page(queries.elections(), cursor=cursor, limit=limit, order=("-opened_at", "-pk"))
    return {"items": [_told(one) for one in found.items], "next": found.next}


@router.post("/elections", response={201: schemas.ElectionOut}, summary="Open nominations for seats")
def open_election(request: CoopRequest, data: schemas.OpenIn) -> Any:
    return 201, _told(services.open_election(**data.dict(), by=request.by, at=request.now))


@router.get("/elections/{pk}", response={200: schemas.ElectionWithNominations}, summary="One election, and who stands")
def election(request: CoopRequest, pk: int) -> Any:
    one = _election(request, pk)
    return _told(one) | {"nominations": [_nominated(row) for row in queries.nominations(one)]}


@router.post("/elections/{pk}/nominations", response={201: schemas.NominationOut}, summary="Put a member forward")
def nominate(request: CoopRequest, pk: int, data: schemas.NominateIn) -> Any:
    one = _election(request, pk)
    membership = members.register().filter(pk=data.membership).first()
    if membership is None:
        raise Http404
    made = services.nominate(
        election=one, membership=membership, person_id=data.person, reason=data.reason, statement=data.statement,
        by=request.by, at=request.now,
    )  # fmt: skip
    return 201, _nominated(queries.nominations(one).get(pk=made.pk))


@router.post("/elections/{pk}/cancel", response={200: schemas.ElectionOut}, summary="Call an election off")
def cancel(request: CoopRequest, pk: int, data: schemas.ReasonIn) -> Any:
    one = _election(request, pk)
    return _told(services.cancel_election(election=one, reason=data.reason, by=request.by, at=request.now))


@router.post("/nominations/{pk}/accept", response={200: schemas.NominationOut}, summary="Stand, in your own words")
def accept(request: CoopRequest, pk: int, data: schemas.StatementIn) -> Any:
    one = _nomination_row(request, pk)
    return _nominated(services.accept_nomination(nomination=one, statement=data.statement, by=request.by, at=request.now))


@router.post("/nominations/{pk}/decline", response={200: schemas.NominationOut}, summary="Do not stand")
def decline(request: CoopRequest, pk: int) -> Any:
    one = _nomination_row(request, pk)
    return _nominated(services.decline_nomination(nomination=one, by=request.by, at=request.now))


def _draw(request: CoopRequest, number: int) -> Any:
    request.by.must(permissions.READ_ELECTIONS)
    found = draws.draw(number) if 0 < number < 2**31 else None
    if found is None:
        raise Http404
    return found


def _asked(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk, "person": one.entry.person_id, "name": one.entry.person.name, "number": one.entry.number,
        "member_class": one.entry.member_class, "asked_at": one.asked_at, "answer_until": one.answer_until,
        "has_declined": one.declined_at is not None,
    }  # fmt: skip


@router.get("/draws", response={200: schemas.DrawsOut}, summary="Draws of lots, the newest first")
def all_draws(request: CoopRequest, cursor: str | None = None, limit: int = 30) -> Any:
    request.by.must(permissions.READ_ELECTIONS)
    return page(draws.draws(), cursor=cursor, limit=limit, order=("-number",))


@router.post("/draws", response={201: schemas.DrawOut}, summary="Announce a draw of lots")
def announce_draw(request: CoopRequest, data: schemas.DrawIn) -> Any:
    return 201, services.announce_draw(**data.dict(), by=request.by, at=request.now)


@router.get("/draws/{number}", response={200: schemas.DrawWithAsked}, summary="One draw, and whom the lot fell on")
def draw(request: CoopRequest, number: int) -> Any:
    one = _draw(request, number)
    told = {name: getattr(one, name) for name in schemas.DrawOut.model_fields}
    return told | {"asked": [_asked(row) for row in draws.asked(one)]}


@router.get("/draws/{number}/lots", response=list[schemas.LotOut], summary="Everybody in a draw, in the order of the lots")
@paged("place")
def lots(request: CoopRequest, number: int) -> Any:
    """Empty before it is drawn."""
    return draws.lots(_draw(request, number))


@router.post("/draws/{number}/value", response={200: schemas.DrawOut}, summary="Say what the public source of a draw says")
def read_value(request: CoopRequest, number: int, data: schemas.ValueIn) -> Any:
    """When two people have said the same, it is drawn."""
    return services.read_value(draw=_draw(request, number), value=data.value, by=request.by, at=request.now)


@router.post("/draws/{number}/cancel", response={200: schemas.DrawOut}, summary="Call a draw off before its hour")
def cancel_draw(request: CoopRequest, number: int, data: schemas.ReasonIn) -> Any:
    return services.cancel_draw(draw=_draw(request, number), reason=data.reason, by=request.by, at=request.now)


@router.post("/draws/asked/{pk}/decline", response={200: schemas.AskedOut}, summary="Say no to a seat that the lot gave")
def decline_lot(request: CoopRequest, pk: int) -> Any:
    one = draws.asked_one(pk) if 0 < pk < BIG else None
    if one is None or not request.by.may(permissions.READ_ELECTIONS):
        raise Http404
    services.decline_lot(asked=one, by=request.by, at=request.now)
    return _asked(draws.asked_one(pk))


@router.get("/{slug}", auth=None, response={200: schemas.CircleOut}, summary="One circle")
def circle(request: CoopRequest, slug: str) -> Any:
    request.by.must(permissions.READ)
    return _circle(_at(slug), request)


@router.get("/{slug}/history", auth=None, response={200: schemas.CircleHistory}, summary="How a circle came to be")
def history(request: CoopRequest, slug: str) -> Any:
    """What decisions said of it, and who sat in it before."""
    request.by.must(permissions.READ)
    one = _at(slug)
    return {"charters": queries.charters(one), "past": queries.sat(slug, at=request.now)}
