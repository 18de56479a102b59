"""Orders of clients: for those of the activity, and, at a signed address, for the client."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.money.payments import queries as payments
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.assignments import forms, queries, services
from toadlane.trade.assignments.views.common import assignment_at, crumbs, done, of_activity, press
from toadlane.ui.shapes import Crumb


@login_required
@require_GET
def order(request: CoopRequest, pk: int) -> HttpResponse:
    found = assignment_at(request, pk)
    may_invoice = queries.manager_is_member(found.activity)
    shown = queries.order_page(found, request.by, queries.today(request.now), may_invoice=may_invoice)
    return render(request, "assignments/order.html", {
        "one": shown, "order": found, "trades": dict(queries.terms.trades()), "is_open": may_invoice,
        "lines": _lines(found), "crumbs": crumbs(of_activity(found.activity), Crumb(found.title)),
    })  # fmt: skip


def _lines(found: Any) -> list[tuple[str, Any]]:
    return [(one["text"], type(found.net)(one["minor"], found.currency)) for one in found.lines]


@login_required
@require_POST
def order_act(request: CoopRequest, pk: int, deed: str) -> HttpResponse:
    """Do one thing with an order: what its page offers."""
    found = assignment_at(request, pk)
    who = {"assignment": found, "by": request.by, "at": request.now}
    deeds = {
        "send": (lambda: services.send(**who), _("Sent. The client confirms it at the address in the letter.")),
        "drop": (lambda: services.drop(**who), _("Dropped.")),
        "invoice": (lambda: services.invoice(**who), _("Invoiced. The client has it by e-mail.")),
        "give-up": (lambda: services.give_up(reason=request.POST.get("reason", ""), **who), _("Given up, and booked.")),
    }
    if deed not in deeds:
        raise Http404
    press(request, *deeds[deed])
    return redirect("assignments:order", pk)


@login_required
@require_GET
def order_pdf(request: CoopRequest, pk: int) -> HttpResponse:
    return _pdf(request, assignment_at(request, pk))


def _pdf(request: CoopRequest, found: Any, *, is_client: bool = False) -> HttpResponse:
    if found.invoice is None:
        raise Http404
    data = services.invoice_of(assignment=found, by=request.by, is_client=is_client)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f"attachment; filename={found.invoice.number}.pdf"
    return response


def _at(token: str) -> Any:
    if (found := queries.at_token(token)) is None:
        raise Http404
    return found


@require_GET
def quote(request: CoopRequest, token: str) -> HttpResponse:
    """What a client is asked to say yes to, and what is to be paid."""
    found = _at(token)
    form = forms.AnswerForm(initial={"digest": queries.digest(found)})
    return _quote(request, found, token, form)


def _quote(request: CoopRequest, found: Any, token: str, form: Any) -> HttpResponse:
    paying = queries.payment(found)
    may_answer = found.state == "sent" or (found.state == "invoiced" and not found.is_confirmed)
    return render(request, "assignments/quote.html", {
        "order": found, "lines": _lines(found), "form": form, "token": token, "may_answer": may_answer,
        "account": payments.account(request.now), "reference": paying.reference if paying else "",
    }, status=422 if form.errors else 200)  # fmt: skip


@require_POST
def quote_answer(request: CoopRequest, token: str, answer: str) -> HttpResponse:
    """Say yes or no, as the client."""
    found = _at(token)
    if answer == "decline":
        press(request, lambda: services.decline_quote(assignment=found, by=request.by, at=request.now), _("You declined it."))
        return redirect("assignments:quote", token)
    if answer != "confirm":
        raise Http404
    form = forms.AnswerForm(request.POST)

    def deed() -> None:
        services.confirm(assignment=found, **form.cleaned_data, by=request.by, at=request.now)

    with translation.override(found.language):
        if done(request, form, deed, _("Confirmed. Thank you: this page keeps what you said yes to.")):
            return redirect("assignments:quote", token)
    fresh = forms.AnswerForm({**request.POST.dict(), "digest": queries.digest(found)})
    for name, faults in form.errors.items():
        for fault in faults:
            fresh.add_error(name if name in ("name",) else None, fault)
    return _quote(request, found, token, fresh)


@require_GET
def quote_pdf(request: CoopRequest, token: str) -> HttpResponse:
    return _pdf(request, _at(token), is_client=True)
