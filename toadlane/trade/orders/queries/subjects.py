"""How the books and the pages of payments call what is paid for."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toadlane.money.ledger.queries import Named
from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops.queries import COOP_URLS
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.permissions import SEE


def orders(ids: list[str], by: Principal | None) -> dict[str, Named]:
    """Name orders by their number: the books leave out who the customer is."""
    rows = Order.objects.filter(pk__in=[pk for pk in ids if pk.isdigit()])
    return {str(order.pk): _named(order, by) for order in rows}


def checkouts(ids: list[str], by: Principal | None) -> dict[str, Named]:
    """Name a checkout by its order, or by its first and how many there are."""
    found: dict[str, list[Order]] = {}
    for order in Order.objects.filter(checkout_id__in=[pk for pk in ids if _is_uuid(pk)]).order_by("pk"):
        found.setdefault(str(order.checkout_id), []).append(order)
    return {pk: _named(several[0], by, others=len(several) - 1) for pk, several in found.items()}


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _named(order: Order, by: Principal | None, *, others: int = 0) -> Named:
    label = _("Order %(number)s") % {"number": order.pk}
    if others:
        several = ngettext("Order %(number)s and %(n)s more", "Order %(number)s and %(n)s more", others)
        label = several % {"number": order.pk, "n": others}
    may_look = by is not None and by.may(SEE, order)
    return Named(label, reverse("orders:detail", urlconf=COOP_URLS, args=[order.pk]) if may_look else "")
