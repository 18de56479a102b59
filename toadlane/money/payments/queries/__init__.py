"""Reads of payments: what was paid, what is owed, what is late."""

from toadlane.money.payments.queries.alarms import Alarm, alarms, captured_is_booked, moved_in_time
from toadlane.money.payments.queries.errands import (
    ByHand,
    Errands,
    by_hand,
    coops_with_notices,
    open_disputes,
    payments,
    payout,
    payouts,
    refund,
    unanswered,
)
from toadlane.money.payments.queries.leaving import (
    DISPUTABLE,
    Left,
    Way,
    as_csv,
    at_provider,
    carried,
    carried_at,
    free_at,
    left_with,
    own_data,
    payee,
    ways_to_pay,
)
from toadlane.money.payments.queries.offers import (
    Account,
    account,
    card_provider,
    declare_account,
    faults_of,
    forget_sandboxes,
    hint_of,
    is_set_up,
    methods,
    reference_of,
    setting_of,
    title_of,
)
from toadlane.money.payments.queries.owed import Owed, holder_name, owed, payout_days, payout_rule, subject_label
from toadlane.money.payments.queries.paid import address_of, at_token, card_page, of_subject, payment

__all__ = [
    "DISPUTABLE", "Account", "Alarm", "ByHand", "Errands", "Left", "Owed", "Way", "account", "address_of", "alarms", "as_csv",
    "at_provider", "at_token", "by_hand", "captured_is_booked", "card_page", "card_provider", "carried", "carried_at",
    "coops_with_notices", "declare_account", "faults_of", "forget_sandboxes", "free_at", "hint_of", "holder_name",
    "is_set_up", "left_with", "methods", "moved_in_time", "of_subject", "open_disputes", "owed", "own_data", "payee",
    "payment", "payments", "payout", "payout_days", "payout_rule", "payouts", "reference_of", "refund",
    "setting_of", "subject_label", "title_of", "unanswered", "ways_to_pay",
]  # fmt: skip
