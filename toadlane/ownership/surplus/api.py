"""A year's surplus and what members claim to have given."""

from typing import Any

from django.http import Http404, HttpResponse
from ninja import Header, Router

from toadlane.ownership.shares import queries as shares
from toadlane.ownership.surplus import permissions, queries, schemas, services
from toadlane.plumbing.access.files import answers_with
from toadlane.plumbing.access.lists import bounded, each, paged
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.members import queries as members

router = Router(tags=["surplus"])
BIG = 2**63


def _year(name: str) -> Any:
    found = queries.year(name)
    if found is None:
        raise Http404
    return found


@router.get("/years", response=list[schemas.YearInListOut], summary="Years that were worked out, the newest first")
@paged("-ends_on", "-pk")
def years(request: CoopRequest) -> Any:
    """Without facts, terms and results: ask for one year to read those."""
    request.by.must(permissions.SEE)
    return queries.years()


@router.post("/years", response={201: schemas.YearOut}, summary="Work a year out from the books and the rules in force")
def work_out(request: CoopRequest, data: schemas.WorkOutIn, idempotency_key: Header[str] = "") -> Any:
    """Done again it is worked out anew, until it is put to the members."""
    return 201, services.work_out(**data.dict(), by=request.by, at=request.now)


def _rate(one: Any) -> dict[str, Any]:
    names = ("base", "year", "source", "published_on", "recorded_at", "recorded_by")
    return {name: getattr(one, name) for name in names} | {"interest": f"{one.rate.normalize():f}"}


@router.get("/rates", response=list[schemas.RateOut], summary="Published rates that the law measures interest on shares by")
@bounded("one for each year and each correction of one, the newest fifty")
def rates(request: CoopRequest) -> Any:
    """The newest year first. Of two for one year the first one counts."""
    request.by.must(permissions.SEE)
    return [_rate(one) for one in queries.published_rates()]


@router.post("/rates", response={201: schemas.RateOut}, summary="Record which rate was published for a year")
def record_rate(request: CoopRequest, data: schemas.RateIn, idempotency_key: Header[str] = "") -> Any:
    """Said again otherwise it is a correction; both are kept."""
    return 201, _rate(services.record_rate(**data.dict(), by=request.by, at=request.now))


@router.get("/years/{name}", response=schemas.YearOut, summary="One year: facts, terms and every step")
def year(request: CoopRequest, name: str) -> Any:
    request.by.must(permissions.SEE)
    return _year(name)


@router.post("/years/{name}/put", response=schemas.YearOut, summary="Put a year to the members")
def put(request: CoopRequest, name: str, idempotency_key: Header[str] = "") -> Any:
    request.by.must(permissions.WORK_OUT)
    return services.put_to_members(year=_year(name), by=request.by, at=request.now)


def _statement(request: CoopRequest, name: str, membership: int) -> Any:
    """Return one's own statement; somebody else's only for whoever works years out."""
    year, may = _year(name), bool(request.by.may(permissions.WORK_OUT))
    who = members.register().filter(pk=membership).first() if may or membership in request.by.memberships else None
    found = queries.statement(year, who) if who else None
    if found is None:
        raise Http404
    return year, found


@router.get("/years/{name}/statements/{membership}", response=schemas.StatementOut, summary="What a year brought a member")
def statement(request: CoopRequest, name: str, membership: int) -> Any:
    request.by.must(permissions.SEE)
    return _statement(request, name, membership)[1]


@router.get("/years/{name}/statements/{membership}/pdf", response={200: str}, summary="The same as a PDF to print")
@answers_with("application/pdf")
def statement_pdf(request: CoopRequest, name: str, membership: int) -> Any:
    request.by.must(permissions.SEE)
    year, found = _statement(request, name, membership)
    made = services.printed(year=year, statement=found, by=request.by)
    return HttpResponse(made, content_type="application/pdf")


@router.get("/years/{name}/statements", response={200: str}, summary="Everybody’s statement, as one CSV table")
@answers_with("text/csv")
def statements(request: CoopRequest, name: str) -> Any:
    """For whoever works years out: to report, and to send."""
    request.by.must(permissions.WORK_OUT)
    text = "".join(queries.table(queries.statements(_year(name))))
    return HttpResponse(text, content_type="text/csv; charset=utf-8")


