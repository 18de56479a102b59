"""What happened to a payment, told upwards. `subject` is what the room above called it."""

from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class PaymentEvent(Event):
    payment_id: str
    subject: str
    minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class PaymentAuthorised(PaymentEvent):
    """The card holds the amount for us."""


@dataclass(frozen=True, kw_only=True)
class PaymentCaptured(PaymentEvent):
    """The money is with the provider and in the books."""


@dataclass(frozen=True, kw_only=True)
class PaymentFailed(PaymentEvent):
    """Nothing was paid; it may be tried again."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class PaymentVoided(PaymentEvent):
    """What the card held was let go."""


@dataclass(frozen=True, kw_only=True)
class PaymentRefunded(PaymentEvent):
    """Part or all of it went back."""

    refund_key: str


@dataclass(frozen=True, kw_only=True)
class PaymentDisputed(PaymentEvent):
    """The payer's bank took it back, with a fee on top."""

    ref: str = ""


@dataclass(frozen=True, kw_only=True)
class DisputeClosed(PaymentEvent):
    ref: str = ""
    won: bool


@dataclass(frozen=True, kw_only=True)
class PayoutPaid(Event):
    payout_id: str
    holder: str
    minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class PayoutCameBack(Event):
    """The payee's bank sent a payout back: it is owed again, and waits for another account."""

    payout_id: str
    holder: str
    subject: str
    minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class PayoutsPaid(Event):
    """Many payouts were sent in one file of the bank."""

    reference: str
    count: int
