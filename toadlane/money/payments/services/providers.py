"""What we ask of any provider, and how it may answer. A provider is never called inside a transaction of ours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from toadlane.kernel.money import Money

Result = Literal["succeeded", "declined", "requires_action", "unknown"]


class NoAnswer(Exception):
    """The provider was asked, and nobody knows whether it did it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card as typed. It is handed to the provider and never stored."""

    number: str
    expiry: str = "12/39"
    cvc: str = "123"
    # The payer has shown their bank that it is them: asked for when an answer was `requires_action`.
    challenge_passed: bool = False

    def __repr__(self) -> str:
        return f"Card(…{self.number[-4:]})"


@dataclass(frozen=True, slots=True)
class KeptCard:
    """A card the provider has kept from an earlier payment, or from the try before a challenge: its `provider_ref`."""

    ref: str


Instrument = Card | KeptCard


@dataclass(frozen=True, slots=True)
class Answer:
    result: Result
    ref: str = ""
    reason: str = ""
    minor: int = 0


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What a provider tells us by itself.

    :param kind: `call.settled`, `dispute.opened` or `dispute.closed`
    :param ref: of the charge it is about, or of the call
    """

    id: str
    kind: str
    call_key: str = ""
    charge: str = ""
    result: str = ""
    minor: int = 0
    fee_minor: int = 0
    reason: str = ""


class PaymentProvider(Protocol):
    """One way for money to move. Each call has a key: asked again with the same key, it answers the same and does nothing."""

    def check(self, instrument: Instrument) -> None:
        """Complain about a card that cannot be one, before anything is tried.

        :raises InvalidCard: when the number is none
        """
        ...

    def authorise(self, *, key: str, amount: Money, instrument: Instrument, capture: bool, at: datetime) -> Answer: ...
    def capture(self, *, key: str, charge: str, amount: Money, at: datetime) -> Answer: ...
    def void(self, *, key: str, charge: str, at: datetime) -> Answer: ...
    def refund(self, *, key: str, charge: str, amount: Money, at: datetime) -> Answer: ...
    def pay_out(self, *, key: str, holder: str, amount: Money, at: datetime) -> Answer: ...

    def look_up(self, *, key: str, at: datetime) -> Answer | None:
        """Return what became of a call, or None when it never arrived."""
        ...

    def notices(self, *, charges: Iterable[str], at: datetime) -> list[Notice]:
        """Return what it has to tell about some charges by now. It may tell the same thing again."""
        ...
