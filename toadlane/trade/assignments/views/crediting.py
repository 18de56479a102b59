"""Credit notes: writing one, and reading it on either side."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from toadlane.plumbing.access.deeds import done
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.assignments import forms, queries, services
from toadlane.trade.assignments.views.common import assignment_at, crumbs, of_activity, typed
from toadlane.ui.shapes import Crumb


@login_required
def credit(request: CoopRequest, pk: int) -> HttpResponse:
    """Take a part, or all, off an invoice."""
    found = assignment_at(request, pk)
    shown = queries.order_page(found, request.by, queries.today(request.now), may_invoice=False)
    if "credit" not in shown.deeds:
        raise Http404
    form = forms.CreditForm(typed(request), currency=found.currency)
    key = request.POST.get("key") or uuid4().hex

    def deed() -> None:
        said = form.cleaned_data
        services.credit(
            assignment=found, amount=said["amount"], reason=said["reason"], key=key[:40], by=request.by, at=request.now
        )

    if done(request, form, deed, _("Credited. The client has it by e-mail.")):
        return redirect("assignments:order", pk)
    return render(request, "assignments/credit.html", {
        "order": found, "form": form, "key": key, "left": type(found.net)(found.standing.live_net, found.currency),
        "crumbs": crumbs(of_activity(found.activity), Crumb(found.title, reverse("assignments:order", args=[pk])),
                         Crumb(_("Credit note"))),
    }, status=422 if form.errors else 200)  # fmt: skip


@login_required
@require_GET
def order_pdf(request: CoopRequest, pk: int, note: int) -> HttpResponse:
    return _pdf(request, assignment_at(request, pk), note)


@require_GET
def quote_pdf(request: CoopRequest, token: str, note: int) -> HttpResponse:
    """The credit note, for the client."""
    if (found := queries.at_token(token)) is None:
        raise Http404
    return _pdf(request, found, note, is_client=True)


def _pdf(request: CoopRequest, found: Any, pk: int, *, is_client: bool = False) -> HttpResponse:
    if (note := queries.credit_note(found, pk)) is None:
        raise Http404
    data = services.credit_note_of(note=note, by=request.by, is_client=is_client)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f"attachment; filename={note.invoice.number}.pdf"
    return response
