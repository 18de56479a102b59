"""Reads of payments: what was paid, what is owed, what is late."""

from toadlane.money.payments.queries.alarms import Alarm, alarms, captured_is_booked, moved_in_time
from toadlane.money.payments.queries.bearers import Bearer, bearers, in_words
from toadlane.money.payments.queries.errands import (
    ByHand,
    Errands,
    by_hand,
    open_disputes,
    payments,
    payout,
    payouts,
    refund,
    unanswered,
)
from toadlane.money.payments.queries.offers import (
    Account,
    account,
    declare_account,
    forget_sandboxes,
    methods,
    reference_of,
)
from toadlane.money.payments.queries.owed import (
    Owed,
    Wish,
    declare_wishes,
    declare_withholding,
    holder_name,
    owed,
    payout_days,
    payout_rule,
    subject_label,
    withheld,
)
from toadlane.money.payments.queries.paid import address_of, at_token, card_page, of_subject, payment

__all__ = [
    "Account", "Alarm", "Bearer", "ByHand", "Errands", "Owed", "Wish", "account", "address_of", "alarms", "at_token",
    "bearers", "by_hand", "captured_is_booked", "card_page", "declare_account", "declare_wishes", "declare_withholding",
    "forget_sandboxes", "holder_name", "in_words", "methods", "moved_in_time", "of_subject", "open_disputes", "owed",
    "payment", "payments", "payout", "payout_days", "payout_rule", "payouts", "reference_of", "refund", "subject_label",
    "unanswered", "withheld",
]  # fmt: skip
