"""What was bought and is credited: parts that add up to the bill, and of a member a credit note of type 261 in their series."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from tests.conftest import browser
from tests.money.invoicing.schematron import faults
from tests.ownership.bookkeeping.test_bookkeeping import TODAY, bill, second
from tests.ownership.bookkeeping.test_self_billing import said
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing import services as invoices
from toadlane.money.invoicing.models import Invoice
from toadlane.money.ledger import queries as books
from toadlane.ownership.bookkeeping import queries, services
from toadlane.ownership.bookkeeping.models import Draft
from toadlane.plumbing.access.principals import Refused

__all__ = ["said", "second"]


@pytest.fixture
def booked(said, board, second, at):
    """A bill of a member: 333.33 and 70.00 of tax, booked."""

    def go(net=33_333, tax=7_000, **more):
        own = said(**more)
        return services.approve(draft=bill(board, at, member=own.number, net_minor=net, tax_minor=tax), by=second, at=at)

    return go


@pytest.fixture
def credit(board, second, at):
    def go(what, net):
        draft = services.credit_bill(bill=what, net_minor=net, text="Half came", on=at.date(), by=board, at=at)
        return services.approve(draft=draft, by=second, at=at)

    return go


def test_a_credit_note_is_of_type_261_in_the_members_series_and_the_official_rules_find_nothing(booked, credit, board):
    whole = booked()
    credited = credit(whole, 10_000)
    invoice, note = Invoice.objects.order_by("pk")
    assert (invoice.type_code, note.type_code, note.corrects) == ("389", "261", invoice)
    assert (note.series, note.sequence, note.number) == (invoice.series, 2, credited.reference)
    assert (note.net_minor, note.vat_minor, note.is_credit) == (10_000, 2_100, True)
    document = invoicing.document(note)
    assert document.is_credit and document.is_self_billed and document.corrects_number == invoice.number
    assert "Self-billing" in document.note and (document.seller.name, document.buyer.name) == ("Alice Byrne", "Sparkle eG")
    assert faults(bytes(note.xml), "cii") == [] and faults(invoicing.as_ubl(note), "ubl") == []
    assert b"CreditNoteTypeCode>261<" in invoicing.as_ubl(note)
    assert invoices.printed(invoice=note, by=board).startswith(b"%PDF")
    assert invoicing.numbers_leave_no_gap().faults == [] and queries.drafts_are_booked().faults == []
    standing = invoicing.standing(whole.subject, "bought")
    assert (standing.invoice, standing.net_minor, standing.vat_minor) == (invoice, 23_333, 4_900)
    assert [row.tax_minor for row in invoicing.taxed(2027, invoice.series)] == [4_900]
    assert [books.balance(code, "EUR").minor for code in ("6610", "2310", "2010")] == [23_333, 4_900, -28_233]


@pytest.mark.parametrize("parts", [[33_333], [1] * 3 + [33_330], [11_111] * 3, [33_332, 1], [16_666, 16_667]])
def test_whatever_the_parts_they_add_up_to_the_bill_and_every_note_obeys_the_rules(booked, credit, parts):
    whole = booked()
    for net in parts:
        credit(whole, net)
    for note in Invoice.objects.filter(type_code="261"):
        assert faults(bytes(note.xml), "cii") == []
    standing = invoicing.standing(whole.subject, "bought")
    assert (standing.net_minor, standing.vat_minor) == (0, 0)
    assert [books.balance(code, "EUR").minor for code in ("6610", "2310", "2010")] == [0, 0, 0]
    assert invoicing.numbers_leave_no_gap().faults == []
    with pytest.raises(services.NotAnEntry):
        credit(whole, 1)


def test_no_more_than_is_left_and_what_waits_counts(booked, board, at):
    whole = booked()

    def enter(net):
        return services.credit_bill(bill=whole, net_minor=net, text="x", on=at.date(), by=board, at=at)

    for wrong in (0, -1, 33_334):
        with pytest.raises(services.NotAnEntry):
            enter(wrong)
    waits = enter(33_000)
    with pytest.raises(services.NotAnEntry):
        enter(334)
    services.decline(draft=waits, reason="No", by=board, at=at)
    assert enter(33_333).amount.minor == 40_333


def test_the_tax_of_a_small_business_stays_none_and_what_was_paid_at_once_comes_back(said, board, second, credit, at):
    own = said(is_small=True)
    draft = bill(board, at, kind="receipt", tax_minor=0, member=own.number)
    credit(services.approve(draft=draft, by=second, at=at), 4_000)
    note = Invoice.objects.get(type_code="261")
    assert (note.net_minor, note.vat_minor) == (4_000, 0) and invoicing.document(note).taxes[0].category == "E"
    assert faults(bytes(note.xml), "cii") == []
    assert books.balance("6610", "EUR").minor == 6_000 and books.balance("1000", "EUR").minor == -6_000


def test_a_bill_of_somebody_else_is_credited_without_a_note_of_ours(inside, board, second, credit, at):
    credit(services.approve(draft=bill(board, at), by=second, at=at), 5_000)
    assert not Invoice.objects.exists() and books.balance("6610", "EUR").minor == 5_000


def test_it_is_put_right_even_where_the_member_no_longer_agrees(booked, said, credit):
    whole = booked()
    said(agrees=False)
    credit(whole, 100)
    assert Invoice.objects.filter(type_code="261").count() == 1


def test_the_database_keeps_a_credit_with_its_bill(booked, credit, at, board):
    whole = booked()
    other = credit(whole, 100)
    for deed in (
        lambda: Draft.objects.filter(pk=other.pk).update(corrects=None),
        lambda: Draft.objects.create(kind="credit", text="x", on=at.date(), currency="EUR", legs=[], made_by=1, made_at=at),
        lambda: Draft.objects.create(
            kind="bill", corrects=whole, text="x", on=at.date(), currency="EUR", legs=[], made_by=1, made_at=at
        ),
    ):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            deed()
    for wrong in (other, bill(board, at)):
        with pytest.raises(services.NotAnEntry):
            services.credit_bill(bill=wrong, net_minor=1, text="x", on=at.date(), by=board, at=at)


def test_two_people_and_the_office_alone_on_the_page_and_over_the_api(booked, worker, at, bob, alice, charlie):
    whole = booked()
    page = f"/c/sparkle/figures/entries/{whole.pk}/credit/"
    api = f"/api/v1/coops/sparkle/figures/entries/{whole.pk}/credit"
    with pytest.raises(Refused):
        services.credit_bill(bill=whole, net_minor=1, text="x", on=at.date(), by=worker, at=at)
    for who in (alice, charlie):
        assert browser(who).post(page, {"amount": "1", "text": "x", "on": str(TODAY)}).status_code in (403, 404)
        assert browser(who).post(api, {"net_minor": 1, "text": "x", "on": str(TODAY)}, "application/json").status_code in (
            403,
            404,
        )
    office = browser(bob)
    assert "Credit it" in office.get("/c/sparkle/figures/entries/").content.decode()
    assert "€333.33" in office.get(page).content.decode()
    assert office.post(page, {"amount": "333.34", "text": "x", "on": str(TODAY)}).status_code == 422
    assert office.post(page, {"amount": "100", "text": "Late", "on": str(TODAY)}).status_code == 302
    made = office.post(api, {"net_minor": 5_000, "text": "Again", "on": str(TODAY)}, "application/json")
    assert (made.status_code, made.json()["corrects_id"]) == (201, whole.pk)
    assert not Invoice.objects.filter(type_code="261").exists(), "nothing is written before a second person has seen it"
    assert office.get(f"/c/sparkle/figures/entries/{made.json()['id']}/credit/").status_code == 404
