"""Batches and codes, the assisted way, and the page where help is asked for."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toadlane.money.bank import queries as bank
from toadlane.money.benefits import forms, queries, services
from toadlane.money.benefits.permissions import ASK_HELP, HELP, MAKE_CODES, SEE_BATCHES
from toadlane.money.benefits.views.common import by_form, home, tried
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.ui.shapes import Crumb


@login_required
@require_GET
def batches(request: CoopRequest) -> HttpResponse:
    """What was asked for, the batch that waits for a second person, and those that were paid."""
    request.by.must(SEE_BATCHES)
    return _batches(request)


def _batches(request: CoopRequest, *, wrong: int = 0, back: Any = None) -> HttpResponse:
    """:param wrong: the contribution whose form, `back`, has something to be put right"""
    found = page(queries.batches(), cursor=request.GET.get("cursor"), limit=20, order=("-number",))
    open_ = queries.batches().filter(approved_at=None, dropped_at=None)[:10]
    me = request.by.person_id
    return render(request, "benefits/batches.html", {
        "waits": queries.waits(), "open": [(one, queries.total(one), one.prepared_by_id == me) for one in open_],
        "page": found, "past": [(one, queries.total(one)) for one in found.items if one.approved_at or one.dropped_at],
        "fund": queries.fund_left(request.coop.currency), "form": forms.ReasonForm(), "crumbs": [home(), Crumb(_("Paying out"))],
        "with_file": {one.number for one in found.items if queries.by_bank(one)} if bank.details_of(None) else set(),
        "backs": [(one, one.asked_by_id == me) for one in queries.give_backs().filter(agreed_at=None, dropped_at=None)[:20]],
        "paid_in": queries.contributions().filter(state="paid", payer__isnull=False)[:20],
        "may_make_codes": bool(request.by.may(MAKE_CODES)), "wrong": wrong, "back_form": back,
    }, status=422 if wrong else 200)  # fmt: skip


@login_required
@require_POST
def prepare(request: CoopRequest) -> HttpResponse:
    tried(request, lambda: services.prepare(by=request.by, at=request.now), _("Put together. Another person approves it."))
    return redirect("benefits:batches")


@login_required
@require_POST
def batch(request: CoopRequest, number: int, deed: str) -> HttpResponse:
    """Approve a batch, or drop it."""
    request.by.must(SEE_BATCHES)
    found = queries.batch(number)
    if found is None or deed not in ("approve", "drop"):
        raise Http404
    if deed == "approve":
        done = _("Approved, and in the books. Send the money as it is listed.")
        tried(request, lambda: services.approve(batch=found, by=request.by, at=request.now), done)
    else:
        tried(
            request, lambda: services.drop(batch=found, by=request.by, at=request.now), _("Dropped. What was in it waits again.")
        )
    return redirect("benefits:batches")


@login_required
@require_GET
def file(request: CoopRequest, number: int) -> HttpResponse:
    """What an approved batch sends by bank, as the bank takes it."""
    request.by.must(SEE_BATCHES)
    found = queries.batch(number)
    content = queries.bank_file(found) if found else None
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type="application/xml")
    answer["Content-Disposition"] = f"attachment; filename=wallets-{number}.xml"
    return answer


@login_required
@require_POST
def ask_back(request: CoopRequest, pk: int) -> HttpResponse:
    """Ask that a contribution that was a mistake goes back."""
    request.by.must(SEE_BATCHES)
    found = queries.contributions().filter(pk=pk).first()
    if found is None:
        raise Http404
    form = forms.BackForm(request.POST, currency=found.currency)
    if form.is_valid():
        given = form.cleaned_data
        if by_form(form, lambda: services.ask_back(contribution=found, **given, by=request.by, at=request.now)):
            messages.success(request, _("Asked. Another person agrees, and it goes back."))
            return redirect("benefits:batches")
    return _batches(request, wrong=found.pk, back=form)


@login_required
@require_POST
def give_back(request: CoopRequest, pk: int, deed: str) -> HttpResponse:
    """Agree, as a second person, that it goes back, or drop it."""
    request.by.must(SEE_BATCHES)
    found = queries.give_back(pk)
    if found is None or deed not in ("agree", "drop"):
        raise Http404
    judge, told = {
        "agree": (services.agree_back, _("Agreed. It is on its way back to who paid it.")),
        "drop": (services.drop_back, _("Dropped. It stays in the wallet.")),
    }[deed]
    tried(request, lambda: judge(give_back=found, by=request.by, at=request.now), told)
    return redirect("benefits:batches")


@login_required
@require_POST
def decline(request: CoopRequest, kind: str, pk: int) -> HttpResponse:
    """Say no to a request, and why."""
    request.by.must(SEE_BATCHES)
    find = {"draw": queries.draw, "relief": queries.relief}.get(kind)
    found: Any = find(pk) if find else None
    if found is None:
        raise Http404
    reason = request.POST.get("reason", "")
    tried(
        request,
        lambda: services.decline(request=found, reason=reason, by=request.by, at=request.now),
        _("Declined, with your reason."),
    )
    return redirect("benefits:batches")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def codes(request: CoopRequest) -> HttpResponse:
    """Make codes for emergency help: shown this once."""
    request.by.must(MAKE_CODES)
    first = min(10, queries.codes_left(request.now))
    form = forms.CodesForm(request.POST or None, initial={"count": first or 1})
    made: Any = None
    if request.method == "POST" and form.is_valid():
        made = by_form(form, lambda: services.make_codes(count=form.cleaned_data["count"], by=request.by, at=request.now))
    return render(request, "benefits/codes.html", {
        "form": form, "made": made, "help_url": coops.address(request.coop, "benefits:help"), "terms": queries.terms(),
        "fund": queries.fund_left(request.coop.currency), "left": queries.codes_left(request.now),
        "unclaimed": queries.unclaimed(request.now), "crumbs": [home(), Crumb(_("Codes for emergency help"))],
    }, status=422 if form.errors else 200)  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def helping(request: CoopRequest) -> HttpResponse:
    """Sit beside a worker and fill in with her: her wallet is opened, or found, by name and number."""
    request.by.must(HELP)
    form = forms.ClaimForm(request.POST or None, country=request.coop.country)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "language": get_language() or "en"}
        opened = by_form(form, lambda: services.open_for(**given, by=request.by, at=request.now))
        if opened:
            return redirect("benefits:wallet", opened.pk)
    crumbs = [home(), Crumb(_("Help a worker"))]
    return render(request, "benefits/helping.html", {"form": form, "crumbs": crumbs}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def ask_help(request: CoopRequest) -> HttpResponse:
    """Ask for emergency help with a code. Nobody has to sign in for it."""
    request.by.must(ASK_HELP)
    if not queries.is_open():
        raise Http404
    form = forms.HelpForm(request.POST or None, country=request.coop.country, initial={"way": "transfer"})
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "true"}
        is_true = form.cleaned_data["true"]
        if by_form(form, lambda: services.ask_help(**given, is_true=is_true, by=request.by, at=request.now)):
            messages.success(request, _("We have it. Two people look at it, and then it is sent to you."))
            return redirect(reverse("benefits:help"))
    return render(request, "benefits/help.html", {
        "form": form, "terms": queries.terms(), "decided": bylaws.book().decided("benefits.relief"),
    }, status=422 if form.errors else 200)  # fmt: skip
