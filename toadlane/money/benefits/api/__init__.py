"""Wallets, plans, batches, emergency help and pledges, over REST."""

from toadlane.money.benefits.api import office, wallets
from toadlane.money.benefits.api.common import router, server

__all__ = ["office", "router", "server", "wallets"]
