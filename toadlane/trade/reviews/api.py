"""Reviews, complaints and reports."""

from dataclasses import replace
from typing import Annotated, Any

from django.http import Http404
from ninja import Header, Router, Status

from toadlane.kernel.money import Money
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.lists import bounded
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.orders import queries as orders
from toadlane.trade.reviews import permissions, queries, schemas, services
from toadlane.trade.reviews.queries import standing_in
from toadlane.ui import formats

router = Router(tags=["reviews"])
BIG = 2**63
Token = Annotated[str | None, Header(alias="Order-Token", max_length=200, description="Of a guest: it opens one order.")]


def _by_link(request: CoopRequest, token: str | None) -> None:
    """Let whoever sends the token of an order be its customer."""
    if token and (pk := orders.order_id(token, request.coop.pk)):
        request.by = replace(request.by, order_id=pk)


def _order(request: CoopRequest, pk: int, token: str | None = None) -> Any:
    _by_link(request, token)
    found = queries.order_at(pk) if 0 < pk < BIG else None
    if found is None or not request.by.may(permissions.WRITE, found):
        raise Http404
    return found


def _amount(money: Money) -> dict[str, Any]:
    return {"minor": money.minor, "currency": money.currency, "text": formats.money(money)}


def _complained(one: Any) -> dict[str, Any]:
    names = set(schemas.ComplaintOut.model_fields) - {"id", "refund", "final_refund"}
    money = {"refund": _amount(one.refund), "final_refund": _amount(one.final_refund)}
    return {name: getattr(one, name) for name in names} | money | {"id": one.pk}


def _complaint(request: CoopRequest, pk: int, token: str | None = None) -> Any:
    _by_link(request, token)
    found = queries.complaint(pk) if 0 < pk < BIG else None
    if found is None or not request.by.may(permissions.READ, found):
        raise Http404
    return found


def _report(request: CoopRequest, pk: int) -> Any:
    found = queries.report(pk) if 0 < pk < BIG else None
    if found is None or not request.by.may(permissions.READ_REPORT, found):
        raise Http404
    return found


@router.get("/orders/{pk}", response={200: schemas.OrderReviews}, auth=None, operation_id="reviews_of_order")
def of_order(request: CoopRequest, pk: int, token: Token = None) -> Any:
    """What both sides said about an order, as far as you may read it."""
    return queries.of_order(_order(request, pk, token), request.by, at=request.now)


@router.put("/orders/{pk}", response={200: schemas.OrderReviews}, auth=None, operation_id="reviews_write")
def write(request: CoopRequest, pk: int, given: schemas.ReviewIn, token: Token = None) -> Any:
    """Review an order, or change your review while the other side cannot read it yet."""
    order = _order(request, pk, token)
    services.write(order=order, **given.dict(), by=request.by, at=request.now)
    return queries.of_order(order, request.by, at=request.now)


@router.put("/{pk}/answer", response={200: schemas.ReviewOut}, auth=None, operation_id="reviews_answer")
def answer(request: CoopRequest, pk: int, given: schemas.Words, token: Token = None) -> Any:
    """Say something to a review about you."""
    _by_link(request, token)
    review = queries.review(pk) if 0 < pk < BIG else None
    if review is None or not request.by.may(permissions.WRITE, review.window.order):
        raise Http404
    return services.answer(review=review, text=given.text, by=request.by, at=request.now)


@router.get("/members/{pk}", response={200: schemas.PublicReviews}, auth=None, operation_id="reviews_of_member")
def of_member(request: CoopRequest, pk: int, cursor: str | None = None, limit: int = 25) -> Any:
    """What customers say about a member."""
    if not 0 < pk < BIG or queries.member(pk) is None:
        raise Http404
    return _public(queries.about_provider(pk), cursor, limit)


@router.get("/listings/{pk}", response={200: schemas.PublicReviews}, auth=None, operation_id="reviews_of_listing")
def of_listing(request: CoopRequest, pk: int, cursor: str | None = None, limit: int = 25) -> Any:
    """What customers say about a listing."""
    if not 0 < pk < BIG or queries.reported(f"listing:{pk}", request.by) is None:
        raise Http404
    return _public(queries.about_listing(pk), cursor, limit)


def _public(rows: Any, cursor: str | None, limit: int) -> dict[str, Any]:
    page, summary = paging.page(rows, cursor=cursor, limit=limit, order=("-written_at", "-pk")), queries.summary(rows)
    return {"count": summary.count, "stars": summary.stars, "items": [queries.told(one) for one in page.items], "next": page.next}


@router.get("/complaints", response={200: schemas.Complaints}, operation_id="complaints_list")
def complaints(request: CoopRequest, cursor: str | None = None, limit: int = 25) -> Any:
    """The complaints in which you stand on one side."""
    page = paging.page(queries.complaints_of(request.by), cursor=cursor, limit=limit, order=("-opened_at", "-pk"))
    return {"items": [_complained(one) for one in page.items], "next": page.next}


@router.get("/complaints/waiting", response={200: list[schemas.ComplaintOut]}, operation_id="complaints_waiting")
@bounded("as many as one person is shown at a time; when they are decided the next come")
def waiting(request: CoopRequest) -> Any:
    """The complaints that wait for your decision."""
    return [_complained(one) for one in queries.to_decide(request.by, at=request.now)]


