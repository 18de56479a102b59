"""The year in figures, one's own position, and what is entered by hand."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.kernel import digits
from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as ledger
from toadlane.money.ledger.policies.chart import CHART
from toadlane.money.ledger.policies.exports import FORMATS
from toadlane.ownership.bookkeeping import forms, permissions, queries, services
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest


@require_GET
def report(request: CoopRequest) -> HttpResponse:
    """A year: earned and spent, owned and owed, money, funds. Open to whom the books are open to."""
    if not request.by.may(permissions.SEE_TOTALS):
        return render(request, "ledger/closed.html", status=403)
    years, known = queries.years(request.now), queries.currencies()
    wanted = request.GET.get("year", "")
    year = asked if (asked := digits.number(wanted)) in years and asked else years[0]
    own = request.coop.currency
    currency = next((one for one in known if one == request.GET.get("currency")), own if own in known or not known else known[0])
    found = queries.report(year, request.now, currency=currency)
    totals = {name: (found.total(name), found.total(name, "before")) for name in ("income", "expenses", "owned", "owed")}
    return render(request, "bookkeeping/report.html", {
        "report": found, "totals": totals, "ours_before": found.total("equity", "before") + found.undivided_before,
        "years": years, "year": year, "currencies": known,
        "currency": currency, "is_member": bool(request.by.may(permissions.SEE_ENTRIES)), "formats": sorted(FORMATS),
    })  # fmt: skip


@require_GET
def paper(request: CoopRequest, year: int) -> HttpResponse:
    """The same as a PDF to print."""
    request.by.must(permissions.SEE_TOTALS)
    if year not in queries.years(request.now):
        raise Http404
    made = services.printed(year=year, currency=request.coop.currency, by=request.by, at=request.now)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename=report-{year}.pdf"
    return response


@require_GET
def export(request: CoopRequest, form: str) -> HttpResponse | StreamingHttpResponse:
    """All entries for beancount, hledger or a spreadsheet."""
    request.by.must(permissions.SEE_ENTRIES)
    if form not in FORMATS:
        raise Http404
    entries = ledger.exported(ZoneInfo(request.coop.time_zone))
    text = "".join(f"{line}\n" for line in FORMATS[form](entries, title=request.coop.name))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8" if form == "csv" else "text/plain; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename=books.{form}"
    return response


@require_GET
def mine(request: CoopRequest) -> HttpResponse:
    """What I, or the organisation I speak for, have in the co-op."""
    request.by.must(permissions.OWN)
    return render(request, "bookkeeping/mine.html", {"positions": queries.positions(request.by.memberships)})


def drafts(request: CoopRequest) -> HttpResponse:
    """Bills and entries by hand: enter one, and book what another person entered."""
    request.by.must(permissions.SEE_DRAFTS)
    form = forms.BillForm(request.POST or None, currency=request.coop.currency, owed=queries.duties(request.coop.currency))
    if request.method == "POST" and form.is_valid():
        try:
            services.enter_bill(**form.said(), by=request.by, at=request.now)
            messages.success(request, _("Entered. Another person looks at it and books it."))
            return redirect("bookkeeping:drafts")
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return _drafts(request, form=form)


def own_entry(request: CoopRequest) -> HttpResponse:
    """Sides of one's own."""
    request.by.must(permissions.SEE_DRAFTS)
    form = forms.EntryForm(request.POST or None, currency=request.coop.currency)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("text", "on", "legs")}
        try:
            services.enter(**given, by=request.by, at=request.now)
            messages.success(request, _("Entered. Another person looks at it and books it."))
            return redirect("bookkeeping:drafts")
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return render(request, "bookkeeping/own_entry.html", {"form": form}, status=422 if form.errors else 200)


def credit(request: CoopRequest, pk: int) -> HttpResponse:
    """A bill that was credited, or part of it."""
    request.by.must(permissions.SEE_DRAFTS)
    bill = queries.draft(pk)
    if bill is None or bill.kind not in ("bill", "receipt") or bill.state != "booked":
        raise Http404
    form = forms.CreditForm(request.POST or None, currency=bill.currency)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.credit_bill(
                bill=bill, net_minor=given["amount"], text=given["text"], on=given["on"], by=request.by, at=request.now
            )
            messages.success(request, _("Entered. Another person looks at it and books it."))
            return redirect("bookkeeping:drafts")
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    left = queries.left_of_bill(bill)
    return render(request, "bookkeeping/credit.html", {
        "form": form, "bill": bill, "left": Money(left.net, bill.currency), "tax": Money(left.tax, bill.currency),
    }, status=422 if form.errors else 200)  # fmt: skip


def _drafts(request: CoopRequest, *, form: Any = None, close_form: Any = None) -> HttpResponse:
    form = form or forms.BillForm(currency=request.coop.currency, owed=queries.duties(request.coop.currency))
    close_form = close_form or forms.CloseForm()
    rows = page(queries.drafts().exclude(state="waiting"), cursor=request.GET.get("cursor"), limit=20, order=("-pk",))
    failed = bool(form.errors or close_form.errors)
    return render(request, "bookkeeping/drafts.html", {
        "form": form, "close_form": close_form, "rows": queries.seen_by(rows.items), "page": rows,
        "waiting": [(one, one.made_by == request.by.person_id, _sides(one)) for one in queries.drafts(state="waiting")[:50]],
        "closings": [(one, one.asked_by == request.by.person_id) for one in queries.closings()[:12]],
    }, status=422 if failed else 200)  # fmt: skip


def _sides(draft: Any) -> list[tuple[str, Any]]:
    return [(_(CHART[code].name), ledger.Balance(code, draft.currency, minor).amount) for code, minor in draft.legs]


@require_POST
def judge(request: CoopRequest, pk: int) -> HttpResponse:
    request.by.must(permissions.SEE_DRAFTS)
    found = queries.draft(pk)
    if found is None:
        raise Http404
    try:
        if request.POST.get("deed") == "approve":
            services.approve(draft=found, by=request.by, at=request.now)
            messages.success(request, _("Booked."))
        else:
            services.decline(draft=found, reason=request.POST.get("reason", ""), by=request.by, at=request.now)
    except Expected as error:
        messages.error(request, str(error))
    return redirect("bookkeeping:drafts")


@require_POST
def ask(request: CoopRequest) -> HttpResponse:
    """Ask to close all days up to one."""
    request.by.must(permissions.SEE_DRAFTS)
    form = forms.CloseForm(request.POST)
    if form.is_valid():
        try:
            services.ask_to_close(**form.cleaned_data, by=request.by, at=request.now)
            messages.success(request, _("Asked. A second person closes them."))
            return redirect("bookkeeping:drafts")
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return _drafts(request, close_form=form)


@require_POST
def close(request: CoopRequest, pk: int) -> HttpResponse:
    request.by.must(permissions.SEE_DRAFTS)
    found = queries.closing(pk)
    if found is None:
        raise Http404
    try:
        services.confirm_close(closing=found, by=request.by, at=request.now)
        messages.success(request, _("Closed."))
    except Expected as error:
        messages.error(request, str(error))
    return redirect("bookkeeping:drafts")
