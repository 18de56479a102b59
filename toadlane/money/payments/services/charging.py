"""From the intent to the money: begin, authorise, capture, void."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from toadlane.kernel import ids
from toadlane.kernel.money import Money
from toadlane.money.ledger.services import KeyReused
from toadlane.money.payments import queries
from toadlane.money.payments.models import Method, Payment, Provider, State
from toadlane.money.payments.permissions import CAPTURE, PAY, SPEND
from toadlane.money.payments.services.asking import answer_of, outside_transactions, provider_of
from toadlane.money.payments.services.errors import NotOnOffer, NotPossible, TooMuch
from toadlane.money.payments.services.once import first
from toadlane.money.payments.services.outcomes import Outcome, call_key, settle
from toadlane.money.payments.services.providers import Answer, Card, Hosted, Instrument, OwnCredit
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.prepared import insert_unless_there

TO_PAY = (State.CREATED, State.REQUIRES_ACTION, State.FAILED)
# Keys that one statement names.
MANY = 1_000
INTENT = ("subject", "method", "provider", "currency", "amount_minor", "capture_at_once")


def begin(
    *, subject: str, amount: Money, method: str, key: str, by: Principal, at: datetime, provider: str = "",
    capture_at_once: bool = False, return_url: str = "", payer_hint: str = "", instrument: Instrument | None = None,
    keeps_card: bool = False,
) -> Payment:  # fmt: skip
    """Write down that somebody means to pay. May be part of the caller's transaction; one statement.

    :param subject: what is paid, such as `checkout:9`
    :param method: `card`, `transfer`, `cash`, `voucher` or `credit`
    :param provider: by default whoever takes cards for the co-op, whoever a method is for, and `manual` for the rest. It stays
        the payment's own: what was begun with one provider is finished with it, whoever the co-op chooses later
    :param capture_at_once: whether authorising takes the money too
    :param return_url: address the card page leads back to
    :param instrument: when it is paid at once: the intent to ask is written with the row, and `ask` asks after the commit
    :param keeps_card: whether later payments are to be made with the same card, without anybody there
    :raises NotOnOffer: when the co-op cannot be paid this way
    :raises KeyReused: when the key began another payment
    """
    by.must(PAY)
    provider = provider or queries.provider_for(method)
    if method == Method.VOUCHER and not queries.takes_vouchers():
        raise NotOnOffer
    if method not in Method.values or not provider or not queries.serves(provider, method):
        raise NotOnOffer
    if method == Method.CREDIT and not queries.takes_credit(subject):
        raise NotOnOffer
    if amount.minor <= 0:
        raise TooMuch(_("A payment is of more than nothing."))
    if not provider_of(provider).takes(amount):
        raise NotOnOffer(_("The card company cannot move exactly this amount."), hint=_("Pay by bank transfer or in cash."))
    wanted = Payment(
        id=ids.new(), token=secrets.token_urlsafe(24), key=key, subject=subject, method=method, provider=provider,
        currency=amount.currency, amount_minor=amount.minor, capture_at_once=capture_at_once, return_url=return_url,
        payer_hint=payer_hint, keeps_card=keeps_card, begun_by=str(by), begun_at=at,
    )  # fmt: skip
    wanted.reference = queries.reference_of(wanted.pk) if method == Method.TRANSFER else ""
    if instrument is not None:
        _must_be_theirs(provider, instrument, by)
        provider_of(provider).check(instrument)
        provider_of(provider).must_reach(instrument, amount)
        wanted.doing, wanted.doing_minor, wanted.called_at = "authorise", amount.minor, at
        wanted.call_key, wanted.card_hint = call_key(wanted, "authorise"), _hint(wanted, instrument)
    payment, is_new = first(wanted)
    payment.is_ours_to_ask = is_new and instrument is not None
    if not is_new and any(getattr(payment, name) != getattr(wanted, name) for name in INTENT):
        raise KeyReused
    return payment


class Transfer(NamedTuple):
    """What somebody is asked to pay by transfer. `key` is of the intent, as in `begin`."""

    subject: str
    amount: Money
    key: str


def begin_transfers(*, wanted: Sequence[Transfer], by: Principal, at: datetime) -> list[Payment]:
    """Begin many payments by transfer as `begin` begins one: what is there already is returned as it is, in the same order.

    :raises KeyReused: when a key began another payment
    """
    by.must(PAY)
    rows = [
        Payment(
            id=ids.new(), token=secrets.token_urlsafe(24), key=one.key, subject=one.subject, method=Method.TRANSFER,
            provider=Provider.MANUAL, currency=one.amount.currency, amount_minor=one.amount.minor, capture_at_once=True,
            begun_by=str(by), begun_at=at,
        )
        for one in wanted
    ]  # fmt: skip
    for row in rows:
        row.reference = queries.reference_of(row.pk)
    insert_unless_there(rows)
    found = {row.key: row for n in range(0, len(rows), MANY) for row in Payment.objects.filter(key__in=[
        one.key for one in rows[n : n + MANY]
    ])}  # fmt: skip
    if any(getattr(found[row.key], name) != getattr(row, name) for row in rows for name in INTENT):
        raise KeyReused
    return [found[row.key] for row in rows]


def authorise(*, payment: Payment, instrument: Instrument, by: Principal, at: datetime) -> Payment:
    """Ask the provider to hold the amount (or to take it, with `capture_at_once`). Never inside a transaction.

    Returns the payment as settled: `authorised`, `captured`, `requires_action`, `failed` or `unknown`. A second call while
    the first is under way asks nobody and returns the payment as it is.

    :raises InvalidCard: when the number is none
    """
    by.must(PAY, payment)
    outcome = ask(payment=payment, instrument=instrument, by=by, at=at)
    return settle(payment=payment, outcome=outcome, by=by, at=at) if outcome else payment


def ask(*, payment: Payment, instrument: Instrument, by: Principal, at: datetime) -> Outcome | None:
    """Ask the provider as `authorise` does, and leave the recording to the caller, who does more in that transaction.

    Whoever gets an outcome calls `settle` with it. None when somebody else is asking, or there is nothing to ask.
    """
    by.must(PAY, payment)
    provider = provider_of(payment.provider)
    _must_be_theirs(payment.provider, instrument, by)
    provider.check(instrument)
    if why := queries.hindrance(payment):
        raise NotPossible(why)
    key = call_key(payment, "authorise")
    if payment.is_ours_to_ask:
        outside_transactions()
        payment.is_ours_to_ask = False
    elif not _intend(payment, "authorise", key, TO_PAY, minor=payment.amount_minor, at=at, card_hint=_hint(payment, instrument)):
        return None
    answer = answer_of(
        lambda: provider.authorise(
            key=key, amount=payment.amount, instrument=instrument, capture=payment.capture_at_once, at=at,
            subject=payment.subject, payment=str(payment.pk),
        )
    )  # fmt: skip
    return Outcome.of(key, answer)


def _must_be_theirs(provider: str, instrument: Instrument, by: Principal) -> None:
    """Whoever holds the address of a payment may pay it, and nobody with the credit of another.

    :raises NotOnOffer: by card what is paid with credit, and the other way round
    """
    if isinstance(instrument, OwnCredit) != provider_of(provider).stays_inside:
        raise NotOnOffer
    if isinstance(instrument, OwnCredit):
        by.must(SPEND, instrument.holder)


def _hint(payment: Payment, instrument: Instrument) -> str:
    return instrument.number[-4:] if isinstance(instrument, Card) else payment.card_hint


def lead_on(*, payment: Payment, by: Principal, at: datetime, opens: bool = True, language: str = "", title: str = "") -> Payment:
    """Lead a payer to the provider's own page, or see what they have done there. Never inside a transaction.

    With `requires_action` the page is at `action_url`. Pressed twice, it is the same page.

    :param opens: whether the payer wants to pay; else it is only looked what they have done

    :raises NotOnOffer: where cards are typed here
    """
    by.must(PAY, payment)
    if not provider_of(payment.provider).is_hosted:
        raise NotOnOffer
    return authorise(payment=payment, instrument=hosted(payment, opens=opens, language=language, title=title), by=by, at=at)


def hosted(payment: Payment, *, opens: bool = False, language: str = "", title: str = "") -> Hosted:
    """Return the provider's own page as what a payment is paid with: the one the payer was sent to before, while it is open."""
    ref = payment.provider_ref if payment.state == State.REQUIRES_ACTION else ""
    email = payment.payer_hint if "@" in payment.payer_hint else ""
    return Hosted(
        ref=ref, opens=opens, back=f"{queries.address_of(payment)}back/", title=title, email=email, language=language,
        keeps_card=payment.keeps_card,
    )  # fmt: skip


