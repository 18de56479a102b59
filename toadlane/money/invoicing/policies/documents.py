"""An invoice as EN 16931 sees it: parties, lines, value added tax by category, and sums that are equal to the cent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from toadlane.kernel.currencies import exponent
from toadlane.kernel.rates import half_up

# UNTDID 1001: an invoice and its credit note; and both where the buyer writes them.
INVOICE, CREDIT_NOTE, SELF_BILLED, SELF_BILLED_CREDIT = "380", "381", "389", "261"
# UNTDID 5305: standard, exempt, reverse charge, zero-rated, intra-community, export, outside, and two islands' taxes.
Category = Literal["S", "E", "AE", "Z", "K", "G", "O", "L", "M", "B"]
NEEDS_A_REASON = ("E", "AE", "K", "G", "O")
Key = tuple[str, Fraction]
# What the tax of a part may be off by, in minor units: its net and its tax were each rounded when the whole was parted.
PARTED = 2


@dataclass(frozen=True, kw_only=True)
class Party:
    name: str
    street: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""
    vat_number: str = ""
    tax_number: str = ""
    registration: str = ""

    @property
    def identifier(self) -> str:
        """Return what tells a party apart that has no number of a register or for VAT (EN 16931, BR-CO-26)."""
        return "" if self.vat_number or self.registration else self.tax_number


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing invoiced. `net` is in minor units, `rate` a fraction of one, `price` that of one unit in whole currency."""

    name: str
    net: int
    category: str
    rate: Fraction = Fraction(0)
    quantity: Decimal = Decimal(1)
    unit: str = "C62"
    price: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Adjustment:
    """An allowance, or a charge, on the whole document, in minor units before tax."""

    minor: int
    is_charge: bool
    category: str
    rate: Fraction = Fraction(0)
    reason: str = ""

    @property
    def signed(self) -> int:
        return self.minor if self.is_charge else -self.minor


@dataclass(frozen=True, kw_only=True)
class Tax:
    category: str
    rate: Fraction
    basis: int
    tax: int
    reason: str = ""

    @property
    def key(self) -> Key:
        return self.category, self.rate


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The sums of a document (BG-22), in minor units."""

    lines: int
    allowances: int
    charges: int
    net: int
    vat: int
    gross: int
    prepaid: int = 0
    rounding: int = 0
    due: int = 0


@dataclass(frozen=True, kw_only=True)
class Document:
    number: str
    type_code: str
    issued_on: date
    currency: str
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    taxes: tuple[Tax, ...]
    adjustments: tuple[Adjustment, ...] = ()
    supplied_on: date | None = None
    prepaid: int = 0
    rounding: int = 0
    note: str = ""
    corrects_number: str = ""
    corrects_on: date | None = None
    # The country that goods went to: those which go to another state of the Union have to say (BR-IC-12).
    deliver_to: str = ""
    due_on: date | None = None
    reference: str = ""

    @property
    def is_credit(self) -> bool:
        return self.type_code in (CREDIT_NOTE, SELF_BILLED_CREDIT)

    @property
    def is_self_billed(self) -> bool:
        return self.type_code in (SELF_BILLED, SELF_BILLED_CREDIT)


class NotEven(ValueError):
    """A document whose sums do not agree is never issued."""


def taxes(
    lines: Iterable[Line], adjustments: Iterable[Adjustment] = (), *, reasons: Mapping[str, str] | None = None
) -> tuple[Tax, ...]:
    """Add up by category and rate, and round the tax of each once (EN 16931, BR-CO-17)."""
    basis: dict[Key, int] = {}
    for line in lines:
        basis[line.category, line.rate] = basis.get((line.category, line.rate), 0) + line.net
    for one in adjustments:
        basis[one.category, one.rate] = basis.get((one.category, one.rate), 0) + one.signed
    why = reasons or {}
    return tuple(
        Tax(category=category, rate=rate, basis=minor, tax=half_up(minor * rate), reason=why.get(category, ""))
        for (category, rate), minor in sorted(basis.items())
    )


def totals(document: Document) -> Totals:
    """Return the sums that follow from a document's lines, adjustments and taxes."""
    lines = sum(line.net for line in document.lines)
    charges = sum(one.minor for one in document.adjustments if one.is_charge)
    allowances = sum(one.minor for one in document.adjustments if not one.is_charge)
    net, vat = lines + charges - allowances, sum(one.tax for one in document.taxes)
    return Totals(
        lines=lines, allowances=allowances, charges=charges, net=net, vat=vat, gross=net + vat, prepaid=document.prepaid,
        rounding=document.rounding, due=net + vat - document.prepaid + document.rounding,
    )  # fmt: skip


def check(document: Document) -> Document:
    """Return a document fit to be issued.

    The tax of a part that is credited is what the whole has less now, so that parts add up to wholes; it stays near what
    its own basis would give, as the rules allow. What is invoiced whole is exact.

    :raises NotEven: when its taxes do not cover its lines, are off by more than that, or lack the reason they need
    """
    wanted = {one.key: one for one in taxes(document.lines, document.adjustments)}
    given = {one.key: one for one in document.taxes}
    if len(given) != len(document.taxes) or wanted.keys() != given.keys():
        raise NotEven("the categories of the taxes are not those of the lines")
    for key, one in given.items():
        if one.basis != wanted[key].basis or abs(one.tax - wanted[key].tax) > PARTED:
            raise NotEven(f"{key}: {one.basis} and {one.tax}, not {wanted[key].basis} and {wanted[key].tax}")
        if one.category in NEEDS_A_REASON and not one.reason:
            raise NotEven(f"{one.category} without a reason")
        if one.category != "S" and one.tax:
            raise NotEven(f"{one.category} bears no tax")
    if any(line.net < 0 for line in document.lines) or document.prepaid > totals(document).gross:
        raise NotEven("below nothing")
    return document


def scaled(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-exponent(currency))


def category(
    *, rate: Fraction, seller: Party, buyer: Party, is_small: bool, small_note: str, exempt_note: str
) -> tuple[str, str]:
    """Return the category of a supply, and the reason where no tax is charged.

    Between states, and with both registered, the buyer owes the tax (Directive 2006/112/EC, articles 44 and 196); a small
    business charges none (article 284).
    """
    if rate:
        return "S", ""
    if is_small:
        return "E", small_note
    if seller.vat_number and buyer.vat_number and seller.vat_number[:2] != buyer.vat_number[:2]:
        return "AE", "Reverse charge"
    return "E", exempt_note


def digits(minor: int, currency: str) -> str:
    """Return an amount as a document writes it: 12.50."""
    return f"{scaled(minor, currency):f}"


def percent(category: str, rate: Fraction) -> str:
    """Return a rate as a document writes it: 20, or 5.5; nothing for what no tax is about (BR-O-05)."""
    if category == "O":
        return ""
    hundredfold = rate * 100
    return f"{(Decimal(hundredfold.numerator) / Decimal(hundredfold.denominator)).normalize():f}"


def price(line: Line, currency: str) -> str:
    """Return the price of one, as long as it is exact; else the line is one piece."""
    return f"{line.price if line.price is not None else scaled(line.net, currency) / line.quantity:f}"


def paid(document: Document) -> Document:
    """Return the document with nothing left to pay."""
    return replace(document, prepaid=totals(document).gross)
