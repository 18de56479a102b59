from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class BankDetailsChanged(Event):
    """A member's money goes elsewhere from a day on; they are told of it, in case it was not them."""

    membership_id: int
    until: str


@dataclass(frozen=True, kw_only=True)
class MandateGiven(Event):
    """A member lets the co-op debit an account; they are sent what was signed, in case it was not them."""

    mandate_id: int


@dataclass(frozen=True, kw_only=True)
class MandateEnded(Event):
    """A mandate is over; its member is told, and of what is at the bank already."""

    mandate_id: int


@dataclass(frozen=True, kw_only=True)
class DebitAnnounced(Event):
    """A member's account is debited on a day; they are told of it beforehand."""

    debit_id: int
