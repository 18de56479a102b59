"""Who invoices whom, and what was invoiced."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Case, Count, F, Max, Q, QuerySet, Sum, Value, When
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.money import Money
from toadlane.money.invoicing.models import Invoice, InvoiceTax, Particulars, ReceivedInvoice
from toadlane.money.invoicing.policies import cii, self_billing, ubl
from toadlane.money.invoicing.policies.documents import Document, Party
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.plumbing.tenancy.prepared import Param, Prepared
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries as members
from toadlane.society.members.models import Membership

COOP = "coop"
# What is credited counts against what was invoiced.
SIGN = {"380": 1, "389": 1, "381": -1, "261": -1}
CREDITS = tuple(code for code, sign in SIGN.items() if sign < 0)


@dataclass(frozen=True, kw_only=True)
class Deal:
    """What an invoice is about: who sold what to whom. Paid for already, where no day is named on which it is due.

    :param subject: what it is about, such as `order:12`, the same for the invoice and its credit notes
    :param seller: whose series it is; None is the co-op
    :param due_on: the last day to pay it; None where money came before the invoice
    :param reference: what the buyer writes on a transfer
    :param is_self_billed: whether the buyer, who is the co-op, writes it in the seller's name
    """

    subject: str
    role: str
    seller: Membership | None
    buyer: Party
    currency: str
    supplied_on: date
    buyer_member: Membership | None = None
    customer_id: int | None = None
    note: str = ""
    deliver_to: str = ""
    due_on: date | None = None
    reference: str = ""
    is_self_billed: bool = False


def local_day(at: datetime) -> date:
    """Return the civil date where the co-op is."""
    return at.astimezone(ZoneInfo(coops.of_scope(current_coop_id()).time_zone)).date()


def particulars_of(membership_id: int | None) -> Particulars | None:
    """Return what a member (or the co-op itself: None) said of itself last."""
    return _THEIRS.first(membership=membership_id) if membership_id else _OWN.first()


def _newest(**whose: Any) -> QuerySet[Particulars]:
    return Particulars.objects.filter(**whose).order_by("-given_at", "-pk")[:1]


_OWN: Prepared[Particulars] = Prepared(lambda: _newest(membership=None))
_THEIRS: Prepared[Particulars] = Prepared(lambda: _newest(membership_id=Param("membership")))


def latest_particulars(membership_ids: Iterable[int]) -> dict[int, Particulars]:
    """Return what some members said last, in one statement."""
    rows = Particulars.objects.filter(membership_id__in=list(membership_ids)).order_by("given_at", "pk")
    return {row.membership_id: row for row in rows if row.membership_id is not None}


def party(row: Particulars) -> Party:
    return Party(
        name=row.name, street=row.street, city=row.city, postcode=row.postcode, country=row.country,
        vat_number=row.vat_number, tax_number=row.tax_number, registration=row.registration,
    )  # fmt: skip


def self_billed_rate(membership_id: int, *, net_minor: int, vat_minor: int) -> Fraction:
    """Return the rate at which the co-op may invoice itself what it buys of a member.

    :raises NotSelfBilled: where bylaws, member or sums do not allow it
    """
    book, own, theirs = bylaws.book(), particulars_of(None), particulars_of(membership_id)
    return self_billing.rate_of(
        allowed=book.maybe("invoicing.self_billing") is not False, vat_rate=Fraction(book.maybe("trade.vat_rate") or 0),
        agreed=own is not None and theirs is not None and theirs.agrees, is_small=theirs is not None and theirs.is_small,
        net=net_minor, vat=vat_minor,
    )  # fmt: skip


def invoices() -> QuerySet[Invoice]:
    """Return invoices and credit notes, the newest first, without the documents themselves."""
    return Invoice.objects.select_related("corrects").defer("xml", "corrects__xml").order_by("-pk")


def visible(by: Principal) -> QuerySet[Invoice]:
    """Return the invoices on one side of which somebody stands."""
    mine = Q(seller__in=by.memberships) | Q(buyer__in=by.memberships)
    if by.person_id:
        mine |= Q(customer_id=by.person_id)
    if by.order_id:
        mine |= Q(subject=f"order:{by.order_id}", role__in=(Invoice.Role.SUPPLY, Invoice.Role.ON_TOP))
    return invoices().filter(mine)


def find(pk: int) -> Invoice | None:
    return Invoice.objects.filter(pk=pk).first()


def received() -> QuerySet[ReceivedInvoice]:
    """Return invoices that others wrote to the co-op, the newest first, without the documents themselves."""
    return ReceivedInvoice.objects.defer("xml").order_by("-pk")


def received_one(pk: int) -> ReceivedInvoice | None:
    return ReceivedInvoice.objects.filter(pk=pk).first()


def also_received(found: Iterable[ReceivedInvoice]) -> set[int]:
    """Return those of some received invoices whose seller and number another one bears too: it may have come twice."""
    rows = list(found)
    same = ReceivedInvoice.objects.filter(number__in=[row.number for row in rows]).values_list("pk", "seller_name", "number")
    seen: dict[tuple[str, str], set[int]] = {}
    for pk, seller, number in same:
        seen.setdefault((seller, number), set()).add(pk)
    return {row.pk for row in rows if len(seen.get((row.seller_name, row.number), ())) > 1}


def document(invoice: Invoice) -> Document:
    """Return a document as it was issued."""
    return cii.read(bytes(invoice.xml)).document


def as_ubl(invoice: Invoice) -> bytes:
    return ubl.write(document(invoice))


@dataclass(frozen=True)
class Standing:
    """What is invoiced of something now, credit notes taken off."""

    invoice: Invoice | None
    net_minor: int
    vat_minor: int
    count: int


def standing(subject: str, role: str) -> Standing:
    rows = list(invoices().filter(subject=subject, role=role))
    whole = next((row for row in rows if not row.is_credit), None)
    net, vat = (sum(SIGN[row.type_code] * getattr(row, name) for row in rows) for name in ("net_minor", "vat_minor"))
    return Standing(whole, net, vat, len(rows))


def last_number(series: str, year: int) -> int:
    return Invoice.objects.filter(series=series, year=year).aggregate(last=Max("sequence"))["last"] or 0


# UNTDID 5305, as people say it.
CATEGORIES = {
    "S": lazy("Taxed"), "E": lazy("Exempt"), "AE": lazy("The buyer pays the tax"), "Z": lazy("At zero"),
    "K": lazy("Sold to another member state"), "G": lazy("Exported"), "O": lazy("Not subject to VAT"),
}  # fmt: skip


@dataclass(frozen=True)
class Taxed:
    """What was taxed in a year by whom, at which rate."""

    series: str
    role: str
    currency: str
    category: str
    rate: str
    basis_minor: int
    tax_minor: int

    @property
    def label(self) -> str:
        return str(Invoice.Role(self.role).label)

    @property
    def category_label(self) -> str:
        return str(CATEGORIES.get(self.category, self.category))

    @property
    def basis(self) -> Money:
        return Money(self.basis_minor, self.currency)

    @property
    def tax(self) -> Money:
        return Money(self.tax_minor, self.currency)


def taxed(year: int, series: str = COOP) -> list[Taxed]:
    """Return the bases and taxes of an issuer's year by category and rate, credit notes taken off, in one statement."""
    rows = InvoiceTax.objects.filter(invoice__series=series, invoice__year=year).order_by()
    credited = When(invoice__type_code__in=CREDITS, then=Value(-1))
    sign = Case(credited, default=Value(1), output_field=BigIntegerField())
    signed = {f"{name}_sum": Sum(F(f"{name}_minor") * sign) for name in ("basis", "tax")}
    groups = rows.values_list("invoice__series", "invoice__role", "invoice__currency", "category", "rate").annotate(**signed)
    return sorted((Taxed(*row) for row in groups), key=lambda one: (one.role, one.category, one.rate))


def own_data(*, person_id: int) -> list[dict[str, Any]]:
    mine = members.of_person(person_id).values("pk")
    rows = invoices().filter(Q(customer_id=person_id) | Q(seller__in=mine) | Q(buyer__in=mine))
    found = [
        {"number": row.number, "issued_on": row.issued_on, "seller": row.seller_name, "buyer": row.buyer_name,
         "gross_minor": row.gross_minor, "currency": row.currency}
        for row in rows.iterator()
    ]  # fmt: skip
    names = ("name", "street", "city", "postcode", "country", "vat_number", "tax_number", "registration", "born_on",
             "excluded_as", "given_at")  # fmt: skip
    given = Particulars.objects.filter(membership__in=mine).order_by("given_at")
    return found + [{name: getattr(row, name) for name in names} for row in given]


def numbers_leave_no_gap() -> Finding:
    """Say where a series skips a number: whoever counts to its last has to have seen them all."""
    rows = list(Invoice.objects.order_by().values_list("series", "year").annotate(last=Max("sequence"), n=Count("pk")))
    return Finding(sum(n for *_, n in rows), [f"{series} {year}: {n} of {last}" for series, year, last, n in rows if n != last])
