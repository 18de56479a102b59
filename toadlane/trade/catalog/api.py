"""Listings: look, offer, change, hang pictures, curate; and the kinds there are."""

from collections import defaultdict
from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from ninja import File, Form, Path, Query, Router, UploadedFile

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.lists import bounded
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.files import queries as files
from toadlane.plumbing.search.port import Box, Sort
from toadlane.society.coops import queries as coops
from toadlane.trade.catalog import queries, services
from toadlane.trade.catalog import schemas as s
from toadlane.trade.catalog.models import Listing
from toadlane.trade.catalog.permissions import CURATE, EDIT
from toadlane.ui import formats

router = Router(tags=["catalog"])
Pk = Annotated[int, Path(ge=1, le=2**62)]


class BadPlace(Expected):
    words = lazy("Write a place as numbers with commas between them.")
    status = 422


@router.get("", response={200: s.FoundPage}, auth=None, operation_id="listings_search")
def search(request: CoopRequest, asked: Query[s.Asked]) -> Any:
    """Find what is in the window: by words, place, price, filters, and what is free on the asked dates."""
    results = queries.search(_wanted(asked))
    items = [{**_brief(request, one.listing), "why": list(one.why), "km": one.km} for one in results.items]
    return {"items": items, "next": results.next, "order": results.order}


@router.get("/kinds", response={200: list[s.KindOut]}, auth=None, operation_id="listings_kinds")
@bounded("the kinds that the co-op has")
def kinds(request: CoopRequest) -> Any:
    """What can be offered in this co-op, and what is asked about it."""
    return list(queries.kinds(request.coop).values())


@router.put("/kinds", response={200: list[s.KindOut]}, operation_id="listings_set_kinds")
def set_kinds(request: CoopRequest, given: s.KindsIn) -> Any:
    """Replace the kinds. Listings keep what they said, also of fields that are gone."""
    return list(services.set_kinds(kinds=given.kinds, by=request.by).values())


@router.get("/mine", response={200: s.ListingPage}, operation_id="listings_mine")
def mine(request: CoopRequest, cursor: str | None = None, limit: int = 25) -> Any:
    """What you offer, drafts included."""
    return _page(request, paging.page(queries.mine(request.by), cursor=cursor, limit=limit))


@router.get("/queue", response={200: s.ListingPage}, operation_id="listings_queue")
def queue(request: CoopRequest, cursor: str | None = None, limit: int = 25) -> Any:
    """What waits for the curators, the longest waiting first."""
    request.by.must(CURATE)
    return _page(request, paging.page(queries.waiting(), cursor=cursor, limit=limit, order=("changed_at", "pk")))


@router.post("", response={201: s.ListingOut}, operation_id="listings_create")
def create(request: CoopRequest, given: s.NewListing) -> Any:
    """Begin a listing. It is a draft until it is submitted."""
    said = given.dict(exclude_unset=True, exclude={"kind", "provider_id"})
    found = queries.kinds(request.coop).get(given.kind)
    own = None if found and found.offered_by_coop else request.by.membership_id or min(request.by.memberships, default=None)
    provider = given.provider_id if given.provider_id is not None else own
    listing = services.create(kind=given.kind, said=_plain(said), provider_id=provider, by=request.by, at=request.now)
    return 201, _whole(request, listing)


@router.get("/{pk}", response={200: s.ListingOut}, auth=None, operation_id="listings_read")
def read(request: CoopRequest, pk: Pk) -> Any:
    """One listing, with the fields that are for you to read."""
    return _whole(request, _seen(request, pk))


@router.patch("/{pk}", response={200: s.ListingOut}, operation_id="listings_edit")
def edit(request: CoopRequest, pk: Pk, given: s.Said) -> Any:
    """Change what a listing says; what is not sent stays."""
    said = _plain(given.dict(exclude_unset=True))
    return _whole(request, services.edit(listing=_seen(request, pk), said=said, by=request.by, at=request.now))


