"""What the co-op buys of a member who agreed is invoiced in that member's name by the co-op itself: type 389, once, by two."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import browser
from tests.money.invoicing.schematron import faults
from tests.ownership.bookkeeping.test_bookkeeping import TODAY, bill, second
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing import services as invoices
from toadlane.money.invoicing.models import Invoice
from toadlane.money.ledger import queries as books
from toadlane.ownership.bookkeeping import queries, services
from toadlane.ownership.bookkeeping.models import Draft
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.society.members.queries import of_person, principal

__all__ = ["second"]
COOP = invoices.Said(name="Sparkle eG", street="1 Quay", city="Cork", country="IE", vat_number="IE6388047V")
HERS = invoices.Said(name="Alice Byrne", street="2 Quay", city="Cork", country="IE", vat_number="IE1234567FA", agrees=True)


@pytest.fixture
def said(inside, alice, board, at, set_rules):
    set_rules({"trade.vat_rate": "0.21"})
    own = of_person(alice.pk).get()

    def say(**changes):
        by = principal(person_id=alice.pk, channel=Channel.WEB)
        invoices.give(membership=own, said=replace(HERS, **changes), by=by, at=at)
        invoices.give(membership=None, said=COOP, by=Principal.job(inside.pk, "board"), at=at)
        return own

    return say


def test_a_bill_of_a_member_is_invoiced_by_the_co_op_in_their_name_once_it_is_booked(said, board, second, at):
    own = said()
    draft = bill(board, at, member=own.number, text="Bookkeeping in March")
    assert not Invoice.objects.exists()
    booked = services.approve(draft=draft, by=second, at=at)
    (made,) = Invoice.objects.all()
    assert (made.type_code, made.role, made.seller, made.net_minor, made.vat_minor) == ("389", "bought", own, 10_000, 2_100)
    assert made.number == f"M{own.pk}-2027-00001" == booked.reference and made.series == own.holder
    document = invoicing.document(made)
    assert document.is_self_billed and "Self-billing" in document.note and document.due_on is not None
    assert (document.seller.name, document.buyer.name) == ("Alice Byrne", "Sparkle eG")
    assert faults(bytes(made.xml), "cii") == [] and faults(invoicing.as_ubl(made), "ubl") == []
    assert invoices.printed(invoice=made, by=board).startswith(b"%PDF")
    assert [books.balance(code, "EUR").minor for code in ("6610", "2310", "2010")] == [10_000, 2_100, -12_100]
    assert queries.drafts_are_booked().faults == [] and invoicing.numbers_leave_no_gap().faults == []
    assert invoicing.standing(draft.subject, "bought").net_minor == 10_000
    assert [row.tax_minor for row in invoicing.taxed(2027, own.holder)] == [2_100]


def test_what_was_paid_at_once_says_so_and_a_small_business_charges_no_tax(said, board, second, at):
    own = said(is_small=True)
    services.approve(draft=bill(board, at, kind="receipt", tax_minor=0, member=own.number), by=second, at=at)
    document = invoicing.document(Invoice.objects.get())
    assert document.due_on is None and document.prepaid == 10_000 and document.taxes[0].category == "E"
    assert faults(bytes(Invoice.objects.get().xml), "cii") == []
    with pytest.raises(invoices.NotSelfBilled) as refused:
        bill(board, at, member=own.number)
    assert refused.value.field == "tax"


@pytest.mark.parametrize(("net", "tax", "goes"), [
    (10_000, 2_100, True), (10_000, 2_099, False), (10_000, 2_101, False), (10_000, 0, True), (333, 70, True), (333, 69, False),
])  # fmt: skip
def test_the_tax_is_that_of_the_rules_to_the_cent(said, board, at, net, tax, goes):
    own = said()
    if goes:
        assert bill(board, at, member=own.number, net_minor=net, tax_minor=tax).supplier == own
        return
    with pytest.raises(invoices.NotSelfBilled):
        bill(board, at, member=own.number, net_minor=net, tax_minor=tax)


def test_only_where_the_bylaws_and_the_member_say_so(said, board, at, set_rules):
    own = said(agrees=False)
    for number, error in ((own.number, invoices.NotSelfBilled), (4_711, services.NotAnEntry)):
        with pytest.raises(error) as refused:
            bill(board, at, member=number)
        assert refused.value.field == "member"
    said()
    with pytest.raises(services.NotAnEntry):
        bill(board, at, kind="income", code="4300", tax_minor=0, member=own.number)
    set_rules({"invoicing.self_billing": False})
    with pytest.raises(invoices.NotSelfBilled):
        bill(board, at, member=own.number)
    assert not Draft.objects.exists()


def test_what_two_people_see_is_what_is_booked(said, board, at):
    own = said()
    draft = bill(board, at, member=own.number)
    for change in ({"legs": [["6610", 1], ["2010", -1]]}, {"supplier": None}, {"on": at.date().replace(year=2026)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Draft.objects.filter(pk=draft.pk).update(**change)


def test_the_page_and_the_api_take_a_number_and_nobody_elses_co_op_does(said, second, bob, alice, charlie, at):
    own = said()
    given = {"kind": "bill", "code": "6650", "net_minor": 10_000, "tax_minor": 2_100, "text": "Advice", "on": str(TODAY)}
    given["member"] = own.number

    def post(who, key):
        return browser(who).post(
            "/api/v1/coops/sparkle/figures/entries/bills", given, content_type="application/json",
            headers={"Idempotency-Key": key},
        )  # fmt: skip

    made = post(bob, "a")
    assert made.status_code == 201, made.content
    assert "bought of Alice" in browser(bob).get("/c/sparkle/figures/entries/").content.decode()
    services.approve(draft=Draft.objects.get(), by=second, at=datetime.now(UTC))
    assert Invoice.objects.get().number in browser(alice).get("/c/sparkle/invoices/mine/").content.decode()
    assert post(charlie, "b").status_code in (403, 404)
