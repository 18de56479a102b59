"""Reads of the books: balances, entries, proofs, and whether it all holds."""

from toadlane.money.ledger.queries import keys
from toadlane.money.ledger.queries.accounts import Balance, HolderBalance, balance, balances, holders
from toadlane.money.ledger.queries.entries import Said, digest_of, intent_of
from toadlane.money.ledger.queries.proofs import Proof, proof, proof_holds
from toadlane.money.ledger.queries.verification import Finding, verify

__all__ = [
    "Balance", "Finding", "HolderBalance", "Proof", "Said", "balance", "balances", "digest_of", "holders", "intent_of", "keys",
    "proof", "proof_holds", "verify",
]  # fmt: skip
