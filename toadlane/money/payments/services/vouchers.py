"""Vouchers that are taken as money: each once, and noted by its number before a second person confirms that it is there."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected
from toadlane.money.payments.models import Method, Payment, Voucher
from toadlane.money.payments.permissions import RECORD
from toadlane.plumbing.access.principals import Principal

MOST, LONGEST = 50, 60


class NoSuchVouchers(Expected):
    """No numbers were given, or none that can be."""

    status = 422
    field = "vouchers"


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


def take(*, payment: Payment, said: Sequence[str], by: Principal, at: datetime) -> None:
    """Note which vouchers pay for something. Part of the caller's transaction.

    :raises NoSuchVouchers: when there are none, or it is not paid with vouchers
    :raises VoucherTaken: when one of them has paid for something else
    """
    by.must(RECORD, payment)
    if payment.method != Method.VOUCHER:
        raise NoSuchVouchers(_("This is not paid with vouchers."))
    kept = numbers(said)
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
