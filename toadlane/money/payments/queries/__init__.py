"""Reads of payments: what was paid, what is owed, what is late."""

from toadlane.money.payments.queries.alarms import Alarm, alarms, captured_is_booked, moved_in_time
from toadlane.money.payments.queries.bearers import Bearer, bearers, in_words
from toadlane.money.payments.queries.comparing import (
    booked_at,
    comparable,
    compared,
    is_shared,
    kind_in_words,
    under_way,
)
from toadlane.money.payments.queries.errands import (
    ByHand,
    Errands,
    by_hand,
    came_back,
    coops_with_notices,
    open_disputes,
    payments,
    payout,
    payouts,
    refund,
    refunds_by_hand,
    sent_at,
    settled_refunds,
    unanswered,
    waits_for_a_bank,
    waits_for_people,
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
    declare_in_parts,
    declare_statement_page,
    of_references,
    of_subject,
    on_its_way_back,
    paid_for,
    payment,
    statement_page,
    takes_parts,
    waiting_for,
)

__all__ = [
    "DISPUTABLE", "Account", "Alarm", "Bearer", "ByHand", "Errands", "Left", "Owed", "Way", "Wish", "account", "address_of",
    "alarms", "as_csv", "at_provider", "at_token", "bearers", "booked_at", "by_hand", "came_back", "captured_is_booked",
    "card_page", "card_provider", "carried", "carried_at", "comparable", "compared", "coops_with_notices", "declare_account",
    "declare_in_parts", "declare_statement_page", "declare_wishes", "declare_withholding", "faults_of", "forget_sandboxes",
    "free_at", "hint_of", "holder_name", "in_words", "is_set_up", "is_shared", "kind_in_words", "left_with", "methods",
    "moved_in_time", "of_references", "of_subject", "on_its_way_back", "open_disputes", "owed", "own_data", "paid_for",
    "payee", "payment", "payments", "payout", "payout_days", "payout_rule", "payouts", "reference_of", "refund",
    "refunds_by_hand", "sent_at", "setting_of", "settled_refunds", "statement_page", "subject_label", "taken_ahead",
    "takes_parts", "title_of", "unanswered", "under_way", "waiting_for", "waits_for_a_bank", "waits_for_people",
    "ways_to_pay", "withheld",
]  # fmt: skip
