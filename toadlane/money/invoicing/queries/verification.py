"""Is each invoice the document that was issued, and do the rows that books are made of say what stands in it?"""

import hashlib

from django.db.models import Prefetch

from toadlane.money.invoicing import queries
from toadlane.money.invoicing.models import Invoice, InvoiceLine, InvoiceTax
from toadlane.money.invoicing.policies.documents import totals
from toadlane.plumbing.tenancy.invariants import Finding

BATCH = 500


def documents_hold() -> Finding:
    """Of each invoice: the document is what its digest was taken over, and row, lines and taxes say what it says."""
    lines, taxes = InvoiceLine.objects.order_by("position"), InvoiceTax.objects.order_by("position")
    rows = (
        Invoice.objects.select_related("corrects")
        .prefetch_related(Prefetch("lines", lines), Prefetch("taxes", taxes))
        .order_by("pk")
    )
    faults, looked_at, last = list[str](), 0, 0
    while chunk := list(rows.filter(pk__gt=last)[:BATCH]):
        last, looked_at = chunk[-1].pk, looked_at + len(chunk)
        faults += [f"invoice {row.number}: {why}" for row in chunk if (why := _fault(row))]
    return Finding(looked_at, faults)


def _fault(row: Invoice) -> str:
    xml = bytes(row.xml)
    if hashlib.sha256(xml).hexdigest() != row.digest:
        return "it is not the document that was issued"
    told = queries.document(row)
    sums = totals(told)
    facts = {
        "number": (row.number, told.number), "kind": (row.type_code, told.type_code), "day": (row.issued_on, told.issued_on),
        "seller": (row.seller_name, told.seller.name), "buyer": (row.buyer_name, told.buyer.name[:160]),
        "currency": (row.currency, told.currency), "sums": (
            (row.net_minor, row.vat_minor, row.gross_minor), (sums.net, sums.vat, sums.gross)
        ),
        "invoice corrected": (row.corrects.number if row.corrects else "", told.corrects_number),
        "lines": (
            [(one.name, one.net_minor, one.category, one.rate) for one in row.lines.all()],
            [(one.name[:300], one.net, one.category, str(one.rate)) for one in told.lines],
        ),
        "taxes": (
            [(one.category, one.rate, one.basis_minor, one.tax_minor) for one in row.taxes.all()],
            [(one.category, str(one.rate), one.basis, one.tax) for one in told.taxes],
        ),
    }  # fmt: skip
    wrong = [name for name, (kept, written) in facts.items() if kept != written]
    return f"its rows do not say what the document says: {', '.join(wrong)}" if wrong else ""
