"""Paying orders with mutual credit: by members, for the work of other members."""

from collections.abc import Sequence

from toadlane.money.payments.queries import credit
from toadlane.money.payments.services import OwnCredit
from toadlane.plumbing.access.principals import Principal
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.queries import in_credit, splits
from toadlane.trade.orders.services.errors import NotInCredit


def instrument(by: Principal) -> OwnCredit:
    """Return what somebody pays with.

    :raises NotInCredit: for whoever is no member
    """
    if not (holder := credit.own(by)):
        raise NotInCredit
    return OwnCredit(holder)


def price(orders: Sequence[Order], by: Principal) -> None:
    """Share the prices of orders out in credit: nothing of them is put aside, or given to a fund, in money.

    :raises NotInCredit: when one of them is not paid so
    """
    if why := in_credit.why_not(orders, instrument(by).holder):
        raise NotInCredit(why)
    for order in orders:
        order.split = order.left = splits.in_credit(order.split)
