"""Activities, what clients order of them, contracts of work and outlays, over REST."""

from typing import Any, Literal

from django.http import Http404
from ninja import File, Header, Status, UploadedFile

from toadlane.kernel.money import Money
from toadlane.plumbing.access.lists import bounded
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.assignments import queries, schemas, services
from toadlane.trade.assignments.api.common import (
    activity_at,
    activity_row,
    activity_whole,
    contract_of,
    money_of,
    order_row,
    order_whole,
    outlay_of,
    quote_of,
    receipt_of,
    router,
)
from toadlane.trade.assignments.permissions import CALCULATE, OFFICE, SEE


@router.get("", response=schemas.ActivitiesOut, summary="Your activities")
def mine(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    """Those you manage, take part in or advise."""
    if not queries.has_to_do_with(request.by):
        raise Http404
    found = page(queries.of_person(request.by), cursor=cursor, limit=limit)
    balances, unit = queries.balances(queries.terms.currency()), queries.terms.currency()
    return {"items": [activity_row(one, balances.get(one.holder) or Money(0, unit)) for one in found.items], "next": found.next}


@router.get("/all", response=schemas.ActivitiesOut, summary="All activities, for the offices")
def everybodys(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(OFFICE)
    found = page(queries.activities(), cursor=cursor, limit=limit)
    balances, unit = queries.balances(queries.terms.currency()), queries.terms.currency()
    return {"items": [activity_row(one, balances.get(one.holder) or Money(0, unit)) for one in found.items], "next": found.next}


@router.post("", response={201: schemas.ActivityWhole}, summary="Open an activity")
def open_activity(request: CoopRequest, given: schemas.NameIn) -> Any:
    return Status(201, activity_whole(request, services.open_activity(**given.dict(), by=request.by, at=request.now)))


@router.get("/calculator", auth=None, response=schemas.WorkedOut, summary="From an invoice to a net wage, and back")
def calculator(request: CoopRequest, minor: int = 0, kind: Literal["price", "cost", "gross", "net"] = "price") -> Any:
    """Say which amount is known: an invoice before VAT, what is there for labor, a gross or a net wage."""
    request.by.must(CALCULATE)
    if not queries.terms.employs() or not 0 < minor <= 10**12:
        raise Http404
    one = queries.terms.worked_out(kind, Money(minor, queries.terms.currency()), queries.today(request.now))
    wage = {name: money_of(one.money(getattr(one.wage, name))) for name in
            ("cost", "employer", "provisions", "gross", "worker", "tax", "net")}  # fmt: skip
    parts = {name: money_of(getattr(one, name)) for name in ("price", "fee", "labor", "rest")}
    return parts | wage


@router.get("/trades", auth=None, response=list[schemas.TradeOut], summary="The trades, and the least a day of each brings today")
@bounded("the trades that the bylaws name")
def trades(request: CoopRequest) -> Any:
    request.by.must(CALCULATE)
    if not queries.terms.employs():
        raise Http404
    day, unit, known = queries.today(request.now), queries.terms.currency(), queries.terms.trades()
    floors = {one: Money(queries.terms.floor_of(one, day, day), unit) for one, _name in known}
    return [{"id": one, "name": name, "floor": money_of(floors[one])} for one, name in known]


@router.get("/office", response=schemas.OfficeOut, summary="The guarantee fund, and what clients owe")
def office(request: CoopRequest) -> Any:
    request.by.must(OFFICE)
    found = queries.office(request.now, queries.terms.currency())
    owed = [
        {"order": one.pk, "number": one.number, "client": one.client_name, "amount": money_of(one.to_pay), "due_on": one.due_on,
         "days_late": late, "advanced": money_of(queries.advanced(one))}
        for one, late in found.owed
    ]  # fmt: skip
    return {
        "free": money_of(found.free), "advanced": money_of(found.advanced), "foreseen": money_of(found.foreseen), "owed": owed,
        "coverage_days": found.coverage_days, "credits": [_credit(one, left) for one, left in found.credits],
        "short": [contract_of(one) for one in found.short],
    }  # fmt: skip


def _credit(one: Any, left: Money) -> dict[str, Any]:
    return {"order": one.pk, "number": one.number, "client": one.client_name, "amount": money_of(left)}


@router.post("/office/fund", response=schemas.AmountOut, summary="Put money into the guarantee fund")
def put_in(request: CoopRequest, given: schemas.PutIn, idempotency_key: Header[str]) -> Any:
    """Answers with what is free in the fund afterwards. It comes out for wages and lost invoices only."""
    key = f"api:{request.by.person_id}:{idempotency_key[:60]}"
    amount = Money(given.minor, queries.terms.currency())
    return money_of(services.put_in(amount=amount, key=key, by=request.by, at=request.now))


@router.post("/contracts/{int:pk}/cancel", response=schemas.ContractOut, summary="Call a contract off before it begins")
def cancel(request: CoopRequest, pk: int) -> Any:
    found = queries.contract(pk)
    if found is None or not request.by.may(SEE, found.activity):
        raise Http404
    return contract_of(services.cancel(contract=found, by=request.by, at=request.now))


def _outlay_at(request: CoopRequest, pk: int) -> Any:
    found = queries.outlay(pk)
    if found is None or not request.by.may(SEE, found.activity):
        raise Http404
    return found


@router.post("/outlays/{int:pk}/receipts", response={201: schemas.ReceiptOut}, summary="Attach a receipt to an outlay")
def add_receipt(request: CoopRequest, pk: int, file: File[UploadedFile]) -> Any:
    """A PDF or a photo (multipart, `file`)."""
    found = _outlay_at(request, pk)
    made = services.add_receipt(outlay=found, file=file, name=file.name or "", by=request.by, at=request.now)
    return Status(201, receipt_of(made))


@router.post("/outlays/{int:pk}/approve", response=schemas.OutlayOut, summary="Have an outlay paid back, as the adviser")
def approve(request: CoopRequest, pk: int) -> Any:
    return outlay_of(services.approve(outlay=_outlay_at(request, pk), by=request.by, at=request.now))


@router.post("/outlays/{int:pk}/decline", response=schemas.OutlayOut, summary="Decline an outlay, and say why")
def decline(request: CoopRequest, pk: int, given: schemas.ReasonIn) -> Any:
    return outlay_of(
        services.decline(outlay=_outlay_at(request, pk), reason=given.reason, by=request.by, at=request.now)
    )  # fmt: skip


@router.get("/{int:pk}", response=schemas.ActivityWhole, summary="One activity, with what it has")
def activity(request: CoopRequest, pk: int) -> Any:
    return activity_whole(request, activity_at(request, pk))


@router.post("/{int:pk}/people", response=schemas.ActivityWhole, summary="Let somebody manage it too, or take part")
def seat(request: CoopRequest, pk: int, given: schemas.SeatIn) -> Any:
    found = activity_at(request, pk)
    services.seat(activity=found, **given.dict(), by=request.by, at=request.now)
    return activity_whole(request, found)


@router.delete("/{int:pk}/people/{int:person}", response=schemas.ActivityWhole, summary="Take somebody’s seat away")
def unseat(request: CoopRequest, pk: int, person: int) -> Any:
    found = activity_at(request, pk)
    services.unseat(activity=found, person_id=person, by=request.by, at=request.now)
    return activity_whole(request, found)


@router.post("/{int:pk}/adviser", response=schemas.ActivityWhole, summary="Name who advises an activity")
def adviser(request: CoopRequest, pk: int, given: schemas.AdviserIn) -> Any:
    found = services.name_adviser(activity=activity_at(request, pk), email=given.email, by=request.by, at=request.now)
    return activity_whole(request, found)


@router.post("/{int:pk}/transfers", response=schemas.AmountOut, summary="Move money to another activity, without a fee")
def transfer(request: CoopRequest, pk: int, given: schemas.TransferIn, idempotency_key: Header[str]) -> Any:
    """Answers with what is left."""
    found = activity_at(request, pk)
    if (target := queries.activity(given.target)) is None:
        raise Http404
    key = f"api:{request.by.person_id}:{idempotency_key[:60]}"
    amount = Money(given.minor, found.currency)
    left = services.transfer(source=found, target=target, amount=amount, key=key, by=request.by, at=request.now)
    return money_of(left)


@router.get("/{int:pk}/orders", response=schemas.OrdersOut, summary="What clients ordered of an activity, the newest first")
def orders(request: CoopRequest, pk: int, cursor: str | None = None, limit: int = 50) -> Any:
    found = page(queries.assignments().filter(activity=activity_at(request, pk)), cursor=cursor, limit=limit)
    return {"items": [order_row(one) for one in found.items], "next": found.next}


@router.post("/{int:pk}/orders", response={201: schemas.OrderOut}, summary="Write a quote")
def write_quote(request: CoopRequest, pk: int, given: schemas.QuoteIn) -> Any:
    """Nobody has seen it until it is sent."""
    found = activity_at(request, pk)
    made = services.write_quote(activity=found, **quote_of(given), by=request.by, at=request.now)
    return Status(201, order_whole(made))


@router.get("/{int:pk}/contracts", response=schemas.ContractsOut, summary="Contracts of work, the newest first")
def contracts(request: CoopRequest, pk: int, cursor: str | None = None, limit: int = 50) -> Any:
    found = page(queries.contracts().filter(activity=activity_at(request, pk)), cursor=cursor, limit=limit)
    return {"items": [contract_of(one) for one in found.items], "next": found.next}


@router.post("/{int:pk}/contracts", response={201: schemas.ContractOut}, summary="Sign a contract of work")
def engage(request: CoopRequest, pk: int, given: schemas.ContractIn) -> Any:
    """Refused below the floor of the trade (`below_floor`), with the floor and the two ways out."""
    found = activity_at(request, pk)
    worker = next((one for one in queries.workers(found) if one.pk == given.worker), None)
    order = queries.assignment(given.order) if given.order is not None else None
    if worker is None or (given.order is not None and (order is None or order.activity_id != found.pk)):
        raise Http404
    said = given.dict(exclude={"worker", "minor", "order"})
    amount = Money(given.minor, found.currency)
    made = services.engage(activity=found, worker=worker, assignment=order, amount=amount, **said, by=request.by, at=request.now)
    return Status(201, contract_of(made))


@router.get("/{int:pk}/outlays", response=schemas.OutlaysOut, summary="What was bought for an activity, the newest first")
def outlays(request: CoopRequest, pk: int, cursor: str | None = None, limit: int = 50) -> Any:
    found = page(queries.outlays(activity_at(request, pk)), cursor=cursor, limit=limit)
    return {"items": [outlay_of(one) for one in found.items], "next": found.next}


@router.post("/{int:pk}/outlays", response={201: schemas.OutlayOut}, summary="Have something paid back out of the budget")
def ask(request: CoopRequest, pk: int, given: schemas.OutlayIn) -> Any:
    """Attach the receipt afterwards."""
    found = activity_at(request, pk)
    amount = Money(given.minor, found.currency)
    asked = services.ask(activity=found, purpose=given.purpose, amount=amount, by=request.by, at=request.now)
    return Status(201, outlay_of(asked))
