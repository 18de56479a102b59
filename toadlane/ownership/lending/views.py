from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.payments import queries as payments
from toadlane.ownership.lending import forms, permissions, queries, services
from toadlane.ownership.shares import queries as shares
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.members import queries as members
from toadlane.society.members.permissions import DESK

MOST = 200


def loans(request: CoopRequest) -> HttpResponse:
    """What I lent, the form to offer more, and for an office what all have lent."""
    request.by.must(DESK)
    office, unit, terms = bool(request.by.may(permissions.REGISTER)), shares.currency(), queries.terms()
    own = members.register().filter(pk__in=request.by.memberships).first()
    if own is None and not office:
        raise Http404
    form = forms.OfferForm(request.POST or None, currency=unit) if own is not None and terms.ceiling else None
    if request.method == "POST" and form is not None and own is not None and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.offer(
                membership=own, minor=given["amount"], interest=given["interest"], months=given["months"],
                key=f"web:{request.by.person_id}:{request.POST.get('key', '')[:60]}", by=request.by, at=request.now,
            )  # fmt: skip
            return redirect("lending:loan", made.pk)
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    rows = list(queries.loans(membership_ids=None if office else request.by.memberships)[:MOST])
    stood = queries.standings(rows)
    return render(request, "lending/loans.html", {
        "rows": [(one, stood[one.pk]) for one in rows], "form": form, "office": office, "terms": terms,
        "ceiling": Money(terms.ceiling, unit), "key": request.POST.get("key") or uuid4(),
    }, status=422 if form is not None and form.errors else 200)  # fmt: skip


def _loan(request: CoopRequest, pk: int) -> Any:
    """Return a loan that the one who asks may see; anybody else's is not there."""
    found = queries.loan(pk)
    if found is None or not request.by.may(permissions.SEE, found.membership):
        raise Http404
    return found


@require_GET
def loan(request: CoopRequest, pk: int) -> HttpResponse:
    return _shown(request, _loan(request, pk))


def _shown(request: CoopRequest, one: Any, *, decline_form: Any = None) -> HttpResponse:
    mine, payment = one.membership_id in request.by.memberships, payments.of_subject(one.subject)
    may_answer = one.state == "offered" and bool(request.by.may(permissions.ANSWER, one))
    return render(request, "lending/loan.html", {
        "one": one, "stood": queries.standings([one])[one.pk], "movements": one.movements.select_related("loan"),
        "payment": payment, "may_answer": may_answer, "decline_form": decline_form or forms.DeclineForm(),
        "method_form": forms.MethodForm() if mine and one.state == "agreed" and payment is None else None,
        "may_withdraw": mine and one.state in ("offered", "agreed") and payment is None,
    }, status=422 if decline_form is not None else 200)  # fmt: skip


@require_POST
def answer(request: CoopRequest, pk: int) -> HttpResponse:
    """Agree to an offer, or say why not."""
    one = _loan(request, pk)
    try:
        if request.POST.get("deed") == "agree":
            services.agree(loan=one, by=request.by, at=request.now)
            return redirect("lending:loan", pk)
        form = forms.DeclineForm(request.POST)
        if not form.is_valid():
            return _shown(request, one, decline_form=form)
        services.decline(loan=one, reason=form.cleaned_data["reason"], by=request.by, at=request.now)
    except Expected as error:
        messages.error(request, str(error))
    return redirect("lending:loan", pk)


@require_POST
def withdraw(request: CoopRequest, pk: int) -> HttpResponse:
    one = _loan(request, pk)
    try:
        services.withdraw(loan=one, by=request.by, at=request.now)
    except Expected as error:
        messages.error(request, str(error))
    return redirect("lending:loan", pk)


@require_POST
def bring(request: CoopRequest, pk: int) -> HttpResponse:
    """Begin to pay in what was agreed."""
    one = _loan(request, pk)
    form = forms.MethodForm(request.POST)
    try:
        if form.is_valid():
            services.bring(loan=one, method=form.cleaned_data["method"], by=request.by, at=request.now)
        else:
            messages.error(request, _("Say how you bring the money."))
    except Expected as error:
        messages.error(request, str(error))
    return redirect("lending:loan", pk)


@require_GET
def statement(request: CoopRequest, pk: int) -> HttpResponse:
    """A loan and its movements, to print."""
    made = services.printed(loan=_loan(request, pk), by=request.by, at=request.now)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename=loan-{pk}.pdf"
    return response
