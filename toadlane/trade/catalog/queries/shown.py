"""Listings as pages and the API show them: each reader gets the fields that are for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.files import queries as files
from toadlane.society.coops.queries import COOP_URLS
from toadlane.trade.catalog.models import Listing, State, Unit
from toadlane.trade.catalog.permissions import CREATE, CURATE, EDIT, SEE
from toadlane.trade.catalog.policies import Kind, say
from toadlane.trade.catalog.queries import prices, registry
from toadlane.trade.catalog.queries.listings import kind_of, kinds
from toadlane.ui import formats
from toadlane.ui.shapes import Pin, Waiting


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A field as it is read. `privacy` says for whom, so that whoever sees more knows it."""

    id: str
    label: str
    text: str
    value: Any
    privacy: str


@dataclass(frozen=True, kw_only=True)
class Detail:
    listing: Listing
    kind: Kind
    facts: tuple[Fact, ...]
    pictures: tuple[files.Sources, ...]
    pin: Pin | None
    is_keeper: bool
    deals: bool


def seen(pk: int, by: Principal) -> Listing | None:
    """Return a listing if this reader may see it: in the window anyone, else its keeper and the officers."""
    rows = Listing.objects.select_related("cover", "provider__person", "provider__organisation")
    listing = rows.filter(pk=pk).first()
    return listing if listing and by.may(SEE, listing) else None


def detail(listing: Listing, by: Principal, *, base: str | None = None) -> Detail:
    """Return a listing with the fields and the place that are for this reader."""
    kind = kind_of(listing)
    is_keeper = bool(by.may(EDIT, listing))
    deals = is_keeper or bool(registry.dealings and registry.dealings(by, listing.pk))
    rows = listing.pictures.select_related("picture")
    pictures = tuple(files.sources(row.picture, alt=row.alt or listing.title, base=base) for row in rows)
    return Detail(
        listing=listing, kind=kind, facts=tuple(_facts(listing, kind, by, deals)), pictures=pictures,
        pin=_pin(listing, exact=deals), is_keeper=is_keeper, deals=deals,
    )  # fmt: skip


def _facts(listing: Listing, kind: Kind, by: Principal, deals: bool) -> Iterator[Fact]:
    language = get_language() or "en"
    for one in kind.fields:
        value = listing.values.get(one.id)
        if value in (None, "", []) or not _reads(one.privacy, by, deals):
            continue
        yield Fact(id=one.id, label=say(one.names, language), text=one.shown(value, language), value=value, privacy=one.privacy)


def _reads(privacy: str, by: Principal, deals: bool) -> bool:
    return privacy == "public" or deals or (privacy == "member" and "member" in by.roles)


def _pin(listing: Listing, *, exact: bool) -> Pin | None:
    latitude, longitude = listing.public_latitude, listing.public_longitude
    if exact:
        latitude, longitude = listing.latitude, listing.longitude
    if latitude is None or longitude is None:
        return None
    detail = "" if exact else _("about here")
    return Pin(listing.area or listing.title, float(latitude), float(longitude), detail=detail)


def price_text(listing: Listing, untaxed: frozenset[int] | None = None) -> str:
    """Return what a customer pays for one of it, the tax included: €12 a day.

    :param untaxed: sellers who add no tax, asked for once for all that are shown together
    """
    if listing.price is None:
        return _("By the rate card") if listing.pricing == "rate_card" else _("No charge")
    unit = str(Unit(listing.unit).label) if listing.unit in ("hour", "day", "night") else ""
    text = f"{formats.money(with_tax(listing, untaxed), short=True)} {unit}".strip()
    return _("from %(price)s") % {"price": text} if len(set(listing.prices.values())) > 1 else text


def versions(listing: Listing) -> list[dict[str, Any]]:
    """Return the versions of a listing with what a customer pays for each, the tax included."""
    known, language = prices.variants(listing), get_language() or "en"
    untaxed = registry.untaxed([listing]) if known else frozenset()
    return [
        {"id": one.id, "name": say(one.names, language),
         "price": registry.with_tax(one.price, is_untaxed=listing.provider_id in untaxed)}
        for one in known
    ]  # fmt: skip


def with_tax(listing: Listing, untaxed: frozenset[int] | None = None) -> Money:
    """Return what a customer pays for one of a listing that has a price."""
    assert listing.price is not None
    known = registry.untaxed([listing]) if untaxed is None else untaxed
    return registry.with_tax(listing.price, is_untaxed=listing.provider_id in known)


def price_split(listing: Listing) -> Any:
    """Return where the money of one unit would go, as the bylaws stand, or None where nobody can say."""
    price: Money | None = listing.price
    return registry.price_preview(listing, price) if registry.price_preview and price else None


def mine(by: Principal) -> "QuerySet[Listing]":
    """Return what this person offers, for themselves and for whom they speak; officers also what the co-op itself offers."""
    own = Q(provider_id__in=by.memberships)
    if by.roles & {"board", "coordinator"}:
        own |= Q(provider__isnull=True)
    return Listing.objects.filter(own).select_related("cover", "provider__person", "provider__organisation")


def on_the_desk(by: Principal, at: datetime) -> list[Waiting]:
    """Return what the desk shows: listings to look at for the curators, and an empty window for whoever could fill it."""
    found = []
    if by.may(CURATE):
        for listing in waiting()[:10]:
            address = reverse("catalog:queue", urlconf=COOP_URLS)
            detail = _("It waits to stand in the window.")
            found.append(Waiting(listing.title, detail, address, _("Look at it"), "eye", listing.changed_at))
    offers = [kind for kind in kinds().values() if not kind.offered_by_coop]
    may_offer = by.person_id and any(by.may(CREATE, pk) for pk in sorted(by.memberships)[:3])
    if offers and may_offer and not Listing.objects.exists():
        address, detail = (
            reverse("catalog:choose", urlconf=COOP_URLS),
            _("A title, a few sentences and a photo are enough to begin."),
        )
        found.append(Waiting(_("The window is empty"), detail, address, _("Offer something"), "image"))
    return found


def waiting() -> "QuerySet[Listing]":
    """Return what waits for the curators, the longest waiting first."""
    rows = Listing.objects.filter(state=State.PENDING)
    return rows.select_related("cover", "provider__person", "provider__organisation").order_by("changed_at", "pk")
