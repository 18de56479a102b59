"""Reads of the books: balances, entries, proofs, and whether it all holds."""

from toadlane.money.ledger.policies.digests import Said
from toadlane.money.ledger.policies.splits import AgentSplit, Cancellation, cancellation, reverse, split_agent, split_principal
from toadlane.money.ledger.queries import names, periods
from toadlane.money.ledger.queries.accounts import (
    Balance,
    HolderBalance,
    balance,
    balances,
    by_key_prefix,
    coops_with_a_tail,
    credited_since,
    earned_by_day,
    holders,
    of_holder,
    parts_at,
    split,
)
from toadlane.money.ledger.queries.entries import digest_of, digest_over, encoded, exported, intent_of, intent_over
from toadlane.money.ledger.queries.names import Named, declare_holder, declare_subject
from toadlane.money.ledger.queries.proofs import Proof, proof, proof_holds
from toadlane.money.ledger.queries.reading import (
    LogState,
    MonthOf,
    Sheet,
    about,
    account,
    by_day,
    earned_by_month,
    entries,
    entry,
    log_state,
    months,
    postings,
    seals,
    sheets,
)
from toadlane.money.ledger.queries.verification import checks

__all__ = [
    "AgentSplit", "Balance", "Cancellation", "HolderBalance", "LogState", "MonthOf", "Named", "Proof", "Said", "Sheet",
    "about", "account", "balance", "balances", "by_day", "by_key_prefix", "cancellation", "checks", "coops_with_a_tail",
    "credited_since", "declare_holder", "declare_subject", "digest_of", "digest_over", "earned_by_day", "earned_by_month",
    "encoded", "entries", "entry", "exported", "holders", "intent_of", "intent_over", "log_state", "months", "names",
    "of_holder", "parts_at", "periods", "postings", "proof", "proof_holds", "reverse", "seals", "sheets", "split", "split_agent",
    "split_principal",
]  # fmt: skip
