from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class AssignmentEvent(Event):
    assignment_id: int
    activity_id: int


@dataclass(frozen=True, kw_only=True)
class AssignmentConfirmed(AssignmentEvent):
    """A client said yes, under a name, to a text whose digest is kept."""

    digest: str


@dataclass(frozen=True, kw_only=True)
class AssignmentInvoiced(AssignmentEvent):
    invoice_id: int


@dataclass(frozen=True, kw_only=True)
class AssignmentPaid(AssignmentEvent):
    """The client's money has come, all that is owed. `minor` is how much that was."""

    minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class AssignmentPaidInPart(AssignmentEvent):
    """A part of the client's money has come. `owed_minor` is what is still to be paid."""

    minor: int
    owed_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class AssignmentCredited(AssignmentEvent):
    """A credit note was issued; `minor` with tax."""

    invoice_id: int
    minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class AssignmentDefaulted(AssignmentEvent):
    """Nobody expects the client's money any more."""

    minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class WagePaid(Event):
    """A wage is on its way. `drawn_minor` is what the guarantee fund advanced of its cost."""

    contract_id: int
    membership_id: int
    net_minor: int
    drawn_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class GuaranteeShort(Event):
    """A wage is due that the guarantee fund cannot advance."""

    contract_id: int
    missing_minor: int
    currency: str
