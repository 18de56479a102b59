from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toadlane.kernel.dates import next_bank_day
from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.bank import forms, permissions, queries, services
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as payments
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries as members
from toadlane.society.members.permissions import DESK
from toadlane.ui.shapes import Crumb

# Doubtful lines on one page: the next ones come as these are dealt with.
SHOWN = 50
# How many are named whom a file cannot pay yet.
NAMED = 10


def mine(request: CoopRequest) -> HttpResponse:
    """Where I want my money, and what I let the co-op debit."""
    own = _own(request)
    if not own:
        return _mine(request, own, None)
    who = _for_whom(request, own)
    wishes = request.method == "POST" and "every" in request.POST
    form = forms.DetailsForm(request.POST if request.method == "POST" and not wishes else None)
    wish_form = _wish_form(request, who) if wishes else _wish_form(None, who)
    if wishes and wish_form.is_valid():
        try:
            services.wish(membership=who, **wish_form.said(), by=request.by, at=request.now)
            messages.success(request, _("That is how you are paid from now on."))
            return redirect("bank:mine")
        except Expected as error:
            wish_form.add_error(error.field if error.field in wish_form.fields else None, str(error))
    if form.is_bound and form.is_valid():
        try:
            services.give(membership=who, **form.cleaned_data, by=request.by, at=request.now)
            messages.success(request, _("Your account is noted."))
            return redirect("bank:mine")
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return _mine(request, own, who, form=form, wish_form=wish_form)


def _own(request: CoopRequest) -> list[Any]:
    """Return my memberships; nothing where I am no member, but have let the co-op debit an account."""
    request.by.must(DESK)
    own = list(members.register().filter(pk__in=request.by.memberships))
    if not own and not queries.mandates_of([], request.by.person_id).exists():
        raise Http404
    return own


def _for_whom(request: CoopRequest, own: list[Any]) -> Any:
    wanted = request.POST.get("membership", "")
    return next((one for one in own if str(one.pk) == wanted), own[0])


def _mine(request: CoopRequest, own: list[Any], who: Any, **with_forms: Any) -> HttpResponse:
    ids = [one.pk for one in own]
    known = queries.latest(ids)
    rows = [(one, known.get(one.pk), bool(known.get(one.pk) and known[one.pk].usable_from > request.now)) for one in own]
    # Names of fields stay apart from those of the other form with an account on the page.
    shown = with_forms
    if own:
        shown = {
            "form": forms.DetailsForm(), "wish_form": _wish_form(None, who),
            "mandate_form": forms.DetailsForm(prefix="mandate"), **with_forms,
        }  # fmt: skip
    creditor, given = queries.creditor(), queries.mandates_of(ids, request.by.person_id)[:20]
    active = {one.pk for row in given if row.ended_at is None for one in queries.active_mandates_of(row.payer, request.now)}
    return render(request, "bank/mine.html", {
        "rows": rows, "who": who, "longest": queries.longest_hold(), "wishes": [(one, queries.wish_of(one.pk)) for one in own],
        "mandates": [(one, one.pk in active) for one in given],
        "mandate_text": queries.words_of(creditor.identifier) if creditor and own else "", "notice": queries.debit_notice(),
        **shown,
    }, status=422 if any(form.errors for form in shown.values()) else 200)  # fmt: skip


@require_POST
def mandate(request: CoopRequest) -> HttpResponse:
    """Let the co-op debit my account, or take that back."""
    own = _own(request)
    if request.POST.get("deed") == "end":
        mine = queries.mandates_of([one.pk for one in own], request.by.person_id)
        one = get_object_or_404(mine, reference=request.POST.get("mandate", "")[:35])
        try:
            services.end(mandate=one, by=request.by, at=request.now)
            messages.success(request, _("The mandate has ended. Nothing new is collected from your account."))
        except Expected as error:
            messages.error(request, str(error))
        return redirect("bank:mine")
    if not own:
        raise Http404
    who, form = _for_whom(request, own), forms.DetailsForm(request.POST, prefix="mandate")
    if form.is_valid():
        try:
            services.sign(payer=who, **form.cleaned_data, by=request.by, at=request.now)
            messages.success(request, _("Your mandate is noted. You are told before anything is collected."))
            return redirect("bank:mine")
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return _mine(request, own, who, mandate_form=form)


