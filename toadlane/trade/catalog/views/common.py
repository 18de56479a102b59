from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.catalog import queries
from toadlane.trade.catalog.models import Listing
from toadlane.trade.catalog.permissions import CREATE, EDIT
from toadlane.trade.catalog.policies import Kind
from toadlane.ui.shapes import Crumb


def seen_listing(request: CoopRequest, pk: int) -> Listing:
    listing = queries.seen(pk, request.by)
    if listing is None:
        raise Http404
    return listing


def kept_listing(request: CoopRequest, pk: int) -> Listing:
    """Return a listing of one's own; for everybody else it is not here, or not to be changed."""
    listing = seen_listing(request, pk)
    request.by.must(EDIT, listing)
    return listing


def address_of(pk: int) -> str:
    return reverse("catalog:detail", kwargs={"pk": pk})


def crumbs_to(*more: Crumb) -> list[Crumb]:
    return [Crumb(_("Listings"), reverse("catalog:search")), *more]


def crumbs_to_mine(*more: Crumb) -> list[Crumb]:
    return crumbs_to(Crumb(_("What you offer"), reverse("catalog:mine")), *more)


def kinds_offered(request: CoopRequest) -> dict[str, Kind]:
    """Return the kinds that this person may offer: a member's own, and for officers what the co-op itself offers."""
    own = own_membership(request)
    may_speak = bool(request.by.may(CREATE, None))
    known = queries.kinds(request.coop)
    return {name: kind for name, kind in known.items() if (may_speak if kind.offered_by_coop else own is not None)}


def own_membership(request: CoopRequest) -> int | None:
    """Return the membership in whose name this person offers things: their own first, then one they speak for."""
    own = [request.by.membership_id] if request.by.membership_id else []
    return next((one for one in [*own, *sorted(request.by.delegate_of)] if request.by.may(CREATE, one)), None)
