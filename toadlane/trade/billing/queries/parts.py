"""What stands to be invoiced of an order now: the supply and the platform's fee, each net and tax, refunds taken off."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.utils.translation import gettext as _

from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing.models import Particulars
from toadlane.money.invoicing.policies import taxing
from toadlane.money.invoicing.policies.documents import Line, Party, Tax, category
from toadlane.money.invoicing.queries import Deal
from toadlane.money.invoicing.rules import EXEMPT, SMALL
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book
from toadlane.society.members.models import Membership
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.queries import showing, splits

MOST = 2000
SUPPLY, COMMISSION, ON_TOP = "supply", "commission", "on_top"
NOTES = {"reverse": taxing.REVERSE_NOTE, "intra": taxing.INTRA_NOTE}


@dataclass(frozen=True, kw_only=True)
class Part:
    """One side of an order's invoices, as it stands now.

    :param net, vat: in minor units, what is left of it after refunds
    :param names: the lines of the whole, with their net amounts, to be shown where nothing was taken off
    """

    deal: Deal
    net: int
    vat: int
    rate: Fraction
    category: str
    reason: str
    names: tuple[tuple[str, int], ...]
    # What the whole is called where its lines cannot be told one by one: with a discount, or when a part of it goes back.
    title: str = ""

    def lines(self, net: int) -> tuple[Line, ...]:
        whole = sum(minor for _name, minor in self.names) == net and all(minor >= 0 for _name, minor in self.names)
        rows = self.names if whole else ((self.names[0][0] if len(self.names) == 1 else self.title or self.deal.note, net),)
        return tuple(Line(name=name, net=minor, category=self.category, rate=self.rate) for name, minor in rows)

    def taxes(self, net: int, vat: int) -> tuple[Tax, ...]:
        return (Tax(category=self.category, rate=self.rate, basis=net, tax=vat, reason=self.reason),)


def parts(order: Order) -> Iterator[Part]:
    """Return what can be invoiced of an order: nothing before its release, and nothing whose issuer has not said who it is.

    What a member keeps for time kept free is compensation, and no supply.
    """
    if order.released_at is None or any(share["kind"] == splits.LATE for share in order.left):
        return
    book, own = bylaws.book(version=order.bylaws_version), invoicing.particulars_of(None)
    member = None if any(share["kind"] == "sales" for share in order.split) else order.provider
    theirs = invoicing.particulars_of(member.pk) if member else None
    seller = theirs if member else own
    if seller and (member is None or _writes_for(member, seller, order.released_at)):
        yield _supply(order, book, member, seller, own)
    if member and theirs and own:
        yield _commission(order, book, member, own, theirs)
    if own and order.on_top_minor:
        yield _on_top(order, book, own)


def _writes_for(member: Membership, seller: Particulars, released_at: datetime) -> bool:
    """Whether the co-op writes a member's invoice: what was released while they did not agree they wrote themselves."""
    on = bylaws.book().maybe("invoicing.self_billing")
    if not seller.agrees or on is False:
        return False
    refused = Particulars.objects.filter(membership=member, agrees=False).order_by("-given_at", "-pk").first()
    if refused is None:
        return True
    again = Particulars.objects.filter(membership=member, agrees=True, pk__gt=refused.pk).order_by("pk").first()
    return again is not None and released_at >= again.given_at


def _supply(order: Order, book: Book, member: Membership | None, seller: Particulars, own: Particulars | None) -> Part:
    rest = splits.rest(order)
    rate = book.value("trade.vat_rate") if order.vat_minor else Fraction(0)
    country, buyer = taxing.country(order.vat_number), _customer(order, seller)
    why = order.tax.get("why", "")
    note = order.title
    if member:
        issuer = own.name if own else _("The co-op")
        note = _("Issued by %(coop)s in the name and on behalf of %(seller)s") % {"coop": issuer, "seller": seller.name}
    deal = Deal(
        subject=order.subject, role=SUPPLY, seller=member, buyer=buyer, currency=order.currency,
        customer_id=order.customer_id, supplied_on=_day(order), note=note,
        deliver_to=country if why == "intra" else "",
    )  # fmt: skip
    shown = tuple((line.text, line.amount.minor) for line in showing.lines(order, order.language))
    kept = rest.total.minor - rest.tip.minor - splits.on_top(rest.split)
    names = shown if sum(minor for _name, minor in shown) == kept - rest.vat_minor else ((order.title, kept - rest.vat_minor),)
    kind, reason = _taxed(rate, seller, invoicing.party(seller), buyer, why)
    net, vat = kept - rest.vat_minor, rest.vat_minor
    return Part(deal=deal, net=net, vat=vat, rate=rate, category=kind, reason=reason, names=names, title=order.title)


