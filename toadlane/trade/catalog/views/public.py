from typing import Any

from django.forms import DateField, Select
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.files import queries as files
from toadlane.society.coops import queries as coops
from toadlane.trade.catalog import queries
from toadlane.trade.catalog.forms import SearchForm
from toadlane.trade.catalog.permissions import CURATE, HIDE
from toadlane.trade.catalog.policies import say
from toadlane.trade.catalog.queries import registry
from toadlane.trade.catalog.views.common import address_of, crumbs_to, kinds_offered, seen_listing
from toadlane.ui import nav
from toadlane.ui.shapes import Crumb, Pin


def search(request: CoopRequest) -> HttpResponse:
    known = queries.kinds(request.coop)
    form = SearchForm(request.GET or None, kinds=known, coop=request.coop)
    form.is_valid()
    wanted = form.wanted(request.GET.get("cursor", ""))
    results = queries.search(wanted)
    untaxed = queries.untaxed(one.listing for one in results.items)
    cards = [_card(request, one, untaxed) for one in results.items]
    shown = {
        "form": form,
        "asked": form.data,
        "inputs": _drawn(form, ["near", "least", "most", "starts", "ends"]),
        "choices": {"first": _drawn(form, ["kind", "sort", *form.narrowing]), "more": _drawn(form, ["km"])},
        "cards": cards,
        "pins": _pins(cards),
        "page": results,
        "wanted": wanted,
        "box": request.GET.get("box", "") if wanted.box else "",
        "may_offer": not cards and bool(request.by.memberships) and bool(kinds_offered(request)),
    }
    return render(request, "catalog/search.html", shown)


def _drawn(form: SearchForm, names: list[str]) -> list[dict[str, Any]]:
    """Return fields as the page draws them. By hand: Django's widgets would cost more than the search itself."""
    found = []
    for name in names:
        field = form.fields[name]
        kind = "date" if isinstance(field, DateField) else "text"
        choices = list(field.widget.choices) if isinstance(field.widget, Select) else []
        said = {"name": name, "label": field.label, "hint": field.help_text, "type": kind, "choices": choices}
        said["mode"] = field.widget.attrs.get("inputmode", "")
        found.append(said | {"value": str(form.data.get(name, "")), "errors": form[name].errors})
    return found


def _pins(cards: list[dict[str, Any]]) -> list[Pin]:
    """One pin for each listing; those in one neighborhood are drawn side by side."""
    shown = ((card["listing"], card["url"]) for card in cards)
    return [
        Pin(one.title, float(one.public_latitude), float(one.public_longitude or 0), url)
        for one, url in shown
        if one.public_latitude is not None
    ]


def _card(request: CoopRequest, found: queries.Found, untaxed: frozenset[int]) -> dict[str, Any]:
    listing = found.listing
    picture = files.sources(listing.cover, alt="") if listing.cover else None
    return {
        "listing": listing,
        "url": address_of(listing.pk),
        "picture": picture,
        "price": queries.price_text(listing, untaxed),
        "why": found.why,
        "km": found.km,
        "rating": found.rating,
        "provider": listing.provider.name if listing.provider else request.coop.name,
    }


def detail(request: CoopRequest, pk: int) -> HttpResponse:
    listing = seen_listing(request, pk)
    found = queries.detail(listing, request.by)
    action = registry.actions.get(listing.process)
    panels = [panel(listing, request.now) for panel in registry.panels.values()]
    ratings = registry.ratings([listing.pk]) if registry.ratings else {}
    provider = listing.provider.name if listing.provider else request.coop.name
    shown = {
        "listing": listing,
        "found": found,
        "provider": provider,
        "price": queries.price_text(listing),
        "split": queries.price_split(listing),
        "variants": queries.versions(listing),
        "before_tax": listing.price if listing.price and queries.with_tax(listing) != listing.price else None,
        "kind_name": say(found.kind.names, get_language() or "en"),
        "rating": ratings.get(listing.pk),
        "action": action
        and {"label": _(action.label), "url": reverse(action.url_name, args=[pk]), "is_counted": action.is_counted},
        "pins": [found.pin] if found.pin else [],
        "panels": [panel for panel in panels if panel],
        "crumbs": crumbs_to(Crumb(listing.title)),
        "for_machines": _for_machines(request, found),
        "address": coops.address(request.coop, "catalog:detail", pk=pk),
        "image": _image(request, found),
        # The calendars are kept a room above.
        "calendar_url": nav.address("booking:index", request) if listing.process == "booking" else "",
        "may_curate": bool(request.by.may(CURATE, listing)),
        "may_hide": bool(request.by.may(HIDE, listing)),
    }
    return render(request, "catalog/detail.html", shown)


def _image(request: CoopRequest, found: queries.Detail) -> str:
    home = coops.address(request.coop, "catalog:search").removesuffix("listings/")
    return files.address(found.listing.cover, found.listing.cover.widths[-1], base=home) if found.listing.cover else ""


def _for_machines(request: CoopRequest, found: queries.Detail) -> dict[str, Any]:
    """Return the listing in the words of schema.org, for search engines."""
    listing = found.listing
    seller = {"@type": "Organization", "name": listing.provider.name if listing.provider else request.coop.name}
    is_sold = listing.process == "purchase"
    about: dict[str, Any] = {
        "@type": "Product" if is_sold else "Service",
        "name": listing.title,
        "description": listing.text[:500],
        "url": coops.address(request.coop, "catalog:detail", pk=listing.pk),
        "brand" if is_sold else "provider": seller,
    }
    if image := _image(request, found):
        about["image"] = image
    if listing.price:
        stock = "https://schema.org/OutOfStock" if listing.is_sold_out else "https://schema.org/InStock"
        price = {"price": queries.with_tax(listing).amount, "priceCurrency": listing.currency}
        about["offers"] = {"@type": "Offer", **price, "availability": stock, "seller": seller}
    return about
