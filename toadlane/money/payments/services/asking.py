"""Calling a provider: the intent is committed before, the answer is recorded after, and no transaction is open meanwhile."""

from collections.abc import Callable

from django.db import transaction

from toadlane.money.payments.services.providers import Answer, NoAnswer, provider_of

__all__ = ["answer_of", "outside_transactions", "provider_of"]


def answer_of(call: Callable[[], Answer]) -> Answer:
    """Call, and take silence for what it is: not a no."""
    outside_transactions()
    try:
        return call()
    except (NoAnswer, OSError):
        return Answer("unknown", reason="no_answer")


def outside_transactions() -> None:
    """Stop where a transaction is open: it could be rolled back after the provider has done its part."""
    # As Django's durable blocks look at it: the transaction a test is wrapped in does not count.
    blocks = transaction.get_connection().atomic_blocks
    if blocks and not blocks[-1]._from_testcase:
        raise RuntimeError("a payment provider is never called inside a transaction")
