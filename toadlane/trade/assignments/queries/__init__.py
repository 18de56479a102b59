"""Reads of activities. Other rooms import this module and call it by name."""

from toadlane.trade.assignments.queries import terms
from toadlane.trade.assignments.queries.activities import (
    BUDGETS,
    SHOWN,
    activities,
    activity,
    available,
    balance,
    balances,
    contract,
    contracts,
    has_to_do_with,
    manager_is_member,
    may_open,
    of_person,
    outlay,
    outlays,
    page,
    receipts,
    workers,
    years_of_use,
)
from toadlane.trade.assignments.queries.office import (
    alarms,
    coops_with_debtors,
    coops_with_wages,
    foreseen,
    fund_advanced,
    fund_free,
    is_booked,
    lock_fund,
    office,
    today,
    wages_due,
    waiting,
)
from toadlane.trade.assignments.queries.order_page import page as order_page
from toadlane.trade.assignments.queries.order_page import story
from toadlane.trade.assignments.queries.orders import (
    ADVANCES,
    CREDIT,
    FUND,
    FUNDS_SIDE,
    advanced,
    assignment,
    assignments,
    at_token,
    client,
    contracted,
    credit_note,
    credit_notes,
    credit_of,
    digest,
    drawn,
    late,
    newer,
    others_of_client,
    owed,
    payment,
    remarks,
    standing,
    text_of,
    token,
    undoing,
    why_not_guaranteed,
)
from toadlane.trade.assignments.queries.subjects import own_data, reads

__all__ = [
    "ADVANCES", "BUDGETS", "CREDIT", "FUND", "FUNDS_SIDE", "SHOWN", "activities", "activity", "advanced", "alarms",
    "assignment", "assignments", "at_token", "available", "balance", "balances", "client", "contract", "contracted",
    "contracts", "coops_with_debtors", "coops_with_wages", "credit_note", "credit_notes", "credit_of", "digest", "drawn",
    "foreseen", "fund_advanced", "fund_free", "has_to_do_with", "is_booked", "late", "lock_fund", "manager_is_member", "may_open",
    "newer", "of_person", "office", "order_page", "others_of_client", "outlay", "outlays", "owed", "own_data", "page",
    "payment", "reads", "receipts", "remarks", "standing", "story", "terms", "text_of", "today", "token", "undoing",
    "wages_due", "waiting", "why_not_guaranteed", "workers", "years_of_use",
]  # fmt: skip
