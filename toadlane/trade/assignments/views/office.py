from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.deeds import done
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.assignments import forms, queries, services
from toadlane.trade.assignments.permissions import CALCULATE, FUND, OFFICE
from toadlane.trade.assignments.views.common import typed


@login_required
def office(request: CoopRequest) -> HttpResponse:
    """The guarantee fund, what clients owe, and what waits."""
    request.by.must(OFFICE)
    unit = queries.terms.currency()
    form = forms.AmountForm(typed(request), currency=unit)
    key = request.POST.get("key") or uuid4().hex
    if request.method == "POST":
        request.by.must(FUND)

    def deed() -> None:
        services.put_in(amount=form.cleaned_data["amount"], key=key[:40], by=request.by, at=request.now)

    if done(request, form, deed, _("It is in the fund.")):
        return redirect("assignments:office")
    return render(request, "assignments/office.html", {
        "one": queries.office(request.now, unit), "form": form, "key": key, "currency": unit,
        "keeps_fund": bool(request.by.may(FUND)),
    }, status=422 if form.errors else 200)  # fmt: skip


@require_GET
def calculator(request: CoopRequest) -> HttpResponse:
    """From what a client pays to what reaches the worker, and back: for everybody."""
    request.by.must(CALCULATE)
    if not queries.terms.employs():
        raise Http404
    unit = queries.terms.currency()
    form = forms.CalculatorForm(request.GET if "amount" in request.GET else None, currency=unit, initial={"kind": "price"})
    found: Any = None
    if form.is_bound and form.is_valid():
        try:
            found = queries.terms.worked_out(form.cleaned_data["kind"], form.cleaned_data["amount"], queries.today(request.now))
        except Expected as error:
            form.add_error(None, str(error))
    return render(request, "assignments/calculator.html", {
        "form": form, "found": found, "currency": unit, "fee": queries.terms.fee(),
    }, status=422 if form.errors else 200)  # fmt: skip
