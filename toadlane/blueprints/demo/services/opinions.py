"""What the two sides of an order say about each other, a week after it: blind, both ways, and answered."""

from datetime import date, datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any

from toadlane.blueprints.demo.services.cast import Cast
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import timers, worker
from toadlane.trade.orders.models import Order
from toadlane.trade.reviews import services as reviews
from toadlane.trade.reviews.models import Review, ReviewWindow

Row = dict[str, Any]
# Of a hundred orders: how many customers give stars, and how many of those served do so as well.
RATED, RATED_BACK = 42, 60
# Of a hundred who give stars: how many add a word.
IN_A_WORD = 45


class Opinions:
    """The reviews of one co-op. `touch` is called once a week.

    What people wrote is spread over the year; `about` names the drawing of the listing that some of it is about.
    """

    def __init__(self, cast: Cast, begins: date, ends: date) -> None:
        self.cast, self.chance = cast, Random(f"reviews of {cast.coop.slug}")
        said = cast.data.get("reviews", ())
        apart = (ends - begins) / (len(said) + 1)
        self.waiting: list[tuple[date, Row]] = [(begins + apart * (nth + 0.5), one) for nth, one in enumerate(said)]
        self.drawings = {
            listing.pk: one["drawing"] for listing, one in zip(cast.listings, cast.data.get("listings", ()), strict=True)
        }
        self.words = cycle(cast.data["in_a_word"])
        self.unanswered: dict[int, str] = {}
        self.since: datetime | None = None

    def touch(self, day: date, now: datetime) -> None:
        worker.turn(timers.named("reviews.publish_reviews"), coop_id=self.cast.coop.pk)
        self._answer(now)
        windows = ReviewWindow.objects.filter(published_at=None, closes_at__gt=now).select_related(
            "order__provider", "order__process"
        )
        for window in windows.filter(opened_at__gt=self.since or now - timedelta(days=8)).order_by("pk"):
            self._rate(window.order, day, now)
        self.since = now

    def _rate(self, order: Order, day: date, now: datetime) -> None:
        said = self._words_about(order, day)
        if said is None and self.chance.randrange(100) >= RATED:
            return
        stars = said["stars"] if said else self.chance.choice((5, 5, 5, 5, 4, 4))
        text = said["text"] if said else next(self.words) if self.chance.randrange(100) < IN_A_WORD else ""
        written = reviews.write(order=order, stars=stars, text=text, by=customer_of(self.cast, order), at=now)
        if said and "answer" in said:
            self.unanswered[written.pk] = said["answer"]
        if self.chance.randrange(100) < RATED_BACK:
            text = self.chance.choice(self.cast.data["of_customers"])
            reviews.write(order=order, stars=5, text=text, by=provider_of(self.cast, order), at=now)

    def _words_about(self, order: Order, day: date) -> Row | None:
        """Return what somebody has to say about such an order, once."""
        for nth, (due, one) in enumerate(self.waiting):
            if due <= day and one.get("about") in (None, self.drawings.get(order.listing_id or 0)):
                return self.waiting.pop(nth)[1]
        return None

    def _answer(self, now: datetime) -> None:
        """Those who were reviewed answer once they can read it."""
        if not self.unanswered:
            return
        rows = Review.objects.filter(pk__in=self.unanswered, window__published_at__isnull=False).order_by("pk")
        for review in rows.select_related("window__order__provider", "window__order__process"):
            by = provider_of(self.cast, review.window.order)
            reviews.answer(review=review, text=self.unanswered.pop(review.pk), by=by, at=now)


def customer_of(cast: Cast, order: Order) -> Principal:
    """Return who ordered, signed in or by the link in their letter."""
    if order.customer_id:
        return next(cast.by(name) for name, person in cast.persons.items() if person.pk == order.customer_id)
    return Principal(coop_id=cast.coop.pk, channel=cast.holding("board").channel, order_id=order.pk)


def provider_of(cast: Cast, order: Order) -> Principal:
    """Return who speaks for the member that an order was given to."""
    name = next(name for name, membership in cast.memberships.items() if membership.pk == order.provider_id)
    delegates = {row["id"]: row["delegates"][0] for row in cast.data.get("organisations", ())}
    return cast.by(delegates.get(name, name))
