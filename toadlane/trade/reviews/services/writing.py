"""Writing reviews: each side for itself, both revealed at once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.society.bylaws import queries as bylaws
from toadlane.trade.orders.models import Order
from toadlane.trade.reviews import queries
from toadlane.trade.reviews.events import ReviewsPublished
from toadlane.trade.reviews.models import Review, ReviewWindow, Side
from toadlane.trade.reviews.permissions import RUN, WRITE, side_of
from toadlane.trade.reviews.services import telling


class NotOpen(Expected):
    words = lazy("This order cannot be reviewed now.")


class NotStars(Expected):
    """Give one to five stars."""

    status = 422
    field = "stars"


@transaction.atomic
def open_window(*, order: Order, by: Principal, at: datetime) -> ReviewWindow:
    """Let both sides of an order say how it was. Twice is the same as once."""
    by.must(RUN, order)
    days = int(bylaws.book(version=order.bylaws_version).value("trade.review_days"))
    facts = {"listing_id": order.listing_id, "provider": order.provider, "customer": order.customer,
             "opened_at": at, "closes_at": at + timedelta(days=days)}  # fmt: skip
    window, is_new = ReviewWindow.objects.get_or_create(order=order, defaults=facts)
    if is_new:
        for side in Side:
            said = {"title": order.title, "days": days}
            telling.tell(order, side, "reviews/opened", ("order", order.pk), said, by=by, at=at)
    return window


@transaction.atomic
def write(*, order: Order, stars: int, text: str, by: Principal, at: datetime) -> Review:
    """Review an order, or change one's review while nobody else can read it.

    :raises NotOpen: before it can be reviewed, and once both are in or the time is over
    """
    by.must(WRITE, order)
    window = ReviewWindow.objects.select_for_update(of=("self",)).filter(order=order).first()
    if window is None:
        raise NotOpen(_("It can be reviewed once the work is done and confirmed."))
    if queries.is_visible(window, at=at):
        raise NotOpen(_("The time for reviews of this order is over."), hint=_("What was written can be answered, not changed."))
    if not 1 <= stars <= 5:
        raise NotStars(_("Give one to five stars."))
    said = {"stars": stars, "text": text.strip(), "written_at": at, "written_by": str(by)}
    review, _is_new = Review.objects.update_or_create(window=window, side=side_of(by, order), defaults=said)
    if Review.objects.filter(window=window).count() == len(Side):
        _publish(window, at)
    return review


@transaction.atomic
def answer(*, review: Review, text: str, by: Principal, at: datetime) -> Review:
    """Say something to a review about oneself, once it can be read. Saying it again replaces it."""
    by.must(WRITE, review.window.order)
    if side_of(by, review.window.order) == review.side or not queries.is_visible(review.window, at=at):
        raise NotOpen(_("Only the other side answers a review, once it can be read."))
    review.answer, review.answered_at = text.strip(), at
    review.save(update_fields=["answer", "answered_at"])
    return review


@transaction.atomic
def publish_due(*, by: Principal, at: datetime) -> int:
    """Publish the reviews whose time is over; return of how many orders."""
    by.must(RUN)
    rows = ReviewWindow.objects.select_for_update(of=("self",)).filter(published_at=None, closes_at__lte=at).order_by("pk")
    due = list(rows[:500])
    for window in due:
        _publish(window, at)
    return len(due)


def _publish(window: ReviewWindow, at: datetime) -> None:
    window.published_at = at
    window.save(update_fields=["published_at"])
    if window.reviews.exists():
        events.publish(ReviewsPublished(order_id=window.order_id, listing_id=window.listing_id, provider_id=window.provider_id))
