"""Invoices and credit notes, and what stands on them."""

from typing import Any

from django.http import Http404, HttpResponse
from ninja import Header, Router, Status

from toadlane.money.invoicing import permissions, queries, schemas, services
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.files import answers_with
from toadlane.plumbing.access.lists import bounded
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.members import queries as members
from toadlane.society.members.permissions import DESK

router = Router(tags=["invoices"])
BIG = 2**63
EARLIEST, LATEST = 2000, 9990


@router.get("/particulars", response=list[schemas.KnownParticularsOut], summary="What stands on your invoices")
@bounded("one for each membership of yours")
def particulars(request: CoopRequest) -> Any:
    """What was said last for each of your memberships; for who sees all invoices, of the co-op too (without a membership)."""
    request.by.must(DESK)
    known: list[Any] = list(queries.latest_particulars(sorted(request.by.memberships)).values())
    if request.by.may(permissions.SEE_ALL) and (own := queries.particulars_of(None)):
        known.append(own)
    if not known and not request.by.memberships:
        raise Http404
    return known


@router.put("/particulars", response=schemas.ParticularsOut, summary="Say what stands on your invoices, or the co-op’s")
def give(request: CoopRequest, data: schemas.ParticularsIn) -> Any:
    facts = data.dict()
    wanted = facts.pop("membership")
    who = None
    if wanted is not None:
        who = members.register().filter(pk=wanted).first() if wanted in request.by.memberships else None
        if who is None:
            raise Http404
    return services.give(membership=who, said=services.Said(**facts), by=request.by, at=request.now)


@router.get("", response=schemas.InvoicesOut, summary="Your invoices, the newest first")
def mine(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(DESK)
    page = paging.page(queries.visible(request.by), cursor=cursor, limit=limit, order=("-pk",))
    return {"items": page.items, "next": page.next}


@router.get("/all", response=schemas.InvoicesOut, summary="All invoices of the co-op, the newest first")
def everybodys(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(permissions.SEE_ALL)
    page = paging.page(queries.invoices(), cursor=cursor, limit=limit, order=("-pk",))
    return {"items": page.items, "next": page.next}


@router.get("/received", response=schemas.ReceivedPageOut, summary="Invoices that others wrote to the co-op, the newest first")
def received(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(permissions.SEE_ALL)
    page = paging.page(queries.received(), cursor=cursor, limit=limit, order=("-pk",))
    return {"items": page.items, "next": page.next}


@router.post("/received", response={201: schemas.ReceivedOut}, summary="Read an invoice that somebody else wrote (UBL or CII)")
def receive(request: CoopRequest, data: schemas.ReceivedIn, idempotency_key: Header[str] = "") -> Any:
    """The same file again is the same invoice."""
    return Status(201, services.receive(data=data.xml.encode(), by=request.by, at=request.now))


@router.get("/received/{pk}/xml", response={200: str}, summary="An invoice as it came")
@answers_with("application/xml")
def received_xml(request: CoopRequest, pk: int) -> Any:
    request.by.must(permissions.SEE_ALL)
    found = queries.received_one(pk) if 0 < pk < BIG else None
    if found is None:
        raise Http404
    return HttpResponse(bytes(found.xml), content_type="application/xml")


@router.get("/taxed/{year}", response=list[schemas.TaxedOut], summary="What the co-op’s own invoices taxed in a year")
@bounded("one for each rate of tax")
def taxed(request: CoopRequest, year: int) -> Any:
    request.by.must(permissions.SEE_ALL)
    if not EARLIEST <= year <= LATEST:
        raise Http404
    return queries.taxed(year)


def _invoice(request: CoopRequest, pk: int) -> Any:
    found = queries.find(pk) if 0 < pk < BIG else None
    if found is None or not request.by.may(permissions.SEE, found):
        raise Http404
    return found


@router.get("/{pk}", response=schemas.InvoiceOut, summary="One invoice")
def invoice(request: CoopRequest, pk: int) -> Any:
    return _invoice(request, pk)


@router.get("/{pk}/xml", response={200: str}, summary="The document as EN 16931 has it (CII)")
@answers_with("application/xml")
def xml(request: CoopRequest, pk: int) -> Any:
    return HttpResponse(bytes(_invoice(request, pk).xml), content_type="application/xml")


@router.get("/{pk}/ubl", response={200: str}, summary="The same in UBL 2.1")
@answers_with("application/xml")
def ubl(request: CoopRequest, pk: int) -> Any:
    return HttpResponse(queries.as_ubl(_invoice(request, pk)), content_type="application/xml")


@router.get("/{pk}/pdf", response={200: str}, summary="The same on paper, with the document inside (Factur-X)")
@answers_with("application/pdf")
def pdf(request: CoopRequest, pk: int) -> Any:
    return HttpResponse(services.printed(invoice=_invoice(request, pk), by=request.by), content_type="application/pdf")