def capture(*, payment: Payment, by: Principal, at: datetime, amount: Money | None = None) -> Payment:
    """Take what is held, whole or in part (the rest is let go). Posts 1100 to 2100. Never inside a transaction.

    :raises NotPossible: when nothing is held
    :raises TooMuch: when more is asked for than is held
    """
    by.must(CAPTURE, payment)
    amount = amount or payment.amount
    if not 0 < amount.minor <= payment.amount_minor or amount.currency != payment.currency:
        raise TooMuch
    key = call_key(payment, "capture")
    if not _intend(payment, "capture", key, (State.AUTHORISED,), minor=amount.minor, at=at):
        if payment.doing or payment.state in (State.CAPTURED, State.UNKNOWN, State.DISPUTED):
            return payment
        raise NotPossible(_("Nothing is held on the card, so nothing can be charged."))
    return send_capture(payment, key, amount, by=by, at=at)


def send_capture(payment: Payment, key: str, amount: Money, *, by: Principal, at: datetime) -> Payment:
    """Make the call an intent was written for. Safe to repeat: the provider knows the key."""
    provider = provider_of(payment.provider)
    answer = answer_of(lambda: provider.capture(key=key, charge=payment.provider_ref, amount=amount, at=at))
    return settle(payment=payment, outcome=Outcome.of(key, answer), by=by, at=at)


