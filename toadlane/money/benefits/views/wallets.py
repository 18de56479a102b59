"""The worker's wallet, and the client's plans."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth import login
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
from toadlane.money.benefits.permissions import CHANGE_PLAN, GIVE, HELP, INVITE, MAKE_CODES, OPEN, SEE_OWN, SEE_WALLET, TAKE
from toadlane.money.benefits.views.common import by_form, home, key, tried
from toadlane.money.payments import queries as payments
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.ui import formats
from toadlane.ui.shapes import Crumb


@login_required
@require_GET
def everywhere(request: CoopRequest) -> HttpResponse:
    """All wallets of one person, over all co-ops."""
    return render(request, "benefits/everywhere.html", {"wallets": queries.own_wallets(request.user.pk)})


@login_required
@require_GET
def mine(request: CoopRequest) -> HttpResponse:
    """My wallet where I have one; and what anybody can do here."""
    request.by.must(SEE_OWN)
    own = queries.of_person(request.user.pk)
    if own is not None:
        return _shown(request, own)
    return render(request, "benefits/none.html", {
        "is_open": queries.is_open(), "may_open": bool(request.by.may(OPEN)),
        "decided": bylaws.book().decided("benefits.wallets"),
        "may_help": bool(request.by.may(HELP)), "may_make_codes": bool(request.by.may(MAKE_CODES)),
        "has_plans": queries.plans_of(request.user.pk).exists(),
        "elsewhere": queries.balance_kept_elsewhere(request.user.pk, request.coop.pk),
    })  # fmt: skip


@login_required
@require_POST
def open_own(request: CoopRequest) -> HttpResponse:
    tried(request, lambda: services.open_own(by=request.by, at=request.now), _("Your wallet is open."))
    return redirect("benefits:mine")


@login_required
@require_http_methods(["GET", "POST"])
def wallet(request: CoopRequest, pk: int) -> HttpResponse:
    """One wallet, for its worker and for who helps her; days off are asked for here."""
    found = _found(request, pk)
    if request.method != "POST":
        return _shown(request, found)
    request.by.must(TAKE, found)
    form = forms.TakeForm(request.POST, state=queries.state(found))
    if form.is_valid():
        about = {"wallet": found, "key": key(request), "by": request.by, "at": request.now}
        if by_form(form, lambda: services.take(**form.cleaned_data, **about)):
            messages.success(request, _("Asked for. Two people at the co-op look at it and send it."))
            return redirect("benefits:wallet", pk)
    return _shown(request, found, status=422, take_form=form)


def _shown(request: CoopRequest, found: Any, *, status: int = 200, **wrong: Any) -> HttpResponse:
    state = queries.state(found)
    book = bylaws.book()
    return render(request, "benefits/wallet.html", {
        "state": state, "wallet": found, "is_own": found.person_id == request.by.person_id, "key": uuid4(),
        "take_form": forms.TakeForm(state=state, initial={"what": "half_day", "way": "transfer", "count": 1}),
        "client_form": forms.InviteForm(country=request.coop.country, auto_id="client_%s"),
        "bring_form": forms.BringForm(currency=found.currency, auto_id="bring_%s"),
        "give_url": coops.address(request.coop, "benefits:give", found.code),
        "decided": book.decided("benefits.half_day"), "may_help": bool(request.by.may(HELP)),
        "elsewhere": queries.balance_kept_elsewhere(found.person_id, request.coop.pk), **wrong,
    }, status=status)  # fmt: skip


def _found(request: CoopRequest, pk: int) -> Any:
    found = queries.wallet(pk)
    if found is None or not request.by.may(SEE_WALLET, found):
        raise Http404
    return found


@login_required
@require_POST
def invite_client(request: CoopRequest, pk: int) -> HttpResponse:
    """Ask somebody by phone number to pay into a wallet."""
    found = _found(request, pk)
    form = forms.InviteForm(request.POST, country=request.coop.country, auto_id="client_%s")
    if form.is_valid():
        given = {"phone": form.cleaned_data["phone"], "language": get_language() or "en", "by": request.by, "at": request.now}
        if by_form(form, lambda: services.invite_client(wallet=found, **given)):
            messages.success(request, _("A message is on its way."))
            return redirect("benefits:wallet", pk)
    return _shown(request, found, status=422, client_form=form)


@login_required
@require_POST
def bring(request: CoopRequest, pk: int) -> HttpResponse:
    """Announce what comes from a wallet at another co-op; the page of the transfer says what to write on it."""
    found = _found(request, pk)
    form = forms.BringForm(request.POST, currency=found.currency, auto_id="bring_%s")
    if form.is_valid():
        payment = by_form(
            form, lambda: services.bring(**form.cleaned_data, key=key(request), by=request.by, at=request.now)
        )  # fmt: skip
        if payment:
            return redirect(payments.address_of(payment))
    return _shown(request, found, status=422, bring_form=form)


@login_required
@require_POST
def withdraw(request: CoopRequest, pk: int) -> HttpResponse:
    found = queries.draw(pk)
    if found is None or not request.by.may(SEE_WALLET, found.wallet):
        raise Http404
    tried(request, lambda: services.withdraw(draw=found, by=request.by, at=request.now), _("Taken back."))
    return redirect("benefits:wallet", found.wallet_id)


@login_required
@require_http_methods(["GET", "POST"])
def invite(request: CoopRequest) -> HttpResponse:
    """Ask a worker by phone number to open a wallet: nothing but the number is needed."""
    request.by.must(INVITE)
    form = forms.InviteForm(request.POST or None, country=request.coop.country)
    if request.method == "POST" and form.is_valid():
        given = {"phone": form.cleaned_data["phone"], "language": get_language() or "en"}
        if by_form(form, lambda: services.invite_worker(**given, by=request.by, at=request.now)):
            messages.success(request, _("A message is on its way. When she has said yes, we tell you where to pay."))
            return redirect("benefits:invite")
    return render(request, "benefits/invite.html", {
        "form": form, "sent": page(queries.invitations_by(request.user.pk), cursor=request.GET.get("cursor")),
        "crumbs": [home(), Crumb(_("Invite a worker"))],
    }, status=422 if form.errors else 200)  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def claim(request: CoopRequest, token: str) -> HttpResponse:
    """Say yes to an invitation: a name and the number, and nothing else."""
    found = queries.invitation(token, at=request.now)
    if found is None:
        raise Http404
    form = forms.ClaimForm(request.POST or None, country=request.coop.country)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "language": get_language() or "en"}
        opened = by_form(form, lambda: services.claim(token=token, **given, by=request.by, at=request.now))
        if opened and opened.person.joined_at == request.now:
            # Somebody new, who just read a message on this very number: nothing more proves it than that.
            login(request, opened.person)
        if opened:
            messages.success(request, _("Your wallet is open."))
            return redirect("benefits:mine")
    return render(request, "benefits/claim.html", {
        "form": form, "invitation": found, "units": queries.units(), "decided": bylaws.book().decided("benefits.half_day"),
    }, status=422 if form.errors else 200)  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def give(request: CoopRequest, code: str) -> HttpResponse:
    """Promise something to a worker's wallet, or give once."""
    request.by.must(GIVE)
    found = queries.at_code(code)
    if found is None:
        raise Http404
    terms, methods = queries.terms(), payments.methods()
    # A debit stands beside the card: both can be asked for again.
    by_debit = queries.takes_debits(found)
    methods = sorted([*methods, forms.DEBIT], key=lambda one: one not in ("card", forms.DEBIT)) if by_debit else methods
    mandate = bank.mandate_for(request.user.pk, request.now) if by_debit else None
    asked = request.GET.get("rhythm")
    often = asked if asked in ("month", "visit") else "month"
    form = forms.GiveForm(
        request.POST or None, terms=terms, methods=methods, suggested=formats.money(terms.suggested), has_mandate=bool(mandate),
        initial={"rhythm": often if by_debit or "card" in methods else "once", "amount": terms.suggested, "method": methods[0]},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and (payment := by_form(form, lambda: _promised(request, found, form))):
        if form.cleaned_data["method"] != forms.DEBIT:
            return redirect(payments.address_of(payment))
        messages.success(request, _("Thank you. You are told the amount and the day before anything is collected."))
        return redirect("benefits:plans")
    return render(request, "benefits/give.html", {
        "form": form, "wallet": found, "terms": terms, "units": queries.units(), "key": uuid4(), "plans": form.plans,
        "mandate": mandate, "notice": bank.debit_notice(), "running": queries.running_for(request.user.pk, found),
        "mandate_text": bank.words_of(known.identifier) if by_debit and (known := bank.creditor()) else "",
        "decided": bylaws.book().decided("benefits.minimum"), "crumbs": [home(), Crumb(found.person.name)],
    }, status=422 if form.errors else 200)  # fmt: skip


def _promised(request: CoopRequest, found: Any, form: Any) -> Any:
    rhythm, amount = form.cleaned_data["rhythm"], form.cleaned_data["amount"]
    about = {
        "wallet": found, "amount": amount, "key": key(request), "by": request.by, "at": request.now,
        "return_url": request.build_absolute_uri(reverse("benefits:plans")),
    }  # fmt: skip
    if form.cleaned_data["method"] == forms.DEBIT:
        account = {name: form.cleaned_data.get(name, "") for name in ("name", "iban")}
        about = {name: about[name] for name in ("wallet", "amount", "by", "at")}
        return services.promise_by_debit(**about, **account, rhythm=rhythm)
    if rhythm == "once":
        return services.give_once(**about, method=form.cleaned_data["method"] or payments.methods()[0])
    return services.begin_plan(**about, rhythm=rhythm)


@login_required
@require_GET
def plans(request: CoopRequest) -> HttpResponse:
    """What I promised, and what was charged for it."""
    request.by.must(SEE_OWN)
    found = queries.plans_of(request.user.pk)
    given = queries.contributions().filter(payer_id=request.user.pk)
    return render(request, "benefits/plans.html", _plans(request, found, given))


def _plans(request: CoopRequest, found: Any, given: Any) -> dict[str, Any]:
    running = list(found.filter(state="running")[:50])
    by_debit = any(one.method == forms.DEBIT for one in running)
    return {
        "mandate": bank.mandate_for(request.user.pk, request.now) if by_debit else None, "notice": bank.debit_notice(),
        "running": [(one, forms.ChangeForm(currency=one.currency, auto_id=f"plan{one.pk}_%s")) for one in running],
        "ended": list(found.filter(state="ended")[:20]), "page": page(given, cursor=request.GET.get("cursor")),
        "crumbs": [home(), Crumb(_("What I promised"))],
    }  # fmt: skip


@login_required
@require_POST
def plan(request: CoopRequest, pk: int, deed: str) -> HttpResponse:
    """Change a plan, or end it."""
    found = queries.plan(pk)
    either = found is not None and request.by.person_id in (found.payer_id, found.wallet.person_id)
    if found is None or not either or deed not in ("change", "end"):
        raise Http404
    if deed == "end":
        done = _("The plan has ended. Nothing more is charged, and what is in the wallet stays there.")
        tried(request, lambda: services.end_plan(plan=found, by=request.by, at=request.now), done)
        return redirect("benefits:plans" if request.by.person_id == found.payer_id else "benefits:mine")
    request.by.must(CHANGE_PLAN, found)
    form = forms.ChangeForm(request.POST, currency=found.currency, auto_id=f"plan{pk}_%s")
    if form.is_valid():
        amount = form.cleaned_data["amount"]
        if by_form(form, lambda: services.change_plan(plan=found, amount=amount, by=request.by, at=request.now)):
            messages.success(request, _("Changed, from the next time on."))
            return redirect("benefits:plans")
    given = queries.contributions().filter(payer_id=request.user.pk)
    shown = _plans(request, queries.plans_of(request.user.pk), given)
    shown["running"] = [(one, form if one.pk == pk else own) for one, own in shown["running"]]
    return render(request, "benefits/plans.html", shown, status=422)
