"""A stand-in for Stripe: its HTTP shapes over a state of its own, on loopback. No real card, no real money, no network.

    with StripeStandIn() as stripe:
        settings.TOADLANE_PROVIDERS = stripe.settings()

It keeps what Stripe keeps that matters to us: idempotency keys, balances that run out, refunds and reversals that cannot exceed
what there is, fees, disputes that take money away, events signed as Stripe signs them. `faults` says what goes wrong on the line.
"""

from tests.standins.stripe.books import Books, Refusal
from tests.standins.stripe.line import Fault, StripeStandIn

__all__ = ["Books", "Fault", "Refusal", "StripeStandIn"]
