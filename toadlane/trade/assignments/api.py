"""Activities, what clients order of them, contracts of work and outlays, over REST."""

from typing import Any, Literal

from django.http import Http404, HttpResponse
from ninja import File, Header, Router, Status, UploadedFile

from toadlane.kernel.money import Money
from toadlane.plumbing.access.lists import bounded
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.assignments import queries, schemas, services
from toadlane.trade.assignments.permissions import CALCULATE, OFFICE, SEE
from toadlane.ui import formats

router = Router(tags=["activities"])


def _money(amount: Money) -> dict[str, Any]:
    return {"minor": amount.minor, "currency": amount.currency, "text": formats.money(amount)}


def _activity(request: CoopRequest, pk: int) -> Any:
    found = queries.activity(pk)
    if found is None or not request.by.may(SEE, found):
        raise Http404
    return found


def _order(request: CoopRequest, pk: int) -> Any:
    found = queries.assignment(pk)
    if found is None or not request.by.may(SEE, found.activity):
        raise Http404
    return found


def _row(one: Any, balance: Money) -> dict[str, Any]:
    return {
        "id": one.pk, "name": one.name, "manager": one.manager.name, "adviser": one.adviser.name if one.adviser else "",
        "balance": _money(balance), "opened_at": one.opened_at,
    }  # fmt: skip


def _whole(request: CoopRequest, one: Any) -> dict[str, Any]:
    shown = queries.page(one, request.by)
    people = [{"person": seat.person_id, "name": seat.person.name, "role": seat.role} for seat in shown.people]
    more = {"available": _money(shown.available), "is_open": shown.is_open, "people": people}
    return _row(one, shown.balance) | more


def _order_row(one: Any) -> dict[str, Any]:
    names = ("number", "title", "state", "due_on")
    about = {"id": one.pk, "activity": one.activity_id, "client": one.client_name}
    return {name: getattr(one, name) for name in names} | about | {"net": _money(one.net), "total": _money(one.gross)}


def _order_whole(one: Any) -> dict[str, Any]:
    names = ("trade", "first_day", "last_day", "lines", "vat_rate", "confirmed_at", "confirmed_name", "confirmed_digest",
             "paid_at", "defaulted_at")  # fmt: skip
    paying = queries.payment(one)
    return _order_row(one) | {name: getattr(one, name) for name in names} | {
        "vat": _money(one.vat), "fee": _money(one.fee), "labor": _money(one.labor), "owed": _money(queries.owed(one)),
        "advanced": _money(queries.advanced(one)), "not_guaranteed": queries.why_not_guaranteed(one), "invoice": one.invoice_id,
        "reference": paying.reference if paying else "", "reminders": one.reminders.count(),
    }  # fmt: skip


def _contract(one: Any) -> dict[str, Any]:
    names = ("trade", "first_day", "last_day", "days", "part", "pay_by", "state", "paid_at")
    about = {"id": one.pk, "activity": one.activity_id, "order": one.assignment_id, "worker": one.membership.name}
    amounts = {name: _money(getattr(one, name)) for name in ("cost", "gross", "net")}
    return (
        {name: getattr(one, name) for name in names}
        | about
        | amounts
        | {"advanced": _money(Money(one.drawn_minor, one.currency))}
    )


def _receipt(row: Any) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, "media_type": row.media_type, "size_bytes": row.size_bytes}


def _outlay(one: Any) -> dict[str, Any]:
    names = ("purpose", "state", "reason", "asked_at")
    about = {"id": one.pk, "activity": one.activity_id, "asked_by": one.membership.name, "amount": _money(one.amount)}
    return {name: getattr(one, name) for name in names} | about | {"receipts": [_receipt(row) for row in queries.receipts(one)]}


