"""Factur-X: the page people read, with the document that machines read inside."""

from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.invoicing import queries
from toadlane.money.invoicing.models import Invoice
from toadlane.money.invoicing.permissions import SEE
from toadlane.money.invoicing.policies.documents import Document, Party, totals
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.printing import attached
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.ui import formats

PAPER = Path(__file__).parents[1] / "templates" / "print" / "invoice.typ"
FILE = attached.File(
    name="factur-x.xml", mime="text/xml", about="Invoice (EN 16931)", relationship="alternative",
    schema="Factur-X PDFA Extension Schema", prefix="fx", namespace="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
    properties={"DocumentType": "INVOICE", "DocumentFileName": "factur-x.xml", "Version": "1.0", "ConformanceLevel": "EN 16931"},
)  # fmt: skip


def printed(*, invoice: Invoice, by: Principal) -> bytes:
    """Return an invoice as PDF/A-3 with its EN 16931 data inside, the same bytes each time."""
    by.must(SEE, invoice)
    language = coops.of_scope(current_coop_id()).language
    with translation.override(language):
        facts = _facts(queries.document(invoice), invoice)
    return attached.pdf(PAPER, facts, language=language, at=invoice.issued_at, file=FILE, data=bytes(invoice.xml))


def _facts(document: Document, invoice: Invoice) -> dict[str, Any]:
    def money(minor: int) -> str:
        return formats.money(Money(minor, document.currency))

    sums = totals(document)
    whole = _("Self-billed invoice") if document.is_self_billed else _("Invoice")
    credit = _("Self-billed credit note") if document.is_self_billed else _("Credit note")
    kind = credit if document.is_credit else whole
    dates = [[_("Number"), document.number], [_("Issued on"), formats.day(document.issued_on)]]
    if document.supplied_on:
        dates.append([_("Supplied on"), formats.day(document.supplied_on)])
    if document.due_on:
        dates.append([_("To be paid by"), formats.day(document.due_on)])
    if document.reference:
        dates.append([_("Reference for the transfer"), document.reference])
    if document.corrects_number:
        dates.append([_("Corrects"), document.corrects_number])
    return {
        "title": f"{kind} {document.number}", "author": document.seller.name, "kind": kind, "facts": dates,
        "parties": [[_("From"), *_lines(document.seller)], [_("To"), *_lines(document.buyer)]],
        "head": [_("What"), _("VAT"), _("Before VAT")],
        "lines": [[line.name, formats.percent(line.rate), money(line.net)] for line in document.lines],
        "sums": [
            [_("Before VAT"), money(sums.net)],
            *([_("VAT %(rate)s") % {"rate": formats.percent(one.rate)}, money(one.tax)] for one in document.taxes),
            [_("Total"), money(sums.gross)], [_("Already paid"), money(sums.prepaid)], [_("Left to pay"), money(sums.due)],
        ],
        "remarks": [*(one.reason for one in document.taxes if one.reason), *([document.note] if document.note else [])],
        "foot": f"{document.seller.name} · {document.number} · {invoice.digest[:16]}",
    }  # fmt: skip


def _lines(party: Party) -> list[str]:
    town = " ".join(part for part in (party.postcode, party.city) if part)
    numbers = (
        (_("VAT number"), party.vat_number), (_("Tax number"), party.tax_number), (_("Registered"), party.registration),
    )  # fmt: skip
    rows = [party.name, party.street, formats.listed(part for part in (town, party.country) if part)]
    return [row for row in rows if row] + [f"{label}: {value}" for label, value in numbers if value]
