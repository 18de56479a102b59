from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.deeds import done
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.assignments import forms, queries, services
from toadlane.trade.assignments.permissions import MANAGE, NAME, OFFICE
from toadlane.trade.assignments.views.common import activity_at, assignment_at, crumbs, of_activity, press, typed
from toadlane.ui.shapes import Crumb


@login_required
def mine(request: CoopRequest) -> HttpResponse:
    """My activities, and opening another one."""
    if not queries.has_to_do_with(request.by):
        raise Http404
    form, made = forms.NameForm(typed(request)), []
    if done(request, form, lambda: made.append(services.open_activity(**form.cleaned_data, by=request.by, at=request.now))):
        return redirect("assignments:activity", made[0].pk)
    unit = queries.terms.currency()
    page = paging.page(queries.of_person(request.by), cursor=request.GET.get("cursor"))
    balances = queries.balances(unit)
    return render(request, "assignments/mine.html", {
        "page": page, "rows": [(one, balances.get(one.holder)) for one in page.items], "form": form,
        "may_open": queries.may_open(request.by), "keeps": bool(request.by.may(OFFICE)),
    }, status=422 if form.errors else 200)  # fmt: skip


@login_required
@require_GET
def activity(request: CoopRequest, pk: int) -> HttpResponse:
    found = activity_at(request, pk)
    return render(request, "assignments/activity.html", {
        "one": queries.page(found, request.by), "activity": found, "trades": dict(queries.terms.trades()),
        "names_adviser": bool(request.by.may(NAME, found)), "person_id": request.by.person_id,
        "today": queries.today(request.now), "most": queries.SHOWN,
        "crumbs": crumbs(Crumb(found.name)),
    })  # fmt: skip


@login_required
@require_GET
def everything(request: CoopRequest, pk: int, what: str) -> HttpResponse:
    """All orders, or all contracts, of an activity."""
    found = activity_at(request, pk)
    titles = {"orders": _("Orders of clients"), "contracts": _("Contracts of work")}
    if what not in titles:
        raise Http404
    rows: Any = queries.assignments() if what == "orders" else queries.contracts()
    page = paging.page(rows.filter(activity=found), cursor=request.GET.get("cursor"))
    return render(request, "assignments/all.html", {
        "page": page, "what": what, "title": titles[what], "today": queries.today(request.now),
        "one": {"manages": bool(request.by.may(MANAGE, found))}, "crumbs": crumbs(of_activity(found), Crumb(titles[what])),
    })  # fmt: skip


@login_required
def people(request: CoopRequest, pk: int) -> HttpResponse:
    """Who takes part in an activity."""
    found = activity_at(request, pk, manages=True)
    form = forms.SeatForm(typed(request), initial={"role": "participant"})
    told = _("They are part of it now.")
    if done(request, form, lambda: services.seat(activity=found, **form.cleaned_data, by=request.by, at=request.now), told):
        return redirect("assignments:people", pk)
    return render(request, "assignments/people.html", {
        "activity": found, "form": form, "one": queries.page(found, request.by),
        "crumbs": crumbs(of_activity(found), Crumb(_("Who takes part"))),
    }, status=422 if form.errors else 200)  # fmt: skip


@login_required
@require_POST
def unseat(request: CoopRequest, pk: int, person: int) -> HttpResponse:
    found = activity_at(request, pk)
    deed = lambda: services.unseat(activity=found, person_id=person, by=request.by, at=request.now)  # noqa: E731
    press(request, deed, _("They are no longer part of it."))
    return redirect("assignments:people", pk)


@login_required
def adviser(request: CoopRequest, pk: int) -> HttpResponse:
    """Who advises an activity."""
    found = activity_at(request, pk)
    request.by.must(NAME, found)
    form = forms.AdviserForm(typed(request))
    told = _("Named. What is bought for it waits for their word from now on.")
    if done(
        request, form, lambda: services.name_adviser(activity=found, **form.cleaned_data, by=request.by, at=request.now), told
    ):
        return redirect("assignments:activity", pk)
    return _form(request, found, form, _("Name an adviser"), _("Name them"))


def _form(request: CoopRequest, activity: Any, form: Any, title: str, button: str, **more: Any) -> HttpResponse:
    context = {
        "activity": activity, "form": form, "title": title, "button": button,
        "crumbs": crumbs(of_activity(activity), Crumb(title)), "available": queries.available(activity), **more,
    }  # fmt: skip
    return render(request, "assignments/form.html", context, status=422 if form.errors else 200)


