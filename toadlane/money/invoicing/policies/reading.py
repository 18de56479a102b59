"""Reading an invoice that somebody else wrote, in either syntax of EN 16931, and whether it adds up."""

from dataclasses import dataclass
from typing import Literal

from toadlane.kernel.currencies import UnknownCurrency, exponent
from toadlane.money.invoicing.policies import cii, ubl
from toadlane.money.invoicing.policies.documents import Document, Totals, totals
from toadlane.money.invoicing.policies.xml import LARGEST, Unreadable, parse

Fault = Literal["empty", "too_large", "pdf", "not_xml", "another_kind", "incomplete", "currency", "does_not_add_up"]


class NotRead(ValueError):
    """:param fault: why it was not read; `detail` for whoever looks into it"""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault, self.detail = fault, detail


@dataclass(frozen=True)
class Taken:
    """:param stated: its sums, in the smallest units of its currency"""

    syntax: str
    document: Document
    stated: Totals


def read(data: bytes) -> Taken:
    """Read an invoice or a credit note.

    :raises NotRead: when it is something else, or its sums are not those of its lines
    """
    if not data.strip():
        raise NotRead("empty")
    if len(data) > LARGEST:
        raise NotRead("too_large")
    if data.lstrip()[:5] == b"%PDF-":
        raise NotRead("pdf")
    try:
        root = parse(data)
    except Unreadable as error:
        raise NotRead("not_xml", str(error)) from error
    named = {cii.ROOT: ("CII", cii), f"{{{ubl.OASIS}Invoice-2}}Invoice": ("UBL", ubl),
             f"{{{ubl.OASIS}CreditNote-2}}CreditNote": ("UBL", ubl)}  # fmt: skip
    if root.tag not in named:
        raise NotRead("another_kind", str(root.tag))
    syntax, reader = named[root.tag]
    try:
        found = reader.read(data)
    except UnknownCurrency as error:
        raise NotRead("currency", str(error)) from error
    except Unreadable as error:
        raise NotRead("incomplete", str(error)) from error
    document = found.document
    if not document.number or not document.seller.name:
        raise NotRead("incomplete", "no number, or nobody who sells")
    if totals(document) != found.stated:
        raise NotRead("does_not_add_up")
    return Taken(syntax, document, _in_smallest_units(found.stated, document.currency))


def _in_smallest_units(sums: Totals, currency: str) -> Totals:
    """Invoices write two decimals at least, also of money that has none."""
    beyond = 10 ** max(2 - exponent(currency), 0)
    if any(minor % beyond for minor in vars(sums).values()):
        raise NotRead("currency", "more digits than the currency has")
    return Totals(**{name: minor // beyond for name, minor in vars(sums).items()})
