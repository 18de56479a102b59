"""Reads of payments: what was paid, what is owed, what is late."""

from toadlane.money.payments.queries.alarms import Alarm, alarms, captured_is_booked, moved_in_time
from toadlane.money.payments.queries.bearers import Bearer, bearers, in_words
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
    refunds_by_hand,
    unanswered,
    waits_for_a_bank,
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
    taken_ahead,
    withheld,
)
from toadlane.money.payments.queries.paid import (
    address_of,
    at_token,
    card_page,
    declare_statement_page,
    of_subject,
    payment,
    statement_page,
)

__all__ = [
    "DISPUTABLE", "Account", "Alarm", "Bearer", "ByHand", "Errands", "Left", "Owed", "Way", "Wish", "account", "address_of",
    "alarms", "as_csv", "at_provider", "at_token", "bearers", "by_hand", "captured_is_booked", "card_page", "card_provider",
    "carried", "carried_at", "coops_with_notices", "declare_account", "declare_statement_page", "declare_wishes",
    "declare_withholding", "faults_of", "forget_sandboxes", "free_at", "hint_of", "holder_name", "in_words", "is_set_up",
    "left_with", "methods", "moved_in_time", "of_subject", "open_disputes", "owed", "own_data", "payee", "payment",
    "payments", "payout", "payout_days", "payout_rule", "payouts", "reference_of", "refund", "refunds_by_hand", "setting_of",
    "statement_page", "subject_label", "taken_ahead", "title_of", "unanswered", "waits_for_a_bank", "ways_to_pay", "withheld",
]  # fmt: skip
