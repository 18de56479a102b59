"""Vouchers that are taken as money: each once, and noted by its number before a second person confirms that it is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.money.payments.models import Method, Payment, Voucher
from toadlane.money.payments.permissions import RECORD
from toadlane.plumbing.access.principals import Principal
from toadlane.ui import formats

MOST, LONGEST = 50, 60


class NoSuchVouchers(Expected):
    """No numbers were given, or none that can be."""

    status = 422
    field = "vouchers"


class WorthUnknown(Expected):
    """It was not said what the vouchers are worth, or what became of what they are short of."""

    status = 422
    field = "worth"


class VoucherTaken(Expected):
    """Somebody has paid with it already."""

    field = "vouchers"


def numbers(said: Sequence[str]) -> list[str]:
    """Return numbers as they are kept: written with spaces, dashes or small letters, a voucher is the same one.

    :raises NoSuchVouchers: when there is none, one stands there twice, or there are too many
    """
    kept = ["".join(filter(str.isalnum, one)).upper() for one in said if one.strip()]
    if not kept:
        raise NoSuchVouchers(_("Say the numbers of the vouchers, one a line."))
    if "" in kept or any(len(one) > LONGEST for one in kept):
        raise NoSuchVouchers(
            _("The number of a voucher has letters or digits, and %(most)d of them at most.") % {"most": LONGEST}
        )
    if len(kept) > MOST:
        raise NoSuchVouchers(_("That are more than %(most)d vouchers.") % {"most": MOST})
    if twice := next((one for one in kept if kept.count(one) > 1), ""):
        raise NoSuchVouchers(_("%(number)s stands there twice.") % {"number": twice})
    return kept


@dataclass(frozen=True)
class Vouchers:
    """What was handed in.

    :param worth: of all of them together, as it is printed on them
    :param rest: how came what they are worth less than the price: `cash`, or nothing where they are enough
    """

    numbers: Sequence[str]
    worth: Money | None = None
    rest: str = ""


def take(*, payment: Payment, handed: Vouchers, by: Principal, at: datetime) -> None:
    """Note which vouchers pay for something, and what they are worth. Part of the caller's transaction.

    :raises NoSuchVouchers: when there are none, or it is not paid with vouchers
    :raises WorthUnknown: when it is not said what they are worth, or they are short of the price and nothing else came
    :raises VoucherTaken: when one of them has paid for something else
    """
    by.must(RECORD, payment)
    if payment.method != Method.VOUCHER:
        raise NoSuchVouchers(_("This is not paid with vouchers."))
    kept, worth = numbers(handed.numbers), handed.worth
    if worth is None or worth.minor <= 0 or worth.currency != payment.currency:
        raise WorthUnknown(_("Say what the vouchers are worth together, as it is printed on them."))
    if worth < payment.amount and handed.rest != Method.CASH:
        said = _("They are %(short)s short of the price. Say that this came in cash.")
        raise WorthUnknown(said % {"short": formats.money(payment.amount - worth)}, field="rest")
    Payment.objects.filter(pk=payment.pk).update(vouchers_minor=worth.minor)
    try:
        with transaction.atomic():
            Voucher.objects.bulk_create([Voucher(payment=payment, number=one, taken_at=at) for one in kept])
    except IntegrityError as error:
        taken = Voucher.objects.filter(number__in=kept, let_go_at=None).order_by("number").first()
        if taken is None:
            raise
        words = _("The voucher %(number)s has been taken already.") % {"number": taken.number}
        raise VoucherTaken(words, hint=_("Give it back to whoever brought it, and look at where it came from.")) from error


def let_go(*, payment: Payment, by: Principal, at: datetime) -> None:
    """Let vouchers pay for something else: they were not there after all, or were given back."""
    by.must(RECORD, payment)
    Voucher.objects.filter(payment=payment, let_go_at=None).update(let_go_at=at)
    if payment.captured_minor == 0:  # They were not there: what comes is asked for anew.
        Payment.objects.filter(pk=payment.pk).update(vouchers_minor=None)
