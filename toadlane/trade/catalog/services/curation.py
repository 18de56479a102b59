from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.trade.catalog.events import ListingChanged, ListingDecided
from toadlane.trade.catalog.models import Listing, State
from toadlane.trade.catalog.permissions import CURATE, HIDE
from toadlane.trade.catalog.services.listings import NotNow


class NoReason(Expected):
    words = lazy("Say why: whoever made it reads the reason.")
    status = 422
    field = "reason"


@transaction.atomic
def accept(*, listing: Listing, by: Principal, at: datetime) -> Listing:
    """Let a pending listing into the window."""
    by.must(CURATE, listing)
    return _decide(listing, accepted=True, reason="", at=at)


@transaction.atomic
def decline(*, listing: Listing, reason: str, by: Principal, at: datetime) -> Listing:
    """Give a pending listing back as a draft, with the reason; it can be changed and submitted again."""
    by.must(CURATE, listing)
    return _decide(listing, accepted=False, reason=_said(reason), at=at)


@transaction.atomic
def hide(*, listing: Listing, reason: str, by: Principal, at: datetime) -> Listing:
    """Take a listing down. Its keeper reads why, and cannot put it back."""
    by.must(HIDE, listing)
    listing = _locked(listing)
    if listing.state == State.HIDDEN:
        raise NotNow(_("It is down already."))
    return _turn(listing, State.HIDDEN, _said(reason), at)


@transaction.atomic
def restore(*, listing: Listing, by: Principal, at: datetime) -> Listing:
    """Give a listing that was taken down back to its keeper, as a paused one."""
    by.must(HIDE, listing)
    listing = _locked(listing)
    if listing.state != State.HIDDEN:
        raise NotNow(_("It was not taken down."))
    return _turn(listing, State.PAUSED if listing.live_since else State.DRAFT, "", at)


def _decide(listing: Listing, *, accepted: bool, reason: str, at: datetime) -> Listing:
    listing = _locked(listing)
    if listing.state != State.PENDING:
        raise NotNow(_("This one does not wait for a decision."))
    if accepted:
        listing.live_since = at
    events.publish(ListingDecided(listing_id=listing.pk, accepted=accepted, reason=reason))
    return _turn(listing, State.LIVE if accepted else State.DRAFT, reason, at)


def _turn(listing: Listing, state: State, reason: str, at: datetime) -> Listing:
    listing.state, listing.reason, listing.changed_at = state, reason, at
    listing.save()
    events.publish(ListingChanged(listing_id=listing.pk))
    return listing


def _locked(listing: Listing) -> Listing:
    return Listing.objects.select_for_update().get(pk=listing.pk)


def _said(reason: str) -> str:
    if not reason.strip() or "\x00" in reason:
        raise NoReason
    return reason.strip()[:2000]
