from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.ownership.shares import queries as shares
from toadlane.ownership.surplus import forms, permissions, queries, services
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.members import queries as members


def years(request: CoopRequest) -> HttpResponse:
    """Every year that was closed, and the way to close another."""
    request.by.must(permissions.SEE)
    may = bool(request.by.may(permissions.WORK_OUT))
    form = forms.YearForm(request.POST or None, currency=shares.currency(), initial=queries.next_year()) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            year = services.work_out(**form.cleaned_data, by=request.by, at=request.now)
            return redirect("surplus:year", year.name)
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return _years(request, form=form)


def _years(
    request: CoopRequest, *, form: Any = None, repay_form: Any = None, cover_form: Any = None, rate_form: Any = None
) -> HttpResponse:
    cap = queries.cap()
    if cap is not None and request.by.may(permissions.WORK_OUT) and rate_form is None:
        rate_form = forms.RateForm()
    may, layers = bool(request.by.may(permissions.WORK_OUT)), queries.layers(shares.currency())
    if may and form is None:
        form = forms.YearForm(currency=shares.currency(), initial=queries.next_year())
    if may and layers and repay_form is None:
        repay_form = forms.RepaymentForm(initial={"name": layers[0].year.name}, currency=shares.currency())
    loss = queries.loss(shares.currency())
    if may and loss.minor and cover_form is None:
        cover_form = forms.CoverForm(currency=shares.currency())
    failed = any(one is not None and one.errors for one in (form, repay_form, cover_form, rate_form))
    return render(request, "surplus/years.html", {
        "years": queries.years(), "form": form, "layers": layers, "repay_form": repay_form if layers or failed else None,
        "may": may, "repayments": queries.repayments(), "loss": loss, "cover_form": cover_form,
        "cap": cap, "rates": queries.published_rates(), "rate_form": rate_form,
        "to_share_out": queries.to_share_out(loss.currency) if may else [],
    }, status=422 if failed else 200)  # fmt: skip


def _year(name: str) -> Any:
    found = queries.year(name)
    if found is None:
        raise Http404
    return found


def year(request: CoopRequest, name: str) -> HttpResponse:
    """One year, from its result to each member's part."""
    request.by.must(permissions.SEE)
    one = _year(name)
    result = {key: Money(value, one.currency) for key, value in one.result.items() if isinstance(value, int)}
    sums = {key: Money(sum(one.result[key].values()), one.currency) for key in ("interest", "members", "cash", "retained")}
    kept = one.result["reserve"] + one.result["nonpatronage"] + one.result["unearned"]
    return render(request, "surplus/year.html", {
        "year": one, "result": result, "sums": sums, "kept": Money(kept, one.currency),
        "classes": [(known, Money(amount, one.currency)) for known, amount in one.result["classes"].items() if known],
        "mine": queries.parts_of(one, request.by.memberships), "may": bool(request.by.may(permissions.WORK_OUT)),
        "to_pay": sums["cash"] + sums["interest"], "lost": queries.imputed([one]).get(one.pk),
    })  # fmt: skip