def void(*, payment: Payment, by: Principal, at: datetime) -> Payment:
    """Let go what is held, or close a payment that was never made. Never inside a transaction.

    :raises NotPossible: when money has been taken already; that is a refund
    """
    by.must(CAPTURE, payment)
    key = call_key(payment, "void")
    # Where the payer is on a page of the provider, that page has to be closed there.
    is_elsewhere = provider_of(payment.provider).is_hosted
    if _intend(payment, "void", key, (State.AUTHORISED, *([State.REQUIRES_ACTION] if is_elsewhere else [])), minor=0, at=at):
        return send_void(payment, key, by=by, at=at)
    if _intend(payment, "void", key, TO_PAY, minor=0, at=at):
        return settle(payment=payment, outcome=Outcome.of(key, Answer("succeeded")), by=by, at=at)
    if payment.doing or payment.state in (State.VOIDED, State.UNKNOWN):
        return payment
    raise NotPossible(_("The money has been taken already. Refund it instead."))


def send_void(payment: Payment, key: str, *, by: Principal, at: datetime) -> Payment:
    provider = provider_of(payment.provider)
    answer = answer_of(lambda: provider.void(key=key, charge=payment.provider_ref, at=at))
    return settle(payment=payment, outcome=Outcome.of(key, answer), by=by, at=at)


def _intend(
    payment: Payment, doing: str, key: str, states: tuple[State, ...], *, minor: int, at: datetime, **more: str
) -> bool:  # fmt: skip
    """Commit the intent to call, if the payment is in one of the states and nobody is calling; else read it anew."""
    outside_transactions()
    changes = {"doing": doing, "doing_minor": minor, "call_key": key, "called_at": at, **more}
    ready = Payment.objects.filter(pk=payment.pk, doing="", attempt=payment.attempt, state__in=states)
    if not ready.update(**changes):
        payment.refresh_from_db()
        return False
    for name, value in changes.items():
        setattr(payment, name, value)
    return True
