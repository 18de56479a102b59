"""Mutual credit: one's own, and what all of it comes to."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries
from toadlane.money.payments import services as payments
from toadlane.money.payments.forms import ClosingForm, LeaveForm
from toadlane.money.payments.permissions import CLOSE_CREDIT, SEE_CREDIT
from toadlane.money.payments.queries import credit
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import queries as members
from toadlane.ui.shapes import Crumb


def mine(request: CoopRequest) -> HttpResponse:
    """What I have or owe, how far I may go, what is promised of it, and what it came from."""
    holder, unit = _own(request), request.coop.currency
    there = credit.account(holder, unit)
    rows = page(
        credit.movements(holder, unit), cursor=request.GET.get("cursor"), limit=20, order=("-posted_at", "-pk")
    )  # fmt: skip
    holds = credit.open_holds(holder, unit)
    named = books.names.subjects([*(row.entry.subject for row in rows.items), *(what for _hold, what in holds)], request.by)
    member = members.register().get(pk=holder.partition(":")[2])
    return render(request, "payments/credit.html", {
        "there": there, "owed": -there.balance, "decided": bylaws.book().decided(credit.LIMIT), "member": member, "page": rows,
        "rows": [(row, -row.amount, named[row.entry.subject]) for row in rows.items],
        "holds": [(hold, named[what]) for hold, what in holds], "waiting": queries.waiting_for(f"credit:{member.pk}"),
        "form": LeaveForm(currency=unit, initial={"nonce": uuid4()}), "most": credit.most(),
    })  # fmt: skip


@require_POST
def pay_off(request: CoopRequest) -> HttpResponse:
    """Lead to the payment of what I owe, in money."""
    holder = _own(request)
    try:
        payment = payments.pay_off(holder=holder, method=request.POST.get("method", ""), by=request.by, at=request.now)
    except Expected as error:
        return _told(request, error, "payments:credit")
    is_at_the_server = get_script_prefix() != "/"
    return redirect(queries.card_page(payment) if is_at_the_server else queries.address_of(payment))


@require_POST
def leave(request: CoopRequest) -> HttpResponse:
    """Leave credit to the co-op."""
    holder, form = _own(request), LeaveForm(request.POST, currency=request.coop.currency)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("payments:credit")
    said = form.cleaned_data
    try:
        payments.leave_to_the_coop(holder=holder, amount=said["amount"], key=str(said["nonce"]), by=request.by, at=request.now)
    except Expected as error:
        return _told(request, error, "payments:credit")
    messages.success(request, _("It is the co-op’s now. Thank you."))
    return redirect("payments:credit")


def _own(request: CoopRequest) -> str:
    if not (holder := credit.own(request.by)):
        raise Http404
    return holder


def _told(request: CoopRequest, error: Expected, page: str) -> HttpResponse:
    messages.error(request, f"{error} {error.hint}".strip())
    return redirect(page)


def circle(request: CoopRequest) -> HttpResponse:
    """What all credit comes to, for members; and for an office the accounts that are to be brought to nothing."""
    request.by.must(SEE_CREDIT)
    unit, book = request.coop.currency, bylaws.book()
    may = bool(request.by.may(CLOSE_CREDIT))
    form = ClosingForm(request.POST or None, members=_with_credit(unit) if may else [])
    if request.method == "POST":
        request.by.must(CLOSE_CREDIT)
        if form.is_valid() and _asked(request, form):
            return redirect("payments:circle")
    closings = list(credit.closings()) if may else []
    return render(request, "payments/circle.html", {
        "all": credit.circle(unit), "limit": book.maybe(credit.LIMIT), "most": credit.most(), "may_close": may, "form": form,
        "decided": book.decided(credit.LIMIT), "decided_most": book.decided(credit.MOST),
        "closings": [(one, one.amount.minor < 0, abs(one.amount), one.asked_by == request.by.person_id) for one in closings],
        "crumbs": [Crumb(_("My credit"), reverse("payments:credit")), Crumb(_("All credit"))],
    }, status=422 if form.errors else 200)  # fmt: skip


def _with_credit(unit: str) -> list[tuple[int, str, Money]]:
    rows = credit.accounts(unit)
    names = books.names.holders([holder for holder, _amount in rows])
    return [(int(holder.partition(":")[2]), names[holder].label, amount) for holder, amount in rows]


def _asked(request: CoopRequest, form: ClosingForm) -> bool:
    said: dict[str, Any] = form.cleaned_data
    member = members.register().get(pk=said["member"])
    try:
        payments.ask_to_close(membership=member, reason=said["reason"], by=request.by, at=request.now)
    except Expected as error:
        form.add_error(None, f"{error} {error.hint}".strip())
        return False
    messages.success(request, _("Asked. Somebody else agrees now."))
    return True


@require_POST
def closing(request: CoopRequest, pk: int) -> HttpResponse:
    """Agree that an account is brought to nothing, or drop it."""
    request.by.must(CLOSE_CREDIT)
    found = credit.closing(pk)
    deeds = {"agree": (payments.agree_to_close, _("Agreed. The account is at nothing.")),
             "drop": (payments.drop_closing, _("Dropped."))}  # fmt: skip
    if found is None or request.POST.get("deed") not in deeds:
        raise Http404
    deed, done = deeds[request.POST["deed"]]
    try:
        deed(closing=found, by=request.by, at=request.now)
    except Expected as error:
        return _told(request, error, "payments:circle")
    messages.success(request, done)
    return redirect("payments:circle")