@router.get(
    "/repayments", response=schemas.LayersOut, summary="What is left in capital accounts by year, and what was given back"
)
def repayments(request: CoopRequest) -> Any:
    request.by.must(permissions.SEE)
    left = [{"year": one.year.name, "left_minor": one.total.minor} for one in queries.layers(shares.currency())]
    made = [
        {"id": one.pk, "year": one.year.name, "amount_minor": one.amount_minor, "decision": one.decision,
         "booked_at": one.booked_at, "handed_over_at": one.handed_over_at, "paid_at": one.paid_at}
        for one in queries.repayments()
    ]  # fmt: skip
    return {"layers": left, "repayments": made, "loss_minor": queries.loss(shares.currency()).minor}


@router.post("/repayments", response={201: schemas.ProposedOut}, summary="Propose to give back from capital accounts")
def propose_repayment(request: CoopRequest, data: schemas.RepaymentIn, idempotency_key: Header[str] = "") -> Any:
    """The oldest year first, and never more than is in the bank."""
    made = services.propose_repayment(name=data.year, amount_minor=data.amount_minor, by=request.by, at=request.now)
    return 201, {"proposal": made}


@router.post("/losses", response={201: schemas.ProposedOut}, summary="Propose to cover a loss out of the reserve")
def propose_cover(request: CoopRequest, data: schemas.CoverIn, idempotency_key: Header[str] = "") -> Any:
    """No more than the loss of closed years, and no more than the reserve holds."""
    return 201, {"proposal": services.propose_cover(amount_minor=data.amount_minor, by=request.by, at=request.now)}


@router.post("/losses/shares", response={201: schemas.ProposedOut}, summary="Propose to share the loss of a year out")
def propose_imputation(request: CoopRequest, data: schemas.LossIn, idempotency_key: Header[str] = "") -> Any:
    """As bylaws and law say: on the reserve, and on members' capital accounts and shares. The proposal names the sums."""
    made = services.propose_imputation(name=data.year, by=request.by, at=request.now)
    return 201, {"proposal": made.proposal}


def _claimed(one: Any) -> dict[str, Any]:
    names = ("activity", "amount", "unit", "done_on", "state", "reason")
    return {name: getattr(one, name) for name in names} | {"id": one.pk, "membership": one.membership_id}


@router.get("/claims", response=list[schemas.ClaimOut], summary="Your claims; for coordinators and the board, those that wait")
@paged("-done_on", "-pk", tell=each(_claimed))
def claims(request: CoopRequest) -> Any:
    request.by.must(permissions.SEE)
    rows = queries.claims()
    peers = bool(request.by.roles & {"board", "coordinator"})
    return rows if peers else rows.filter(membership_id__in=request.by.memberships)


@router.post("/claims", response={201: schemas.ClaimOut}, summary="Claim hours or points for something you did")
def claim(request: CoopRequest, data: schemas.ClaimIn) -> Any:
    own = members.register().filter(pk=data.membership).first() if data.membership in request.by.memberships else None
    if own is None:
        raise Http404
    given = data.dict(exclude={"membership"})
    return 201, _claimed(services.claim(membership=own, **given, by=request.by, at=request.now))


def _claim(request: CoopRequest, pk: int) -> Any:
    request.by.must(permissions.SEE)
    found = queries.claims().filter(pk=pk).first() if 0 < pk < BIG else None
    if found is None:
        raise Http404
    return found


@router.post("/claims/{pk}/approve", response=schemas.ClaimOut, summary="Say that a claim is right")
def approve(request: CoopRequest, pk: int) -> Any:
    return _claimed(services.approve_claim(claim=_claim(request, pk), by=request.by, at=request.now))


@router.post("/claims/{pk}/decline", response=schemas.ClaimOut, summary="Say that it is not, and why")
def decline(request: CoopRequest, pk: int, data: schemas.ReasonIn) -> Any:
    return _claimed(services.decline_claim(claim=_claim(request, pk), reason=data.reason, by=request.by, at=request.now))
