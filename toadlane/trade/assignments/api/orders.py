"""Orders of clients over REST: for those of the activity, and, at a signed address, for the client."""

from typing import Any

from django.http import Http404, HttpResponse
from ninja import Header

from toadlane.kernel.money import Money
from toadlane.plumbing.access.files import answers_with
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.assignments import queries, schemas, services
from toadlane.trade.assignments.api.common import money_of, note_of, order_at, order_whole, quote_of, remark_of, router


@router.get("/quotes/{token}", auth=None, response=schemas.QuoteOut, summary="A quote, for its client")
def quote(request: CoopRequest, token: str) -> Any:
    """Whoever holds the address from the letter is the client."""
    return _quote(request, _at(token))


def _at(token: str) -> Any:
    if (found := queries.at_token(token)) is None:
        if queries.newer(token):
            raise services.NewerQuote
        raise Http404
    return found


def _quote(request: CoopRequest, one: Any) -> dict[str, Any]:
    names = ("number", "title", "state", "first_day", "last_day", "lines", "note", "confirmed_at", "confirmed_name", "due_on")
    paying = queries.payment(one)
    return {name: getattr(one, name) for name in names} | {
        "coop": request.coop.name, "net": money_of(one.net), "vat": money_of(one.vat), "total": money_of(one.gross),
        "digest": queries.digest(one), "reference": paying.reference if paying else "",
        "received": money_of(one.received), "to_pay": money_of(one.to_pay if one.invoice else one.gross),
        "credit_notes": [note_of(note) for note in queries.credit_notes(one)],
        "remarks": [remark_of(row) for row in queries.remarks(one)],
    }  # fmt: skip


@router.post("/quotes/{token}/confirm", auth=None, response=schemas.QuoteOut, summary="Say yes to a quote, as its client")
def confirm(request: CoopRequest, token: str, given: schemas.ConfirmIn) -> Any:
    return _quote(request, services.confirm(assignment=_at(token), **given.dict(), by=request.by, at=request.now))


@router.post("/quotes/{token}/decline", auth=None, response=schemas.QuoteOut, summary="Say no to a quote, as its client")
def decline_quote(request: CoopRequest, token: str, given: schemas.DeclineIn | None = None) -> Any:
    """Saying why is up to the client."""
    reason = given.reason if given else ""
    return _quote(request, services.decline_quote(assignment=_at(token), reason=reason, by=request.by, at=request.now))


@router.post("/quotes/{token}/ask", auth=None, response=schemas.QuoteOut, summary="Ask something about a quote, as its client")
def ask_about(request: CoopRequest, token: str, given: schemas.TextIn) -> Any:
    """It goes to whoever manages the activity. Twenty of them at most."""
    found = _at(token)
    services.ask_about(assignment=found, text=given.text, by=request.by, at=request.now)
    return _quote(request, found)


@router.get(
    "/quotes/{token}/credit-notes/{int:note}", auth=None, response={200: str}, summary="A credit note, for its client (PDF)"
)
@answers_with("application/pdf")
def quote_credit_pdf(request: CoopRequest, token: str, note: int) -> Any:
    return _note_pdf(request, _at(token), note, is_client=True)


def _note_pdf(request: CoopRequest, found: Any, pk: int, *, is_client: bool = False) -> HttpResponse:
    note = queries.credit_note(found, pk)
    if note is None:
        raise Http404
    data = services.credit_note_of(note=note, by=request.by, is_client=is_client)
    return HttpResponse(data, content_type="application/pdf")


@router.get("/quotes/{token}/invoice", auth=None, response={200: str}, summary="The invoice, for its client (PDF)")
@answers_with("application/pdf")
def quote_pdf(request: CoopRequest, token: str) -> Any:
    return _pdf(request, _at(token), is_client=True)


def _pdf(request: CoopRequest, found: Any, *, is_client: bool = False) -> HttpResponse:
    if found.invoice is None:
        raise Http404
    data = services.invoice_of(assignment=found, by=request.by, is_client=is_client)
    return HttpResponse(data, content_type="application/pdf")


@router.get("/orders/{int:pk}", response=schemas.OrderOut, summary="One order of a client")
def order(request: CoopRequest, pk: int) -> Any:
    return order_whole(order_at(request, pk))


