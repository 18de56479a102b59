from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.bank import queries as bank
from toadlane.money.payments import queries as payments
from toadlane.ownership.dues import forms, permissions, queries, services
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import queries as members
from toadlane.society.members.permissions import DESK


def _membership(request: CoopRequest, pk: int) -> Any:
    """Return a membership whose dues the one who asks may see; anybody else's is not there."""
    found = members.register().filter(pk=pk).first()
    if found is None or not request.by.may(permissions.SEE, found):
        raise Http404
    return found


def _methods() -> list[tuple[str, Any]]:
    named = {"card": _("By card, now"), "transfer": _("By bank transfer"), "cash": _("In cash")}
    return [(name, named[name]) for name in payments.methods() if name in named]


@require_GET
def mine(request: CoopRequest) -> HttpResponse:
    """What I owe for being a member, what I chose, and what I paid."""
    return _mine(request)


def _mine(request: CoopRequest, *, wrong: Any = None, pk: int = 0) -> HttpResponse:
    """Show it, with what somebody typed that could not be."""
    request.by.must(DESK)
    if not request.by.memberships:
        raise Http404
    unit, ids = queries.currency(), sorted(request.by.memberships)
    chosen, late = queries.chosen(ids), queries.late_since(timezone.localdate(request.now), membership_ids=ids)
    rows = []
    for one in members.register().filter(pk__in=ids):
        terms = queries.terms_of(one.member_class)
        pays = Money(terms.within(chosen.get(one.pk)), unit)
        rows.append({
            "membership": one, "terms": terms, "pays": pays, "suggested": Money(terms.amount, unit),
            "least": Money(terms.least, unit), "most": Money(terms.most, unit), "left": queries.left_of([one.pk]),
            "ahead": queries.credit_of([one.pk]), "late_since": late.get(one.pk),
            "coming": bank.in_words(queries.collected_from(one.pk)), "free": queries.to_pay(one.pk),
            "form": wrong if one.pk == pk else forms.ChooseForm(currency=unit, pk=one.pk, initial={"amount": pays}),
        })  # fmt: skip
    return render(request, "dues/mine.html", {
        "rows": rows, "claims": queries.claims(membership_ids=ids)[:60], "waivers": queries.waivers(membership_ids=ids)[:20],
        "period": bylaws.book().decided("dues.period"), "oversees": bool(request.by.may(permissions.OVERSEE)),
    }, status=422 if wrong else 200)  # fmt: skip


@require_POST
def choose(request: CoopRequest, pk: int) -> HttpResponse:
    who, form = _membership(request, pk), forms.ChooseForm(request.POST, currency=queries.currency(), pk=pk)
    if form.is_valid():
        try:
            services.choose(membership=who, amount=form.cleaned_data["amount"], by=request.by, at=request.now)
            messages.success(request, _("Thank you. It holds from the next period on."))
            return redirect("dues:mine")
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return _mine(request, wrong=form, pk=pk)


def pay(request: CoopRequest, pk: int) -> HttpResponse:
    """Pay what is owed, or ahead."""
    who, unit = _membership(request, pk), queries.currency()
    left, free, coming = queries.left_of([who.pk]), queries.to_pay(who.pk), queries.collected_from(who.pk)
    initial = {"amount": free if free.minor else None, "method": "card"}
    form = forms.PayForm(request.POST or None, currency=unit, methods=_methods(), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            placed = services.pay(
                membership=who, amount=given["amount"], method=given["method"], by=request.by, at=request.now,
                key=f"web:{request.by.person_id}:{request.POST.get('key', '')[:60]}",
                return_url=request.build_absolute_uri(reverse("dues:mine")),
            )  # fmt: skip
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, f"{error} {error.hint}".strip())
        else:
            if placed.payment.method == "card" and placed.payment.is_open:
                at_server = get_script_prefix() != "/"
                return redirect(payments.card_page(placed.payment) if at_server else payments.address_of(placed.payment))
            return redirect("dues:remittance", placed.remittance.pk)
    return render(request, "dues/pay.html", {
        "form": form, "membership": who, "left": left, "key": request.POST.get("key") or uuid4(),
        "coming": bank.in_words(coming), "takes": bool(free.minor or not coming),
    }, status=422 if form.errors else 200)  # fmt: skip


@require_GET
def remittance(request: CoopRequest, pk: int) -> HttpResponse:
    """Where a payment of dues stands, with the words to write on a transfer."""
    found = queries.remittance(pk)
    if found is None or not request.by.may(permissions.SEE, found.membership):
        raise Http404
    return render(request, "dues/remittance.html", {
        "one": found, "payment": payments.of_subject(found.subject), "account": payments.account(request.now),
    })  # fmt: skip


@require_GET
def owing(request: CoopRequest) -> HttpResponse:
    """Who owes dues, and since when they are late."""
    request.by.must(permissions.OVERSEE)
    rows, further = queries.owing_page(timezone.localdate(request.now), request.GET.get("cursor"))
    return render(request, "dues/owing.html", {
        "rows": rows, "next": further, "total": queries.owed_in_all(), "finding": queries.claims_equal_ledger(),
        "waivers": queries.waivers()[:50], "waived_by": bylaws.book().decided("dues.waived_by"),
    })  # fmt: skip


def member(request: CoopRequest, pk: int) -> HttpResponse:
    """One member's dues, for those who look after them, and where somebody is let off."""
    request.by.must(permissions.OVERSEE)
    who = get_object_or_404(members.register(), pk=pk)
    form = forms.WaiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.waive(membership=who, by=request.by, at=request.now, **given)
            messages.success(request, _("%(name)s pays no dues until then.") % {"name": who.name})
            return redirect("dues:member", who.pk)
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return render(request, "dues/member.html", {
        "membership": who, "form": form, "claims": queries.claims(membership_ids=[who.pk])[:100],
        "waivers": queries.waivers(membership_ids=[who.pk])[:50], "left": queries.left_of([who.pk]),
        "ahead": queries.credit_of([who.pk]), "may_waive": bool(request.by.may(permissions.WAIVE, who)),
        "today": timezone.localdate(request.now),
    }, status=422 if form.errors else 200)  # fmt: skip


@require_POST
def waive_claim(request: CoopRequest, pk: int) -> HttpResponse:
    request.by.must(permissions.OVERSEE)
    one = queries.claim(pk)
    if one is None:
        raise Http404
    try:
        services.waive_claim(claim=one, reason=request.POST.get("reason", ""), by=request.by, at=request.now)
        messages.success(request, _("Waived."))
    except Expected as error:
        messages.error(request, str(error))
    return redirect("dues:member", one.membership_id)


@require_POST
def end_waiver(request: CoopRequest, pk: int) -> HttpResponse:
    request.by.must(permissions.OVERSEE)
    one = queries.waiver(pk)
    if one is None:
        raise Http404
    try:
        services.end_waiver(waiver=one, by=request.by, at=request.now)
        messages.success(request, _("Ended. From the next period on dues are asked again."))
    except Expected as error:
        messages.error(request, str(error))
    return redirect("dues:member", one.membership_id)
