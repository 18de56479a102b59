"""The treasurer's desk, and what a member has earned."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toadlane.kernel.errors import Expected
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment
from toadlane.money.payments.permissions import OVERSEE
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.ui import amounts
from toadlane.ui.shapes import Crumb


def treasury(request: CoopRequest) -> HttpResponse:
    """What is late, what waits for a second pair of eyes, what is owed and what was paid out."""
    request.by.must(OVERSEE)
    waiting = queries.by_hand()
    vouchers = queries.vouchers_of(waiting.payments)
    refused, disputes = list(queries.refused_refunds()[:50]), list(queries.open_disputes()[:50])
    payouts = page(queries.payouts(), cursor=request.GET.get("cursor"), limit=20, order=("-asked_at", "-pk"))
    owed, in_files = queries.owed(request.now), queries.in_files()
    names = books.names.holders(
        [*(r.holder for r in owed), *(r.holder for r in payouts.items), *(r.holder for r in waiting.payouts)]
    )
    subjects = books.names.subjects(
        [
            *(r.subject for r in waiting.payments), *(r.payment.subject for r in (*waiting.refunds, *refused)),
            *(r.payment.subject for r in disputes),
            *(r.subject for r in waiting.payouts), *(r.subject for r in payouts.items),
        ],
        request.by,
    )  # fmt: skip
    return render(request, "payments/treasury.html", {
        "alarms": queries.alarms(request.now), "unknown": queries.unanswered(), "days": queries.payout_days(),
        "receipts": [
            (row, subjects[row.subject], _mine(request, row), queries.takes_parts(row.subject), vouchers.get(row.pk, []))
            for row in waiting.payments
        ],
        "disputes": [(row, subjects[row.payment.subject]) for row in disputes],
        "refused": [(row, subjects[row.payment.subject]) for row in refused],
        "refunds": [(row, subjects[row.payment.subject], _mine(request, row)) for row in waiting.refunds],
        "by_hand_payouts": [
            (row, names[row.holder], _what_for(row, subjects), _mine(request, row), str(row.pk) in in_files)
            for row in waiting.payouts
        ],
        "files_page": queries.files_page(),
        "owed": sorted(((names[row.holder].label, row) for row in owed), key=lambda pair: pair[0].casefold()),
        "payouts": [
            (names[row.holder].label, row, queries.statement_page(row), _what_for(row, subjects)) for row in payouts.items
        ], "page": payouts,
        "crumbs": [Crumb(_("The books"), reverse("ledger:books")), Crumb(_("Payments"))],
    })  # fmt: skip


def _what_for(row: Any, subjects: Mapping[str, books.names.Named]) -> str:
    """Return what a payout is for, or nothing where it is what orders brought."""
    return subjects[row.subject].label if row.subject else ""


def _mine(request: CoopRequest, row: object) -> bool:
    """Whether the reader recorded it, and so cannot be the second person."""
    return getattr(row, "recorded_by", None) is not None and getattr(row, "recorded_by", None) == request.by.person_id


def earned(request: CoopRequest) -> HttpResponse:
    """What I, or the organisation I speak for, have earned here, and when it is paid out."""
    if not request.by.memberships:
        raise Http404
    holders = [f"membership:{pk}" for pk in sorted(request.by.memberships)]
    payouts = page(
        queries.payouts(holders=holders), cursor=request.GET.get("cursor"), limit=20, order=("-asked_at", "-pk")
    )  # fmt: skip
    names = books.names.holders(holders)
    subjects = books.names.subjects([row.subject for row in payouts.items], request.by)
    company = queries.card_provider()
    needs = bool(company) and payments.provider_of(company).needs_payees
    owed = queries.owed(request.now, holders=holders)
    answer = render(request, "payments/earned.html", {
        "short": queries.in_short(owed, holders=holders, at=request.now),
        "places": [(holder, names[holder].label, queries.payee(holder)) for holder in holders if needs],
        "company": queries.title_of(company),
        "owed": [(names[row.holder].label, row) for row in owed],
        "payouts": [
            (names[row.holder].label, row, queries.statement_page(row), _what_for(row, subjects)) for row in payouts.items
        ], "page": payouts,
        "days": queries.payout_days(),
        "decided": queries.payout_rule(), "several": len(holders) > 1,
    })  # fmt: skip
    if needs:
        # The button leads on to the company's own page, which a browser follows only if this one names it.
        answer._csp_update = {"form-action": payments.provider_of(company).origins()}  # type: ignore[attr-defined]
    return answer


def _back(request: CoopRequest, done: str) -> HttpResponse:
    messages.success(request, done)
    return redirect("payments:treasury")


@require_POST
def receipt(request: CoopRequest, pk: UUID) -> HttpResponse:
    """Record, confirm or reject money that came by hand."""
    request.by.must(OVERSEE)
    payment = queries.payment(pk)
    if payment is None:
        raise Http404
    deeds = {
        "part": (_record_part(request), _("Recorded. Somebody else confirms it now.")),
        "record": (_record(request), _("Recorded. Somebody else confirms it now.")),
        "confirm": (payments.confirm_receipt, _("Confirmed. It is in the books.")),
        "reject": (payments.reject_receipt, _("Noted: the money has not come.")),
    }
    if request.POST.get("deed") not in deeds:
        raise Http404
    deed, done = deeds[request.POST["deed"]]
    try:
        deed(payment=payment, by=request.by, at=request.now)
    except Expected as error:
        return _told(request, error)
    return _back(request, done)


def _record(request: CoopRequest) -> Callable[..., object]:
    """Record that all of it came; of vouchers, with their numbers, one a line, and what they are worth."""

    def deed(*, payment: Payment, by: Principal, at: datetime) -> object:
        handed = None
        if "vouchers" in request.POST:
            worth = amounts.read(request.POST.get("worth", ""), payment.currency)
            handed = payments.Vouchers(request.POST["vouchers"].splitlines(), worth, request.POST.get("rest", ""))
        return payments.record_receipt(payment=payment, handed=handed, by=by, at=at)

    return deed


def _record_part(request: CoopRequest) -> Callable[..., object]:
    """Record what came, as it is written."""

    def deed(*, payment: Payment, by: Principal, at: datetime) -> object:
        came = amounts.read(request.POST.get("amount", ""), payment.currency)
        return payments.record_part(payment=payment, amount=came, by=by, at=at)

    return deed


@require_POST
def refund(request: CoopRequest, pk: UUID) -> HttpResponse:
    found = queries.refund(pk)
    if found is None or request.POST.get("deed") != "another_way":
        return _errand(request, found)
    request.by.must(OVERSEE)
    try:
        payments.owe_refused(refund=found, by=request.by, at=request.now)
    except Expected as error:
        return _told(request, error)
    return _back(request, _("It is owed to the customer now. Ask where to send it, and record it here."))


@require_POST
def payout(request: CoopRequest, pk: UUID) -> HttpResponse:
    return _errand(request, queries.payout(pk))


def _errand(request: CoopRequest, found: "queries.Errands | None") -> HttpResponse:
    request.by.must(OVERSEE)
    if found is None or request.POST.get("deed") not in ("record", "confirm"):
        raise Http404
    try:
        if request.POST["deed"] == "record":
            payments.record_sent(errand=found, by=request.by, at=request.now)
            return _back(request, _("Recorded. Somebody else confirms it now."))
        payments.confirm_sent(errand=found, by=request.by, at=request.now)
    except Expected as error:
        return _told(request, error)
    return _back(request, _("Confirmed. It is in the books."))


@require_POST
def reconcile(request: CoopRequest) -> HttpResponse:
    """Ask the card company about every payment whose answer never came."""
    payments.sweep(by=request.by, at=request.now)
    return _back(request, _("Asked. What is still without an answer stays in the list."))


def _told(request: CoopRequest, error: Expected) -> HttpResponse:
    messages.error(request, str(error))
    return redirect("payments:treasury")
