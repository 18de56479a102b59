"""What is paid by transfer in parts, or as too much: a payment is put in the place of another that nobody has paid yet."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.money.payments import queries
from toadlane.money.payments.models import Method, Payment, Provider, State
from toadlane.money.payments.permissions import BANK, PAY, RECORD
from toadlane.money.payments.services.by_hand import record_receipt
from toadlane.money.payments.services.charging import begin
from toadlane.money.payments.services.errors import NotPossible, TooMuch
from toadlane.plumbing.access.principals import Principal

REPLACED = "replaced"


def as_it_came(*, payment: Payment, amount: Money, by: Principal, at: datetime) -> Payment:
    """Return a payment of what the bank says has come, in the place of one of another amount; what is left stays asked for.

    :raises NotPossible: when what it is for is only paid whole, or it was paid meanwhile
    """
    by.must(BANK, payment)
    return _as_it_came(payment, amount, _WAITS | Q(doing="confirm"), by=by, at=at)


def once_more(*, payment: Payment, amount: Money, line: str, by: Principal, at: datetime) -> Payment:
    """Return a payment for what came under the reference of one that is paid already: its room says what becomes of it.

    :param line: of the statement: the same line comes once
    """
    by.must(BANK, payment)
    if not queries.takes_parts(payment.subject):
        raise NotPossible(_("This is paid whole or not at all."))
    return _begun(payment, amount, f"again:{line}"[:120], by=by, at=at)


@transaction.atomic
def record_part(*, payment: Payment, amount: Money, by: Principal, at: datetime) -> Payment:
    """Say that another amount than the whole has come by hand. A second person confirms it, as with the whole.

    :raises NotPossible: when what it is for is only paid whole, or it was recorded or paid meanwhile
    :raises TooMuch: when it is nothing, or of another currency
    """
    by.must(RECORD, payment)
    part = payment if amount == payment.amount else _as_it_came(payment, amount, _WAITS, by=by, at=at)
    return record_receipt(payment=part, by=by, at=at)


def ask_instead(*, payment: Payment, amounts: Sequence[Money], by: Principal, at: datetime) -> list[Payment]:
    """Ask for other amounts in the place of a payment that nobody has paid; for nothing any more where there are none.

    :raises NotPossible: when somebody has recorded that it came: that is confirmed or rejected first
    """
    by.must(PAY, payment)
    return _instead(payment, amounts, _WAITS, by=by, at=at)


_WAITS = Q(doing="", state__in=(State.CREATED, State.FAILED))


def _as_it_came(payment: Payment, amount: Money, waits: Q, *, by: Principal, at: datetime) -> Payment:
    if not queries.takes_parts(payment.subject):
        raise NotPossible(_("This is paid whole or not at all."))
    if amount.currency != payment.currency or amount.minor <= 0:
        raise TooMuch(_("Say an amount above nothing, in the currency of the payment."))
    left = payment.amount - amount
    return _instead(payment, [amount, left] if left.minor > 0 else [amount], waits, by=by, at=at)[0]


@transaction.atomic
def _instead(payment: Payment, amounts: Sequence[Money], waits: Q, *, by: Principal, at: datetime) -> list[Payment]:
    ready = Payment.objects.filter(waits, pk=payment.pk, provider=Provider.MANUAL)
    # Nobody is told: what was asked for is still asked for, in other amounts.
    if not ready.update(state=State.VOIDED, reason=REPLACED, doing="", doing_minor=0, settled_at=at):
        raise NotPossible(_("This payment does not wait for money."))
    return [
        _begun(payment, amount, f"instead:{payment.pk}:{number}", by=by, at=at) for number, amount in enumerate(amounts, start=1)
    ]


def _begun(payment: Payment, amount: Money, key: str, *, by: Principal, at: datetime) -> Payment:
    """Begin another payment for the same subject, under the reference that the payer knows."""
    made = begin(
        subject=payment.subject, amount=amount, method=Method.TRANSFER if payment.reference else payment.method, key=key,
        payer_hint=payment.payer_hint, by=Principal.job(by.coop_id), at=at,
    )  # fmt: skip
    Payment.objects.filter(pk=made.pk).update(reference=payment.reference)
    made.reference = payment.reference
    return made
