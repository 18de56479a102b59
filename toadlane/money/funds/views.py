from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.funds import forms, queries, services
from toadlane.money.funds.permissions import CLAIM, SEE, SEE_EXPENSES
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.ui import formats
from toadlane.ui.shapes import Crumb, Option


@require_GET
def spending(request: CoopRequest) -> HttpResponse:
    """What members decided to spend, and what officers paid without a vote: for everybody."""
    request.by.must(SEE)
    book = bylaws.book()
    known = queries.limits(book, queries.currency())
    return render(request, "funds/spending.html", {
        "approvals": [(one, Money(one.paid_minor, one.currency)) for one in queries.approvals()[:50]],
        "page": page(queries.without_a_vote(), cursor=request.GET.get("cursor"), order=("-paid_at", "-pk")),
        "limits": known, "decided": book.decided(queries.LIMIT),
        "sees_expenses": bool(request.by.may(SEE_EXPENSES)),
    })  # fmt: skip


@login_required
@require_GET
def expenses(request: CoopRequest) -> HttpResponse:
    """What members asked to be paid for."""
    request.by.must(SEE_EXPENSES)
    rows = queries.expenses()
    state = request.GET.get("state", "")
    rows = rows.filter(state=state) if state else rows
    return render(request, "funds/expenses.html", {
        "page": page(rows, cursor=request.GET.get("cursor"), order=("-number",)), "may_claim": bool(request.by.may(CLAIM)),
        "state": state, "crumbs": [Crumb(_("What we spend"), reverse("funds:spending")), Crumb(_("Expenses"))],
    })  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def claim(request: CoopRequest) -> HttpResponse:
    """Ask for an expense to be paid."""
    request.by.must(CLAIM)
    form = forms.ClaimForm(
        request.POST or None, request.FILES or None, currency=queries.currency(), approvals=_choices(request),
        initial={"payee": request.user.name, "approval": request.GET.get("approval", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name not in ("file", "approval")}
        approval = _approval(form.cleaned_data.get("approval", ""))
        try:
            made = services.claim(**given, approval=approval, by=request.by, at=request.now)
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, f"{error} {error.hint}".strip())
        else:
            return _with_receipt(request, made, form.cleaned_data["file"])
    return render(request, "funds/claim.html", {
        "form": form, "currency": queries.currency(), "crumbs": _crumbs(_("Ask for an expense to be paid")),
    }, status=422 if form.errors else 200)  # fmt: skip


def _with_receipt(request: CoopRequest, made: Any, upload: Any) -> HttpResponse:
    """The claim stands whatever becomes of its receipt, which can be brought again."""
    messages.success(request, _("Expense %(number)s is noted.") % {"number": made.number})
    if upload:
        try:
            services.add_receipt(expense=made, file=upload, name=upload.name, by=request.by, at=request.now)
        except Expected as error:
            messages.error(request, f"{error} {error.hint}".strip())
    return redirect("funds:expense", made.number)


@login_required
@require_GET
def expense(request: CoopRequest, number: int) -> HttpResponse:
    request.by.must(SEE_EXPENSES)
    return _page(request, _found(number))


def _page(request: CoopRequest, found: Any, *, status: int = 200, **wrong: Any) -> HttpResponse:
    shown = queries.page(found, request.by)
    unit, choices = found.currency, _choices(request)
    return render(request, "funds/expense.html", {
        "one": shown, "expense": found, "crumbs": _crumbs(_("Expense %(number)s") % {"number": found.number}), "key": uuid4(),
        "receipt_form": forms.ReceiptForm(), "correct_form": forms.AmountForm(currency=unit, auto_id="correct_%s"),
        "advance_form": forms.AmountForm(currency=unit, auto_id="advance_%s"),
        "back_form": forms.AmountForm(currency=unit, auto_id="back_%s"), "decline_form": forms.ReasonForm(),
        "under_form": forms.UnderForm(approvals=choices) if choices else None, **wrong,
    }, status=status)  # fmt: skip


@login_required
@require_POST
def act(request: CoopRequest, number: int, deed: str) -> HttpResponse:
    """Do one thing with an expense: what its page offers."""
    request.by.must(SEE_EXPENSES)
    if deed not in _DEEDS:
        raise Http404
    found = _found(number)
    try:
        answer = _DEEDS[deed](request, found)
    except Refused:
        raise
    except Expected as error:
        messages.error(request, f"{error} {error.hint}".strip())
        answer = None
    return answer or redirect("funds:expense", number)


def _receipt(request: CoopRequest, found: Any) -> HttpResponse | None:
    form = forms.ReceiptForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, status=422, receipt_form=form)
    upload = form.cleaned_data["file"]
    services.add_receipt(expense=found, file=upload, name=upload.name, by=request.by, at=request.now)
    messages.success(request, _("The receipt is attached."))
    return None


