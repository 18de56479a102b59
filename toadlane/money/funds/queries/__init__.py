"""Reads of what is spent. Other rooms import this module and call it by name."""

from toadlane.money.funds.queries.desk import waiting
from toadlane.money.funds.queries.shown import Page, page
from toadlane.money.funds.queries.spending import (
    Limits,
    advanced,
    approval,
    approvals,
    currency,
    disbursement,
    earned,
    expense,
    expenses,
    fund_left,
    grant_of,
    grantee,
    limits,
    month_so_far,
    of_membership,
    open_approvals,
    own_money,
    paid_from_funds,
    receipts,
    remaining,
    sources,
    without_a_vote,
    year_of,
)
from toadlane.money.funds.queries.subjects import named, own_data, reads
from toadlane.money.funds.queries.verification import paid_by_decision
from toadlane.money.funds.rules import LIMIT

__all__ = [
    "LIMIT", "Limits", "Page", "advanced", "approval", "approvals", "currency", "disbursement", "earned", "expense",
    "expenses", "fund_left", "grant_of", "grantee", "limits", "month_so_far", "named", "of_membership", "open_approvals",
    "own_data", "own_money", "page", "paid_by_decision", "paid_from_funds", "reads", "receipts", "remaining", "sources",
    "waiting", "without_a_vote", "year_of",
]  # fmt: skip