def _wish_form(request: CoopRequest | None, who: Any) -> forms.WishForm:
    known, unit = queries.wish_of(who.pk), coops.of_scope(current_coop_id()).currency
    least = known.least_minor if known else queries.least_payout()
    initial = {"every": known.every if known else "day", "least_minor": Money(least, unit) if least else None}
    return forms.WishForm(request.POST if request else None, initial=initial, currency=unit)


def index(request: CoopRequest) -> HttpResponse:
    """The co-op's account: what came, what goes out, what nobody could place."""
    request.by.must(permissions.SEE)
    return _index(request)


def _index(request: CoopRequest, *, status: int = 200, **with_forms: Any) -> HttpResponse:
    waiting = queries.to_send()
    ready = queries.usable({one.membership_id for one in waiting if one.membership_id}, request.now)
    held = sorted({one.holder for one in waiting if one.membership_id and one.membership_id not in ready})
    called = books.names.holders(held[:NAMED])
    today = timezone.localdate(request.now)
    earliest, payday = queries.earliest_debit(today), next_bank_day(today)
    shown: dict[str, Any] = {
        "statement_form": forms.StatementForm(), "account_form": forms.DetailsForm(),
        "batch_form": forms.BatchForm(initial={"pays_on": payday}),
        "creditor_form": forms.CreditorForm(), "collection_form": forms.CollectionForm(initial={"collects_on": earliest}),
        **with_forms,
    }  # fmt: skip
    doubtful, person = queries.lines(state="doubtful"), request.by.person_id
    batches, collections = queries.batches()[:20], queries.collections()[:20]
    paid, debited = queries.whom_they_pay(batches), queries.whom_they_debit(collections)
    return render(request, "bank/index.html", {
        "own": queries.details_of(None), "doubtful": doubtful[:SHOWN], "more": max(0, doubtful.count() - SHOWN),
        "lines": queries.lines()[:50],
        "batches": [(one, one.made_by == person, one.recorded_by == person, paid[one.pk]) for one in batches],
        "crumbs": [Crumb(_("The books"), reverse("ledger:books")), Crumb(_("The bank"))],
        "creditor": queries.creditor(), "mandates": len(queries.active_mandates(None, request.now)),
        "collections": [
            (one, one.made_by == person, one.recorded_by == person, debited.get(one.pk, ())) for one in collections
        ],
        "notice": queries.debit_notice(), "today": timezone.localdate(request.now),
        "open": payments.payments(state="created").filter(method="transfer")[:100], "waiting": len(waiting),
        "ready": sum(one.membership_id in ready for one in waiting), "held": [one.label for one in called.values()],
        "held_more": max(0, len(held) - NAMED), **shown,
    }, status=status)  # fmt: skip


@require_POST
def import_statement(request: CoopRequest) -> HttpResponse:
    request.by.must(permissions.SEE)
    form = forms.StatementForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            done = services.import_statement(data=form.cleaned_data["file"].read(), by=request.by, at=request.now)
            said = _("%(read)s lines read: %(matched)s booked, %(doubtful)s to look at, %(known)s known before.")
            messages.success(request, said % vars(done))
            return redirect("bank:index")
        except Expected as error:
            form.add_error("file", f"{error} {error.hint}".strip())
    return _index(request, statement_form=form, status=422)


@require_POST
def own_account(request: CoopRequest) -> HttpResponse:
    request.by.must(permissions.SEE)
    form = forms.DetailsForm(request.POST)
    if form.is_valid():
        try:
            services.give(membership=None, **form.cleaned_data, by=request.by, at=request.now)
            messages.success(request, _("Noted: the co-op pays from this account, and is paid on it."))
            return redirect("bank:index")
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return _index(request, account_form=form, status=422)


@require_POST
def line(request: CoopRequest, pk: int) -> HttpResponse:
    """Say which payment a doubtful line was for, or that it is none of ours."""
    request.by.must(permissions.SEE)
    one = get_object_or_404(queries.lines(), pk=pk)
    try:
        if request.POST.get("deed") == "settle":
            payment = payments.payment(UUID(request.POST.get("payment", "")))
            if payment is None:
                raise Http404
            services.settle(line=one, payment=payment, by=request.by, at=request.now)
            messages.success(request, _("Booked for this payment."))
        else:
            services.ignore(line=one, why=request.POST.get("why", ""), by=request.by, at=request.now)
            messages.success(request, _("Noted, with your reason: this line is none of ours."))
    except ValueError:
        messages.error(request, _("Choose a payment."))
    except Expected as error:
        messages.error(request, str(error))
    return redirect("bank:index")


