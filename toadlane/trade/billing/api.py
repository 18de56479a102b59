"""What sellers earned, by quarter, for the yearly report (DAC7)."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpResponse
from ninja import Header, Router

from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing import services as invoices
from toadlane.money.invoicing.permissions import SEE
from toadlane.plumbing.access.files import answers_with
from toadlane.plumbing.access.lists import bounded, each, paged
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.members.permissions import DESK
from toadlane.trade.billing import permissions, queries, schemas, services
from toadlane.trade.orders import queries as orders
from toadlane.trade.orders.permissions import SEE as SEE_ORDER

router = Router(tags=["invoices"])
of_orders = Router(tags=["invoices"])
Token = Annotated[str | None, Header(alias="Order-Token", max_length=200, description="Of a guest: it opens one order.")]
EARLIEST, LATEST = 2000, 9990


def _known(year: int) -> int:
    if not EARLIEST <= year <= LATEST:
        raise Http404
    return year


def facts(record: queries.Record) -> dict[str, Any]:
    known = record.particulars
    said = {name: getattr(known, name, None) or "" for name in ("country", "tax_number", "vat_number", "registration")}
    address = ", ".join(part for part in (known.street, f"{known.postcode} {known.city}".strip()) if part) if known else ""
    return {
        "membership": record.membership.pk, "name": record.membership.name, "legal_name": known.name if known else "",
        "address": address, **said, "born_on": known.born_on if known else None, "kind": record.kind,
        "place": record.place,
        "currency": record.currency, "status": record.status, "quarters": {q: vars(one) for q, one in record.quarters.items()},
    }  # fmt: skip


@router.get("/payouts/{uuid:pk}", response=schemas.PayoutStatementOut, summary="What a payout is made of, to the order line")
def payout(request: CoopRequest, pk: UUID) -> Any:
    """From the payout before it to its own: what stood, what came and went, what stands."""
    request.by.must(DESK)
    made = queries.statement_for(pk, request.by)
    if made is None:
        raise Http404
    found = made.payout
    lines = [
        {"at": one.at, "label": one.label, "minor": one.amount.minor,
         "parts": [{"text": text, "minor": amount.minor} for text, amount in one.parts]}
        for one in made.lines
    ]  # fmt: skip
    return {
        "payout": found.pk, "holder": found.holder, "state": found.state, "currency": found.currency, "is_cut": made.is_cut,
        "amount_minor": found.amount_minor, "opening_minor": made.opening.minor, "closing_minor": made.closing.minor,
        "lines": lines,
    }  # fmt: skip


@router.get("/{year}", response=list[schemas.RecordOut], summary="What each seller earned in a year, by quarter")
@paged("membership__name", "membership__pk", "kind", "currency", "place", tell=each(facts))
def sellers(request: CoopRequest, year: int) -> Any:
    request.by.must(permissions.REPORT)
    return queries.records(_known(year))


def _lack(one: Any) -> dict[str, Any]:
    return {
        "membership": one.membership.pk, "name": one.membership.name, "fields": one.fields, "is_withheld": one.is_withheld,
        **{name: getattr(one.request, name, None) for name in ("asked_at", "reminded_at", "warned_at")},
    }  # fmt: skip


@router.get("/{year}/missing", response=list[schemas.LackOut], summary="What the report of a year lacks, and who was asked")
@paged("membership__name", "membership__pk", tell=each(_lack))
def missing(request: CoopRequest, year: int) -> Any:
    request.by.must(permissions.REPORT)
    ids = (one.membership.pk for one in queries.records(_known(year)) if one.is_reported)
    return queries.lacking(ids, request.now)


@router.get("/{year}/reports", response=list[schemas.ReportOut], summary="What was handed in of a year, message by message")
@bounded("one for each report and correction that was made of a year")
def reports(request: CoopRequest, year: int) -> Any:
    request.by.must(permissions.REPORT)
    return queries.handed_in(_known(year))


@router.post("/{year}/reports", response={201: list[schemas.ReportOut]}, summary="Make what is to be handed in, and keep it")
def hand_in(request: CoopRequest, year: int, idempotency_key: Header[str] = "") -> Any:
    """The report of a year that is over. Later, whatever is different since: corrections refer to what was handed in."""
    return 201, services.hand_in(year=_known(year), by=request.by, at=request.now)


@router.get("/{year}/reports/{int:number}", response={200: str}, summary="One of the messages as XML, as it was handed in")
@answers_with("application/xml")
def handed_in(request: CoopRequest, year: int, number: int) -> Any:
    request.by.must(permissions.REPORT)
    found = queries.message_of(_known(year), number)
    if found is None:
        raise Http404
    return HttpResponse(bytes(found.xml), content_type="application/xml")


@router.get("/{year}/report", response={200: str}, summary="The report of a year as it is now, as XML (DPI, of OECD and EU)")
@answers_with("application/xml")
def report(request: CoopRequest, year: int) -> Any:
    """To look at. What is handed in is made under `reports`, and kept."""
    made = services.report(year=_known(year), by=request.by, at=request.now)
    return HttpResponse(made, content_type="application/xml")


@router.get("/{year}/mine/pdf", response={200: str}, summary="Your copy on paper")
@answers_with("application/pdf")
def mine_on_paper(request: CoopRequest, year: int) -> Any:
    made = services.copy_of(year=_known(year), by=request.by, at=request.now)
    return HttpResponse(made, content_type="application/pdf")


@router.get("/{year}/mine", response=list[schemas.RecordOut], summary="Your copy of what is reported of you")
@bounded("one for each membership of yours, kind of work and currency")
def mine(request: CoopRequest, year: int) -> Any:
    request.by.must(DESK)
    if not request.by.memberships:
        raise Http404
    return [facts(one) for one in queries.of_member(_known(year), request.by.memberships)]


def _of_order(request: CoopRequest, pk: int, token: str | None) -> list[Any]:
    """Return the invoices of an order that are for whoever asks: of the side they stand on, or its guest's by the token."""
    if token and (order_id := orders.order_id(token, request.coop.pk)):
        request.by = replace(request.by, order_id=order_id)
    order = orders.find(pk) if 0 < pk < 2**63 else None
    if order is None or not request.by.may(SEE_ORDER, order):
        raise Http404
    return [one for one in invoicing.invoices().filter(subject=order.subject).order_by("pk") if request.by.may(SEE, one)]


