from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop

from toadlane.plumbing.access import personal_data
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import registry, timers
from toadlane.society.bylaws import rules as bylaws
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.orders.events import OrderMoved, ReviewsOpened
from toadlane.trade.orders.queries import lent
from toadlane.trade.reviews import events, handlers, queries, tasks
from toadlane.trade.reviews.queries import moments, news, panels, standing_in
from toadlane.trade.reviews.rules import RULES
from toadlane.ui import nav


def wire() -> None:
    bylaws.declare("reviews", RULES)
    registry.on(ReviewsOpened, handlers.open_reviews)
    registry.on(OrderMoved, handlers.hear, when=lambda moved: moved.deed == "dispute")
    for told in (events.ReviewsPublished, events.ComplaintOpened, events.ComplaintDecided, events.ReportDecided):
        registry.know(told)
    timers.every(
        timedelta(minutes=1), tasks.publish_reviews, due=queries.coops_with_windows_to_close, next_at=moments.next_publication
    )
    timers.every(timedelta(hours=1), tasks.close_complaints, next_at=moments.next_close)
    catalog.declare_ratings(queries.ratings, queries.rating_columns)
    catalog.declare_panel("reviews", panels.of_a_listing)
    lent.declare_panel("reviews", panels.of_an_order)
    desk.declare("reviews", queries.waiting)
    desk.declare("reviews stand-ins", standing_in.waiting)
    desk.declare_news("reviews", news.of)
    nav.declare("desk", 43, gettext_noop("Complaints and reports"), "reviews:index", _is_somebody, group="work")
    personal_data.declare("reviews", export=queries.of_person)


def _is_somebody(request: Any) -> bool:
    return bool(request.by.person_id)
