"""Reads of orders. Other rooms import this module and call it by name."""

from toadlane.trade.orders.queries import beside, carts, notice, processes, reversals, series, showing, splits, times, words
from toadlane.trade.orders.queries.finding import (
    can,
    checkout_of,
    coops_with_due,
    find,
    is_charged_back,
    is_offered,
    locked,
    of_subject,
    series_of,
    worker,
    workers_of,
)
from toadlane.trade.orders.queries.links import order_id, token

__all__ = [
    "beside", "can", "carts", "checkout_of", "coops_with_due", "find", "is_charged_back", "is_offered", "locked", "notice",
    "of_subject", "order_id", "processes", "reversals", "series", "series_of", "showing", "splits", "times", "token", "words",
    "worker", "workers_of",
]  # fmt: skip