@router.get("", response=schemas.ActivitiesOut, summary="Your activities")
def mine(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    """Those you manage, take part in or advise."""
    if not queries.has_to_do_with(request.by):
        raise Http404
    found = page(queries.of_person(request.by), cursor=cursor, limit=limit)
    balances, unit = queries.balances(queries.terms.currency()), queries.terms.currency()
    return {"items": [_row(one, balances.get(one.holder) or Money(0, unit)) for one in found.items], "next": found.next}


@router.get("/all", response=schemas.ActivitiesOut, summary="All activities, for the offices")
def everybodys(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(OFFICE)
    found = page(queries.activities(), cursor=cursor, limit=limit)
    balances, unit = queries.balances(queries.terms.currency()), queries.terms.currency()
    return {"items": [_row(one, balances.get(one.holder) or Money(0, unit)) for one in found.items], "next": found.next}


@router.post("", response={201: schemas.ActivityWhole}, summary="Open an activity")
def open_activity(request: CoopRequest, given: schemas.NameIn) -> Any:
    return Status(201, _whole(request, services.open_activity(**given.dict(), by=request.by, at=request.now)))


@router.get("/calculator", auth=None, response=schemas.WorkedOut, summary="From an invoice to a net wage, and back")
def calculator(request: CoopRequest, minor: int = 0, kind: Literal["price", "cost", "gross", "net"] = "price") -> Any:
    """Say which amount is known: an invoice before VAT, what is there for labor, a gross or a net wage."""
    request.by.must(CALCULATE)
    if not queries.terms.employs() or not 0 < minor <= 10**12:
        raise Http404
    one = queries.terms.worked_out(kind, Money(minor, queries.terms.currency()), queries.today(request.now))
    wage = {name: _money(one.money(getattr(one.wage, name))) for name in
            ("cost", "employer", "provisions", "gross", "worker", "tax", "net")}  # fmt: skip
    return {"price": _money(one.price), "fee": _money(one.fee), "labor": _money(one.labor), "rest": _money(one.rest), **wage}


@router.get("/trades", auth=None, response=list[schemas.TradeOut], summary="The trades, and the least a day of each brings today")
@bounded("the trades that the bylaws name")
def trades(request: CoopRequest) -> Any:
    request.by.must(CALCULATE)
    if not queries.terms.employs():
        raise Http404
    day, unit, known = queries.today(request.now), queries.terms.currency(), queries.terms.trades()
    return [{"id": one, "name": name, "floor": _money(Money(queries.terms.floor_of(one, day, day), unit))} for one, name in known]


@router.get("/office", response=schemas.OfficeOut, summary="The guarantee fund, and what clients owe")
def office(request: CoopRequest) -> Any:
    request.by.must(OFFICE)
    found = queries.office(request.now, queries.terms.currency())
    owed = [
        {"order": one.pk, "number": one.number, "client": one.client_name, "amount": _money(one.gross), "due_on": one.due_on,
         "days_late": late, "advanced": _money(queries.advanced(one))}
        for one, late in found.owed
    ]  # fmt: skip
    return {
        "free": _money(found.free), "advanced": _money(found.advanced), "foreseen": _money(found.foreseen), "owed": owed,
        "coverage_days": found.coverage_days, "short": [_contract(one) for one in found.short],
    }  # fmt: skip


@router.post("/office/fund", response=schemas.AmountOut, summary="Put money into the guarantee fund")
def put_in(request: CoopRequest, given: schemas.PutIn, idempotency_key: Header[str]) -> Any:
    """Answers with what is free in the fund afterwards. It comes out for wages and lost invoices only."""
    key = f"api:{request.by.person_id}:{idempotency_key[:60]}"
    amount = Money(given.minor, queries.terms.currency())
    return _money(services.put_in(amount=amount, key=key, by=request.by, at=request.now))


@router.get("/quotes/{token}", auth=None, response=schemas.QuoteOut, summary="A quote, for its client")
def quote(request: CoopRequest, token: str) -> Any:
    """Whoever holds the address from the letter is the client."""
    return _quote(request, _at(token))


def _at(token: str) -> Any:
    if (found := queries.at_token(token)) is None:
        raise Http404
    return found


def _quote(request: CoopRequest, one: Any) -> dict[str, Any]:
    names = ("number", "title", "state", "first_day", "last_day", "lines", "note", "confirmed_at", "confirmed_name", "due_on")
    paying = queries.payment(one)
    return {name: getattr(one, name) for name in names} | {
        "coop": request.coop.name, "net": _money(one.net), "vat": _money(one.vat), "total": _money(one.gross),
        "digest": queries.digest(one), "reference": paying.reference if paying else "",
    }  # fmt: skip


@router.post("/quotes/{token}/confirm", auth=None, response=schemas.QuoteOut, summary="Say yes to a quote, as its client")
def confirm(request: CoopRequest, token: str, given: schemas.ConfirmIn) -> Any:
    return _quote(request, services.confirm(assignment=_at(token), **given.dict(), by=request.by, at=request.now))


@router.post("/quotes/{token}/decline", auth=None, response=schemas.QuoteOut, summary="Say no to a quote, as its client")
def decline_quote(request: CoopRequest, token: str) -> Any:
    return _quote(request, services.decline_quote(assignment=_at(token), by=request.by, at=request.now))


@router.get("/quotes/{token}/invoice", auth=None, response={200: str}, summary="The invoice, for its client (PDF)")
def quote_pdf(request: CoopRequest, token: str) -> Any:
    return _pdf(request, _at(token), is_client=True)


def _pdf(request: CoopRequest, found: Any, *, is_client: bool = False) -> HttpResponse:
    if found.invoice is None:
        raise Http404
    data = services.invoice_of(assignment=found, by=request.by, is_client=is_client)
    return HttpResponse(data, content_type="application/pdf")


@router.get("/orders/{int:pk}", response=schemas.OrderOut, summary="One order of a client")
def order(request: CoopRequest, pk: int) -> Any:
    return _order_whole(_order(request, pk))


@router.get("/orders/{int:pk}/invoice", response={200: str}, summary="The invoice of an order (PDF)")
def order_pdf(request: CoopRequest, pk: int) -> Any:
    return _pdf(request, _order(request, pk))


@router.post("/orders/{int:pk}/send", response=schemas.OrderOut, summary="Send a quote to its client")
def send(request: CoopRequest, pk: int) -> Any:
    return _order_whole(services.send(assignment=_order(request, pk), by=request.by, at=request.now))


@router.post("/orders/{int:pk}/drop", response=schemas.OrderOut, summary="Let go of an order that was not invoiced")
def drop(request: CoopRequest, pk: int) -> Any:
    return _order_whole(services.drop(assignment=_order(request, pk), by=request.by, at=request.now))


@router.post("/orders/{int:pk}/invoice", response=schemas.OrderOut, summary="Invoice an order in the name of the co-op")
def invoice(request: CoopRequest, pk: int) -> Any:
    """No new money enters an activity whose manager is no member: then it is refused. Asked again, it happens once."""
    return _order_whole(services.invoice(assignment=_order(request, pk), by=request.by, at=request.now))


@router.post("/orders/{int:pk}/give-up", response=schemas.OrderOut, summary="Say that the client will never pay")
def give_up(request: CoopRequest, pk: int, given: schemas.ReasonIn) -> Any:
    """For the treasurer and the board. The guarantee fund bears what it advanced, the co-op the rest."""
    found = services.give_up(assignment=_order(request, pk), reason=given.reason, by=request.by, at=request.now)
    return _order_whole(found)


@router.post("/contracts/{int:pk}/cancel", response=schemas.ContractOut, summary="Call a contract off before it begins")
def cancel(request: CoopRequest, pk: int) -> Any:
    found = queries.contract(pk)
    if found is None or not request.by.may(SEE, found.activity):
        raise Http404
    return _contract(services.cancel(contract=found, by=request.by, at=request.now))


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
    return Status(201, _receipt(made))


@router.post("/outlays/{int:pk}/approve", response=schemas.OutlayOut, summary="Have an outlay paid back, as the adviser")
def approve(request: CoopRequest, pk: int) -> Any:
    return _outlay(services.approve(outlay=_outlay_at(request, pk), by=request.by, at=request.now))


@router.post("/outlays/{int:pk}/decline", response=schemas.OutlayOut, summary="Decline an outlay, and say why")
def decline(request: CoopRequest, pk: int, given: schemas.ReasonIn) -> Any:
    return _outlay(
        services.decline(outlay=_outlay_at(request, pk), reason=given.reason, by=request.by, at=request.now)
    )  # fmt: skip


@router.get("/{int:pk}", response=schemas.ActivityWhole, summary="One activity, with what it has")
def activity(request: CoopRequest, pk: int) -> Any:
    return _whole(request, _activity(request, pk))


@router.post("/{int:pk}/people", response=schemas.ActivityWhole, summary="Let somebody manage it too, or take part")
def seat(request: CoopRequest, pk: int, given: schemas.SeatIn) -> Any:
    found = _activity(request, pk)
    services.seat(activity=found, **given.dict(), by=request.by, at=request.now)
    return _whole(request, found)


@router.delete("/{int:pk}/people/{int:person}", response=schemas.ActivityWhole, summary="Take somebody’s seat away")
def unseat(request: CoopRequest, pk: int, person: int) -> Any:
    found = _activity(request, pk)
    services.unseat(activity=found, person_id=person, by=request.by, at=request.now)
    return _whole(request, found)


@router.post("/{int:pk}/adviser", response=schemas.ActivityWhole, summary="Name who advises an activity")
def adviser(request: CoopRequest, pk: int, given: schemas.AdviserIn) -> Any:
    found = services.name_adviser(activity=_activity(request, pk), email=given.email, by=request.by, at=request.now)
    return _whole(request, found)


@router.post("/{int:pk}/transfers", response=schemas.AmountOut, summary="Move money to another activity, without a fee")
def transfer(request: CoopRequest, pk: int, given: schemas.TransferIn, idempotency_key: Header[str]) -> Any:
    """Answers with what is left."""
    found = _activity(request, pk)
    if (target := queries.activity(given.target)) is None:
        raise Http404
    key = f"api:{request.by.person_id}:{idempotency_key[:60]}"
    amount = Money(given.minor, found.currency)
    left = services.transfer(source=found, target=target, amount=amount, key=key, by=request.by, at=request.now)
    return _money(left)


@router.get("/{int:pk}/orders", response=schemas.OrdersOut, summary="What clients ordered of an activity, the newest first")
def orders(request: CoopRequest, pk: int, cursor: str | None = None, limit: int = 50) -> Any:
    found = page(queries.assignments().filter(activity=_activity(request, pk)), cursor=cursor, limit=limit)
    return {"items": [_order_row(one) for one in found.items], "next": found.next}


@router.post("/{int:pk}/orders", response={201: schemas.OrderOut}, summary="Write a quote")
def write_quote(request: CoopRequest, pk: int, given: schemas.QuoteIn) -> Any:
    """Nobody has seen it until it is sent."""
    found = _activity(request, pk)
    said = given.dict(exclude={"lines", "client"})
    lines = [services.Line(line.text, line.minor) for line in given.lines]
    client = services.Client(**given.client.dict())
    made = services.write_quote(activity=found, **said, lines=lines, client=client, by=request.by, at=request.now)
    return Status(201, _order_whole(made))


@router.get("/{int:pk}/contracts", response=schemas.ContractsOut, summary="Contracts of work, the newest first")
def contracts(request: CoopRequest, pk: int, cursor: str | None = None, limit: int = 50) -> Any:
    found = page(queries.contracts().filter(activity=_activity(request, pk)), cursor=cursor, limit=limit)
    return {"items": [_contract(one) for one in found.items], "next": found.next}


@router.post("/{int:pk}/contracts", response={201: schemas.ContractOut}, summary="Sign a contract of work")
def engage(request: CoopRequest, pk: int, given: schemas.ContractIn) -> Any:
    """Refused below the floor of the trade (`below_floor`), with the floor and the two ways out."""
    found = _activity(request, pk)
    worker = next((one for one in queries.workers(found) if one.pk == given.worker), None)
    order = queries.assignment(given.order) if given.order is not None else None
    if worker is None or (given.order is not None and (order is None or order.activity_id != found.pk)):
        raise Http404
    said = given.dict(exclude={"worker", "minor", "order"})
    amount = Money(given.minor, found.currency)
    made = services.engage(activity=found, worker=worker, assignment=order, amount=amount, **said, by=request.by, at=request.now)
    return Status(201, _contract(made))


@router.get("/{int:pk}/outlays", response=schemas.OutlaysOut, summary="What was bought for an activity, the newest first")
def outlays(request: CoopRequest, pk: int, cursor: str | None = None, limit: int = 50) -> Any:
    found = page(queries.outlays(_activity(request, pk)), cursor=cursor, limit=limit)
    return {"items": [_outlay(one) for one in found.items], "next": found.next}


@router.post("/{int:pk}/outlays", response={201: schemas.OutlayOut}, summary="Have something paid back out of the budget")
def ask(request: CoopRequest, pk: int, given: schemas.OutlayIn) -> Any:
    """Attach the receipt afterwards."""
    found = _activity(request, pk)
    amount = Money(given.minor, found.currency)
    return Status(201, _outlay(services.ask(activity=found, purpose=given.purpose, amount=amount, by=request.by, at=request.now)))
