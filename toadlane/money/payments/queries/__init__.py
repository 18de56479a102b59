"""Reads of payments: what was paid, what is owed, what is late."""

from toadlane.money.payments.queries.alarms import Alarm, alarms, captured_is_booked, moved_in_time
from toadlane.money.payments.queries.offers import forget_sandboxes, methods, reference_of
from toadlane.money.payments.queries.owed import Owed, declare_holders, holder_name, owed, payout_days
from toadlane.money.payments.queries.paid import address_of, at_token, card_page, of_subject, payment

__all__ = [
    "Alarm", "Owed", "address_of", "alarms", "at_token", "captured_is_booked", "card_page", "declare_holders",
    "forget_sandboxes", "holder_name", "methods", "moved_in_time", "of_subject", "owed", "payment", "payout_days",
    "reference_of",
]  # fmt: skip
