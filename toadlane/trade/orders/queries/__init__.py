"""Reads of orders. Other rooms import this module and call it by name."""

from toadlane.trade.orders.queries.finding import can, checkout_of, coops_with_due, find, locked, of_subject
from toadlane.trade.orders.queries.links import order_id, token

__all__ = ["can", "checkout_of", "coops_with_due", "find", "locked", "of_subject", "order_id", "token"]
