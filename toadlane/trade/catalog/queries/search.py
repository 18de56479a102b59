"""Finding listings: the engine proposes, the database has the last word on what is in the window and what is free."""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from toadlane.plumbing.access.paging import BadCursor
from toadlane.plumbing.search import engine
from toadlane.plumbing.search.port import Box, Document, Query, Sort, distance_km, words
from toadlane.plumbing.tenancy.prepared import Among, Param, Prepared
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.trade.catalog.models import Listing, State
from toadlane.trade.catalog.policies import Kind, say
from toadlane.trade.catalog.queries import registry
from toadlane.trade.catalog.queries.listings import kinds
from toadlane.trade.catalog.queries.shown import with_tax
from toadlane.ui import formats

# How many are asked for at a time when the calendar still has its say.
ASKED_WITH_DATES, MOST_ROUNDS = 72, 3
MOST_OFFSET = 5_000
FILTERABLE = ("enum", "multi_enum", "flag")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody looks for.

    :param least_minor, most_minor: of what one pays, the tax and whatever comes on top included
    :param facets: for each `<kind>.<field>` the values of which one has to hold
    :param starts: with `ends`, only what is free for the whole of it
    """

    text: str = ""
    kind: str = ""
    box: Box | None = None
    center: tuple[float, float] | None = None
    radius_km: float | None = None
    least_minor: int | None = None
    most_minor: int | None = None
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    starts: datetime | None = None
    ends: datetime | None = None
    quantity: int = 1
    sort: Sort = Sort.RELEVANCE
    limit: int = 24
    cursor: str = ""

    @property
    def has_dates(self) -> bool:
        return self.starts is not None and self.ends is not None


@dataclass(frozen=True, kw_only=True)
class Found:
    """One result, and why it stands where it does."""

    listing: Listing
    why: tuple[str, ...]
    km: float | None = None
    rating: registry.Rating | None = None


@dataclass(frozen=True, kw_only=True)
class Results:
    items: list[Found]
    next: str | None
    order: str = ""


def search(wanted: Wanted) -> Results:
    """Return what is in the window and fits, in the order asked for.

    Two statements more than the engine's own, and one for dates: none of them grows with the result.

    :raises BadCursor: when the cursor was not made here
    """
    start = _offset(wanted.cursor)
    picked, end, is_more = _free(wanted, start)
    rows = {row.pk: row for row in _PICKED(pks=picked)} if picked else {}
    asked = words(wanted.text)
    items = [_found(rows[pk], wanted, asked) for pk in picked if pk in rows]
    return Results(items=items, next=_cursor(end) if is_more and end < MOST_OFFSET else None, order=_order(wanted))


def _picked() -> QuerySet[Listing]:
    found = Listing.objects.filter(Among("pk", Param("pks")), state=State.LIVE)
    if registry.rating_columns:
        count, stars = registry.rating_columns()
        found = found.annotate(rating_count=count, rating_stars=stars)
    return found.select_related("cover", "provider__person", "provider__organisation").order_by()


_PICKED: Prepared[Listing] = Prepared(_picked)


def _free(wanted: Wanted, start: int) -> tuple[list[int], int, bool]:
    """Return the ids to show, the place in the engine's order where they end, and whether there may be more."""
    query = _query(wanted)
    if not (wanted.starts and wanted.ends and registry.availability):
        hits = engine.find(replace(query, limit=wanted.limit + 1, offset=start))
        return [hit.id for hit in hits[: wanted.limit]], start + wanted.limit, len(hits) > wanted.limit
    picked: list[int] = []
    at = start
    for _round in range(MOST_ROUNDS):
        hits = engine.find(replace(query, limit=ASKED_WITH_DATES, offset=at))
        free = registry.availability([hit.id for hit in hits], wanted.starts, wanted.ends, wanted.quantity) if hits else set()
        for place, hit in enumerate(hits, start=at):
            if hit.id in free:
                if len(picked) == wanted.limit:
                    return picked, place, True
                picked.append(hit.id)
        at += len(hits)
        if len(hits) < ASKED_WITH_DATES:
            return picked, at, False
        if picked:
            break  # A short page with more behind it is better than a slow one.
    return picked, at, True


def _query(wanted: Wanted) -> Query:
    facets: dict[str, Sequence[str]] = dict(wanted.facets)
    if wanted.kind:
        facets["kind"] = [wanted.kind]
    return Query(
        text=wanted.text, box=wanted.box, center=wanted.center, radius_km=wanted.radius_km, least_minor=wanted.least_minor,
        most_minor=wanted.most_minor, facets=facets, sort=wanted.sort,
    )  # fmt: skip