@require_POST
def make(request: CoopRequest) -> HttpResponse:
    request.by.must(permissions.SEE)
    form = forms.BatchForm(request.POST)
    if form.is_valid():
        try:
            services.make(pays_on=form.cleaned_data["pays_on"], by=request.by, at=request.now)
            messages.success(request, _("The file is made. Another person approves it."))
            return redirect("bank:index")
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, f"{error} {error.hint}".strip())
    return _index(request, batch_form=form, status=422)


@require_POST
def batch(request: CoopRequest, pk: int) -> HttpResponse:
    request.by.must(permissions.SEE)
    one = get_object_or_404(queries.batches(), pk=pk)
    deeds = {
        "approve": (services.approve, _("Approved. The file can be fetched and given to the bank.")),
        "drop": (services.drop, _("Dropped. Its payouts wait for another file.")),
        "carried_out": (services.carried_out, _("Noted. Once a second person has said it too, all of it is booked.")),
        "not_carried_out": (services.not_carried_out, _("Noted. What is left of it waits for another file.")),
    }
    deed, told = deeds.get(request.POST.get("deed", ""), (None, ""))
    if deed is None:
        raise Http404
    try:
        done = deed(batch=one, by=request.by, at=request.now)
        messages.success(request, _("All of it is booked.") if done.confirmed_by else told)
    except Expected as error:
        messages.error(request, f"{error} {error.hint}".strip())
    return redirect("bank:index")


@require_POST
def creditor(request: CoopRequest) -> HttpResponse:
    """By which identifier the co-op is known to those whom it debits."""
    request.by.must(permissions.SEE)
    form = forms.CreditorForm(request.POST)
    if form.is_valid():
        try:
            services.identify(identifier=form.cleaned_data["identifier"], by=request.by, at=request.now)
            messages.success(request, _("Noted: debits are collected under this identifier."))
            return redirect("bank:index")
        except Expected as error:
            form.add_error("identifier", f"{error} {error.hint}".strip())
    return _index(request, creditor_form=form, status=422)


@require_POST
def collect(request: CoopRequest) -> HttpResponse:
    request.by.must(permissions.SEE)
    form = forms.CollectionForm(request.POST)
    if form.is_valid():
        try:
            services.collect(collects_on=form.cleaned_data["collects_on"], by=request.by, at=request.now)
            messages.success(request, _("The file is made. Another person approves it, and then members are told."))
            return redirect("bank:index")
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, f"{error} {error.hint}".strip())
    return _index(request, collection_form=form, status=422)


@require_POST
def collection(request: CoopRequest, pk: int) -> HttpResponse:
    request.by.must(permissions.SEE)
    one = get_object_or_404(queries.collections(), pk=pk)
    deeds = {
        "approve": (services.approve_collection, _("Approved. Everybody in it is told, and the file can be fetched.")),
        "drop": (services.drop_collection, _("Dropped. What it would have collected is still owed.")),
        "carried_out": (services.collected, _("Noted. Once a second person has said it too, all of it is booked.")),
        "refused": (services.refused, _("Noted. What is left of it can be collected by another file.")),
    }
    deed, told = deeds.get(request.POST.get("deed", ""), (None, ""))
    if deed is None:
        raise Http404
    try:
        done = deed(collection=one, by=request.by, at=request.now)
        messages.success(request, _("All of it is booked.") if done.confirmed_by else told)
    except Expected as error:
        messages.error(request, f"{error} {error.hint}".strip())
    return redirect("bank:index")


def file(request: CoopRequest, pk: int) -> HttpResponse:
    """The file itself, once two people have seen it."""
    return _given_out(request, queries.batches(), pk, "payouts")


def collection_file(request: CoopRequest, pk: int) -> HttpResponse:
    """The file of direct debits, once two people have seen it."""
    return _given_out(request, queries.collections(), pk, "debits")


def _given_out(request: CoopRequest, files: QuerySet[Any], pk: int, name: str) -> HttpResponse:
    request.by.must(permissions.SEE)
    one = get_object_or_404(files.defer(None), pk=pk, approved_at__isnull=False)
    response = HttpResponse(bytes(one.file), content_type="application/xml")
    response["Content-Disposition"] = f"attachment; filename={name}-{one.pk}.xml"
    return response
