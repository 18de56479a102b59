from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.files import queries as files
from toadlane.plumbing.files import services as sent
from toadlane.trade.catalog import queries, services
from toadlane.trade.catalog.forms import ListingForm, PictureForm, initial
from toadlane.trade.catalog.models import Listing
from toadlane.trade.catalog.policies import Kind, say
from toadlane.trade.catalog.queries import registry
from toadlane.trade.catalog.views.common import (
    address_of,
    crumbs_to,
    crumbs_to_mine,
    kept_listing,
    kinds_offered,
    own_membership,
)
from toadlane.ui.shapes import Crumb


def mine(request: CoopRequest) -> HttpResponse:
    if not request.by.memberships and not request.by.roles & {"board", "coordinator"}:
        raise Http404
    rows = paging.page(queries.mine(request.by), cursor=request.GET.get("cursor"))
    untaxed = queries.untaxed(rows.items)
    cards = [
        {"listing": one, "picture": files.sources(one.cover) if one.cover else None, "price": queries.price_text(one, untaxed)}
        for one in rows.items
    ]
    return render(request, "catalog/mine.html", {
        "cards": cards, "page": rows, "may_offer": bool(kinds_offered(request)), "crumbs": crumbs_to(Crumb(_("What you offer"))),
    })  # fmt: skip


def choose_kind(request: CoopRequest) -> HttpResponse:
    """Ask first what kind of thing it is; where there is one kind, nobody is asked."""
    _may_offer(request)
    known = list(kinds_offered(request).values())
    if len(known) == 1:
        return redirect("catalog:create", known[0].id)
    language = get_language() or "en"
    choices = [{"id": kind.id, "name": say(kind.names, language), "process": kind.process} for kind in known]
    return render(request, "catalog/choose.html", {"choices": choices, "crumbs": crumbs_to_mine(Crumb(_("Something new")))})


def create(request: CoopRequest, kind: str) -> HttpResponse:
    _may_offer(request)
    found = kinds_offered(request).get(kind)
    if found is None:
        raise Http404
    provider = None if found.offered_by_coop else own_membership(request)
    form = _form(request, found, {"language": get_language() or request.coop.language}, provider)
    if request.method == "POST" and form.is_valid():
        try:
            listing = services.create(kind=kind, said=form.said(), provider_id=provider, by=request.by, at=request.now)
        except services.Incomplete as error:
            form.take(error.faults)
        else:
            messages.success(request, _("Kept as a draft. Now the pictures."))
            return redirect("catalog:pictures", listing.pk)
    return _edit_page(request, form, found, None)


def edit(request: CoopRequest, pk: int) -> HttpResponse:
    listing = kept_listing(request, pk)
    kind = queries.kind_of(listing, request.coop)
    form = _form(request, kind, initial(listing), listing.provider_id)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit(listing=listing, said=form.said(), by=request.by, at=request.now)
        except services.Incomplete as error:
            form.take(error.faults)
        else:
            messages.success(request, _("The listing is changed."))
            return redirect("catalog:detail", pk)
    return _edit_page(request, form, kind, listing)


def _form(request: CoopRequest, kind: Kind, start: dict[str, Any], own: int | None) -> ListingForm:
    return ListingForm(request.POST or None, initial=start, kind=kind, currency=request.coop.currency, vat=registry.tax_of(own))


def _edit_page(request: CoopRequest, form: ListingForm, kind: Kind, listing: Listing | None) -> HttpResponse:
    name = say(kind.names, get_language() or "en")
    crumbs = crumbs_to_mine(Crumb(listing.title if listing else name))
    unit = Listing(unit=kind.unit).get_unit_display() if kind.unit in ("hour", "day", "night") else ""
    shown = {
        "form": form,
        "kind_name": name,
        "listing": listing,
        "crumbs": crumbs,
        "unit": unit,
        "currency": request.coop.currency,
    }
    if request.coop.latitude is not None:
        shown["start"] = [str(request.coop.latitude), str(request.coop.longitude)]
    return render(request, "catalog/edit.html", shown, status=422 if form.errors else 200)


def pictures(request: CoopRequest, pk: int) -> HttpResponse:
    listing = kept_listing(request, pk)
    form = PictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.add_picture(listing=listing, file=given["file"], alt=given["alt"], by=request.by, at=request.now)
        except (sent.NotAPicture, sent.TooLarge, services.TooManyPictures) as error:
            form.add_error("file", f"{error} {error.hint}".strip())
        else:
            messages.success(request, _("The picture hangs."))
            return redirect("catalog:pictures", pk)
    rows = [
        {"row": row, "picture": files.sources(row.picture, alt=row.alt)}
        for row in listing.pictures.select_related("picture").order_by("position", "pk")
    ]
    crumbs = crumbs_to_mine(Crumb(listing.title, address_of(pk)), Crumb(_("Pictures")))
    shown = {"form": form, "listing": listing, "rows": rows, "crumbs": crumbs}
    return render(request, "catalog/pictures.html", shown, status=422 if form.errors else 200)


@require_POST
def hang(request: CoopRequest, pk: int) -> HttpResponse:
    """Put a picture first, or take it off."""
    listing = kept_listing(request, pk)
    said = request.POST.get("first") or request.POST.get("remove") or ""
    if not said.isdecimal() or len(said) > 18:
        raise Http404
    if "first" in request.POST:
        services.arrange_pictures(listing=listing, picture_ids=[int(said)], by=request.by, at=request.now)
        messages.success(request, _("It stands in front now."))
    else:
        services.remove_picture(listing=listing, picture_id=int(said), by=request.by, at=request.now)
        messages.success(request, _("The picture is taken off."))
    return redirect("catalog:pictures", pk)


TURNS = {"submit": services.submit, "pause": services.pause, "resume": services.resume}


@require_POST
def turn(request: CoopRequest, pk: int, name: str) -> HttpResponse:
    """Put one's own listing in the window, take it out, put it back."""
    listing = kept_listing(request, pk)
    try:
        listing = TURNS[name](listing=listing, by=request.by, at=request.now)
    except services.Incomplete as error:
        form = _form(request, queries.kind_of(listing, request.coop), {}, listing.provider_id)
        form = ListingForm(
            initial(listing), kind=form.kind, currency=request.coop.currency, vat=registry.tax_of(listing.provider_id)
        )
        form.is_valid()
        form.take(error.faults)
        return _edit_page(request, form, form.kind, listing)
    except Expected as error:
        messages.error(request, str(error))
        return redirect("catalog:detail", pk)
    told = {
        "live": _("It is in the window now."), "pending": _("The curators look at it now, and you hear what they say."),
        "paused": _("It is out of the window."),
    }  # fmt: skip
    messages.success(request, told[listing.state])
    return redirect("catalog:detail", pk)


@require_POST
def throw_away(request: CoopRequest, pk: int) -> HttpResponse:
    """Throw a draft of one's own away."""
    try:
        services.throw_away(listing=kept_listing(request, pk), by=request.by)
    except services.NotNow as error:
        messages.error(request, f"{error} {error.hint}".strip())
        return redirect("catalog:detail", pk)
    messages.success(request, _("The draft is gone."))
    return redirect("catalog:mine")


def _may_offer(request: CoopRequest) -> None:
    if not kinds_offered(request):
        raise Http404
