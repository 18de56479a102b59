"""The providers there are: every folder beside this file. Adding one is adding a folder; nothing else names it."""

import importlib
import pkgutil
from functools import cache

from toadlane.money.payments.services.providers.port import (
    RELEASED,
    RETURNED,
    Answer,
    Card,
    Hosted,
    Instrument,
    KeptCard,
    NoAnswer,
    Notice,
    OwnCredit,
    Payee,
    PaymentProvider,
    Result,
    Standing,
    TestCard,
    Unreadable,
    Unsigned,
)

__all__ = [
    "RELEASED", "RETURNED", "Answer", "Card", "Hosted", "Instrument", "KeptCard", "NoAnswer", "Notice", "OwnCredit", "Payee",
    "PaymentProvider", "Result", "Standing", "TestCard", "Unreadable", "Unsigned", "every", "provider_of",
]  # fmt: skip


@cache
def every() -> dict[str, PaymentProvider]:
    """Return the providers by their names, which payments and payouts are stored with."""
    folders = sorted(one.name for one in pkgutil.iter_modules(__path__) if one.ispkg)
    return {name: importlib.import_module(f"{__name__}.{name}").PROVIDER for name in folders}


def provider_of(name: str) -> PaymentProvider:
    return every()[name]
