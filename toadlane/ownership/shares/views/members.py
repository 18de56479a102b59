"""What a member does with their own shares."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.payments import queries as payments
from toadlane.ownership.shares import forms, permissions, queries, services
from toadlane.ownership.shares.queries import under_way
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.members import queries as members
from toadlane.society.members.permissions import DESK


def language() -> str:
    return (get_language() or "en").split("-")[0]


def _ids(request: CoopRequest) -> frozenset[int]:
    return request.by.memberships | queries.joining(request.by)


def _membership(request: CoopRequest, pk: int) -> Any:
    """Return a membership of the one who asks; anybody else's is not there."""
    return get_object_or_404(members.register(), pk=pk if pk in _ids(request) else 0)


def _class(name: str) -> Any:
    known = queries.share_classes().get(name)
    if known is None:
        raise Http404
    return known


def _methods() -> list[tuple[str, Any]]:
    named = {"card": _("By card, now"), "transfer": _("By bank transfer"), "cash": _("In cash")}
    return [(name, named[name]) for name in payments.methods() if name in named]


def mine(request: CoopRequest) -> HttpResponse:
    """What I hold in this co-op, what I can do with it, and how it came."""
    request.by.must(DESK)
    ids = _ids(request)
    if not ids:
        raise Http404
    known, own = queries.share_classes(), queries.may_hold(request.by)
    held = {(one.membership_id, one.share_class): one for one in queries.holdings(membership_ids=ids)}
    late = queries.late_interests(ids, timezone.localdate(request.now))
    rows = [
        {"membership": who, "one": one, "name": one.name(language()), "price": Money(one.price, queries.currency()),
         "held": held.get((who.pk, one.id)), "late": late.get((who.pk, one.id)), "is_first": (who.pk, one.id) not in held}
        for who in own for one in known.values() if one.is_for(who.member_class)
    ]  # fmt: skip
    asked = queries.redemptions().filter(membership_id__in=ids).exclude(state="withdrawn").prefetch_related("parts")
    return render(request, "shares/mine.html", {
        "rows": rows, "movements": queries.movements(membership_ids=ids)[:50], "asked": asked,
        "sees_register": bool(request.by.may(permissions.REGISTER)), "offers": queries.offers().filter(state="open"),
    })  # fmt: skip


def _key(request: CoopRequest) -> str:
    """Return the intent's own key, which the form carries: pressed twice, it is one intent."""
    return f"web:{request.by.person_id}:{request.POST.get('key', '')[:60]}"


def _to_payment(placed: services.Placed) -> HttpResponse:
    if placed.payment.method == "card" and placed.payment.is_open:
        at_server = get_script_prefix() != "/"
        return redirect(payments.card_page(placed.payment) if at_server else payments.address_of(placed.payment))
    return redirect("shares:subscription", placed.subscription.pk)


def _return_url(request: CoopRequest) -> str:
    return request.build_absolute_uri(reverse("shares:mine"))