def _found(listing: Listing, wanted: Wanted, asked: Sequence[str]) -> Found:
    count, stars = getattr(listing, "rating_count", None), getattr(listing, "rating_stars", None)
    rating = registry.Rating(stars=round(stars, 1), count=count) if count and stars is not None else None
    km = None
    if wanted.center and listing.public_latitude is not None and listing.public_longitude is not None:
        km = distance_km(wanted.center, (float(listing.public_latitude), float(listing.public_longitude)))
    return Found(listing=listing, km=km, rating=rating, why=tuple(_why(listing, wanted, asked, km)))


def _order(wanted: Wanted) -> str:
    """Say in words how the whole list is sorted."""
    if wanted.sort is Sort.DISTANCE and wanted.center:
        return _("Nearest first.")
    if wanted.sort is Sort.PRICE:
        return _("Lowest price first.")
    if wanted.sort is Sort.PRICE_DOWN:
        return _("Highest price first.")
    if wanted.text:
        return _("Your words count most in a title, then in a description. Nobody can pay to stand higher.")
    return _("Newest first. Nobody can pay to stand higher.")


def _why(listing: Listing, wanted: Wanted, asked: Sequence[str], km: float | None) -> Iterator[str]:
    """Say what put this one where it stands."""
    if wanted.text:
        title = words(listing.title)
        hit = [word for word in asked if any(one.startswith(word) for one in title)]
        yield _("“%(words)s” stands in its title") % {"words": " ".join(hit)} if hit else _("Your words stand in its description")
    if km is not None:
        yield _("about %(km)s km away") % {"km": formats.number(round(km, 1))}
    if wanted.has_dates:
        yield _("free on your dates")


# ---------------------------------------------------------------------------------------------------- what can be found


def document(listing: Listing, known: Mapping[str, Kind], untaxed: frozenset[int] | None = None) -> Document:
    """Return what the public may find a listing by: nothing of its fields that only members read, no exact place.

    Its price is what one pays for it, by the rules in force and by whether its seller adds tax: where either changes, the
    index is brought up to date.

    :param untaxed: sellers who add no tax, asked for once for many listings
    """
    kind = known.get(listing.kind)
    said, facets = [listing.text, listing.area, *_names(kind.names if kind else {})], {"kind": [listing.kind]}
    for one in kind.fields if kind else ():
        value = listing.values.get(one.id)
        if one.privacy != "public" or value in (None, "", []):
            continue
        if one.type in ("enum", "multi_enum"):
            chosen = [value] if isinstance(value, str) else list(value)
            facets[f"{kind.id}.{one.id}"] = chosen  # type: ignore[union-attr]
            said += [name for pick in chosen if (option := one.option(pick)) for name in _names(option.names)]
        elif one.type == "flag":
            facets[f"{kind.id}.{one.id}"] = ["true" if value else "false"]  # type: ignore[union-attr]
        elif one.type in ("text", "long"):
            said.append(str(value))
    if listing.provider:
        said.append(listing.provider.name)
    return Document(
        id=listing.pk, title=listing.title, text=" ".join(said), facets=facets,
        price_minor=None if listing.price is None else with_tax(listing, untaxed).minor,
        latitude=None if listing.public_latitude is None else float(listing.public_latitude),
        longitude=None if listing.public_longitude is None else float(listing.public_longitude),
    )  # fmt: skip


def documents() -> Iterator[Document]:
    """Return everything there is to find in the co-op in scope."""
    known = kinds(coops.of_scope(current_coop_id()))
    untaxed = registry.untaxed_among(findable().order_by().values_list("provider_id", flat=True).distinct())
    # Neighbors next to each other: a search within a box then reads few pages of an engine that keeps rows.
    for listing in findable().order_by("cell", "pk").iterator(chunk_size=500):
        yield document(listing, known, untaxed)


def findable() -> QuerySet[Listing]:
    rows = Listing.objects.filter(state=State.LIVE).exclude(stock=0)
    return rows.select_related("provider__person", "provider__organisation")


def _names(names: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(names.values()))


# ------------------------------------------------------------------------------------------------------------- filters


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A field of a kind that results can be narrowed by."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]


def filters(kind: Kind) -> list[Filter]:
    language = get_language() or "en"
    found = []
    for one in kind.fields:
        if one.filterable and one.privacy == "public" and one.type in FILTERABLE:
            options = [("true", _("Yes")), ("false", _("No"))] if one.type == "flag" else []
            options += [(option.id, say(option.names, language)) for option in one.options]
            found.append(Filter(name=f"{kind.id}.{one.id}", label=say(one.names, language), options=tuple(options)))
    return found


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        number = int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").removeprefix("o"))
    except (binascii.Error, ValueError) as error:
        raise BadCursor(_("This page address is not one we gave out."), hint=_("Start from the first page.")) from error
    if not 0 <= number <= MOST_OFFSET:
        raise BadCursor(_("This page address is not one we gave out."), hint=_("Start from the first page."))
    return number


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(f"o{offset}".encode()).decode().rstrip("=")
