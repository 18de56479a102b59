"""Issuing: the next number, a document whose sums agree, and nothing that changes it afterwards."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.money.invoicing import queries
from toadlane.money.invoicing.models import Invoice, InvoiceLine, InvoiceTax
from toadlane.money.invoicing.permissions import ISSUE
from toadlane.money.invoicing.policies import cii
from toadlane.money.invoicing.policies.documents import (
    CREDIT_NOTE,
    INVOICE,
    SELF_BILLED,
    SELF_BILLED_CREDIT,
    Document,
    Line,
    Tax,
    check,
    paid,
    totals,
)  # fmt: skip
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant


class ParticularsNeeded(Expected):
    words = _("Whoever issues this invoice has not said yet what has to stand on it.")


class MoreThanInvoiced(Expected):
    words = _("No more can be credited than was invoiced.")


@transaction.atomic
def issue(
    *, deal: queries.Deal, lines: Sequence[Line], taxes: Sequence[Tax], by: Principal, at: datetime
) -> Invoice:  # fmt: skip
    """Issue the one invoice of a deal. Asked again, return the one there is.

    :raises ParticularsNeeded: and NotEven when lines and taxes do not agree
    """
    by.must(ISSUE)
    Tenant.lock_current()
    if known := queries.standing(deal.subject, deal.role).invoice:
        return known
    return _write(deal, tuple(lines), tuple(taxes), by=by, at=at)


@transaction.atomic
def credit(
    *, deal: queries.Deal, invoice: Invoice, lines: Sequence[Line], taxes: Sequence[Tax], by: Principal, at: datetime
) -> Invoice:
    """Issue a credit note for a part, or all, of what is left of an invoice.

    :raises MoreThanInvoiced, ParticularsNeeded:
    """
    by.must(ISSUE)
    Tenant.lock_current()
    before = queries.standing(deal.subject, deal.role)
    net, vat = sum(line.net for line in lines), sum(tax.tax for tax in taxes)
    if before.invoice != invoice or net > before.net_minor or vat > before.vat_minor:
        raise MoreThanInvoiced
    return _write(deal, tuple(lines), tuple(taxes), corrects=invoice, place=before.count, by=by, at=at)


def _write(
    deal: queries.Deal, lines: tuple[Line, ...], taxes: tuple[Tax, ...], *, corrects: Invoice | None = None, place: int = 0,
    by: Principal, at: datetime,
) -> Invoice:  # fmt: skip
    given = queries.particulars_of(deal.seller.pk if deal.seller else None)
    if given is None:
        raise ParticularsNeeded
    day, series = queries.local_day(at), deal.seller.holder if deal.seller else queries.COOP
    sequence = queries.last_number(series, day.year) + 1
    number = f"{day.year}-{sequence:05}" if deal.seller is None else f"M{deal.seller.pk}-{day.year}-{sequence:05}"
    kinds = (SELF_BILLED, SELF_BILLED_CREDIT) if deal.is_self_billed else (INVOICE, CREDIT_NOTE)
    document = check(Document(
        number=number, type_code=kinds[corrects is not None], issued_on=day, currency=deal.currency,
        seller=queries.party(given), buyer=deal.buyer, lines=lines, taxes=taxes, supplied_on=deal.supplied_on, note=deal.note,
        deliver_to=deal.deliver_to,
        corrects_number=corrects.number if corrects else "", corrects_on=corrects.issued_on if corrects else None,
        due_on=None if corrects else deal.due_on, reference="" if corrects else deal.reference,
    ))  # fmt: skip
    document = document if document.due_on else paid(document)
    xml, sums = cii.write(document), totals(document)
    issued = Invoice.objects.create(
        series=series, year=day.year, sequence=sequence, number=number, type_code=document.type_code, role=deal.role,
        subject=deal.subject, key=f"{deal.subject}:{deal.role}:{place}", corrects=corrects, issued_on=day, issued_at=at,
        issued_by=str(by), seller=deal.seller, buyer=deal.buyer_member, customer_id=deal.customer_id,
        seller_name=document.seller.name, buyer_name=document.buyer.name[:160], currency=deal.currency, net_minor=sums.net,
        vat_minor=sums.vat, gross_minor=sums.gross, line_count=len(lines), tax_count=len(taxes), xml=xml,
        digest=hashlib.sha256(xml).hexdigest(),
    )  # fmt: skip
    InvoiceLine.objects.bulk_create([
        InvoiceLine(invoice=issued, position=n, name=one.name[:300], net_minor=one.net, category=one.category, rate=str(one.rate))
        for n, one in enumerate(lines, start=1)
    ])  # fmt: skip
    InvoiceTax.objects.bulk_create([
        InvoiceTax(
            invoice=issued, position=n, category=one.category, rate=str(one.rate), basis_minor=one.basis, tax_minor=one.tax,
            reason=one.reason[:300],
        )
        for n, one in enumerate(taxes, start=1)
    ])  # fmt: skip
    return issued
