"""The year in figures and entries by hand, over REST."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Router

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as ledger
from toadlane.money.ledger.policies.chart import CHART
from toadlane.money.ledger.policies.exports import FORMATS
from toadlane.ownership.bookkeeping import permissions, queries, schemas, services
from toadlane.plumbing.access.files import answers_with
from toadlane.plumbing.access.lists import bounded, paged
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.ui import formats

router = Router(tags=["figures"])
BIG = 2**63
AMOUNTS = ("result", "result_before", "undivided", "undivided_before", "ours", "owed_to_members")


def _money(amount: Money) -> dict[str, Any]:
    return {"minor": amount.minor, "currency": amount.currency, "text": formats.money(amount)}


def _lines(rows: Any) -> list[dict[str, Any]]:
    return [{"code": row.code, "name": row.name, "now": _money(row.now), "before": _money(row.before)} for row in rows]


@router.get("/years", auth=None, response=list[int], summary="The years of which there is anything in the books")
@bounded("one for each year of the co-op")
def years(request: CoopRequest) -> Any:
    request.by.must(permissions.SEE_TOTALS)
    return queries.years(request.now)


def _year(request: CoopRequest, year: int) -> int:
    request.by.must(permissions.SEE_TOTALS)
    if year not in queries.years(request.now):
        raise Http404
    return year


@router.get("/years/{int:year}", auth=None, response=schemas.ReportOut, summary="A year in figures, beside the year before")
def report(request: CoopRequest, year: int, currency: str = "") -> Any:
    """Balance sheet, income statement, cash month by month, funds, and what an order costs: live, up to today."""
    _year(request, year)
    unit = currency if currency in queries.currencies() else request.coop.currency
    found = queries.report(year, request.now, currency=unit)
    parts = {name: _lines(getattr(found, name)) for name in ("income", "expenses", "owned", "owed", "equity")}
    amounts = {name: _money(getattr(found, name)) for name in AMOUNTS}
    return {
        "first": found.first, "last": found.last, "currency": found.currency, **parts, **amounts, "orders": found.orders,
        "members": found.members, "payouts_waiting": _money(found.waiting),
        "cost_per_order": _money(found.cost_per_order) if found.cost_per_order else None,
        "cash": [{"month": one.month, "change": _money(one.change), "closing": _money(one.closing)} for one in found.cash],
        "funds": [
            {"code": one.code, "name": one.name, "opening": _money(one.opening), "change": _money(one.change),
             "closing": _money(one.closing)} for one in found.funds
        ],
        "uses": [
            {"on": one.on, "code": one.code, "fund": one.fund, "purpose": one.purpose, "decision": one.decision,
             "amount": _money(one.amount)} for one in found.uses
        ],
        "surplus": found.year.name if found.year else None,
    }  # fmt: skip


@router.get("/years/{int:year}/report.pdf", auth=None, response={200: str}, summary="The annual report as a PDF to print")
@answers_with("application/pdf")
def paper(request: CoopRequest, year: int) -> Any:
    _year(request, year)
    made = services.printed(year=year, currency=request.coop.currency, by=request.by, at=request.now)
    return HttpResponse(made, content_type="application/pdf")


@router.get("/export/{form}", response={200: str}, summary="All entries for `beancount`, `hledger` or as `csv`")
@answers_with("text/plain")
def export(request: CoopRequest, form: str) -> Any:
    request.by.must(permissions.SEE_ENTRIES)
    if form not in FORMATS:
        raise Http404
    entries = ledger.exported(ZoneInfo(request.coop.time_zone))
    text = "".join(f"{line}\n" for line in FORMATS[form](entries, title=request.coop.name))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@router.get("/mine", response=list[schemas.PositionOut], summary="What you have in the co-op, by currency")
@bounded("one for each membership of yours and each currency")
def mine(request: CoopRequest) -> Any:
    request.by.must(permissions.OWN)

    def part(rows: Any) -> list[dict[str, Any]]:
        return [{"code": row.code, "name": _(CHART[row.code].name), "amount": _money(row.usual)} for row in rows]

    return [
        {"membership": one.membership.pk, "currency": one.currency, "owed": part(one.owed), "capital": part(one.capital),
         "owing": part(one.owing), "paid_ahead": part(one.paid_ahead), "total": _money(one.total)}
        for one in queries.positions(request.by.memberships)
    ]  # fmt: skip


@router.get("/entries", response=schemas.DraftsOut, summary="Bills and entries by hand, the newest first")
def drafts(request: CoopRequest, state: str = "", cursor: str | None = None, limit: int = 50) -> Any:
    request.by.must(permissions.SEE_DRAFTS)
    found = page(queries.drafts(state=state[:10]), cursor=cursor, limit=limit, order=("-pk",))
    return {"items": found.items, "next": found.next}


@router.post("/entries/bills", response={201: schemas.DraftOut}, summary="Enter a bill, a receipt, or money that came in")
def enter_bill(request: CoopRequest, data: schemas.BillIn, idempotency_key: Header[str] = "") -> Any:
    """Nothing is booked until another person approves it."""
    return 201, services.enter_bill(**data.dict(), by=request.by, at=request.now)


@router.post("/entries/{pk}/credit", response={201: schemas.DraftOut}, summary="Enter that a bill, or part of it, was credited")
def credit_bill(request: CoopRequest, pk: int, data: schemas.CreditIn, idempotency_key: Header[str] = "") -> Any:
    """The tax on it is worked out. Of a member whose invoices the co-op writes, the credit note is written when it is booked."""
    return 201, services.credit_bill(bill=_draft(request, pk), **data.dict(), by=request.by, at=request.now)


@router.post("/entries", response={201: schemas.DraftOut}, summary="Enter sides of your own")
def enter(request: CoopRequest, data: schemas.EntryIn, idempotency_key: Header[str] = "") -> Any:
    given = data.dict() | {"legs": [(side.code, side.minor) for side in data.legs]}
    return 201, services.enter(**given, by=request.by, at=request.now)


def _draft(request: CoopRequest, pk: int) -> Any:
    request.by.must(permissions.SEE_DRAFTS)
    found = queries.draft(pk) if 0 < pk < BIG else None
    if found is None:
        raise Http404
    return found


@router.post("/entries/{pk}/approve", response=schemas.DraftOut, summary="Book what another person entered")
def approve(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    return services.approve(draft=_draft(request, pk), by=request.by, at=request.now)


@router.post("/entries/{pk}/decline", response=schemas.DraftOut, summary="Take an entry out before it is booked, and say why")
def decline(request: CoopRequest, pk: int, data: schemas.ReasonIn, idempotency_key: Header[str] = "") -> Any:
    return services.decline(draft=_draft(request, pk), reason=data.reason, by=request.by, at=request.now)


@router.get("/closings", response=list[schemas.ClosingOut], summary="Which days were closed, or are to be, the newest first")
@paged("-until_on", "-pk")
def closings(request: CoopRequest) -> Any:
    request.by.must(permissions.SEE_DRAFTS)
    return queries.closings()


@router.post("/closings", response={201: schemas.ClosingOut}, summary="Ask to close all days up to one")
def ask(request: CoopRequest, data: schemas.CloseIn, idempotency_key: Header[str] = "") -> Any:
    return 201, services.ask_to_close(until_on=data.until_on, by=request.by, at=request.now)


@router.post("/closings/{pk}/confirm", response=schemas.ClosingOut, summary="Close them as a second person")
def close(request: CoopRequest, pk: int, idempotency_key: Header[str] = "") -> Any:
    request.by.must(permissions.SEE_DRAFTS)
    found = queries.closing(pk) if 0 < pk < BIG else None
    if found is None:
        raise Http404
    return services.confirm_close(closing=found, by=request.by, at=request.now)
