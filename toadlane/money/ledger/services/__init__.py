"""The one writer of value, and the seals over what it wrote."""

from toadlane.money.ledger.services.posting import (
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
    "KeyReused", "Leg", "NonPositiveAmount", "RestrictedAccount", "Unbalanced", "UnknownAccount",
    "credit", "debit", "post", "seal",
]  # fmt: skip
