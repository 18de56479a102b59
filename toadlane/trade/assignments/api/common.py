"""How what is in this room is written in answers."""

from typing import Any

from django.http import Http404
from ninja import Router

from toadlane.kernel.money import Money
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.assignments import queries, schemas, services
from toadlane.trade.assignments.permissions import SEE
from toadlane.ui import formats

router = Router(tags=["activities"])


def money_of(amount: Money) -> dict[str, Any]:
    return {"minor": amount.minor, "currency": amount.currency, "text": formats.money(amount)}


def activity_at(request: CoopRequest, pk: int) -> Any:
    found = queries.activity(pk)
    if found is None or not request.by.may(SEE, found):
        raise Http404
    return found


def order_at(request: CoopRequest, pk: int) -> Any:
    found = queries.assignment(pk)
    if found is None or not request.by.may(SEE, found.activity):
        raise Http404
    return found


def activity_row(one: Any, balance: Money) -> dict[str, Any]:
    return {
        "id": one.pk, "name": one.name, "manager": one.manager.name, "adviser": one.adviser.name if one.adviser else "",
        "balance": money_of(balance), "opened_at": one.opened_at,
    }  # fmt: skip


def activity_whole(request: CoopRequest, one: Any) -> dict[str, Any]:
    shown = queries.page(one, request.by)
    people = [{"person": seat.person_id, "name": seat.person.name, "role": seat.role} for seat in shown.people]
    more = {"available": money_of(shown.available), "is_open": shown.is_open, "people": people}
    return activity_row(one, shown.balance) | more


def order_row(one: Any) -> dict[str, Any]:
    names = ("number", "title", "state", "due_on")
    about = {"id": one.pk, "activity": one.activity_id, "client": one.client_name}
    return {name: getattr(one, name) for name in names} | about | {"net": money_of(one.net), "total": money_of(one.gross)}


def order_whole(one: Any) -> dict[str, Any]:
    names = ("trade", "first_day", "last_day", "lines", "vat_rate", "confirmed_at", "confirmed_name", "confirmed_digest",
             "paid_at", "defaulted_at")  # fmt: skip
    paying = queries.payment(one)
    return order_row(one) | {name: getattr(one, name) for name in names} | {
        "vat": money_of(one.vat), "fee": money_of(one.fee), "labor": money_of(one.labor), "owed": money_of(queries.owed(one)),
        "advanced": money_of(queries.advanced(one)), "not_guaranteed": queries.why_not_guaranteed(one), "invoice": one.invoice_id,
        "reference": paying.reference if paying else "", "reminders": one.reminders.count(), "version": one.version,
        "received": money_of(one.received), "credited": money_of(one.credited), "credit": money_of(queries.credit_of(one)),
        "credit_notes": [note_of(note) for note in queries.credit_notes(one)],
        "remarks": [remark_of(row) for row in queries.remarks(one)],
    }  # fmt: skip


def note_of(note: Any) -> dict[str, Any]:
    names = ("reason", "at")
    amounts = {"amount": note.gross, "back": note.back, "lost": note.lost}
    about = {"id": note.pk, "number": note.invoice.number, "invoice": note.invoice_id}
    return {name: getattr(note, name) for name in names} | about | {name: money_of(one) for name, one in amounts.items()}


def remark_of(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("text", "is_clients", "made_at")}


def quote_of(given: schemas.QuoteIn) -> dict[str, Any]:
    """Return what services ask of a quote, out of what was sent."""
    lines = [services.Line(line.text, line.minor) for line in given.lines]
    return given.dict(exclude={"lines", "client"}) | {"lines": lines, "client": services.Client(**given.client.dict())}


def contract_of(one: Any) -> dict[str, Any]:
    names = ("trade", "first_day", "last_day", "days", "part", "pay_by", "state", "paid_at")
    about = {"id": one.pk, "activity": one.activity_id, "order": one.assignment_id, "worker": one.membership.name}
    amounts = {name: money_of(getattr(one, name)) for name in ("cost", "gross", "net")}
    return (
        {name: getattr(one, name) for name in names}
        | about
        | amounts
        | {"advanced": money_of(Money(one.drawn_minor, one.currency))}
    )


def receipt_of(row: Any) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, "media_type": row.media_type, "size_bytes": row.size_bytes}


def outlay_of(one: Any) -> dict[str, Any]:
    names = ("purpose", "state", "reason", "asked_at")
    about = {"id": one.pk, "activity": one.activity_id, "asked_by": one.membership.name, "amount": money_of(one.amount)}
    return {name: getattr(one, name) for name in names} | about | {"receipts": [receipt_of(row) for row in queries.receipts(one)]}