def subscribe(request: CoopRequest, pk: int, share_class: str) -> HttpResponse:
    """Take shares: how many, how much now, how to pay."""
    who, one = _membership(request, pk), _class(share_class)
    first = max(1, one.least - queries.holding(who.pk, one.id).shares)
    form = forms.CountForm(
        request.POST or None, methods=_methods(), share_class=one, initial={"shares": first, "paid_rate": "1", "method": "card"}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            return _to_payment(services.subscribe(
                membership=who, share_class=one.id, shares=given["shares"], method=given["method"], key=_key(request),
                paid_rate=given.get("paid_rate", "1"), by=request.by, at=request.now, return_url=_return_url(request),
            ))  # fmt: skip
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return render(request, "shares/subscribe.html", {
        "form": form, "membership": who, "one": one, "name": one.name(language()), "key": request.POST.get("key") or uuid4(),
        "price": Money(one.price, queries.currency()), "fee": Money(queries.entry_fee(who, one), queries.currency()),
    }, status=422 if form.errors else 200)  # fmt: skip


def rest(request: CoopRequest, pk: int, share_class: str) -> HttpResponse:
    """Pay what is unpaid."""
    who, one = _membership(request, pk), _class(share_class)
    form = forms.MethodForm(request.POST or None, methods=_methods(), initial={"method": "card"})
    if request.method == "POST" and form.is_valid():
        try:
            return _to_payment(services.pay_rest(
                membership=who, share_class=one.id, method=form.cleaned_data["method"], key=_key(request), by=request.by,
                at=request.now, return_url=_return_url(request),
            ))  # fmt: skip
        except Expected as error:
            form.add_error(None, f"{error} {error.hint}".strip())
    return render(request, "shares/rest.html", {
        "form": form, "membership": who, "one": one, "name": one.name(language()), "held": queries.holding(who.pk, one.id),
        "late": queries.late_interest(who.pk, one.id, timezone.localdate(request.now)),
        "key": request.POST.get("key") or uuid4(),
    }, status=422 if form.errors else 200)  # fmt: skip


def subscription(request: CoopRequest, pk: int) -> HttpResponse:
    """Where a subscription stands, with the words to write on a transfer."""
    found = queries.subscription(pk)
    if found is None or not request.by.may(permissions.SEE, found.membership):
        raise Http404
    return render(request, "shares/subscription.html", {"one": found, "payment": payments.of_subject(found.subject)})


@require_POST
def ask_back(request: CoopRequest, pk: int, share_class: str) -> HttpResponse:
    who, form = _membership(request, pk), forms.CountForm(request.POST)
    try:
        if not form.is_valid():
            raise services.NotEnoughShares(_("Say how many shares it is about: a whole number from 1 on."))
        services.ask_back(
            membership=who, share_class=share_class, shares=form.cleaned_data["shares"], by=request.by, at=request.now
        )
        messages.success(request, _("Asked for. You are served in the order of asking."))
    except Expected as error:
        messages.error(request, str(error))
    return redirect("shares:mine")


@require_POST
def take_back(request: CoopRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(queries.redemptions().filter(membership_id__in=request.by.memberships), pk=pk)
    try:
        services.take_back(redemption=one, by=request.by, at=request.now)
        messages.success(request, _("Taken back. Your shares stay yours."))
    except Expected as error:
        messages.error(request, str(error))
    return redirect("shares:mine")


def pass_on(request: CoopRequest, pk: int, share_class: str) -> HttpResponse:
    """Pass shares to another member, by their number in the register."""
    who, one = _membership(request, pk), _class(share_class)
    form = forms.PassOnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        to = members.register().filter(number=form.cleaned_data["to"]).first()
        try:
            if to is None:
                raise services.NotTransferable(_("There is no member with this number."))
            services.transfer(
                membership=who, to=to, share_class=one.id, shares=form.cleaned_data["shares"], key=_key(request), by=request.by,
                at=request.now,
            )  # fmt: skip
            messages.success(request, _("Passed on to %(name)s.") % {"name": to.name})
            return redirect("shares:mine")
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return render(request, "shares/pass_on.html", {
        "form": form, "membership": who, "one": one, "name": one.name(language()), "held": queries.holding(who.pk, one.id),
        "key": request.POST.get("key") or uuid4(),
    }, status=422 if form.errors else 200)  # fmt: skip


def certificate(request: CoopRequest, pk: int, share_class: str) -> HttpResponse:
    """A page to print: that a member holds these shares today."""
    who, one = get_object_or_404(members.register(), pk=pk), _class(share_class)
    if not request.by.may(permissions.SEE, who):
        raise Http404
    held = queries.holding(who.pk, one.id)
    if not held.shares:
        raise Http404
    of_class = queries.movements(membership_ids=[who.pk]).filter(share_class=one.id).order_by("pk")
    return render(request, "shares/certificate.html", {
        "membership": who, "held": held, "name": one.name(language()), "price": Money(one.price, queries.currency()),
        "movements": of_class, "today": request.now,
    })  # fmt: skip


@require_GET
def certificate_pdf(request: CoopRequest, pk: int, share_class: str) -> HttpResponse:
    """The same as a file, set in type."""
    who = get_object_or_404(members.register(), pk=pk)
    if not request.by.may(permissions.SEE, who):
        raise Http404
    made = services.certificate(membership=who, share_class=share_class, by=request.by, at=request.now)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f"attachment; filename=shares-{who.number or who.pk}-{share_class}.pdf"
    return response


def offer(request: CoopRequest, pk: int) -> HttpResponse:
    """A share offer: its terms, how far it has come, and the form to apply."""
    one = get_object_or_404(queries.offers(), pk=pk)
    kind = _class(one.share_class)
    own = [who for who in queries.may_hold(request.by) if kind.is_for(who.member_class)]
    least = {"method": "card", "shares": one.min_stake_minor // kind.price}
    form = forms.CountForm(request.POST or None, methods=_methods(), initial=least)
    if request.method == "POST" and own and form.is_valid():
        try:
            return _to_payment(services.apply(
                offer=one, membership=own[0], shares=form.cleaned_data["shares"], method=form.cleaned_data["method"],
                key=_key(request), by=request.by, at=request.now, return_url=_return_url(request),
            ))  # fmt: skip
        except Expected as error:
            form.add_error("shares", str(error))
    is_open = one.state == "open" and one.opens_at <= request.now < one.closes_at
    names = ("minimum", "target", "maximum", "min_stake", "max_stake")
    return render(request, "shares/offer.html", {
        "offer": one, "promised": queries.promised(one), "form": form if own and is_open else None, "is_open": is_open,
        "amounts": {name: Money(getattr(one, f"{name}_minor"), one.currency) for name in names},
        "so_far": Money(queries.promised(one), one.currency), "is_over": one.closes_at <= request.now,
        "mine": Money(under_way.promised_by(one, [who.pk for who in own[:1]]), one.currency),
        "price": Money(kind.price, one.currency),
        "name": kind.name(language()), "key": request.POST.get("key") or uuid4(),
    }, status=422 if form.errors else 200)  # fmt: skip