@router.delete("/{pk}", response={204: None}, operation_id="listings_throw_away")
def throw_away(request: CoopRequest, pk: Pk) -> Any:
    """Throw a draft away that never stood in the window."""
    services.throw_away(listing=_seen(request, pk), by=request.by)
    return HttpResponse(status=204)


@router.post("/{pk}/submit", response={200: s.ListingOut}, operation_id="listings_submit")
def submit(request: CoopRequest, pk: Pk) -> Any:
    """Put a draft in the window, or before the curators where the bylaws ask for them."""
    return _whole(request, services.submit(listing=_seen(request, pk), by=request.by, at=request.now))


@router.post("/{pk}/pause", response={200: s.ListingOut}, operation_id="listings_pause")
def pause(request: CoopRequest, pk: Pk) -> Any:
    """Take a listing out of the window for a while."""
    return _whole(request, services.pause(listing=_seen(request, pk), by=request.by, at=request.now))


@router.post("/{pk}/resume", response={200: s.ListingOut}, operation_id="listings_resume")
def resume(request: CoopRequest, pk: Pk) -> Any:
    """Put a paused listing back in the window."""
    return _whole(request, services.resume(listing=_seen(request, pk), by=request.by, at=request.now))


@router.post("/{pk}/accept", response={200: s.ListingOut}, operation_id="listings_accept")
def accept(request: CoopRequest, pk: Pk) -> Any:
    """Let a pending listing into the window (curators)."""
    return _whole(request, services.accept(listing=_seen(request, pk), by=request.by, at=request.now))


@router.post("/{pk}/decline", response={200: s.ListingOut}, operation_id="listings_decline")
def decline(request: CoopRequest, pk: Pk, given: s.Reason) -> Any:
    """Give a pending listing back with a reason (curators)."""
    listing = services.decline(listing=_seen(request, pk), reason=given.reason, by=request.by, at=request.now)
    return _whole(request, listing)


@router.post("/{pk}/hide", response={200: s.ListingOut}, operation_id="listings_hide")
def hide(request: CoopRequest, pk: Pk, given: s.Reason) -> Any:
    """Take a listing down with a reason (moderators)."""
    return _whole(request, services.hide(listing=_seen(request, pk), reason=given.reason, by=request.by, at=request.now))


@router.post("/{pk}/restore", response={200: s.ListingOut}, operation_id="listings_restore")
def restore(request: CoopRequest, pk: Pk) -> Any:
    """Give a listing that was taken down back to whoever offers it."""
    return _whole(request, services.restore(listing=_seen(request, pk), by=request.by, at=request.now))


@router.post("/{pk}/pictures", response={201: s.ListingOut}, operation_id="listings_add_picture")
def add_picture(request: CoopRequest, pk: Pk, file: File[UploadedFile], alt: Form[str] = "") -> Any:
    """Hang a photo (multipart, `file`). Where and when it was taken is removed."""
    listing = _seen(request, pk)
    services.add_picture(listing=listing, file=file, alt=alt, by=request.by, at=request.now)
    return 201, _whole(request, _seen(request, pk))


@router.put("/{pk}/pictures", response={200: s.ListingOut}, operation_id="listings_arrange_pictures")
def arrange(request: CoopRequest, pk: Pk, given: s.Arrangement) -> Any:
    """Put the pictures in an order; the first stands in the window."""
    services.arrange_pictures(listing=_seen(request, pk), picture_ids=given.picture_ids, by=request.by, at=request.now)
    return _whole(request, _seen(request, pk))


@router.delete("/{pk}/pictures/{picture}", response={204: None}, operation_id="listings_remove_picture")
def remove_picture(request: CoopRequest, pk: Pk, picture: Pk) -> Any:
    """Take a picture off."""
    services.remove_picture(listing=_seen(request, pk), picture_id=picture, by=request.by, at=request.now)
    return HttpResponse(status=204)


def _seen(request: CoopRequest, pk: int) -> Listing:
    listing = queries.seen(pk, request.by)
    if listing is None:
        raise Http404
    return listing