def _customer(order: Order, seller: Particulars) -> Party:
    return Party(
        name=order.company or order.name or _("Customer"), street=order.address, vat_number=order.vat_number,
        country=taxing.country(order.vat_number) or seller.country,
    )  # fmt: skip


def _left(order: Order, kind: str) -> int:
    return sum(share["minor"] for share in order.left if share["kind"] == kind)


def _on_top(order: Order, book: Book, own: Particulars) -> Part:
    """What the customer paid the platform itself: its own supply, invoiced apart from what was bought of the member."""
    why, buyer = order.tax.get("guest_why", ""), _customer(order, own)
    rate = Fraction(0) if why else book.value("fees.commission_vat")
    deal = Deal(
        subject=order.subject, role=ON_TOP, seller=None, buyer=buyer, currency=order.currency, customer_id=order.customer_id,
        supplied_on=_day(order), note=_("Paid with order %(number)s, on top of its price") % {"number": order.pk},
    )  # fmt: skip
    kind, reason = _taxed(rate, own, invoicing.party(own), buyer, why)
    net = _left(order, splits.GUEST_FEE)
    name = _("The platform’s fee for order %(number)s") % {"number": order.pk}
    vat = _left(order, splits.GUEST_VAT)
    return Part(deal=deal, net=net, vat=vat, rate=rate, category=kind, reason=reason, names=((name, net),))


def _commission(order: Order, book: Book, member: Membership, own: Particulars, theirs: Particulars) -> Part:
    why = order.tax.get("fee_why", "")
    rate = Fraction(0) if why else book.value("fees.commission_vat")
    buyer = invoicing.party(theirs)
    deal = Deal(
        subject=order.subject, role=COMMISSION, seller=None, buyer=buyer, buyer_member=member, currency=order.currency,
        supplied_on=_day(order), note=_("Kept out of what the customer paid for order %(number)s") % {"number": order.pk},
    )  # fmt: skip
    kind, reason = _taxed(rate, own, invoicing.party(own), buyer, why)
    name = _("The platform’s fee for order %(number)s") % {"number": order.pk}
    net, vat = _left(order, "commission"), _left(order, "commission_vat")
    return Part(deal=deal, net=net, vat=vat, rate=rate, category=kind, reason=reason, names=((name, net),))


def _taxed(rate: Fraction, seller: Particulars, party: Party, buyer: Party, why: str) -> tuple[str, str]:
    """Return the category of a supply and its reason: what was said when it was ordered, or what follows from the rate."""
    now = bylaws.book()
    if why in NOTES:
        return taxing.CATEGORIES[why], NOTES[why]
    if why:
        return taxing.CATEGORIES[why], now.maybe("invoicing.small_business") or SMALL
    return category(
        rate=rate, seller=party, buyer=buyer, is_small=seller.is_small,
        small_note=now.maybe("invoicing.small_business") or SMALL, exempt_note=now.maybe("invoicing.exempt") or EXEMPT,
    )  # fmt: skip


def _day(order: Order) -> date:
    return invoicing.local_day(order.done_at or order.released_at or order.placed_at)


def due(membership_id: int | None) -> Iterable[int]:
    """Return the newest released orders that a change of particulars may let be invoiced."""
    rows = Order.objects.filter(released_at__isnull=False, total_minor__gt=0).order_by("-pk")
    if membership_id is not None:
        rows = rows.filter(provider_id=membership_id)
    return list(rows.values_list("pk", flat=True)[:MOST])
