"""Whoever writes past the database's refusals into an invoice is named by `toadlane verify`."""

from datetime import date, timedelta

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat

from tests.money.invoicing.test_issuing_at_once import issue, job  # noqa: F401  A fixture.
from toadlane.money.invoicing.models import Invoice, InvoiceLine, InvoiceTax
from toadlane.money.invoicing.queries.verification import documents_hold
from toadlane.plumbing.sealing import queries as seals
from toadlane.plumbing.sealing import services as sealing
from toadlane.plumbing.triggers import refusals

pytestmark = pytest.mark.django_db(transaction=True)
CHANGES = [
    (Invoice, {"number": "2027-00009"}), (Invoice, {"type_code": "389"}), (Invoice, {"issued_on": date(2027, 1, 1)}),
    (Invoice, {"seller_name": "Somebody"}), (Invoice, {"buyer_name": "Somebody"}), (Invoice, {"currency": "SEK"}),
    (Invoice, {"net_minor": F("net_minor") - 100, "gross_minor": F("gross_minor") - 100}),
    (Invoice, {"vat_minor": F("vat_minor") - 1, "gross_minor": F("gross_minor") - 1}), (Invoice, {"digest": "0" * 64}),
    (Invoice, {"xml": b"<nothing/>"}), (InvoiceLine, {"net_minor": F("net_minor") + 1}), (InvoiceLine, {"name": "y"}),
    (InvoiceLine, {"rate": "1/10"}), (InvoiceLine, {"category": "Z"}), (InvoiceTax, {"basis_minor": F("basis_minor") + 1}),
    (InvoiceTax, {"tax_minor": F("tax_minor") - 1}), (InvoiceTax, {"rate": Concat(F("rate"), Value("0"))}),
    (InvoiceLine, None), (InvoiceTax, None),
]  # fmt: skip


def test_an_invoice_is_the_document_that_was_issued(job, at):  # noqa: F811
    issue("order:1", job, at)
    assert (documents_hold().looked_at, list(documents_hold().faults)) == (1, [])
    sealing.seal(by=job, at=at + timedelta(hours=2))
    refusals.remove()
    try:
        for model, change in CHANGES:
            [row] = model.objects.all()
            held = model.objects.filter(pk=row.pk)
            held.delete() if change is None else held.update(**change)
            assert len(documents_hold().faults) == 1, f"{model.__name__} {change}"
            row.save(force_insert=change is None)
        assert not documents_hold().faults and not seals.records().faults
        # Another document in its place, with all of its rows, is not the one that was sealed.
        Invoice.objects.update(digest="1" * 64)
        assert any("invoicing.issued" in fault for fault in seals.records().faults)
    finally:
        refusals.install()
