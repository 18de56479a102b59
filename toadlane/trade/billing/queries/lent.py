"""What this room lends to the page of an order: its invoices, to keep."""

from dataclasses import replace
from datetime import datetime

from django.urls import reverse

from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing.permissions import SEE
from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops.queries import COOP_URLS
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.queries.lent import Panel


def of_an_order(order: Order, by: Principal, at: datetime, token: str) -> Panel | None:
    """Show each side its invoices of this order; a guest by the signed link."""
    who = replace(by, order_id=order.pk) if token else by
    found = []
    for one in invoicing.invoices().filter(subject=order.subject):
        if who.may(SEE, one):
            name, own = ("billing:guest", [token, one.pk]) if token else ("invoicing:pdf", [one.pk])
            found.append((one, reverse(name, args=own, urlconf=COOP_URLS)))
    return Panel(template="billing/of_an_order.html", context={"rows": found}) if found else None
