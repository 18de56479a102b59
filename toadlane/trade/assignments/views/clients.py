"""Orders of clients: for those of the activity, and, at a signed address, for the client."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.money.payments import queries as payments
from toadlane.plumbing.access.deeds import done
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.assignments import forms, queries, services
from toadlane.trade.assignments.views.common import assignment_at, crumbs, of_activity, press
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
        "answer": (lambda: services.answer(text=request.POST.get("text", ""), **who), _("Sent to the client.")),
        "give-back": (lambda: services.give_back(**who), _("To be sent now: it waits under Payments for two people.")),
        "set-off": (lambda: _set_off(request, who), _("Set off, and booked.")),
        "give-up": (lambda: services.give_up(reason=request.POST.get("reason", ""), **who), _("Given up, and booked.")),
    }
    if deed not in deeds:
        raise Http404
    press(request, *deeds[deed])
    return redirect("assignments:order", pk)


def _set_off(request: CoopRequest, who: dict[str, Any]) -> None:
    said = request.POST.get("target", "")
    target = queries.assignment(int(said)) if said.isascii() and said.isdigit() else None
    if target is None:
        raise services.OtherClient
    # What is set off against one order is set off once from here: what is left afterwards is another intent.
    key = f"{target.pk}:{target.received_minor}"
    services.set_off(target=target, key=key, **who)


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
    if newer := queries.newer(token):
        return render(request, "assignments/newer.html", {"newer": newer}, status=410)
    found = _at(token)
    form = forms.AnswerForm(initial={"digest": queries.digest(found)})
    return _quote(request, found, token, form)


def _quote(request: CoopRequest, found: Any, token: str, form: Any, ask_form: Any = None) -> HttpResponse:
    paying = queries.payment(found)
    may_answer = found.state == "sent" or (found.state == "invoiced" and not found.is_confirmed)
    return render(request, "assignments/quote.html", {
        "order": found, "lines": _lines(found), "form": form, "token": token, "may_answer": may_answer,
        "account": payments.account(request.now), "reference": paying.reference if paying else "",
        "ask_form": ask_form or forms.AskForm(), "may_ask": found.state in ("sent", "confirmed", "invoiced"),
        "remarks": queries.remarks(found), "notes": queries.credit_notes(found),
    }, status=422 if form.errors or (ask_form and ask_form.errors) else 200)  # fmt: skip


@require_POST
def quote_answer(request: CoopRequest, token: str, answer: str) -> HttpResponse:
    """Say yes or no, as the client."""
    found = _at(token)
    if answer == "decline":
        reason = request.POST.get("reason", "")
        who = {"assignment": found, "by": request.by, "at": request.now}
        press(request, lambda: services.decline_quote(reason=reason, **who), _("You declined it."))
        return redirect("assignments:quote", token)
    if answer == "ask":
        return _asked(request, found, token)
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
        # What a form finds by itself the fresh one has found, too, and says once.
        for fault in faults if not fresh.errors else ():
            fresh.add_error(name if name in ("name",) else None, fault)
    return _quote(request, found, token, fresh)


def _asked(request: CoopRequest, found: Any, token: str) -> HttpResponse:
    form = forms.AskForm(request.POST)

    def deed() -> None:
        services.ask_about(assignment=found, text=form.cleaned_data["text"], by=request.by, at=request.now)

    if done(request, form, deed, _("Sent. The answer comes by e-mail.")):
        return redirect("assignments:quote", token)
    return _quote(request, found, token, forms.AnswerForm(initial={"digest": queries.digest(found)}), form)


@require_GET
def quote_pdf(request: CoopRequest, token: str) -> HttpResponse:
    return _pdf(request, _at(token), is_client=True)
