"""From the intent to the money: begin, authorise, capture, void."""

from datetime import datetime

from toadlane.kernel.money import Money
from toadlane.money.payments.models import Payment
from toadlane.money.payments.services.providers import Card
from toadlane.plumbing.access.principals import Principal


def begin(
    *, subject: str, amount: Money, method: str, key: str, by: Principal, at: datetime, provider: str = "",
    capture_at_once: bool = False, return_url: str = "", payer_hint: str = "",
) -> Payment:  # fmt: skip
    """Write down that somebody means to pay. May be part of the caller's transaction; one statement.

    :param subject: what is paid, such as `checkout:9`
    :param method: `card`, `transfer` or `cash`
    :param provider: by default `sandbox` for cards and `manual` for the rest
    :param capture_at_once: whether authorising takes the money too
    :param return_url: path the card page leads back to
    :raises KeyReused: when the key began another payment
    """
    raise NotImplementedError


def authorise(*, payment: Payment, instrument: Card, by: Principal, at: datetime) -> Payment:
    """Ask the provider to hold the amount (or to take it, with `capture_at_once`). Never inside a transaction.

    Returns the payment as settled: `authorised`, `captured`, `requires_action`, `failed` or `unknown`. A second call while
    the first is under way asks nobody and returns the payment as it is.
    """
    raise NotImplementedError


def capture(*, payment: Payment, by: Principal, at: datetime, amount: Money | None = None) -> Payment:
    """Take what is held, whole or in part (the rest is let go). Posts 1100 to 2100. Never inside a transaction."""
    raise NotImplementedError


def void(*, payment: Payment, by: Principal, at: datetime) -> Payment:
    """Let go what is held. Never inside a transaction."""
    raise NotImplementedError
