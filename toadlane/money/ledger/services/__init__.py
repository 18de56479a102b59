"""The one writer of value, and the seals over what it wrote."""

from toadlane.money.ledger.services.closing import BooksBusy, NotPast, close_books
from toadlane.money.ledger.services.posting import (
    BooksClosed,
    KeyReused,
    Leg,
    NonPositiveAmount,
    RestrictedAccount,
    Unbalanced,
    UnknownAccount,
    credit,
    debit,
    post,
)
from toadlane.money.ledger.services.sealing import seal

__all__ = [
    "BooksBusy", "BooksClosed", "KeyReused", "Leg", "NonPositiveAmount", "NotPast", "RestrictedAccount", "Unbalanced",
    "UnknownAccount", "close_books", "credit", "debit", "post", "seal",
]  # fmt: skip
