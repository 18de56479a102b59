from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class SpendingApproved(Event):
    """Members decided that money may be spent."""

    approval_id: int
    decision: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class ExpenseClaimed(Event):
    expense_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class ExpensePaid(Event):
    """Two officers paid for something. `decision` is empty where it was below their limit."""

    expense_id: int
    disbursement_id: int
    number: int
    decision: str
    amount_minor: int
    currency: str
