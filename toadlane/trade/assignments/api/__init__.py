"""Activities, what clients order of them, contracts of work and outlays, over REST."""

from toadlane.trade.assignments.api import activities, orders
from toadlane.trade.assignments.api.common import router

__all__ = ["activities", "orders", "router"]
