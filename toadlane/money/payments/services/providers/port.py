"""What we ask of any provider, and how it may answer. A provider is never called inside a transaction of ours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NoReturn

from toadlane.kernel.money import Money

# Why something is declined for good: the card holds the amount no longer.
RELEASED = "released"
# Why a refund is declined that was made: the payer's bank could not take it, and the provider has the money again.
RETURNED = "returned"
Result = Literal["succeeded", "declined", "requires_action", "unknown"]


class NoAnswer(Exception):
    """The provider was asked, and nobody knows whether it did it."""


class Unsigned(Exception):
    """A notice does not bear the provider's signature, or is too old to be believed."""


class Unreadable(Exception):
    """A notice is signed and says nothing we understand."""


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


@dataclass(frozen=True, slots=True)
class OwnCredit:
    """What a member has, or may owe, in mutual credit: `holder` is their part of the books."""

    holder: str


@dataclass(frozen=True, slots=True)
class Hosted:
    """The provider's own page, where a card is typed that we never see.

    :param ref: of the page the payer was sent to before: it is looked at first, and used again while it is open
    :param opens: whether a new page is opened where there is none, or where it has closed: the payer is there and wants to pay
    :param back: where the provider sends the payer afterwards
    """

    ref: str = ""
    opens: bool = False
    back: str = ""
    title: str = ""
    email: str = ""
    language: str = ""
    keeps_card: bool = False


Instrument = Card | KeptCard | Hosted | OwnCredit


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider said.

    :param url: the page of the provider where the payer goes on, with `requires_action`
    :param fee_minor: what the provider kept for itself; None where it has not said yet
    :param hint: last four digits of the card
    """

    result: Result
    ref: str = ""
    reason: str = ""
    minor: int = 0
    url: str = ""
    fee_minor: int | None = None
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What a provider tells us by itself.

    :param id: of the notice where it has one, else of what it is about; with `kind` it is heard once
    :param kind: `call.settled`, `payment.changed`, `refund.returned`, `dispute.opened`, `dispute.closed`, `payee.changed`,
        `bank.failed`, or a word of the provider's own, which its `read_up` makes one of these
    :param charge: the provider's reference of the charge it is about
    :param payment: our id of the payment, where the provider was told it
    :param dispute: the provider's reference of the dispute, where it is not the id
    """

    id: str
    kind: str
    call_key: str = ""
    charge: str = ""
    payment: str = ""
    dispute: str = ""
    account: str = ""
    result: str = ""
    minor: int = 0
    fee_minor: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Payee:
    """Whom a provider pays: a holder of a sub-ledger, by the account that the provider knows them by."""

    holder: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a payee's account stands.

    :param is_ready: whether money can be sent there
    :param trouble: what is missing, in the provider's words
    """

    is_ready: bool
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class TestCard:
    number: str
    what: Any
    name: str


class PaymentProvider:
    """One way for money to move. Each call has a key: asked again with the same key, it answers the same and does nothing.

    A provider is a folder beside this file: `provider.toml` names it and its settings, and its package holds `PROVIDER`. What
    it does not override it cannot do.
    """

    # Whether cards are paid on the provider's own page, and which hosts a browser is led to for that.
    is_hosted: bool = False
    # Whether it pays whomever it has an account for, and nobody else.
    needs_payees: bool = False
    # Whether what it sent to a payee can be taken back, and whether it holds money that goes on to the co-op's bank.
    takes_back: bool = False
    sends_home: bool = False
    # Whether what is paid never is money: it stays on the account of mutual credit, from the payer to whoever did the work.
    stays_inside: bool = False
    # Where its notices bear their signature.
    signature_header: str = "Toadlane-Signature"
    # Cards to try it with.
    test_cards: Sequence[TestCard] = ()

    def origins(self) -> list[str]:
        """Return the origins of the pages it leads payers to."""
        return []

    def step(self, currency: str) -> int:
        """Return the smallest amount it moves, in minor units: some move only coarse steps of a currency with three decimals."""
        return 1

    def takes(self, amount: Money) -> bool:
        """Whether it moves exactly this amount."""
        return amount.minor % self.step(amount.currency) == 0

    def must_reach(self, instrument: Instrument, amount: Money) -> None:
        """Complain where what is paid with does not reach so far, while another way of paying can be chosen.

        :raises BeyondCredit: when there is not enough
        """

    def check(self, instrument: Instrument) -> None:
        """Complain about a card that cannot be one, before anything is tried.

        :raises InvalidCard: when the number is none
        :raises NotOnOffer: when it is not paid that way here
        """

    def authorise(
        self,
        *,
        key: str,
        amount: Money,
        instrument: Instrument,
        capture: bool,
        at: datetime,
        subject: str = "",
        payment: str = "",
    ) -> Answer:
        self._cannot()

    def capture(self, *, key: str, charge: str, amount: Money, at: datetime) -> Answer:
        self._cannot()

    def void(self, *, key: str, charge: str, at: datetime) -> Answer:
        self._cannot()

    def booked(self, *, charge: str) -> None:
        """Take in that what was taken stands in the books: part of the transaction that books it."""

    def refund(self, *, key: str, charge: str, amount: Money, at: datetime) -> Answer:
        self._cannot()

    def pay_out(self, *, key: str, payee: Payee, amount: Money, at: datetime) -> Answer:
        self._cannot()

    def look_up(self, *, key: str, charge: str, at: datetime) -> Answer | None:
        """Return what became of a call, or None when it never arrived.

        :param charge: what the call was about: a charge, a sent payout, or nothing
        """
        self._cannot()

    def take_back(self, *, key: str, sent: str, amount: Money, at: datetime) -> Answer:
        """Take part of a payout back from who got it. Declined where it is not there any more."""
        self._cannot()

    def send_home(self, *, key: str, amount: Money, at: datetime) -> Answer:
        """Send money that the provider holds for the co-op on to the co-op's own bank."""
        self._cannot()

    def holds(self) -> Mapping[str, int]:
        """Return what it holds for the co-op, by currency in minor units, with what cannot be moved on yet.

        :raises NoAnswer: when the provider cannot be reached
        """
        self._cannot()

    def open_account(self, *, key: str, holder: str, name: str, email: str, country: str) -> str:
        """Return the reference of a new account for a payee.

        :raises NoAnswer: when the provider cannot be reached; it may be tried again with the same key
        """
        self._cannot()

    def onboarding(self, *, account: str, back: str) -> str:
        """Return the address of the provider's page where a payee says who they are and where their bank is.

        :raises NoAnswer: when the provider cannot be reached
        """
        self._cannot()

    def standing(self, *, account: str) -> Standing:
        """:raises NoAnswer: when the provider cannot be reached"""
        self._cannot()

    def read(self, *, body: bytes, signature: str, at: datetime) -> Notice:
        """Return what a notice from outside says. Whoever sends none has signed none.

        :raises Unsigned: when it is not signed
        :raises Unreadable: when it says nothing we understand
        """
        raise Unsigned

    def read_up(self, notice: Notice) -> list[Notice]:
        """Ask how what a notice is about stands by now. Notices come late, twice and in any order: the provider's books do not.

        :raises NoAnswer: when the provider cannot be reached
        """
        return [notice]

    def news(self, *, charges: Iterable[str], since: datetime, at: datetime) -> list[Notice]:
        """Return what it has to tell by now, in case notices were lost. It may tell the same thing again.

        :raises NoAnswer: when the provider cannot be reached
        """
        return []

    def _cannot(self) -> NoReturn:
        raise NotImplementedError(f"{type(self).__name__} does not do this")
