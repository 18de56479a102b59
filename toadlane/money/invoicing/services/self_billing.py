"""Self-billing: what the co-op buys of a member who agreed to it, the co-op invoices to itself in that member's name.

Directive 2006/112/EC, articles 224 and 226(10a): by agreement beforehand, and the invoice says so. Its type is 389, and that of
its credit notes 261 (UNTDID 1001).
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.money.invoicing import queries
from toadlane.money.invoicing.models import Invoice
from toadlane.money.invoicing.permissions import ISSUE
from toadlane.money.invoicing.policies.documents import Line, Party, Tax, category
from toadlane.money.invoicing.rules import EXEMPT, SMALL
from toadlane.money.invoicing.services.issuing import MoreThanInvoiced, credit, issue
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import Membership

# The time to pay that the law gives businesses where nothing else is agreed (Directive 2011/7/EU, article 3).
TERM = timedelta(days=30)


@transaction.atomic
def self_bill(
    *, subject: str, member: Membership, currency: str, text: str, net_minor: int, vat_minor: int, on: date, is_paid: bool,
    by: Principal, at: datetime,
) -> Invoice:  # fmt: skip
    """Issue the one invoice of what the co-op bought of a member. Asked again, return the one there is.

    :raises NotSelfBilled:
    """
    by.must(ISSUE)
    rate = queries.self_billed_rate(member.pk, net_minor=net_minor, vat_minor=vat_minor)
    own, theirs = queries.particulars_of(None), queries.particulars_of(member.pk)
    assert own is not None and theirs is not None, "looked at just now"
    book, seller, buyer = bylaws.book(), queries.party(theirs), queries.party(own)
    kind, reason = category(
        rate=rate, seller=seller, buyer=buyer, is_small=theirs.is_small,
        small_note=book.maybe("invoicing.small_business") or SMALL, exempt_note=book.maybe("invoicing.exempt") or EXEMPT,
    )  # fmt: skip
    due_on = None if is_paid else queries.local_day(at) + TERM
    deal = _deal(subject, member, buyer, own.name, theirs.name, currency=currency, on=on, due_on=due_on)
    line = Line(name=text, net=net_minor, category=kind, rate=rate)
    tax = Tax(category=kind, rate=rate, basis=net_minor, tax=vat_minor, reason=reason)
    return issue(deal=deal, lines=[line], taxes=[tax], by=by, at=at)


def _deal(subject: str, member: Membership, buyer: Party, coop: str, seller: str, **more: Any) -> queries.Deal:
    note = _("Self-billing: issued by %(coop)s, who bought it, in the name and on behalf of %(seller)s")
    return queries.Deal(
        subject=subject, role=Invoice.Role.BOUGHT, seller=member, buyer=buyer, currency=more["currency"], supplied_on=more["on"],
        note=note % {"coop": coop, "seller": seller}, due_on=more.get("due_on"), is_self_billed=True,
    )  # fmt: skip


@transaction.atomic
def self_credit(
    *, subject: str, member: Membership, text: str, net_minor: int, vat_minor: int, on: date, by: Principal, at: datetime
) -> Invoice:
    """Issue a credit note for a part, or all, of what is left of a self-billed invoice, in the member's series and name.

    What was invoiced by agreement is put right whether or not they still agree: it is their tax that would be wrong.

    :raises MoreThanInvoiced:
    """
    by.must(ISSUE)
    own, theirs = queries.particulars_of(None), queries.particulars_of(member.pk)
    invoice = queries.standing(subject, Invoice.Role.BOUGHT).invoice
    if invoice is None or own is None or theirs is None:
        raise MoreThanInvoiced
    (was,) = queries.document(queries.find(invoice.pk) or invoice).taxes
    deal = _deal(subject, member, queries.party(own), own.name, theirs.name, currency=invoice.currency, on=on)
    line = Line(name=text, net=net_minor, category=was.category, rate=was.rate)
    tax = Tax(category=was.category, rate=was.rate, basis=net_minor, tax=vat_minor, reason=was.reason)
    return credit(deal=deal, invoice=invoice, lines=[line], taxes=[tax], by=by, at=at)
