"""Batches that two people see, contributions that go back, and emergency help, over REST."""

from typing import Any, Literal

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Status

from toadlane.kernel.money import Money
from toadlane.money.benefits import queries, schemas, services
from toadlane.money.benefits.api.common import draw_out, money, relief_out, router
from toadlane.money.benefits.permissions import MAKE_CODES, SEE_BATCHES
from toadlane.plumbing.access.files import answers_with
from toadlane.plumbing.access.lists import each, paged
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.coops import queries as coops


def _batch(one: Any) -> dict[str, Any]:
    return {
        "number": one.number, "total": money(queries.total(one)), "prepared_by": one.prepared_by.name,
        "prepared_at": one.prepared_at, "approved_by": one.approved_by.name if one.approved_by else "",
        "approved_at": one.approved_at, "dropped_at": one.dropped_at,
        "requests": [draw_out(row) for row in one.draws.select_related("batch")],
        "help": [relief_out(row) for row in one.reliefs.select_related("batch")],
    }  # fmt: skip


def _batch_of(request: CoopRequest, number: int) -> Any:
    request.by.must(SEE_BATCHES)
    if (found := queries.batch(number)) is None:
        raise Http404
    return found


@router.get("/waiting", response=schemas.WaitsOut, summary="What was asked for and is in no batch yet")
def waiting(request: CoopRequest) -> Any:
    request.by.must(SEE_BATCHES)
    found = queries.waits()
    return {
        "requests": [draw_out(one) for one in found.draws], "help": [relief_out(one) for one in found.reliefs],
        "solidarity_fund": money(queries.fund_left(request.coop.currency)),
    }  # fmt: skip


@router.get("/batches", response=schemas.BatchesOut, summary="Batches, the newest first")
def batches(request: CoopRequest, cursor: str | None = None, limit: int = 20) -> Any:
    request.by.must(SEE_BATCHES)
    found = page(queries.batches(), cursor=cursor, limit=limit, order=("-number",))
    return {"items": [_batch(one) for one in found.items], "next": found.next}


@router.post("/batches", response={201: schemas.BatchOut}, summary="Put a batch together; another approves it")
def prepare(request: CoopRequest) -> Any:
    return Status(201, _batch(services.prepare(by=request.by, at=request.now)))


@router.post("/batches/{int:number}/approve", response=schemas.BatchOut, summary="Approve what another put together")
def approve(request: CoopRequest, number: int) -> Any:
    """Books it all. Sent again it answers with the batch as it is; nothing is paid twice."""
    return _batch(services.approve(batch=_batch_of(request, number), by=request.by, at=request.now))


@router.post("/batches/{int:number}/drop", response=schemas.BatchOut, summary="Take a batch apart")
def drop(request: CoopRequest, number: int) -> Any:
    return _batch(services.drop(batch=_batch_of(request, number), by=request.by, at=request.now))


@router.get("/batches/{int:number}/file", summary="What an approved batch sends by bank (pain.001)")
@answers_with("application/xml")
def file(request: CoopRequest, number: int) -> Any:
    if (content := queries.bank_file(_batch_of(request, number))) is None:
        raise Http404
    return HttpResponse(content, content_type="application/xml")


def _back(one: Any) -> dict[str, Any]:
    own = {"contribution": one.contribution_id, "amount": money(one.amount), "asked_by": one.asked_by.name}
    return own | {name: getattr(one, name) for name in ("id", "reason", "asked_at", "agreed_at", "dropped_at")}


@router.get("/give-backs", response=list[schemas.GiveBackOut], summary="Contributions that go back, the newest first")
@paged("-pk", tell=each(_back))
def give_backs(request: CoopRequest) -> Any:
    request.by.must(SEE_BATCHES)
    return queries.give_backs()


@router.post("/contributions/{int:pk}/give-back", response={201: schemas.GiveBackOut}, summary="Ask that it goes back")
def ask_back(request: CoopRequest, pk: int, given: schemas.GiveBackIn) -> Any:
    request.by.must(SEE_BATCHES)
    one = get_object_or_404(queries.contributions(), pk=pk)
    amount = Money(given.minor, one.currency)
    made = services.ask_back(contribution=one, amount=amount, reason=given.reason, by=request.by, at=request.now)
    return Status(201, _back(made))


@router.post("/give-backs/{int:pk}/{deed}", response=schemas.GiveBackOut, summary="Agree as a second person, or drop it")
def give_back(request: CoopRequest, pk: int, deed: Literal["agree", "drop"]) -> Any:
    request.by.must(SEE_BATCHES)
    judge = {"agree": services.agree_back, "drop": services.drop_back}[deed]
    return _back(judge(give_back=get_object_or_404(queries.give_backs(), pk=pk), by=request.by, at=request.now))


@router.post("/requests/{int:pk}/decline", response=schemas.DrawOut, summary="Say no to a request, and why")
def decline(request: CoopRequest, pk: int, given: schemas.ReasonIn) -> Any:
    request.by.must(SEE_BATCHES)
    if (found := queries.draw(pk)) is None:
        raise Http404
    services.decline(request=found, reason=given.reason, by=request.by, at=request.now)
    return draw_out(queries.draw(pk))


@router.post("/help/{int:pk}/decline", response=schemas.ReliefOut, summary="Say no to emergency help, and why")
def decline_help(request: CoopRequest, pk: int, given: schemas.ReasonIn) -> Any:
    request.by.must(SEE_BATCHES)
    if (found := queries.relief(pk)) is None:
        raise Http404
    services.decline(request=found, reason=given.reason, by=request.by, at=request.now)
    return relief_out(queries.relief(pk))


@router.post("/codes", response={201: schemas.CodesOut}, summary="Make codes for emergency help")
def make_codes(request: CoopRequest, given: schemas.CountIn) -> Any:
    """They are returned this once and kept nowhere."""
    request.by.must(MAKE_CODES)
    codes = services.make_codes(count=given.count, by=request.by, at=request.now)
    return Status(201, {"codes": codes, "page": coops.address(request.coop, "benefits:help")})


@router.post("/help", auth=None, response={201: schemas.HelpOut}, summary="Ask for emergency help with a code")
def ask_help(request: CoopRequest, given: schemas.HelpIn) -> Any:
    """One's own word is enough (`is_true`). A code works once; two people pay it."""
    if not queries.is_open():
        raise Http404
    made = services.ask_help(**given.dict(), by=request.by, at=request.now)
    return Status(201, {"amount": money(made.amount), "state": made.state, "asked_at": made.asked_at})