@of_orders.get("/{int:pk}", response=list[schemas.OrderInvoiceOut], summary="Invoices of an order, also for its guest", auth=None)
@bounded("of one order: one for each side, and what corrects it")
def order_invoices(request: CoopRequest, pk: int, token: Token = None) -> Any:
    return _of_order(request, pk, token)


def _one_of_order(request: CoopRequest, pk: int, invoice: int, token: str | None) -> Any:
    for one in _of_order(request, pk, token):
        if one.pk == invoice:
            return one
    raise Http404


@of_orders.get("/{int:pk}/{int:invoice}/pdf", response={200: str}, summary="One of them on paper (Factur-X)", auth=None)
@answers_with("application/pdf")
def order_invoice_pdf(request: CoopRequest, pk: int, invoice: int, token: Token = None) -> Any:
    one = _one_of_order(request, pk, invoice, token)
    return HttpResponse(invoices.printed(invoice=one, by=request.by), content_type="application/pdf")


@of_orders.get("/{int:pk}/{int:invoice}/xml", response={200: str}, summary="One of them as EN 16931 has it (CII)", auth=None)
@answers_with("application/xml")
def order_invoice_xml(request: CoopRequest, pk: int, invoice: int, token: Token = None) -> Any:
    return HttpResponse(bytes(_one_of_order(request, pk, invoice, token).xml), content_type="application/xml")
