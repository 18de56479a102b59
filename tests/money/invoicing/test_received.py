"""Invoices of others: what is read states what it states, what cannot be read is said in words; nothing is fetched."""

import io
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import browser
from tests.money.invoicing.test_documents import KINDS
from tests.money.invoicing.test_examples import examples, needed, syntax
from tests.trade.orders import market
from toadlane.kernel.currencies import exponent
from toadlane.money.invoicing import queries, services
from toadlane.money.invoicing.models import ReceivedInvoice
from toadlane.money.invoicing.policies import cii, reading, ubl
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.tenancy.scope import outside, scope
from toadlane.society.people.models import Person

PAGE, API = "/c/market/invoices/received/", "/api/v1/coops/market/invoices/received"
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><x>&j;</x>"
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.fixture
def coop(db, at, wheels):
    """There is always another co-op next door."""
    made = market.found(at)
    with scope(made.pk):
        yield made


@pytest.fixture
def treasurer(coop):
    return Principal.job(coop.pk, "treasurer")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("writer", [cii, ubl])
def test_what_we_write_we_read(kind, writer):
    found = reading.read(writer.write(KINDS[kind]))
    sums = found.stated
    assert (sums.gross, sums.due) == (sums.net + sums.vat, 0)
    assert found.document.number == KINDS[kind].number
    assert sums.lines == sum(line.net for line in KINDS[kind].lines), "also of money without cents"


@needed
def test_the_official_examples_are_read_with_the_sums_they_state(coop, treasurer):
    for name, data in examples().items():
        stated = syntax(name).read(data).stated
        one = services.receive(data=data, by=treasurer, at=AT)
        whole = 10 ** max(2 - exponent(one.currency), 0)
        read = tuple(whole * minor for minor in (one.net_minor, one.vat_minor, one.due_minor))
        assert read == (stated.net, stated.vat, stated.due), name
    assert ReceivedInvoice.objects.count() == len(set(examples().values())), "one of them is there twice"


@pytest.mark.parametrize(("data", "fault"), [
    (b"", "empty"), (b"  \n", "empty"), (b"%PDF-1.7 ...", "pdf"), (b"<no", "not_xml"), (b"\xff\xfe<", "not_xml"),
    (BOMB, "not_xml"), (OUTSIDE, "not_xml"), (BOMB.decode().encode("utf-16"), "not_xml"), (b"<html/>", "another_kind"),
    (b"<a>" * 9999, "not_xml"), (b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>", "currency"),
    (b" " * 20_000_001 + b"<x/>", "too_large"),
])  # fmt: skip
def test_what_is_no_invoice_is_said_to_be_none(data, fault):
    with pytest.raises(reading.NotRead) as raised:
        reading.read(data)
    assert raised.value.fault == fault


def test_sums_that_are_not_those_of_the_lines_are_refused(coop, treasurer):
    wrong = ubl.write(KINDS["standard"]).replace(b">138.01<", b">139.01<")
    with pytest.raises(services.NotAnInvoice) as raised:
        services.receive(data=wrong, by=treasurer, at=AT)
    assert "sums" in str(raised.value)
    lacking = cii.write(KINDS["standard"]).replace(b"<ram:ID>2027-00001</ram:ID>", b"<ram:ID></ram:ID>")
    with pytest.raises(services.NotAnInvoice):
        services.receive(data=lacking, by=treasurer, at=AT)
    assert not ReceivedInvoice.objects.exists()


def test_the_same_file_is_kept_once_and_the_same_number_twice_is_marked(coop, treasurer):
    first = services.receive(data=ubl.write(KINDS["standard"]), by=treasurer, at=AT)
    assert services.receive(data=ubl.write(KINDS["standard"]), by=treasurer, at=AT) == first
    other = services.receive(data=cii.write(KINDS["standard"]), by=treasurer, at=AT)
    third = services.receive(data=cii.write(KINDS["credit note"]), by=treasurer, at=AT)
    assert queries.also_received([first, other, third]) == {first.pk, other.pk} and third.is_credit


def test_the_page_and_the_api_read_alike(coop):
    office = browser(Person.objects.get(name="Fatima"))
    file = io.BytesIO(ubl.write(KINDS["standard"]))
    file.name = "a.xml"
    assert office.post(PAGE, {"file": file}).status_code == 302
    page = office.get(PAGE).content.decode()
    assert "2027-00001" in page and "115.01" in page and "23.00" in page
    wrong = io.BytesIO(b"%PDF-1.4")
    wrong.name = "a.pdf"
    answer = office.post(PAGE, {"file": wrong})
    assert answer.status_code == 422 and "This is a PDF" in answer.content.decode()
    sent = {"xml": cii.write(KINDS["two rates"]).decode()}
    made = office.post(API, sent, content_type="application/json", headers={"Idempotency-Key": "k"})
    assert made.status_code == 201 and made.json()["gross_minor"] == made.json()["net_minor"] + made.json()["vat_minor"]
    assert len(office.get(API).json()["items"]) == 2
    assert office.get(f"{API}/{made.json()['id']}/xml").content == cii.write(KINDS["two rates"])
    bad = office.post(API, {"xml": "<html/>"}, content_type="application/json", headers={"Idempotency-Key": "l"})
    assert (bad.status_code, bad.json()["code"]) == (422, "not_an_invoice")


def test_it_is_for_the_office_of_this_co_op_only(coop, treasurer, wheels, charlie, at):
    one = services.receive(data=ubl.write(KINDS["standard"]), by=treasurer, at=AT)
    member = browser(market.maker(coop, "hana", at).person)
    assert member.get(PAGE).status_code == member.get(f"{PAGE}{one.pk}.xml").status_code == 403
    assert browser(charlie).get(f"{PAGE}{one.pk}.xml").status_code == 404
    with pytest.raises(Refused):
        services.receive(data=b"", by=Principal.job(coop.pk), at=AT)
    with outside(), scope(wheels.pk):
        assert queries.received_one(one.pk) is None


def test_the_database_keeps_what_came(coop, treasurer):
    services.receive(data=ubl.write(KINDS["standard"]), by=treasurer, at=AT)
    for deed in (
        lambda: ReceivedInvoice.objects.update(number="x"),
        lambda: ReceivedInvoice.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