@router.post("/orders/{pk}/complaints", response={201: schemas.ComplaintOut}, auth=None, operation_id="complaints_open")
def complain(request: CoopRequest, pk: int, given: schemas.Words, token: Token = None) -> Any:
    """Say what went wrong with an order. The other side answers, and a mediator decides."""
    made = services.complain(order=_order(request, pk, token), text=given.text, by=request.by, at=request.now)
    return Status(201, _complained(made))


@router.get("/complaints/{pk}", response={200: schemas.ComplaintOut}, auth=None, operation_id="complaints_read")
def complaint(request: CoopRequest, pk: int, token: Token = None) -> Any:
    """One complaint."""
    return _complained(_complaint(request, pk, token))


@router.post("/complaints/{pk}/answer", response={200: schemas.ComplaintOut}, operation_id="complaints_answer")
def answer_complaint(request: CoopRequest, pk: int, given: schemas.Words) -> Any:
    """Give the other side of the story."""
    return _complained(
        services.answer_complaint(complaint=_complaint(request, pk), text=given.text, by=request.by, at=request.now)
    )


@router.post("/complaints/{pk}/drop", response={200: schemas.ComplaintOut}, auth=None, operation_id="complaints_drop")
def drop(request: CoopRequest, pk: int, token: Token = None) -> Any:
    """Take a complaint back."""
    return _complained(services.drop(complaint=_complaint(request, pk, token), by=request.by, at=request.now))


@router.post("/complaints/{pk}/decide", response={200: schemas.ComplaintOut}, operation_id="complaints_decide")
def decide(request: CoopRequest, pk: int, given: schemas.DecideIn) -> Any:
    """Decide a complaint, with reasons. What goes back goes back at once, and once: a complaint is decided once."""
    return _complained(services.decide(complaint=_complaint(request, pk), **given.dict(), by=request.by, at=request.now))


@router.post("/complaints/{pk}/stand-in", response={200: schemas.ComplaintOut}, operation_id="complaints_stand_in")
def name_stand_in(request: CoopRequest, pk: int, given: schemas.StandIn) -> Any:
    """Name somebody to decide where every mediator is a party to the complaint. The board does."""
    found = _complaint(request, pk)
    request.by.must(permissions.NAME_STAND_IN, found)
    person = next((one for one in standing_in.candidates(found) if one.pk == given.person_id), None)
    if person is None:
        raise services.NotNeutral
    return _complained(services.name_stand_in(complaint=found, person=person, by=request.by, at=request.now))


@router.post("/complaints/{pk}/appeal", response={200: schemas.ComplaintOut}, operation_id="complaints_appeal")
def appeal(request: CoopRequest, pk: int, given: schemas.Words) -> Any:
    """Ask for somebody else to look again."""
    return _complained(services.appeal(complaint=_complaint(request, pk), text=given.text, by=request.by, at=request.now))


@router.post("/complaints/{pk}/decide-again", response={200: schemas.ComplaintOut}, operation_id="complaints_decide_again")
def decide_again(request: CoopRequest, pk: int, given: schemas.DecideAgainIn) -> Any:
    """Close an appeal: the decision stands, or more goes back."""
    return _complained(services.decide_again(complaint=_complaint(request, pk), **given.dict(), by=request.by, at=request.now))


@router.post("/reports", response={201: schemas.ReportOut}, operation_id="reports_open")
def report_something(request: CoopRequest, given: schemas.ReportIn) -> Any:
    """Say that a listing, a review, a message or a member should not be here."""
    return 201, _reported(services.report(**given.dict(), by=request.by, at=request.now))


def _reported(one: Any) -> dict[str, Any]:
    return {name: getattr(one, "pk" if name == "id" else name) for name in schemas.ReportOut.model_fields}


@router.get("/reports", response={200: schemas.Reports}, operation_id="reports_list")
def reports(request: CoopRequest, cursor: str | None = None, limit: int = 25) -> Any:
    """The moderators' queue and its past, the latest first."""
    request.by.must(permissions.QUEUE)
    page = paging.page(queries.reports(), cursor=cursor, limit=limit, order=("-reported_at", "-pk"))
    return {"items": [_reported(one) for one in page.items], "next": page.next}


@router.get("/reports/{pk}", response={200: schemas.ReportOut}, operation_id="reports_read")
def report(request: CoopRequest, pk: int) -> Any:
    """One report, for who reported, whom it is about, and the moderators."""
    return _reported(_report(request, pk))


@router.post("/reports/{pk}/decide", response={200: schemas.ReportOut}, operation_id="reports_decide")
def decide_report(request: CoopRequest, pk: int, given: schemas.ModerateIn) -> Any:
    """Decide a report, with a statement of reasons. It takes effect at once."""
    return _reported(services.decide_report(report=_report(request, pk), **given.dict(), by=request.by, at=request.now))


@router.post("/reports/{pk}/appeal", response={200: schemas.ReportOut}, operation_id="reports_appeal")
def appeal_report(request: CoopRequest, pk: int, given: schemas.Words) -> Any:
    """Ask for another look at what was decided."""
    return _reported(services.appeal_report(report=_report(request, pk), text=given.text, by=request.by, at=request.now))


@router.post("/reports/{pk}/close", response={200: schemas.ReportOut}, operation_id="reports_close")
def close_report(request: CoopRequest, pk: int, given: schemas.ModerateAgainIn) -> Any:
    """Close an appeal: the decision stands, or it is undone."""
    return _reported(services.close_report(report=_report(request, pk), **given.dict(), by=request.by, at=request.now))
