"""Everything that is done with a payment, through one door."""

from toadlane.money.payments.services.charging import authorise, begin, capture, void
from toadlane.money.payments.services.errors import (
    InvalidCard,
    NotOnOffer,
    NotPossible,
    SecondPersonNeeded,
    StillUnknown,
    TooMuch,
)
from toadlane.money.payments.services.outcomes import Outcome, settle
from toadlane.money.payments.services.providers import Card
from toadlane.money.payments.services.refunds import refund

__all__ = [
    "Card", "InvalidCard", "NotOnOffer", "NotPossible", "Outcome", "SecondPersonNeeded", "StillUnknown", "TooMuch",
    "authorise", "begin", "capture", "refund", "settle", "void",
]  # fmt: skip
