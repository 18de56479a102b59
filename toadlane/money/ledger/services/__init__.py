"""The one writer of value, and the seals over what it wrote."""

from toadlane.money.ledger.services.closing import BooksBusy, NotPast, close_books
from toadlane.money.ledger.services.in_credit import credit_of_the_coop, in_credit
from toadlane.money.ledger.services.posting import (
    BooksClosed,
    CreditIsNoMoney,
    Entry,
    KeyReused,
    Leg,
    NonPositiveAmount,
    RestrictedAccount,
    Unbalanced,
    UnknownAccount,
    credit,
    debit,
    post,
    post_all,
)
from toadlane.money.ledger.services.sealing import seal

__all__ = [
    "BooksBusy", "BooksClosed", "CreditIsNoMoney", "Entry", "KeyReused", "Leg", "NonPositiveAmount", "NotPast",
    "RestrictedAccount", "Unbalanced", "UnknownAccount", "close_books", "credit", "credit_of_the_coop", "debit", "in_credit",
    "post", "post_all", "seal",
]  # fmt: skip
