"""What this room lends to the pages of listings and orders."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops.queries import COOP_URLS
from toadlane.trade.orders import queries as orders
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.queries.lent import Panel
from toadlane.trade.reviews import queries
from toadlane.trade.reviews.models import Complaint
from toadlane.trade.reviews.permissions import READ, side_of

# After these nothing is under way, and somebody may complain anew.
OVER = (Complaint.State.CLOSED, Complaint.State.DROPPED)


def page_of(name: str, *args: object, token: str = "") -> str:
    """Return the address of a page of this room: for a guest, the one that their signed link opens."""
    named = (f"guest_{name}", [token, *args]) if token else (name, list(args))
    return reverse(f"reviews:{named[0]}", args=named[1], urlconf=COOP_URLS)


def of_an_order(order: Order, by: Principal, at: datetime, token: str) -> Panel | None:
    """Lead from an order to what is said about it, and to its complaint; both sides, the mediator, and nobody else."""
    side, complaint = side_of(by, order), queries.complaint_of(order)
    may_read = complaint is not None and bool(by.may(READ, complaint))
    if not side and not may_read:
        return None
    said = queries.of_order(order, by, at=at) if side else None
    is_under_way = complaint is not None and complaint.state not in OVER
    has_begun = orders.can(order, "dispute") or (said is not None and said.closes_at is not None)
    if not complaint and not has_begun:
        return None
    own = (order.pk,) if not token else ()
    context: dict[str, Any] = {
        "said": said if said and said.closes_at else None, "complaint": complaint if may_read else None,
        "review_url": page_of("order", *own, token=token),
        "complaint_url": page_of("complaint", complaint.pk, token=token) if complaint else "",
        "complain_url": page_of("complain", *own, token=token) if side and has_begun and not is_under_way else "",
    }  # fmt: skip
    settled_there = {"dispute"} | ({"settle", "drop_dispute"} if is_under_way else set())
    return Panel(template="reviews/of_an_order.html", context=context, instead_of=frozenset(settled_there))


def of_a_listing(listing: Any, at: datetime) -> tuple[str, dict[str, Any]] | None:
    """Fill the reviews on a listing's page, and lead to those of whoever offers it and to reporting it."""
    rows = queries.about_listing(listing.pk)
    found = list(rows[:5])
    shown = {
        "reviews": [queries.told(one) for one in found], "summary": queries.summary(rows), "about": f"listing:{listing.pk}",
        "provider": listing.provider, "title": listing.title,
    }  # fmt: skip
    return "reviews/panel.html", shown
