"""Reads of the books: balances, entries, proofs, and whether it all holds."""

from toadlane.money.ledger.policies.splits import AgentSplit, Cancellation, cancellation, reverse, split_agent, split_principal
from toadlane.money.ledger.queries import keys
from toadlane.money.ledger.queries.accounts import (
    Balance,
    HolderBalance,
    balance,
    balances,
    by_key_prefix,
    coops_with_a_tail,
    credited_since,
    holders,
)
from toadlane.money.ledger.queries.entries import Said, digest_of, exported, intent_of
from toadlane.money.ledger.queries.proofs import Proof, proof, proof_holds
from toadlane.money.ledger.queries.verification import checks

__all__ = [
    "AgentSplit", "Balance", "Cancellation", "HolderBalance", "Proof", "Said", "balance", "balances", "by_key_prefix",
    "cancellation", "checks", "coops_with_a_tail", "credited_since", "digest_of", "exported", "holders", "intent_of", "keys",
    "proof", "proof_holds", "reverse", "split_agent", "split_principal",
]  # fmt: skip