@router.get("/orders/{int:pk}/invoice", response={200: str}, summary="The invoice of an order (PDF)")
@answers_with("application/pdf")
def order_pdf(request: CoopRequest, pk: int) -> Any:
    return _pdf(request, order_at(request, pk))


@router.post("/orders/{int:pk}/send", response=schemas.OrderOut, summary="Send a quote to its client")
def send(request: CoopRequest, pk: int) -> Any:
    return order_whole(services.send(assignment=order_at(request, pk), by=request.by, at=request.now))


@router.post("/orders/{int:pk}/drop", response=schemas.OrderOut, summary="Let go of an order that was not invoiced")
def drop(request: CoopRequest, pk: int) -> Any:
    return order_whole(services.drop(assignment=order_at(request, pk), by=request.by, at=request.now))


@router.post("/orders/{int:pk}/invoice", response=schemas.OrderOut, summary="Invoice an order in the name of the co-op")
def invoice(request: CoopRequest, pk: int) -> Any:
    """No new money enters an activity whose manager is no member: then it is refused. Asked again, it happens once."""
    return order_whole(services.invoice(assignment=order_at(request, pk), by=request.by, at=request.now))


@router.post("/orders/{int:pk}/give-up", response=schemas.OrderOut, summary="Say that the client will never pay")
def give_up(request: CoopRequest, pk: int, given: schemas.ReasonIn) -> Any:
    """For the treasurer and the board. The guarantee fund bears what it advanced, the co-op the rest."""
    found = services.give_up(assignment=order_at(request, pk), reason=given.reason, by=request.by, at=request.now)
    return order_whole(found)


@router.put("/orders/{int:pk}", response=schemas.OrderOut, summary="Change a quote that nobody has confirmed")
def revise(request: CoopRequest, pk: int, given: schemas.QuoteIn) -> Any:
    """What the client was sent is kept, and its address says that there is a newer quote. Send the new one."""
    found = services.revise(assignment=order_at(request, pk), **quote_of(given), by=request.by, at=request.now)
    return order_whole(found)


@router.post("/orders/{int:pk}/answer", response=schemas.OrderOut, summary="Answer what a client asked")
def answer(request: CoopRequest, pk: int, given: schemas.TextIn) -> Any:
    found = order_at(request, pk)
    services.answer(assignment=found, text=given.text, by=request.by, at=request.now)
    return order_whole(found)


@router.post("/orders/{int:pk}/credit-notes", response=schemas.OrderOut, summary="Issue a credit note for an invoice, or a part")
def credit(request: CoopRequest, pk: int, given: schemas.CreditIn, idempotency_key: Header[str]) -> Any:
    """What the activity was given for it comes out of its budget; who bears what it lacks, whoever keeps the fund says."""
    found = order_at(request, pk)
    amount = Money(given.minor, found.currency) if given.minor is not None else None
    services.credit(assignment=found, amount=amount, reason=given.reason, key=_key(request, idempotency_key), **_who(request))
    return order_whole(queries.assignment(pk))


def _key(request: CoopRequest, key: str) -> str:
    return f"api:{request.by.person_id}:{key[:60]}"


def _who(request: CoopRequest) -> dict[str, Any]:
    return {"by": request.by, "at": request.now}


@router.get("/orders/{int:pk}/credit-notes/{int:note}", response={200: str}, summary="A credit note of an order (PDF)")
@answers_with("application/pdf")
def order_credit_pdf(request: CoopRequest, pk: int, note: int) -> Any:
    return _note_pdf(request, order_at(request, pk), note)


@router.post("/orders/{int:pk}/give-back", response=schemas.OrderOut, summary="Give a client back what they have with the co-op")
def give_back(request: CoopRequest, pk: int) -> Any:
    """For the treasurer and the board. One person sends it, another confirms, as with every refund by hand."""
    found = order_at(request, pk)
    services.give_back(assignment=found, **_who(request))
    return order_whole(found)


@router.post(
    "/orders/{int:pk}/set-off", response=schemas.OrderOut, summary="Put a client’s credit against another invoice of theirs"
)
def set_off(request: CoopRequest, pk: int, given: schemas.SetOffIn, idempotency_key: Header[str]) -> Any:
    """Answers with the other order."""
    found, target = order_at(request, pk), order_at(request, given.target)
    key = _key(request, idempotency_key)
    return order_whole(services.set_off(assignment=found, target=target, key=key, **_who(request)))
