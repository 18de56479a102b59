"""When a member has died: who says so, who confirms it, and what becomes of their shares."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toadlane.kernel.errors import Expected
from toadlane.ownership.shares import forms, permissions, queries, services
from toadlane.ownership.shares.views.members import language
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.members import queries as members
from toadlane.ui import formats


def estates(request: CoopRequest) -> HttpResponse:
    """Estates, and the form that says that somebody has died."""
    request.by.must(permissions.SETTLE_ESTATE)
    form = forms.DeathForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        who = members.register().filter(number=form.cleaned_data["number"]).first()
        try:
            if who is None:
                raise services.WrongMoment(_("There is no member with this number."))
            made = services.report_death(membership=who, died_on=form.cleaned_data["died_on"], by=request.by, at=request.now)
            return redirect("shares:estate", made.pk)
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else "number", str(error))
    return render(
        request, "shares/estates.html", {"form": form, "rows": queries.estates()[:100]}, status=422 if form.errors else 200
    )


def estate(request: CoopRequest, pk: int) -> HttpResponse:
    """One estate: what is left of it, who gets what, and what has to be done next."""
    request.by.must(permissions.SETTLE_ESTATE)
    one, known = get_object_or_404(queries.estates(), pk=pk), queries.share_classes()
    left = queries.left_in(one)
    is_open = one.is_open and bool(left) and timezone.localdate(request.now) <= one.until_on
    choices = [
        (f"{who.pk}:{held.share_class}", formats.listed([_named(known, held.share_class), held.shares])) for who, held in left
    ]
    form = forms.BequestForm(request.POST or None, choices=choices) if is_open else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            _bequeath(request, one, form.cleaned_data)
            messages.success(request, _("Written down. Somebody else makes it so."))
            return redirect("shares:estate", one.pk)
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else "heir", str(error))
    me, redeemed = request.by.person_id, queries.redemptions().filter(estate=one)
    return render(request, "shares/estate.html", {
        "estate": one, "form": form, "is_open": is_open, "mine": one.reported_by == me, "redemptions": redeemed,
        "left": [(who, held, _named(known, held.share_class)) for who, held in left],
        "bequests": [(row, _named(known, row.share_class), row.recorded_by == me) for row in queries.bequests(one)],
    }, status=422 if form is not None and form.errors else 200)  # fmt: skip


def _named(known: dict[str, Any], share_class: str) -> str:
    return known[share_class].name(language()) if share_class in known else share_class


def _bequeath(request: CoopRequest, estate: Any, given: dict[str, Any]) -> None:
    pk, _colon, share_class = given["source"].partition(":")
    heir = members.register().filter(number=given["heir"]).first()
    if heir is None:
        raise services.NotTransferable(_("There is no member with this number. Heirs join first, as everybody does."))
    services.bequeath(
        estate=estate, source=members.register().get(pk=pk), heir=heir, share_class=share_class, shares=given["shares"],
        proof=given["proof"], by=request.by, at=request.now,
    )  # fmt: skip


def _done(request: CoopRequest, deed: Callable[..., object], said: str, **about: Any) -> None:
    try:
        deed(**about, by=request.by, at=request.now)
        messages.success(request, said)
    except Expected as error:
        messages.error(request, str(error))


@require_POST
def decide(request: CoopRequest, pk: int) -> HttpResponse:
    """Confirm a death, take it back as an error, or have what is left repaid."""
    request.by.must(permissions.SETTLE_ESTATE)
    one = get_object_or_404(queries.estates(), pk=pk)
    deeds = {
        "confirm": (services.confirm_death, _("Confirmed. The membership is over; the shares wait for the heirs.")),
        "drop": (services.drop_death, _("Taken back.")),
        "repay": (services.repay_estate, _("Queued to be repaid.")),
    }
    if request.POST.get("deed") not in deeds:
        raise Http404
    deed, said = deeds[request.POST["deed"]]
    _done(request, deed, said, estate=one)
    return redirect("shares:estates") if request.POST["deed"] == "drop" else redirect("shares:estate", pk)


@require_POST
def decide_bequest(request: CoopRequest, pk: int) -> HttpResponse:
    """Make a bequest so, as a second person, or leave it be."""
    request.by.must(permissions.SETTLE_ESTATE)
    one = queries.bequest(pk)
    if one is None or request.POST.get("deed") not in ("confirm", "drop"):
        raise Http404
    if request.POST["deed"] == "confirm":
        _done(request, services.confirm_bequest, _("The shares are the heir’s now."), bequest=one)
    else:
        _done(request, services.drop_bequest, _("Left be."), bequest=one)
    return redirect("shares:estate", one.estate_id)
