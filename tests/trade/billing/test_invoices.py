"""What is invoiced equals what is left of an order, whatever happens to it; numbers leave no gap; nothing is rewritten."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import browser, run_jobs
from tests.money.invoicing.schematron import faults
from tests.trade.billing.conftest import COOP, HANA, fresh, of, tick
from toadlane.kernel.money import Money
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing import services as invoices
from toadlane.money.invoicing.models import Invoice, InvoiceLine, InvoiceTax
from toadlane.money.invoicing.policies import documents as docs
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.tenancy.scope import outside, scope
from toadlane.society.members.queries import principal
from toadlane.society.people.models import Person
from toadlane.trade.billing import queries, services
from toadlane.trade.orders import queries as orders_queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.queries import links, splits

pytestmark = pytest.mark.django_db


def euro(minor):
    return Money(minor, "EUR")


def roles():
    return list(Invoice.objects.order_by("pk").values_list("role", "type_code", "number", "net_minor", "vat_minor"))


def give_back(order, minor, key, maker, at):
    orders.refund(order=fresh(order), amount=euro(minor), reason="late", key=key, by=of(maker), at=at)
    run_jobs()


def test_a_released_order_is_invoiced_to_the_customer_and_its_fee_to_the_member(said, done, room):
    """100.00 and 20 % VAT from Hana to Nuala; 10.00 and 20 % VAT from the co-op to Hana; the tip on neither."""
    _coop, maker, _listing = room
    year, member = invoicing.local_day(done.released_at).year, maker.membership.pk
    supply, fee = Invoice.objects.order_by("pk")
    assert (supply.number, supply.net_minor, supply.vat_minor) == (f"M{member}-{year}-00001", 10000, 2000)
    assert (fee.number, fee.net_minor, fee.vat_minor) == (f"{year}-00001", 1000, 200)
    assert (supply.seller, supply.buyer_name, supply.customer) == (maker.membership, "Nuala Brophy", done.customer)
    assert (fee.seller, fee.buyer, fee.seller_name) == (None, maker.membership, "Market eG")
    document = invoicing.document(supply)
    assert "Market eG" in document.note and "Hana Weaver" in document.note and docs.totals(document).due == 0
    assert [line.net_minor for line in supply.lines.all()] == [10000]
    assert [(tax.category, tax.rate, tax.tax_minor) for tax in supply.taxes.all()] == [("S", "1/5", 2000)]


def test_told_twice_it_is_issued_once(said, done, room):
    coop, _maker, _listing = room
    before = roles()
    for _ in range(2):
        assert services.settle(order_id=done.pk, by=Principal.job(coop.pk), at=done.released_at) == []
    assert roles() == before


def test_a_refund_is_credited_on_both_and_names_what_it_corrects(said, done, room, day):
    """60.00 of the 125.00 goes back: what was invoiced, less the credit notes, is what is left, to the cent."""
    _coop, maker, _listing = room
    give_back(done, 6000, "r1", maker, day + timedelta(days=4))
    order, rest = fresh(done), splits.rest(fresh(done))
    supply = invoicing.standing(done.subject, "supply")
    assert (supply.net_minor + supply.vat_minor, supply.vat_minor) == (rest.total.minor - rest.tip.minor, rest.vat_minor)
    fee = invoicing.standing(done.subject, "commission")
    left = {share["kind"]: share["minor"] for share in order.left}
    assert (fee.net_minor, fee.vat_minor) == (left["commission"], left["commission_vat"])
    credit = Invoice.objects.get(role="supply", type_code="381")
    assert credit.corrects == supply.invoice and invoicing.document(credit).corrects_number == supply.invoice.number
    assert credit.number.endswith("-00002")


@pytest.mark.parametrize("parts", [(1,), (1, 2, 3, 12000), (4167, 4167, 4166), (12499,), (333, 6001, 77, 1, 5000)])
def test_whatever_is_given_back_in_whatever_parts_the_sums_end_equal(said, done, room, day, parts):
    _coop, maker, _listing = room
    for n, part in enumerate((*parts, 12500)):
        order = fresh(done)
        if back := min(part, order.captured_minor - order.refunded_minor):
            give_back(order, back, f"r{n}", maker, day + timedelta(days=4))
    for role in ("supply", "commission"):
        standing = invoicing.standing(done.subject, role)
        assert (standing.net_minor, standing.vat_minor) == (0, 0)
    for one in Invoice.objects.all():
        assert faults(bytes(one.xml), "cii") == [], one
    assert not invoicing.numbers_leave_no_gap().faults


def test_every_document_passes_the_official_rules_in_both_syntaxes(said, done, room, day):
    _coop, maker, _listing = room
    give_back(done, 1234, "r1", maker, day + timedelta(days=4))
    assert Invoice.objects.count() == 4
    for one in Invoice.objects.all():
        assert faults(bytes(one.xml), "cii") == [] and faults(invoicing.as_ubl(one), "ubl") == []


def test_what_waited_is_issued_when_the_issuer_says_who_it_is(done, room, at):
    coop, maker, _listing = room
    assert not Invoice.objects.exists()
    invoices.give(membership=maker.membership, said=HANA, by=of(maker), at=done.released_at)
    run_jobs()
    assert [row[0] for row in roles()] == ["supply"]
    invoices.give(membership=None, said=COOP, by=Principal.job(coop.pk, "board"), at=done.released_at)
    run_jobs()
    assert [row[0] for row in roles()] == ["supply", "commission"]


def test_without_a_members_word_the_co_op_writes_nothing_in_their_name(done, room):
    """And what was done while they wrote their own is not written again when they agree later."""
    coop, maker, _listing = room
    invoices.give(membership=None, said=COOP, by=Principal.job(coop.pk, "board"), at=done.released_at)
    invoices.give(membership=maker.membership, said=replace(HANA, agrees=False), by=of(maker), at=done.released_at)
    run_jobs()
    assert [row[0] for row in roles()] == ["commission"]
    later = done.released_at + timedelta(seconds=1)
    invoices.give(membership=maker.membership, said=HANA, by=of(maker), at=later)
    run_jobs()
    assert [row[0] for row in roles()] == ["commission"]


def test_what_is_kept_for_time_kept_free_is_no_supply(said, buy, day, room):
    order = buy()
    orders.act(order=fresh(order), transition="cancel", by=Principal(
        coop_id=order.coop_id, channel=Channel.WEB, order_id=order.pk), at=day - timedelta(hours=3))  # fmt: skip
    run_jobs()
    assert fresh(order).released_at is not None and not Invoice.objects.exists()


def test_numbers_count_up_without_a_gap_and_a_skipped_one_is_refused_by_the_database(said, done, buy, room, day):
    coop, maker, _listing = room
    buy("k2", ahead=timedelta(hours=4))
    for _ in range(4):
        tick(coop, day + timedelta(days=3))
    numbers = list(Invoice.objects.filter(series=maker.membership.holder).order_by("pk").values_list("sequence", flat=True))
    assert numbers == [1, 2] and not invoicing.numbers_leave_no_gap().faults
    last = Invoice.objects.filter(series=maker.membership.holder).order_by("-pk").first()
    for sequence in (2, 4, 0):
        _copied(last, sequence, allowed=False)
    _copied(last, 3, allowed=True)


def _copied(row, sequence, *, allowed, **changes):
    facts = {field.attname: getattr(row, field.attname) for field in Invoice._meta.concrete_fields if field.attname != "id"}
    facts |= {"sequence": sequence, "number": f"X{sequence}", "key": f"x:{sequence}", **changes}
    try:
        with transaction.atomic():
            Invoice.objects.create(**facts)
            transaction.set_rollback(True)
    except DatabaseError:
        assert not allowed
    else:
        assert allowed


def test_the_database_keeps_what_is_issued(said, done):
    for rows in (Invoice.objects, InvoiceLine.objects, InvoiceTax.objects):
        for deed in (lambda r=rows: r.update(coop_id=done.coop_id), lambda r=rows: r.filter()._raw_delete("default")):
            with pytest.raises(DatabaseError), transaction.atomic():
                deed()
    one = Invoice.objects.first()
    with pytest.raises(DatabaseError), transaction.atomic():
        InvoiceLine.objects.create(invoice=one, position=2, name="more", net_minor=1, category="S", rate="1/5")


@pytest.mark.parametrize(("over", "allowed"), [(0, True), (1, False)])
def test_no_more_is_credited_than_was_invoiced(said, done, over, allowed):
    one = Invoice.objects.get(role="commission")
    _copied(
        one, 2, allowed=allowed, type_code="381", corrects_id=one.pk, net_minor=one.net_minor + over,
        gross_minor=one.gross_minor + over,
    )  # fmt: skip


def test_a_credit_note_names_its_invoice_and_an_invoice_names_none(said, done):
    one = Invoice.objects.get(role="commission")
    _copied(one, 2, allowed=False, type_code="381", corrects_id=None)
    _copied(one, 2, allowed=False, type_code="380", corrects_id=one.pk)
    _copied(one, 2, allowed=False, gross_minor=one.gross_minor + 1)


def test_the_pdf_holds_the_document_and_says_so(said, done, room):
    """Factur-X: PDF/A-3 with factur-x.xml, named in the metadata; the same bytes each time."""
    facturx = pytest.importorskip("facturx")
    _coop, maker, _listing = room
    one = Invoice.objects.get(role="supply")
    made = invoices.printed(invoice=one, by=of(maker))
    assert made == invoices.printed(invoice=one, by=of(maker))
    read = pytest.importorskip("pypdf").PdfReader(io.BytesIO(made))
    assert read.attachments["factur-x.xml"][0] == bytes(one.xml)
    words = read.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in words and "<pdfaid:part>3</pdfaid:part>" in words
    assert facturx.get_xml_from_pdf(made, check_xsd=True)[0] == "factur-x.xml"
    text = read.pages[0].extract_text()
    assert one.number in text and "Nuala Brophy" in text


def test_who_sees_an_invoice(said, done, room, wheels, charlie):
    coop, maker, _listing = room
    one = Invoice.objects.get(role="supply")
    fee = Invoice.objects.get(role="commission")
    guest = Principal(coop_id=coop.pk, channel=Channel.WEB, order_id=done.pk)
    assert set(invoicing.visible(of(maker))) == {one, fee} and set(invoicing.visible(guest)) == {one}
    assert invoices.printed(invoice=one, by=guest)
    with pytest.raises(Refused):
        invoices.printed(invoice=fee, by=guest)
    with pytest.raises(Refused):
        invoices.printed(invoice=one, by=Principal(coop_id=coop.pk, channel=Channel.WEB, order_id=done.pk + 1))
    with outside(), scope(wheels.pk):
        assert not Invoice.objects.exists()
        stranger = principal(person_id=charlie.pk, channel=Channel.WEB)
        with pytest.raises(Refused):
            services.settle(order_id=done.pk, by=stranger, at=done.released_at)
        assert services.settle(order_id=done.pk, by=Principal.job(wheels.pk), at=done.released_at) == []


def test_only_a_job_issues_and_only_who_it_is_speaks_for_themselves(said, done, room, at):
    coop, maker, _listing = room
    with pytest.raises(Refused):
        services.settle(order_id=done.pk, by=of(maker), at=at)
    with pytest.raises(Refused):
        invoices.give(membership=None, said=COOP, by=of(maker), at=at)
    with pytest.raises(Refused):
        invoices.give(membership=maker.membership, said=HANA, by=Principal.job(coop.pk, "board"), at=at)


@pytest.mark.parametrize(("change", "error"), [
    ({"vat_number": "", "tax_number": ""}, "NumberNeeded"), ({"vat_number": "6388047V"}, "NotANumber"),
    ({"vat_number": "QQ123"}, "NotANumber"), ({"country": "QQ"}, "NotACountry"), ({"street": " "}, "Incomplete"),
    ({"vat_number": ""}, ""), ({"tax_number": ""}, ""),
    ({"vat_number": " ie 6388047v "}, ""), ({"vat_number": "EL094259216"}, ""),
    ({"vat_number": "gr 094.259.216"}, ""), ({"vat_number": "EL123456789"}, "NotANumber"),
])  # fmt: skip
def test_what_stands_on_invoices_is_looked_at(room, at, change, error):
    _coop, maker, _listing = room
    try:
        given_now = invoices.give(membership=maker.membership, said=replace(HANA, **change), by=of(maker), at=at)
    except invoices.Wrong as raised:
        assert type(raised).__name__ == error
    else:
        assert (
            not error
            and invoices.give(membership=maker.membership, said=replace(HANA, **change), by=of(maker), at=at) == given_now
        )


def test_the_books_of_tax_take_credit_notes_off(said, done, room, day):
    _coop, maker, _listing = room
    year = invoicing.local_day(done.released_at).year
    before = invoicing.taxed(year)
    assert [(row.role, row.rate, row.basis_minor, row.tax_minor) for row in before] == [("commission", "1/5", 1000, 200)]
    give_back(done, 12500, "all", maker, day + timedelta(days=4))
    assert [(row.basis_minor, row.tax_minor) for row in invoicing.taxed(year)] == [(0, 0)]


def test_the_pages(said, done, room):
    _coop, maker, _listing = room
    member, treasurer = browser(maker.person), browser(Person.objects.get(name="Fatima"))
    page = member.get("/c/market/invoices/mine/")
    assert page.status_code == 200 and f"M{maker.membership.pk}-" in page.content.decode()
    one = Invoice.objects.get(role="supply")
    for kind, begins in ((".pdf", b"%PDF"), ("-cii.xml", b"<?xml"), ("-ubl.xml", b"<?xml")):
        answer = member.get(f"/c/market/invoices/{one.pk}{kind}")
        assert answer.status_code == 200 and answer.content.startswith(begins)
    assert member.get("/c/market/invoices/").status_code == 403
    assert treasurer.get("/c/market/invoices/").status_code == 200
    assert treasurer.get("/c/market/billing/sellers/").status_code == 200
    assert member.get("/c/market/billing/sellers/").status_code == 403
    assert b"Hana Weaver" in treasurer.get("/c/market/billing/sellers.csv").content
    said_form = member.get("/c/market/invoices/particulars/").content.decode()
    assert "IE1234567FA" in said_form
    wrong = member.post("/c/market/invoices/particulars/", {"name": "H", "street": "s", "city": "c", "country": "IE"})
    assert wrong.status_code == 422 and "tax office knows you by" in wrong.content.decode()
    stranger = browser(Person.objects.create(email="x@x.test", name="X"))
    assert stranger.get(f"/c/market/invoices/{one.pk}.pdf").status_code == 404
    link = links.token(orders_queries.find(done.pk))
    assert stranger.get(f"/c/market/billing/g/{link}/{one.pk}.pdf").content.startswith(b"%PDF")
    fee = Invoice.objects.get(role="commission")
    assert stranger.get(f"/c/market/billing/g/{link}/{fee.pk}.pdf").status_code == 404
    assert stranger.get(f"/c/market/billing/g/nonsense/{one.pk}.pdf").status_code == 404


def test_a_guest_reads_the_invoice_of_the_order_over_the_api_and_nobody_elses(said, done, room):
    of_order, guest = (
        f"/api/v1/coops/market/invoices/orders/{done.pk}",
        browser(Person.objects.create(email="x@x.test", name="X")),
    )
    token = {"Order-Token": links.token(orders_queries.find(done.pk))}
    supply, fee = Invoice.objects.get(role="supply"), Invoice.objects.get(role="commission")
    assert [one["id"] for one in guest.get(of_order, headers=token).json()] == [supply.pk]
    assert guest.get(f"{of_order}/{supply.pk}/pdf", headers=token).content.startswith(b"%PDF")
    assert guest.get(f"{of_order}/{supply.pk}/xml", headers=token).content.startswith(b"<?xml")
    assert guest.get(f"{of_order}/{fee.pk}/pdf", headers=token).status_code == 404
    assert guest.get(of_order).status_code == guest.get(f"{of_order}/{supply.pk}/pdf").status_code == 404
    elsewhere = of_order.replace(str(done.pk), str(done.pk + 1))
    assert guest.get(elsewhere, headers=token).status_code == 404
    _coop, maker, _listing = room
    assert {one["id"] for one in browser(maker.person).get(of_order).json()} == {supply.pk, fee.pk}


def test_what_each_seller_earned(said, done, room, day, wheels):
    """125.00 paid less 12.00 of fees; a refund takes its part off both, in the quarter of the order."""
    _coop, maker, _listing = room
    year = invoicing.local_day(done.released_at).year
    (record,) = queries.records(year)
    quarter = f"Q{(invoicing.local_day(done.released_at).month + 2) // 3}"
    assert (record.membership, record.kind, record.status) == (maker.membership, "personal_service", "reportable")
    assert vars(record.quarters[quarter]) == {"consideration": 11300, "activities": 1, "fees": 1200}
    assert record.particulars.name == "Hana Weaver"
    assert queries.records(year - 1) == [] and queries.of_member(year, frozenset({maker.membership.pk + 1})) == []
    give_back(done, 12500, "all", maker, day + timedelta(days=4))
    assert queries.records(year) == []
    with outside(), scope(wheels.pk):
        assert queries.records(year) == []


def test_a_line_with_a_discount_is_called_by_what_was_bought(inside, at):
    """Its lines cannot be told one by one, for none of an invoice is below nothing."""
    from fractions import Fraction

    from toadlane.trade.billing.queries.parts import Part

    deal = invoicing.Deal(
        subject="order:1", role="supply", seller=None, buyer=docs.Party(name="Hana"), currency="EUR", supplied_on=at.date(),
        note="Issued in somebody’s name",
    )  # fmt: skip
    names = (("Two bedrooms, 3 hours", 8100), ("Every week", -405))
    part = Part(deal=deal, net=7695, vat=0, rate=Fraction(0), category="E", reason="", names=names, title="Once-over")
    assert [(line.name, line.net) for line in part.lines(7695)] == [("Once-over", 7695)]
    assert [line.name for line in replace(part, names=(("Two bedrooms", 7695),)).lines(7695)] == ["Two bedrooms"]


def test_who_has_not_said_what_stands_on_them_reads_why_there_are_none(room):
    _coop, maker, _listing = room
    shown = browser(maker.person).get("/c/market/invoices/mine/").content.decode()
    assert "once you have said what stands on your invoices" in shown
