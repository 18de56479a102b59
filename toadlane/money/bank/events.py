from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class BankDetailsChanged(Event):
    """A member's money goes elsewhere from a day on; they are told of it, in case it was not them."""

    membership_id: int
    until: str


@dataclass(frozen=True, kw_only=True)
class DebitAnnounced(Event):
    """A member's account is debited on a day; they are told of it beforehand."""

    debit_id: int
