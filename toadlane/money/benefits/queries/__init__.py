"""Reads of wallets, plans, batches and pledges. Other rooms import this module and call it by name."""

from toadlane.money.benefits.queries.batches import (
    Waits,
    batch,
    batches,
    codes_left,
    draw,
    draws,
    fund_left,
    relief,
    reliefs,
    total,
    unclaimed,
    waits,
)
from toadlane.money.benefits.queries.debits import not_owed, takes_debits, to_debit
from toadlane.money.benefits.queries.desk import mine, waiting
from toadlane.money.benefits.queries.kept import balance_kept_elsewhere, has_wallets, own_data, own_wallets, reason_to_stay
from toadlane.money.benefits.queries.names import contributions_named, draws_named, reliefs_named, wallets_named
from toadlane.money.benefits.queries.pledges import Value, named_values, pledge, pledges, promised, values
from toadlane.money.benefits.queries.terms import SUGGESTED, Terms, is_open, suggested, terms, units
from toadlane.money.benefits.queries.transfers import bank_file, by_bank
from toadlane.money.benefits.queries.verification import wallets_hold
from toadlane.money.benefits.queries.wallets import (
    Aside,
    State,
    at_code,
    available,
    balance,
    by_visit,
    contributions,
    for_visit,
    give_back,
    give_backs,
    invitation,
    invitations_by,
    next_try,
    of_person,
    of_subject,
    plan,
    plans_of,
    put_aside,
    running_for,
    state,
    wallet,
)

__all__ = [
    "SUGGESTED", "Aside", "State", "Terms", "Value", "Waits", "at_code", "available", "balance", "balance_kept_elsewhere",
    "bank_file", "batch", "batches", "by_bank", "by_visit", "codes_left", "contributions", "contributions_named", "draw", "draws",
    "draws_named", "for_visit", "fund_left", "give_back", "give_backs", "has_wallets", "invitation", "invitations_by",
    "is_open", "mine", "named_values", "next_try", "not_owed", "of_person", "of_subject", "own_data", "own_wallets", "plan",
    "plans_of", "pledge", "pledges", "promised", "put_aside", "reason_to_stay", "relief", "reliefs", "reliefs_named",
    "running_for", "state", "suggested", "takes_debits", "terms", "to_debit", "total", "unclaimed",
    "units", "values", "waiting", "waits",
    "wallet", "wallets_hold", "wallets_named",
]  # fmt: skip
