"""Invoices that others wrote to the co-op: read as they are, kept as they came."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.money.invoicing.models import ReceivedInvoice
from toadlane.money.invoicing.permissions import RECEIVE
from toadlane.money.invoicing.policies import reading
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant

WORDS = {
    "empty": _("The file is empty."), "too_large": _("The file is larger than any invoice."),
    "pdf": _("This is a PDF. Ask for the XML file, or take it out of the PDF: most programs show it as an attachment."),
    "not_xml": _("This is not XML, or XML of a kind that has no place in an invoice."),
    "another_kind": _("This is XML, and no invoice: it is neither UBL nor a Cross Industry Invoice."),
    "incomplete": _("It lacks what every invoice has: a number, a day, who sells, or its sums."),
    "currency": _("Its currency is unknown, or its amounts have more digits than the currency has."),
    "does_not_add_up": _("Its sums are not those of its lines. Ask whoever wrote it for another."),
}  # fmt: skip


class NotAnInvoice(Expected):
    words = _("This cannot be read as an invoice.")
    hint = _("Invoices as EN 16931 has them are read, as UBL 2.1 or as Cross Industry Invoice (CII).")  # type: ignore[assignment]
    status = 422
    field = "file"


@transaction.atomic
def receive(*, data: bytes, by: Principal, at: datetime) -> ReceivedInvoice:
    """Read an invoice and keep it. The same file again is the same invoice.

    :raises NotAnInvoice: with why not
    """
    by.must(RECEIVE)
    try:
        taken = reading.read(data)
    except reading.NotRead as error:
        raise NotAnInvoice(str(WORDS[error.fault])) from error
    Tenant.lock_current()
    digest = hashlib.sha256(data).hexdigest()
    if known := ReceivedInvoice.objects.filter(digest=digest).first():
        return known
    document, sums = taken.document, taken.stated
    return ReceivedInvoice.objects.create(
        number=document.number[:80], type_code=document.type_code[:3], seller_name=document.seller.name[:200],
        seller_vat_number=document.seller.vat_number[:40], buyer_name=document.buyer.name[:200], issued_on=document.issued_on,
        currency=document.currency, net_minor=sums.net, vat_minor=sums.vat, gross_minor=sums.gross, due_minor=sums.due,
        syntax=taken.syntax, xml=data, digest=digest, read_at=at, read_by=str(by),
    )  # fmt: skip
