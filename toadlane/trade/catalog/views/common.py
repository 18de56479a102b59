from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.catalog import queries
from toadlane.trade.catalog.models import Listing
from toadlane.trade.catalog.permissions import EDIT
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
