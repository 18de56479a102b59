"""Everything that is done with a payment, through one door."""

from toadlane.money.payments.services.bouncing import payout_came_back
from toadlane.money.payments.services.by_hand import (
    confirm_receipt,
    confirm_sent,
    receive_all_by_bank,
    receive_by_bank,
    record_receipt,
    record_sent,
    reject_receipt,
    sent_by_bank,
)
from toadlane.money.payments.services.carrying import agree_to_carry, ask_to_carry, drop_carry
from toadlane.money.payments.services.charging import (
    Transfer,
    ask,
    authorise,
    begin,
    begin_transfers,
    capture,
    lead_on,
    void,
)
from toadlane.money.payments.services.comparing import compare
from toadlane.money.payments.services.credit import (
    NothingToSettle,
    NotOnesOwn,
    StillHeld,
    agree_to_close,
    ask_to_close,
    book_paid_off,
    drop_closing,
    leave_to_the_coop,
    pay_off,
)
from toadlane.money.payments.services.disputes import can_be_taken_back, close_dispute, declare_bearers, open_dispute
from toadlane.money.payments.services.errors import (
    BeyondCredit,
    InvalidCard,
    NotOnOffer,
    NotPossible,
    SecondPersonNeeded,
    TooMuch,
)
from toadlane.money.payments.services.listening import BadSignature, UnknownNotice, UnknownProvider, hear, look_into, receive
from toadlane.money.payments.services.outcomes import Outcome, settle
from toadlane.money.payments.services.parts import as_it_came, ask_instead, once_more, record_part
from toadlane.money.payments.services.payees import NoPayees, NotReached, came_from_onboarding, onboard
from toadlane.money.payments.services.payouts import Due, book_sent, hand_over, pay_out
from toadlane.money.payments.services.providers import Card, Hosted, KeptCard, NoAnswer, OwnCredit, PaymentProvider, provider_of
from toadlane.money.payments.services.providers.sandbox import sign, webhook_secret
from toadlane.money.payments.services.reconciling import follow, reconcile, sweep
from toadlane.money.payments.services.refunds import owe_refused, refund
from toadlane.money.payments.services.vouchers import NoSuchVouchers, Vouchers, VoucherTaken, WorthUnknown

__all__ = [
    "BadSignature", "BeyondCredit", "Card", "Due", "Hosted", "InvalidCard", "KeptCard", "NoAnswer", "NoPayees",
    "NoSuchVouchers", "NotOnOffer", "NotOnesOwn", "NotPossible", "NotReached", "NothingToSettle", "Outcome", "OwnCredit",
    "PaymentProvider", "SecondPersonNeeded", "StillHeld", "TooMuch", "Transfer", "UnknownNotice", "UnknownProvider",
    "VoucherTaken", "Vouchers", "WorthUnknown", "agree_to_carry", "agree_to_close", "as_it_came", "ask", "ask_instead",
    "ask_to_carry", "ask_to_close", "authorise", "begin", "begin_transfers", "book_paid_off", "book_sent",
    "came_from_onboarding", "can_be_taken_back", "capture", "close_dispute", "compare", "confirm_receipt", "confirm_sent",
    "declare_bearers", "drop_carry", "drop_closing", "follow", "hand_over", "hear", "lead_on", "leave_to_the_coop",
    "look_into", "onboard", "once_more", "open_dispute", "owe_refused", "pay_off", "pay_out", "payout_came_back",
    "provider_of", "receive", "receive_all_by_bank", "receive_by_bank", "reconcile", "record_part", "record_receipt",
    "record_sent", "refund", "reject_receipt", "sent_by_bank", "settle", "sign", "sweep", "void", "webhook_secret",
]  # fmt: skip
