"""Everything that is done with a payment, through one door."""

from toadlane.money.payments.services.by_hand import (
    confirm_receipt,
    confirm_sent,
    receive_by_bank,
    record_receipt,
    record_sent,
    reject_receipt,
    sent_by_bank,
)
from toadlane.money.payments.services.charging import ask, authorise, begin, capture, void
from toadlane.money.payments.services.disputes import close_dispute, declare_bearers, open_dispute
from toadlane.money.payments.services.errors import (
    InvalidCard,
    NotOnOffer,
    NotPossible,
    SecondPersonNeeded,
    TooMuch,
)
from toadlane.money.payments.services.outcomes import Outcome, settle
from toadlane.money.payments.services.payouts import book_sent, pay_out
from toadlane.money.payments.services.providers import Card, KeptCard
from toadlane.money.payments.services.reconciling import (
    BadSignature,
    UnknownNotice,
    hear,
    receive,
    reconcile,
    sign,
    sweep,
    webhook_secret,
)
from toadlane.money.payments.services.refunds import refund
from toadlane.money.payments.services.sandbox import CARDS

__all__ = [
    "CARDS", "BadSignature", "Card", "InvalidCard", "KeptCard", "NotOnOffer", "NotPossible", "Outcome", "SecondPersonNeeded",
    "TooMuch", "UnknownNotice", "ask", "authorise", "begin", "book_sent", "capture", "close_dispute", "confirm_receipt",
    "confirm_sent", "declare_bearers", "hear", "open_dispute", "pay_out", "receive", "receive_by_bank", "reconcile",
    "record_receipt", "record_sent", "refund", "reject_receipt", "sent_by_bank", "settle", "sign", "sweep", "void",
    "webhook_secret",
]  # fmt: skip
