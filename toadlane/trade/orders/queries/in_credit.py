"""Which orders cannot be paid with mutual credit, and why."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from toadlane.money.payments.models import Method, Payment
from toadlane.money.payments.queries import credit
from toadlane.trade.orders.models import Order, Priced


def why_not(orders: Iterable[Priced], payer: str = "") -> str:
    """Return why orders cannot be paid with credit, in words; nothing where they can.

    One is paid for the work of another member, who has room for it. What the co-op sells itself costs it money.

    :param orders: or prices that are not ordered yet
    :param payer: whose credit it would be, where that is known
    """
    for order in orders:
        seller = f"membership:{order.provider_id}" if order.provider_id else ""
        if any(share["kind"] == "sales" for share in order.split):
            return _("The co-op itself sells this, and pays for it in money.")
        if seller and seller == payer:
            return _("This is your own offer.")
        if seller and credit.is_full(seller, order.currency):
            about = {"name": order.provider}
            return _("%(name)s has as much credit as a member may have, and is paid in money until some is spent.") % about
    return ""


def hindrance(payment: Payment) -> str:
    """Return why a checkout is not to be paid with credit now; a card pays it always."""
    if payment.method != Method.CREDIT:
        return ""
    rows = Order.objects.filter(checkout_id=payment.subject.partition(":")[2])
    return why_not(rows.select_related("provider__person", "provider__organisation").order_by("pk"))
