"""What members lend to the co-op."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse
from ninja import Header, Router

from toadlane.ownership.lending import permissions, queries, schemas, services
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.files import answers_with
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.members import queries as members

router = Router(tags=["loans"])
BIG = 2**63


def _told(one: Any, stood: Any) -> dict[str, Any]:
    names = ("currency", "months", "state", "reason", "received_on", "ends_on")
    return {name: getattr(one, name) for name in names} | {
        "id": one.pk, "membership": one.membership_id, "amount_minor": one.principal_minor,
        "interest": f"{one.interest.normalize():f}", "owed_minor": stood.principal.minor,
        "interest_owed_minor": stood.interest.minor,
    }  # fmt: skip


def _one(loan: Any) -> dict[str, Any]:
    lines = ("kind", "on", "principal_minor", "interest_minor")
    told = [{name: getattr(line, name) for name in lines} for line in loan.movements.all()]
    return _told(loan, queries.standings([loan])[loan.pk]) | {"movements": told}


def _loan(request: CoopRequest, pk: int) -> Any:
    """Return a loan that the one who asks may see; anybody else's is not there."""
    found = queries.loan(pk) if 0 < pk < BIG else None
    if found is None or not request.by.may(permissions.SEE, found.membership):
        raise Http404
    return found


@router.get("", response=schemas.LoansOut, summary="Loans, the newest first: yours, or all for an office")
def loans(request: CoopRequest, cursor: str | None = None, limit: int = 50) -> Any:
    whose = None if request.by.may(permissions.REGISTER) else sorted(request.by.memberships)
    if whose == []:
        request.by.must(permissions.REGISTER)
    page = paging.page(queries.loans(membership_ids=whose), cursor=cursor, limit=limit, order=("-pk",))
    stood = queries.standings(page.items)
    return {"items": [_told(one, stood[one.pk]) for one in page.items], "next": page.next}


@router.post("", response={201: schemas.OneLoanOut}, summary="Offer a loan to the co-op")
def offer(request: CoopRequest, data: schemas.OfferIn, idempotency_key: Header[str] = "") -> Any:
    """Within what the bylaws allow: `lending.ceiling`, `lending.most_interest` and `lending.most_months`."""
    own = members.register().filter(pk=data.membership).first() if data.membership in request.by.memberships else None
    if own is None:
        raise Http404
    key = f"api:{request.by.person_id}:{idempotency_key or uuid4()}"
    made = services.offer(
        membership=own, minor=data.amount_minor, interest=data.interest, months=data.months, key=key[:120], by=request.by,
        at=request.now,
    )  # fmt: skip
    return 201, _one(made)


@router.get("/{int:pk}", response=schemas.OneLoanOut, summary="One loan with its movements")
def loan(request: CoopRequest, pk: int) -> Any:
    return _one(_loan(request, pk))


@router.get("/{int:pk}/pdf", response={200: str}, summary="Its statement as a PDF to print")
@answers_with("application/pdf")
def loan_pdf(request: CoopRequest, pk: int) -> Any:
    made = services.printed(loan=_loan(request, pk), by=request.by, at=request.now)
    return HttpResponse(made, content_type="application/pdf")


@router.post("/{int:pk}/agree", response=schemas.OneLoanOut, summary="Agree to a loan, for the board or the treasurer")
def agree(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    return _one(services.agree(loan=_loan(request, pk), by=request.by, at=request.now))


@router.post("/{int:pk}/decline", response=schemas.OneLoanOut, summary="Say that the co-op does not take it, and why")
def decline(request: CoopRequest, pk: int, data: schemas.ReasonIn, idempotency_key: Header[str] = "") -> Any:
    return _one(services.decline(loan=_loan(request, pk), reason=data.reason, by=request.by, at=request.now))


@router.post("/{int:pk}/withdraw", response=schemas.OneLoanOut, summary="Take an offer of yours back")
def withdraw(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    return _one(services.withdraw(loan=_loan(request, pk), by=request.by, at=request.now))


@router.post("/{int:pk}/bring", response={201: schemas.BroughtOut}, summary="Begin to pay in what was agreed")
def bring(request: CoopRequest, pk: int, data: schemas.MethodIn, idempotency_key: Header[str] = "") -> Any:
    """By transfer with the reference of the answer, or in cash that two people confirm."""
    made = services.bring(loan=_loan(request, pk), method=data.method, by=request.by, at=request.now)
    about = {"amount_minor": made.amount.minor, "currency": made.amount.currency}
    return 201, {"payment": str(made.pk), "reference": made.reference, **about}
