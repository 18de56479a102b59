import csv
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.kernel.cells import safe_cell
from toadlane.kernel.errors import Expected
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing import services as invoices
from toadlane.money.invoicing.permissions import SEE
from toadlane.money.payments import queries as payments
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.members.permissions import DESK
from toadlane.trade.billing import permissions, queries, services
from toadlane.trade.orders import queries as orders

EARLIEST, LATEST = 2000, 9990


def _year(request: CoopRequest) -> int:
    asked = request.GET.get("year", "")
    if asked.isascii() and asked.isdigit() and EARLIEST <= int(asked[:5]) <= LATEST:
        return int(asked)
    return invoicing.local_day(request.now).year


def sellers(request: CoopRequest) -> HttpResponse:
    """What each seller earned in a year, for those who report it."""
    request.by.must(permissions.REPORT)
    year = _year(request)
    found = queries.records(year)
    lacks = queries.lacking((one.membership.pk for one in found if one.is_reported), request.now)
    return render(request, "billing/sellers.html", {
        "records": found, "year": year, "before": year - 1, "lacks": lacks, "reports": queries.reports(),
        "withholds": queries.withholds(), "own": invoicing.particulars_of(None), "sent": queries.sent(year),
        "made": queries.handed_in(year), "is_over": year < invoicing.local_day(request.now).year,
    })  # fmt: skip


def sellers_csv(request: CoopRequest) -> HttpResponse:
    request.by.must(permissions.REPORT)
    year = _year(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename=sellers-{year}.csv"
    out = csv.writer(response)
    named = ("name", "street", "postcode", "city", "country", "tax_number", "vat_number", "registration", "born_on")
    out.writerow([
        "membership", "member", *named, "kind", "status", "quarter", "activities", "consideration", "fees", "currency",
    ])  # fmt: skip
    for one in queries.records(year):
        said = [safe_cell(str(getattr(one.particulars, name, "") or "")) for name in named]
        for quarter, activities, consideration, fees in one.rows:
            out.writerow([
                one.membership.pk, safe_cell(one.membership.name), *said, one.kind, one.status, quarter, activities,
                consideration.amount, fees.amount, one.currency,
            ])  # fmt: skip
    return response


def sellers_xml(request: CoopRequest) -> HttpResponse:
    """The report as it is handed in."""
    request.by.must(permissions.REPORT)
    year = _year(request)
    try:
        made = services.report(year=year, by=request.by, at=request.now)
    except Expected as error:
        messages.error(request, f"{error} {error.hint}".strip())
        return redirect("invoicing:index")
    response = HttpResponse(made, content_type="application/xml")
    response["Content-Disposition"] = f"attachment; filename=sellers-{year}.xml"
    return response


@require_POST
def hand_in(request: CoopRequest, year: int) -> HttpResponse:
    """Make what is to be handed in of a year, and keep it."""
    request.by.must(permissions.HAND_IN)
    if not EARLIEST <= year <= LATEST:
        raise Http404
    try:
        services.hand_in(year=year, by=request.by, at=request.now)
        messages.success(request, _("Made. Download it below and hand it in."))
    except services.CoopUnknown as error:
        messages.error(request, str(error))
        return redirect("invoicing:index")
    except Expected as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('billing:sellers')}?year={year}")


@require_GET
def handed_in(request: CoopRequest, year: int, number: int) -> HttpResponse:
    """One of the messages, as it was handed in."""
    request.by.must(permissions.REPORT)
    found = queries.message_of(year, number) if EARLIEST <= year <= LATEST else None
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.xml), content_type="application/xml")
    response["Content-Disposition"] = f"attachment; filename={found.reference}.xml"
    return response


def mine_pdf(request: CoopRequest) -> HttpResponse:
    """My copy, to keep on paper."""
    request.by.must(DESK)
    year = _year(request)
    try:
        made = services.copy_of(year=year, by=request.by, at=request.now)
    except services.NothingReported as error:
        raise Http404 from error
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f"attachment; filename=reported-{year}.pdf"
    return response


def mine(request: CoopRequest) -> HttpResponse:
    """My copy of what is reported of me."""
    request.by.must(DESK)
    if not request.by.memberships:
        raise Http404
    year = _year(request)
    found = queries.of_member(year, request.by.memberships)
    return render(request, "billing/mine.html", {
        "records": found, "year": year, "before": year - 1, "is_reported": any(one.is_reported for one in found),
    })  # fmt: skip


@require_GET
def payout(request: CoopRequest, pk: UUID) -> HttpResponse:
    """What a payout is made of, down to the lines of its orders; for its member, and for who oversees payments."""
    request.by.must(DESK)
    statement = queries.statement_for(pk, request.by)
    if statement is None:
        raise Http404
    holder = statement.payout.holder
    is_own = holder in {f"membership:{pk}" for pk in request.by.memberships}
    return render(
        request, "billing/payout.html", {"statement": statement, "name": payments.holder_name(holder), "is_own": is_own}
    )


def guest(request: CoopRequest, token: str, pk: int) -> HttpResponse:
    """An invoice for whoever holds the signed link of its order."""
    order_id = orders.order_id(token, request.coop.pk)
    one = invoicing.find(pk) if order_id is not None else None
    by = replace(request.by, order_id=order_id)
    if one is None or not by.may(SEE, one):
        raise Http404
    response = HttpResponse(invoices.printed(invoice=one, by=by), content_type="application/pdf")
    response["Content-Disposition"] = f"attachment; filename={one.number}.pdf"
    return response
