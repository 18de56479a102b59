"""Payments over REST. Paying itself is part of a checkout; see the orders."""

# What has a word in its address comes before what has a number there.
from toadlane.money.payments.api import credit, treasury, companies, till  # noqa: I001
from toadlane.money.payments.api.common import router, server

__all__ = ["companies", "credit", "router", "server", "till", "treasury"]