def _page(request: CoopRequest, rows: paging.Page[Listing]) -> dict[str, Any]:
    return {"items": [_brief(request, one) for one in rows.items], "next": rows.next}


def _amount(money: Money | None) -> dict[str, Any] | None:
    return {"minor": money.minor, "currency": money.currency, "text": formats.money(money)} if money else None


def _brief(request: CoopRequest, listing: Listing, *, exact: bool = False) -> dict[str, Any]:
    latitude, longitude = listing.public_latitude, listing.public_longitude
    if exact:
        latitude, longitude = listing.latitude, listing.longitude
    place = None if latitude is None else {"latitude": latitude, "longitude": longitude, "is_exact": exact}
    names = ("kind", "process", "title", "area", "unit", "provider_id", "state", "stock")
    return {name: getattr(listing, name) for name in names} | {
        "id": listing.pk, "price": _amount(listing.price), "place": place,
        "provider": listing.provider.name if listing.provider else request.coop.name,
        "url": coops.address(request.coop, "catalog:detail", pk=listing.pk),
    }  # fmt: skip


def _whole(request: CoopRequest, listing: Listing) -> dict[str, Any]:
    home = coops.address(request.coop, "catalog:search").removesuffix("listings/")
    found = queries.detail(listing, request.by, base=home)
    rows = listing.pictures.select_related("picture").order_by("position", "pk")
    pictures = [
        {"id": row.picture_id, "alt": row.alt, "width": one.width, "height": one.height, "src": one.src,
         "srcset": {source.media_type: source.srcset for source in one.sources}}
        for row, one in ((row, files.sources(row.picture, base=home)) for row in rows)
    ]  # fmt: skip
    facts = [{name: getattr(fact, name) for name in ("id", "label", "text", "privacy")} for fact in found.facts]
    return _brief(request, listing, exact=found.deals) | {
        "variants": [
            {"id": one.id, "names": one.names, "price": _amount(one.price)} for one in queries.variants(listing)
        ],
        "text": listing.text, "language": listing.language, "deposit": _amount(listing.deposit), "facts": facts,
        "values": {fact.id: fact.value for fact in found.facts}, "pictures": pictures, "changed_at": listing.changed_at,
        "reason": listing.reason if request.by.may(EDIT, listing) else "",
    }  # fmt: skip


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    """Leave out texts sent as null: a text is changed by another text."""
    texts = ("title", "text", "language", "area", "values", "prices")
    return {name: value for name, value in said.items() if value is not None or name not in texts}


def _wanted(asked: s.Asked) -> queries.Wanted:
    facets: dict[str, list[str]] = defaultdict(list)
    for one in asked.where:
        name, _equals, value = one.partition("=")
        facets[name].append(value)
    box = _numbers(asked.box, 4, "box")
    near = _numbers(asked.near, 2, "near")
    return queries.Wanted(
        text=asked.text, kind=asked.kind, box=Box(box[0], box[1], box[2], box[3]) if box else None,
        center=(near[0], near[1]) if near else None, radius_km=asked.km if near else None, least_minor=asked.least_minor,
        most_minor=asked.most_minor, facets=facets, starts=_aware(asked.starts, "starts"), ends=_aware(asked.ends, "ends"),
        quantity=asked.quantity, sort=Sort(asked.sort) if near or asked.sort != "distance" else Sort.RELEVANCE,
        limit=asked.limit, cursor=asked.cursor,
    )  # fmt: skip


def _numbers(text: str, count: int, field: str) -> list[float] | None:
    if not text:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != count or not all(abs(n) <= (90 if place % 2 == 0 else 180) for place, n in enumerate(numbers)):
        raise BadPlace(field=field, hint=_("Like 53.272,-9.054; a box is south,west,north,east."))
    return numbers


class NoZone(Expected):
    words = lazy("Say the time with its zone, like 2027-03-01T09:00:00Z.")
    status = 422


def _aware(instant: datetime | None, field: str) -> datetime | None:
    if instant is not None and instant.tzinfo is None:
        raise NoZone(field=field)
    return instant