def _with_amount(name: str, deed: Callable[[CoopRequest, Any, Money], Any], done: Any) -> Callable[..., HttpResponse | None]:
    def do(request: CoopRequest, found: Any) -> HttpResponse | None:
        form = forms.AmountForm(request.POST, currency=found.currency, auto_id=f"{name}_%s")
        if not form.is_valid():
            return _page(request, found, status=422, **{f"{name}_form": form})
        deed(request, found, form.cleaned_data["amount"])
        messages.success(request, str(done()))
        return None

    return do


def _decline(request: CoopRequest, found: Any) -> HttpResponse | None:
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, decline_form=form)
    services.decline(expense=found, reason=form.cleaned_data["reason"], by=request.by, at=request.now)
    messages.success(request, _("Declined, with your reason."))
    return None


def _under(request: CoopRequest, found: Any) -> HttpResponse | None:
    form = forms.UnderForm(request.POST, approvals=_choices(request))
    if not form.is_valid():
        return _page(request, found, status=422, under_form=form)
    approval = _approval(form.cleaned_data["approval"])
    if approval is None:
        raise Http404
    services.put_under(expense=found, approval=approval, by=request.by, at=request.now)
    messages.success(request, _("It rests on this decision now."))
    return None


def _ask(request: CoopRequest, found: Any) -> HttpResponse:
    draft = services.ask_members(expense=found, by=request.by, at=request.now)
    return redirect("proposals:draft_why", draft.pk)


def _prepare(request: CoopRequest, found: Any) -> None:
    services.prepare(expense=found, key=_key(request), by=request.by, at=request.now)
    messages.success(request, _("Prepared. A second officer pays it."))


def _pay(request: CoopRequest, found: Any) -> None:
    services.pay(disbursement=_prepared(request, found), by=request.by, at=request.now)
    messages.success(request, _("Paid, and in the books."))


def _drop(request: CoopRequest, found: Any) -> None:
    services.drop(disbursement=_prepared(request, found), by=request.by, at=request.now)
    messages.success(request, _("Dropped. Nothing was paid."))


def _settle(request: CoopRequest, found: Any) -> None:
    services.settle(expense=found, by=request.by, at=request.now)
    messages.success(request, _("The advance is accounted for."))


def _withdraw(request: CoopRequest, found: Any) -> None:
    services.withdraw(expense=found, by=request.by, at=request.now)
    messages.success(request, _("Taken back."))


_DEEDS: dict[str, Callable[[CoopRequest, Any], HttpResponse | None]] = {
    "receipt": _receipt, "decline": _decline, "under": _under, "ask": _ask, "prepare": _prepare, "pay": _pay, "drop": _drop,
    "settle": _settle, "withdraw": _withdraw,
    "correct": _with_amount(
        "correct", lambda r, one, amount: services.correct(expense=one, amount=amount, by=r.by, at=r.now),
        lambda: _("Corrected."),
    ),
    "advance": _with_amount(
        "advance",
        lambda r, one, amount: services.prepare(expense=one, advance=amount, key=_key(r), by=r.by, at=r.now),
        lambda: _("Prepared. A second officer pays it."),
    ),
    "back": _with_amount(
        "back", lambda r, one, amount: services.take_back(expense=one, amount=amount, key=_key(r), by=r.by, at=r.now),
        lambda: _("It is back, and in the books."),
    ),
}  # fmt: skip


def _key(request: CoopRequest) -> str:
    """Return the intent's own key, which the form carries: pressed twice, it is one intent."""
    return f"web:{request.by.person_id}:{request.POST.get('key', '')[:60]}"


def _found(number: int) -> Any:
    if (found := queries.expense(number)) is None:
        raise Http404
    return found


def _prepared(request: CoopRequest, found: Any) -> Any:
    text = request.POST.get("payment", "")
    row = queries.disbursement(int(text)) if text.isdecimal() and len(text) < 10 else None
    if row is None or row.expense_id != found.pk:
        raise Http404
    return row


def _approval(text: str) -> Any:
    return queries.approval(int(text)) if text.isdecimal() and len(text) < 10 else None


def _choices(request: CoopRequest) -> list[tuple[str, Any]]:
    return [(str(one.pk), _option(one)) for one in queries.open_approvals(request.now.date())[:50]]


def _option(one: Any) -> Option:
    left = formats.money(Money(one.amount_minor - one.paid_minor, one.currency))
    more = _("%(left)s of %(amount)s are left.") % {"left": left, "amount": formats.money(one.amount)}
    return Option(f"{one.decision.name}: {one.purpose}", more)


def _crumbs(last: str) -> list[Crumb]:
    return [Crumb(_("What we spend"), reverse("funds:spending")), Crumb(_("Expenses"), reverse("funds:expenses")), Crumb(last)]
