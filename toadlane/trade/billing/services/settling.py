"""Keeping invoices straight with orders: whatever happened, what is invoiced equals what is left of the order."""

from datetime import datetime

from django.db import transaction

from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing import services as invoices
from toadlane.money.invoicing.models import Invoice
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.trade.billing import queries
from toadlane.trade.billing.permissions import RUN
from toadlane.trade.orders import queries as orders


@transaction.atomic
def settle(*, order_id: int, by: Principal, at: datetime) -> list[Invoice]:
    """Issue what an order lacks: an invoice for what was released, a credit note for what was given back since.

    It looks at how things stand and not at what happened, so that told twice, or late, it does the same once.
    """
    by.must(RUN)
    Tenant.lock_current()
    order = orders.find(order_id)
    if order is None:
        return []
    return [made for part in queries.parts(order) if (made := _straighten(part, by, at))]


def _straighten(part: queries.Part, by: Principal, at: datetime) -> Invoice | None:
    before = invoicing.standing(part.deal.subject, part.deal.role)
    if before.invoice is None:
        if part.net + part.vat <= 0:
            return None
        lines, taxes = part.lines(part.net), part.taxes(part.net, part.vat)
        return invoices.issue(deal=part.deal, lines=lines, taxes=taxes, by=by, at=at)
    net, vat = before.net_minor - part.net, before.vat_minor - part.vat
    if not net and not vat:
        return None
    lines, taxes = part.lines(net), part.taxes(net, vat)
    return invoices.credit(deal=part.deal, invoice=before.invoice, lines=lines, taxes=taxes, by=by, at=at)


def catch_up(*, membership_id: int | None, by: Principal, at: datetime) -> int:
    """Issue what waited for somebody's particulars; return how many documents that were."""
    by.must(RUN)
    return sum(len(settle(order_id=pk, by=by, at=at)) for pk in queries.due(membership_id))
