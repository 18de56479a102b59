"""Money on its way back."""

from collections.abc import Sequence
from datetime import datetime

from toadlane.kernel.money import Money
from toadlane.money.ledger.services import Leg
from toadlane.money.payments.models import Payment, Refund
from toadlane.plumbing.access.principals import Principal


def refund(
    *, payment: Payment, amount: Money, key: str, by: Principal, at: datetime, debits: Sequence[Leg] = ()
) -> Refund:  # fmt: skip
    """Give back a captured payment, whole or in part. Never inside a transaction.

    :param debits: the accounts it comes out of, summing to the amount; 2100 (held for orders) when nothing is said
    :raises TooMuch: when more would go back than came
    """
    raise NotImplementedError
