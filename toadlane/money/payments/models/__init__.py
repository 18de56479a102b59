"""Payments and what follows from them: what was asked of providers, and credit among members."""

from toadlane.money.payments.models.compared import Carried, Comparison, Heard
from toadlane.money.payments.models.credit import CreditClosing, CreditHold, CreditLine
from toadlane.money.payments.models.errands import (
    BY_THE_BANK,
    CHARGED_BACK,
    EARNED,
    PAYABLE,
    SENT_BACK,
    Dispute,
    DisputeState,
    Errand,
    Method,
    Payee,
    Payment,
    Payout,
    Provider,
    Refund,
    State,
    TakeBack,
    Voucher,
)

__all__ = [
    "BY_THE_BANK",
    "CHARGED_BACK",
    "EARNED",
    "PAYABLE",
    "SENT_BACK",
    "Carried",
    "Comparison",
    "CreditClosing",
    "CreditHold",
    "CreditLine",
    "Dispute",
    "DisputeState",
    "Errand",
    "Heard",
    "Method",
    "Payee",
    "Payment",
    "Payout",
    "Provider",
    "Refund",
    "State",
    "TakeBack",
    "Voucher",
]  # fmt: skip
