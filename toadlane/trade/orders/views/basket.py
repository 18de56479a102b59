"""The basket: things from any number of makers, paid for together."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.forms import BasketForm, DoorForm, QuantityForm
from toadlane.trade.orders.views import common, listings
from toadlane.ui import formats

CART = "orders.cart"
MOST = 999


def _cart(request: CoopRequest) -> Any:
    """Return the visitor's cart, or None while nothing was put in it."""
    if request.by.person_id:
        return queries.carts.of_person(request.by.person_id)
    try:
        return queries.carts.cart(UUID(request.session.get(CART, "")))
    except ValueError:
        return None


def buy(request: CoopRequest, pk: int) -> HttpResponse:
    """Say how many, and put them in the basket."""
    listing = listings.listing_of(request, pk)
    known = [(one["id"], formats.listed([one["name"], formats.money(one["price"])])) for one in catalog.versions(listing)]
    form = QuantityForm(request.POST or None, variants=known)
    if request.method == "POST" and form.is_valid():
        try:
            cart = _cart(request) or orders.open_cart(by=request.by, at=request.now)
            request.session[CART] = str(cart.pk)
            orders.put(
                cart=cart, listing_id=pk, quantity=form.cleaned_data["quantity"], coop=request.coop, by=request.by,
                at=request.now, more=True, variant=form.cleaned_data.get("variant", ""),
            )  # fmt: skip
        except Expected as error:
            messages.error(request, f"{error} {error.hint}".strip())
        else:
            messages.success(request, _("It lies in your basket."))
            return redirect("orders:basket")
    shown = {"listing": listing, "form": form, "crumbs": listings.crumbs(listing, _("How many"))}
    return render(request, "orders/buy.html", shown, status=422 if form.errors else 200)


def basket(request: CoopRequest) -> HttpResponse:
    """Show what lies in the basket and what it comes to."""
    return render(request, "orders/basket.html", {"inside": queries.carts.contents(_cart(request), bylaws.book())})


@require_POST
def put(request: CoopRequest, pk: int) -> HttpResponse:
    """Change how many of something lie in the basket, or take it out."""
    if catalog.one(pk) is None:
        raise Http404
    cart, said = _cart(request), "0" if "out" in request.POST else request.POST.get("quantity", "").strip()
    if not (said.isascii() and said.isdigit() and len(said) <= len(str(MOST))):
        told = _("“%(typed)s” is no number of pieces: nothing was changed. Write a whole number up to %(most)s; 0 takes it out.")
        messages.error(request, told % {"typed": said[:200], "most": MOST})
    elif cart is not None:
        try:
            orders.put(
                cart=cart, listing_id=pk, quantity=int(said), coop=request.coop, by=request.by, at=request.now,
                variant=request.POST.get("variant", "")[:40],
            )  # fmt: skip
        except Expected as error:
            messages.error(request, f"{error} {error.hint}".strip())
    return redirect("orders:basket")


def pay_basket(request: CoopRequest) -> HttpResponse:
    """Say who and where to, and pay for all of it at once."""
    cart = _cart(request)
    inside = queries.carts.contents(cart, bylaws.book(), buyer=common.contact_of(request).get("vat_number", ""))
    if cart is None or not inside.is_ready:
        return redirect("orders:basket")
    posted = request.POST if request.method == "POST" else None
    contact = DoorForm(posted, initial=common.contact_of(request), country=request.coop.country)
    seen = inside.total.minor if inside.total else None
    about: dict[str, Any] = {
        "methods": common.methods(request, total=inside.total), "initial": {"nonce": common.nonce(request), "seen": seen},
    }  # fmt: skip
    pay = BasketForm(posted, **about)
    if posted is not None and contact.is_valid() and pay.is_valid():
        request.session[common.CONTACT] = contact.cleaned_data
        try:
            placed = orders.check_out_cart(
                cart=cart, contact=common.as_contact(contact.cleaned_data), key=f"cart:{cart.pk}:{pay.cleaned_data['nonce']}",
                coop=request.coop, by=request.by, at=request.now, method=pay.cleaned_data["method"] or "card",
                return_url=common.return_url(request), seen=pay.cleaned_data["seen"],
            )  # fmt: skip
            return common.placed_now(request, placed)
        except orders.DearerNow as error:
            messages.error(request, f"{error} {error.hint}")
            pay = BasketForm(**about)
        except Expected as error:
            messages.error(request, f"{error} {error.hint}".strip())
    shown = {"inside": inside, "contact_form": contact, "form": pay}
    return render(request, "orders/pay_basket.html", shown, status=422 if posted is not None else 200)