@require_GET
def statement(request: CoopRequest, name: str, pk: int) -> HttpResponse:
    """A member's own statement, to print."""
    request.by.must(permissions.SEE)
    one, may = _year(name), bool(request.by.may(permissions.WORK_OUT))
    who = members.register().filter(pk=pk).first() if may or pk in request.by.memberships else None
    found = queries.statement(one, who) if who else None
    if found is None:
        raise Http404
    response = HttpResponse(services.printed(year=one, statement=found, by=request.by), content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename=surplus-{one.name}-{pk}.pdf"
    return response


@require_GET
def statements(request: CoopRequest, name: str) -> HttpResponse:
    """Everybody's statement as one table, for whoever works years out."""
    request.by.must(permissions.WORK_OUT)
    text = "".join(queries.table(queries.statements(_year(name))))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename=surplus-{name}.csv"
    return response


def _to_the_proposal(request: CoopRequest, number: int) -> HttpResponse:
    """Lead on to where it is talked about and voted on: this page does not show what is under way."""
    messages.success(request, _("Put to the members."))
    return redirect("proposals:detail", number)


@require_POST
def repay(request: CoopRequest) -> HttpResponse:
    """Propose to the members to give back from capital accounts."""
    request.by.must(permissions.WORK_OUT)
    form = forms.RepaymentForm(request.POST, currency=shares.currency())
    if not form.is_valid():
        return _years(request, repay_form=form)
    try:
        number = services.propose_repayment(**form.cleaned_data, by=request.by, at=request.now)
    except Expected as error:
        form.add_error("amount_minor", str(error))
        return _years(request, repay_form=form)
    return _to_the_proposal(request, number)


@require_POST
def cover(request: CoopRequest) -> HttpResponse:
    """Propose to the members to cover a loss out of the reserve."""
    request.by.must(permissions.WORK_OUT)
    form = forms.CoverForm(request.POST, currency=shares.currency())
    if not form.is_valid():
        return _years(request, cover_form=form)
    try:
        number = services.propose_cover(**form.cleaned_data, by=request.by, at=request.now)
    except Expected as error:
        form.add_error("amount_minor", str(error))
        return _years(request, cover_form=form)
    return _to_the_proposal(request, number)


@require_POST
def share_loss(request: CoopRequest) -> HttpResponse:
    """Propose to the members who bears the loss of a year, as bylaws and law say."""
    request.by.must(permissions.WORK_OUT)
    try:
        made = services.propose_imputation(name=request.POST.get("name", ""), by=request.by, at=request.now)
    except Expected as error:
        messages.error(request, str(error))
        return redirect("surplus:years")
    return _to_the_proposal(request, made.proposal or 0)


@require_POST
def record_rate(request: CoopRequest) -> HttpResponse:
    """Write down which rate was published for a year."""
    request.by.must(permissions.WORK_OUT)
    form = forms.RateForm(request.POST)
    if not form.is_valid():
        return _years(request, rate_form=form)
    said = {name: value for name, value in form.cleaned_data.items() if name != "rate"}
    try:
        services.record_rate(**said, interest=form.cleaned_data["rate"], by=request.by, at=request.now)
        messages.success(request, _("Written down."))
    except Expected as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _years(request, rate_form=form)
    return redirect("surplus:years")


@require_POST
def put(request: CoopRequest, name: str) -> HttpResponse:
    """Put a year to the members."""
    request.by.must(permissions.WORK_OUT)
    try:
        services.put_to_members(year=_year(name), by=request.by, at=request.now)
        messages.success(request, _("Put to the members."))
    except Expected as error:
        messages.error(request, str(error))
    return redirect("surplus:year", name)


def claims(request: CoopRequest) -> HttpResponse:
    """What members gave that no order shows: one's own, and for peers those that wait."""
    request.by.must(permissions.SEE)
    own = members.register().filter(pk__in=request.by.memberships).first()
    form = forms.ClaimForm(request.POST or None)
    if request.method == "POST" and own is not None and form.is_valid():
        try:
            services.claim(membership=own, **form.cleaned_data, by=request.by, at=request.now)
            messages.success(request, _("Claimed. A peer looks at it."))
            return redirect("surplus:claims")
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    waiting = queries.claims().filter(state="claimed").exclude(membership_id__in=request.by.memberships)
    return render(request, "surplus/claims.html", {
        "form": form, "mine": queries.claims().filter(membership_id__in=request.by.memberships)[:100],
        "waiting": waiting[:100] if request.by.roles & {"board", "coordinator"} else [],
    }, status=422 if form.errors else 200)  # fmt: skip


@require_POST
def judge(request: CoopRequest, pk: int) -> HttpResponse:
    request.by.must(permissions.SEE)
    claim = get_object_or_404(queries.claims(), pk=pk)
    try:
        if request.POST.get("deed") == "approve":
            services.approve_claim(claim=claim, by=request.by, at=request.now)
        else:
            services.decline_claim(claim=claim, reason=request.POST.get("reason", ""), by=request.by, at=request.now)
    except Expected as error:
        messages.error(request, str(error))
    return redirect("surplus:claims")
