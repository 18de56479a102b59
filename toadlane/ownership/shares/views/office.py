"""What those see and do who keep the register."""

import csv
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toadlane.kernel.cells import safe_cell
from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.ownership.shares import permissions, queries, services
from toadlane.ownership.shares.views.members import language
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.members import queries as members


def _rows() -> list[dict[str, Any]]:
    held = queries.holdings()
    who = {row.pk: row for row in members.register().filter(pk__in={one.membership_id for one in held})}
    known = queries.share_classes()
    return [
        {"membership": who[one.membership_id], "held": one,
         "name": known[one.share_class].name(language()) if one.share_class in known else one.share_class}
        for one in held
    ]  # fmt: skip


def register(request: CoopRequest) -> HttpResponse:
    """The register of shares, for those who keep it."""
    request.by.must(permissions.REGISTER)
    return render(request, "shares/register.html", {
        "rows": _rows(), "capital": queries.capital(), "finding": queries.register_equals_ledger(),
    })  # fmt: skip


def register_csv(request: CoopRequest) -> HttpResponse:
    request.by.must(permissions.REGISTER)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = "attachment; filename=shares.csv"
    rows = csv.writer(response)
    rows.writerow(["number", "name", "share_class", "shares", "nominal", "unpaid", "currency"])
    for row in _rows():
        held = row["held"]
        rows.writerow([
            row["membership"].number, safe_cell(row["membership"].name), held.share_class, held.shares,
            held.nominal.amount, held.unpaid.amount, held.nominal.currency,
        ])  # fmt: skip
    return response


def queue(request: CoopRequest) -> HttpResponse:
    """Who asked for their capital back, and what the rules allow today."""
    request.by.must(permissions.REGISTER)
    rows = queries.redemptions().filter(state="waiting")
    allowed = queries.plan(request.now.date()).paid
    return render(request, "shares/queue.html", {
        "rows": [
            (one, Money(allowed.get(str(one.pk), 0), one.currency), Money(queries.kept_of_early_leaver(one), one.currency))
            for one in rows
        ],
        "parts": queries.parts().filter(paid_at=None)[:200], "room": sum(allowed.values()),
        "paid": queries.redemptions().filter(state="paid").order_by("-paid_at")[:50],
    })  # fmt: skip


@require_POST
def approve(request: CoopRequest) -> HttpResponse:
    done = services.approve_due(by=request.by, at=request.now)
    messages.success(request, _("Approved: %(count)s.") % {"count": len(done)})
    return redirect("shares:queue")


@require_POST
def excuse(request: CoopRequest, pk: int) -> HttpResponse:
    """Say that somebody had a good reason for leaving early."""
    request.by.must(permissions.APPROVE)
    one = queries.redemptions().filter(pk=pk).first()
    if one is None:
        raise Http404
    try:
        services.excuse(redemption=one, reason=request.POST.get("reason", ""), by=request.by, at=request.now)
    except Expected as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Nothing is kept of their shares."))
    return redirect("shares:queue")
