from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.trade.catalog.events import ListingChanged, ListingSubmitted
from toadlane.trade.catalog.models import Listing, State
from toadlane.trade.catalog.permissions import CREATE, EDIT
from toadlane.trade.catalog.policies import NotAKind
from toadlane.trade.catalog.queries.listings import kind_of, kinds
from toadlane.trade.catalog.services.content import Incomplete, fill, lacking


class NotNow(Expected):
    words = lazy("This cannot be done with a listing in this state.")


@transaction.atomic
def create(*, kind: str, said: Mapping[str, Any], provider_id: int | None, by: Principal, at: datetime) -> Listing:
    """Begin a listing. It is a draft until it is submitted.

    :param said: any of title, text, language, price_minor, deposit_minor, stock, latitude, longitude, area, values
    :param provider_id: the membership that offers it; None for what the co-op itself offers
    :raises NotAKind: when the co-op has no such kind
    :raises Incomplete: with what is wrong, by field
    """
    by.must(CREATE, provider_id)
    coop = coops.of_scope(current_coop_id())
    found = kinds(coop).get(kind)
    if found is None:
        raise NotAKind(_("This co-op has no such kind of listing."), field="kind")
    listing = Listing(
        kind=found.id, process=found.process, pricing=found.pricing, unit=found.unit, provider_id=provider_id,
        language=coop.language, currency=coop.currency, created_at=at, changed_at=at,
    )  # fmt: skip
    fill(listing, found, {"title": "", **said})
    listing.save()
    return listing


@transaction.atomic
def edit(*, listing: Listing, said: Mapping[str, Any], by: Principal, at: datetime) -> Listing:
    """Change what a listing says. In the window it may not become incomplete.

    :raises Incomplete: with what is wrong, by field
    """
    by.must(EDIT, listing)
    listing = _own(listing)
    kind = kind_of(listing)
    fill(listing, kind, said)
    if listing.state in (State.LIVE, State.PENDING) and (faults := lacking(listing, kind)):
        raise Incomplete(faults)
    return _save(listing, at)


@transaction.atomic
def submit(*, listing: Listing, by: Principal, at: datetime) -> Listing:
    """Put a listing in the window, or before the curators where the bylaws ask for them.

    :raises Incomplete: with what still has to be said
    :raises NotNow: when it is there already, or was taken down
    """
    by.must(EDIT, listing)
    listing = _own(listing)
    if listing.state != State.DRAFT:
        raise NotNow(_("Only a draft can be submitted."))
    if faults := lacking(listing, kind_of(listing)):
        raise Incomplete(faults)
    if bylaws.book().value("trade.curation"):
        listing.state, listing.reason = State.PENDING, ""
        events.publish(ListingSubmitted(listing_id=listing.pk))
    else:
        listing.state, listing.reason, listing.live_since = State.LIVE, "", at
    return _save(listing, at)


@transaction.atomic
def pause(*, listing: Listing, by: Principal, at: datetime) -> Listing:
    """Take one's own listing out of the window for a while."""
    by.must(EDIT, listing)
    return _turn(_own(listing), State.LIVE, State.PAUSED, at)


@transaction.atomic
def resume(*, listing: Listing, by: Principal, at: datetime) -> Listing:
    by.must(EDIT, listing)
    return _turn(_own(listing), State.PAUSED, State.LIVE, at)


@transaction.atomic
def throw_away(*, listing: Listing, by: Principal) -> None:
    """Throw a draft away that nobody else has seen. The files of its pictures go with the nightly sweep.

    :raises NotNow: when it is no draft, or stood in the window once: orders may speak of it
    """
    by.must(EDIT, listing)
    listing = _own(listing)
    if listing.state != State.DRAFT or listing.live_since is not None:
        raise NotNow(
            _("Only a draft that never stood in the window can be thrown away."),
            hint=_("Take it out of the window instead; nobody sees it then."),
        )
    listing.delete()


def _own(listing: Listing) -> Listing:
    return Listing.objects.select_for_update().get(pk=listing.pk)


def _turn(listing: Listing, before: State, after: State, at: datetime) -> Listing:
    if listing.state != before:
        raise NotNow
    listing.state = after
    return _save(listing, at)


def _save(listing: Listing, at: datetime) -> Listing:
    listing.changed_at = at
    listing.save()
    events.publish(ListingChanged(listing_id=listing.pk))
    return listing
