"""Talking to Stripe: with which key, how long, and what its errors mean for us."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import stripe
import structlog

from toadlane.kernel.currencies import exponent
from toadlane.kernel.money import Money
from toadlane.money.payments import queries
from toadlane.money.payments.services.providers.port import NoAnswer

log = structlog.get_logger(__name__)
NAME = "stripe"
# Seconds to connect and to wait: a worker waits for an answer, a payer does so at the page.
TIMEOUTS = (5, 25)
# Where Stripe counts otherwise than ISO 4217 does: it wants two decimals that its currencies do not have.
SCALE = {"ISK": 100, "UGX": 100}
# It moves no thousandths, of currencies that have them.
STEP_OF_THREE_DECIMALS = 10


class No(Exception):
    """Stripe has refused, for good as far as this call is concerned."""

    def __init__(self, code: str, decline: str = "") -> None:
        super().__init__(code)
        self.code, self.decline = code, decline


def client() -> stripe.StripeClient:
    """Return a client with the key of the co-op in scope."""
    return _client(queries.setting_of(NAME, "STRIPE_KEY"), queries.setting_of(NAME, "STRIPE_API"))


@lru_cache(maxsize=64)
def _client(key: str, api: str) -> stripe.StripeClient:
    # Its own retries go under the same idempotency key, with growing pauses.
    line = stripe.RequestsClient(timeout=TIMEOUTS)
    where: Any = {"api": api.rstrip("/")} if api else {}
    return stripe.StripeClient(key, http_client=line, max_network_retries=2, base_addresses=where)


@contextmanager
def asking() -> Iterator[None]:
    """Take silence, trouble on their side and a wrong key of ours for no answer; anything else they refuse is a no.

    :raises NoAnswer: nobody knows whether it was done
    :raises No: it was not done
    """
    try:
        yield
    except stripe.CardError as error:
        raise No(error.code or "card_declined", _decline(error)) from error
    except stripe.IdempotencyError as error:
        log.error("stripe_key_used_for_another_call", request=error.request_id)
        raise NoAnswer from error
    except stripe.InvalidRequestError as error:
        if error.http_status in (409, 429):
            raise NoAnswer from error
        log.warning("stripe_refused", code=error.code, request=error.request_id, message=error.user_message)
        raise No(error.code or "refused") from error
    except stripe.StripeError as error:
        # Connection, rate limit, authentication, and whatever went wrong there.
        log.warning("stripe_gave_no_answer", error=type(error).__name__, request=error.request_id)
        raise NoAnswer from error


def _decline(error: Any) -> str:
    return str(getattr(error.error, "decline_code", None) or "")


def step(currency: str) -> int:
    """Return of what Stripe moves only multiples, in minor units."""
    return 1 if exponent(currency) < 3 else STEP_OF_THREE_DECIMALS


def theirs(amount: Money) -> int:
    """Return an amount as Stripe counts it."""
    return amount.minor * SCALE.get(amount.currency, 1)


def ours(minor: int, currency: str) -> int:
    """Return an amount of theirs in our minor units."""
    return minor // SCALE.get(currency.upper(), 1)


def by_key(key: str) -> Any:
    """Return the option that makes a call happen once."""
    return {"idempotency_key": f"toadlane:{key}"}