@login_required
def engage(request: CoopRequest, pk: int) -> HttpResponse:
    """Sign a contract of work, for an order or out of the budget."""
    found = activity_at(request, pk, manages=True)
    asked = request.GET.get("order", "")
    order = assignment_at(request, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    if order is not None and order.activity_id != found.pk:
        raise Http404
    workers = {str(one.pk): one for one in queries.workers(found)}
    initial: dict[str, Any] = {"part": "1", "means": "gross"}
    if order is not None:
        initial |= {"trade": order.trade, "first_day": order.first_day, "last_day": order.last_day, "means": "cost"}
        initial["days"] = (order.last_day - order.first_day).days + 1
        initial["amount"] = queries.order_page(order, request.by, order.last_day, may_invoice=False).uncontracted
    form = forms.ContractForm(
        typed(request), currency=found.currency, trades=queries.terms.trades(), initial=initial,
        workers=[(key, one.name) for key, one in workers.items()],
    )  # fmt: skip

    def deed() -> None:
        said = dict(form.cleaned_data)
        worker = workers[said.pop("worker")]
        services.engage(activity=found, worker=worker, assignment=order, **said, by=request.by, at=request.now)

    if done(request, form, deed, _("Signed. The wage leaves by itself, on its day.")):
        return redirect("assignments:order", order.pk) if order else redirect("assignments:activity", pk)
    return _form(request, found, form, _("Sign a contract of work"), _("Sign it"), order=order, prefixed="amount")


@login_required
def transfer(request: CoopRequest, pk: int) -> HttpResponse:
    """Move money to another activity."""
    found = activity_at(request, pk, manages=True)
    form = forms.TransferForm(typed(request), currency=found.currency)
    key = request.POST.get("key") or uuid4().hex

    def deed() -> None:
        said = dict(form.cleaned_data)
        other = queries.activity(said.pop("target"))
        if other is None:
            raise services.SameActivity
        services.transfer(source=found, target=other, **said, key=key[:40], by=request.by, at=request.now)

    if done(request, form, deed, _("Moved.")):
        return redirect("assignments:activity", pk)
    return _form(request, found, form, _("Move money to another activity"), _("Move it"), key=key, prefixed="amount")


@login_required
def outlay(request: CoopRequest, pk: int) -> HttpResponse:
    """Ask for something to be paid back out of the budget."""
    found, made = activity_at(request, pk, manages=True), []
    form = forms.OutlayForm(typed(request), request.FILES or None, currency=found.currency)

    def deed() -> None:
        said = form.cleaned_data
        made.append(
            services.ask(activity=found, purpose=said["purpose"], amount=said["amount"], by=request.by, at=request.now)
        )  # fmt: skip

    if done(request, form, deed, _("Noted. The adviser looks at it.")):
        if upload := form.cleaned_data["file"]:
            _attach(request, made[0], upload)
        return redirect("assignments:activity", pk)
    return _form(
        request, found, form, _("Have something paid back"), _("Ask for it"), has_file=True, prefixed="amount"
    )  # fmt: skip


def _attach(request: CoopRequest, found: Any, upload: Any) -> None:
    """What was asked stands whatever becomes of its receipt, which can be brought again."""
    try:
        services.add_receipt(outlay=found, file=upload, name=upload.name, by=request.by, at=request.now)
    except Expected as error:
        messages.error(request, f"{error} {error.hint}".strip())


@login_required
@require_POST
def outlay_act(request: CoopRequest, pk: int, deed: str) -> HttpResponse:
    """Bring a receipt, approve, or decline."""
    found = queries.outlay(pk)
    if found is None or deed not in ("receipt", "approve", "decline"):
        raise Http404
    activity_at(request, found.activity_id)
    who: dict[str, Any] = {"outlay": found, "by": request.by, "at": request.now}
    if deed == "receipt":
        form = forms.ReceiptForm(request.POST, request.FILES)
        if form.is_valid():
            upload = form.cleaned_data["file"]
            press(request, lambda: services.add_receipt(file=upload, name=upload.name, **who), _("The receipt is attached."))
        else:
            messages.error(request, _("Choose a file first."))
    elif deed == "approve":
        press(request, lambda: services.approve(**who), _("Approved. It is paid like everything that is owed."))
    else:
        press(request, lambda: services.decline(reason=request.POST.get("reason", ""), **who), _("Declined."))
    return redirect(f"{reverse('assignments:activity', args=[found.activity_id])}#outlays")


@login_required
@require_POST
def cancel(request: CoopRequest, pk: int) -> HttpResponse:
    """Call a contract off."""
    found = queries.contract(pk)
    if found is None:
        raise Http404
    activity_at(request, found.activity_id)
    press(request, lambda: services.cancel(contract=found, by=request.by, at=request.now), _("Called off."))
    return redirect("assignments:activity", found.activity_id)
