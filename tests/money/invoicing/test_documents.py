"""Every kind of document that can be issued passes the official rules, in both syntaxes; what does not add up is not issued."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.money.invoicing.schematron import faults
from toadlane.money.invoicing.policies import cii, ubl
from toadlane.money.invoicing.policies import documents as docs
from toadlane.money.invoicing.policies.documents import Adjustment, Document, Line, Party

SELLER = Party(
    name="Slate & Co", street="1 Quay", city="Cork", postcode="T12", country="IE", vat_number="IE6388047V", registration="1234"
)
SMALL = Party(name="Ana", street="2 Quay", city="Cork", country="IE", tax_number="123/45")
BUYER = Party(name="Nuala Brophy", street="9 Mill Lane", country="IE")
ABROAD = Party(name="Blau eG", street="Weg 1", city="Bonn", postcode="53111", country="DE", vat_number="DE136695976")
FIFTH = Fraction(1, 5)
DAY = date(2027, 2, 27)


def document(*lines, seller=SELLER, buyer=BUYER, reasons=None, adjustments=(), **more):
    taxes = docs.taxes(lines, adjustments, reasons=reasons)
    facts = {
        "number": "2027-00001",
        "type_code": docs.INVOICE,
        "issued_on": date(2027, 3, 1),
        "currency": "EUR",
        "supplied_on": DAY,
        **more,
    }
    made = Document(seller=seller, buyer=buyer, lines=lines, taxes=taxes, adjustments=adjustments, **facts)
    return docs.paid(docs.check(made))


STANDARD = document(
    Line(name="Deep clean", net=10000, category="S", rate=FIFTH), Line(name="Oven", net=1501, category="S", rate=FIFTH),
    note="In the name of",
)  # fmt: skip
KINDS = {
    "standard": STANDARD,
    "two rates": document(
        Line(name="Mug", net=999, category="S", rate=FIFTH), Line(name="Book", net=1499, category="S", rate=Fraction(11, 200)),
    ),
    "small business": document(Line(name="Work", net=500, category="E"), seller=SMALL, reasons={"E": "Small business"}),
    "reverse charge": document(Line(name="Fee", net=500, category="AE"), buyer=ABROAD, reasons={"AE": "Reverse charge"}),
    "goods to another state": document(
        Line(name="Mug", net=500, category="K"), buyer=ABROAD, reasons={"K": "Intra-Community supply"}, deliver_to="DE"
    ),
    "exempt": document(Line(name="Care", net=500, category="E"), reasons={"E": "Exempt"}),
    "with an allowance and a charge": document(
        Line(name="Mug", net=1000, category="S", rate=FIFTH, quantity=Decimal(3), price=Decimal("3.3333")),
        adjustments=(
            Adjustment(minor=100, is_charge=False, category="S", rate=FIFTH, reason="Discount"),
            Adjustment(minor=50, is_charge=True, category="S", rate=FIFTH, reason="Packing"),
        ),
    ),
    "credit note": replace(
        STANDARD, type_code=docs.CREDIT_NOTE, number="2027-00002", corrects_number="2027-00001", corrects_on=date(2027, 3, 1)
    ),
    "in whole yen": document(Line(name="Work", net=1000, category="S", rate=Fraction(1, 10)), currency="JPY"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("syntax", ["cii", "ubl"])
def test_it_passes_the_official_rules(kind, syntax):
    assert faults((cii if syntax == "cii" else ubl).write(KINDS[kind]), syntax) == []


@pytest.mark.parametrize("syntax", ["cii", "ubl"])
def test_the_official_rules_find_what_is_wrong(syntax):
    """A checker that never complains would prove nothing: a basis that is not that of the lines, a seller without a number."""
    broken = replace(STANDARD, taxes=(replace(STANDARD.taxes[0], basis=11801),), seller=replace(SELLER, vat_number=""))
    found = " ".join(faults((cii if syntax == "cii" else ubl).write(broken), syntax))
    assert "BR-S-08" in found and "BR-S-02" in found


@pytest.mark.parametrize("kind", KINDS)
def test_it_reads_as_it_was_written(kind):
    for syntax in (cii, ubl):
        again = syntax.read(syntax.write(KINDS[kind]))
        assert again.stated == docs.totals(again.document) and docs.totals(KINDS[kind]).gross == again.stated.gross // (
            100 if kind == "in whole yen" else 1
        )


def test_tax_is_rounded_once_for_each_rate_and_not_line_by_line():
    """Three lines of 0.33 at 20 %: 0.20 on 0.99, where line by line it would be 3 x 0.07."""
    lines = [Line(name="x", net=33, category="S", rate=FIFTH)] * 3
    assert [one.tax for one in docs.taxes(lines)] == [20]


@pytest.mark.parametrize(("off", "good"), [(0, True), (2, True), (3, False), (-2, True), (-3, False)])
def test_a_tax_that_is_off_by_more_than_parting_explains_is_refused(off, good):
    wrong = replace(STANDARD, prepaid=0, taxes=(replace(STANDARD.taxes[0], tax=STANDARD.taxes[0].tax + off),))
    if good:
        assert docs.check(wrong) == wrong
    else:
        with pytest.raises(docs.NotEven):
            docs.check(wrong)


@pytest.mark.parametrize("change", [
    {"taxes": ()}, {"taxes": STANDARD.taxes * 2}, {"prepaid": 13802},
    {"lines": (*STANDARD.lines, Line(name="more", net=1, category="S", rate=FIFTH))},
])  # fmt: skip
def test_what_does_not_add_up_is_not_issued(change):
    with pytest.raises(docs.NotEven):
        docs.check(replace(STANDARD, **change))


def test_no_tax_without_a_reason_and_no_reason_with_a_tax():
    exempt = KINDS["exempt"]
    with pytest.raises(docs.NotEven):
        docs.check(replace(exempt, taxes=(replace(exempt.taxes[0], reason=""),)))
    with pytest.raises(docs.NotEven):
        docs.check(replace(exempt, taxes=(replace(exempt.taxes[0], tax=1),)))


@pytest.mark.parametrize(("facts", "expect"), [
    ({"rate": FIFTH, "is_small": True}, "S"), ({"is_small": True}, "E"), ({}, "E"), ({"buyer": ABROAD}, "AE"),
    ({"buyer": ABROAD, "is_small": True}, "E"), ({"buyer": replace(ABROAD, vat_number="IE1")}, "E"),
    ({"buyer": ABROAD, "seller": SMALL}, "E"),
])  # fmt: skip
def test_who_owes_the_tax(facts, expect):
    asked = {"rate": Fraction(0), "seller": SELLER, "buyer": BUYER, "is_small": False, **facts}
    assert docs.category(**asked, small_note="small", exempt_note="exempt")[0] == expect


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 10**9), st.sampled_from([FIFTH, Fraction(1, 10), Fraction(11, 200)])), min_size=1, max_size=9
    )
)
def test_whatever_is_sold_the_sums_agree(rows):
    made = document(*(Line(name="x", net=net, category="S", rate=rate) for net, rate in rows))
    sums = docs.totals(made)
    assert sums.net == sum(one.basis for one in made.taxes) == sum(net for net, _rate in rows)
    assert sums.gross == sums.net + sums.vat and sums.due == 0
    assert cii.read(cii.write(made)).stated == ubl.read(ubl.write(made)).stated == sums


REASONS = {"E": "Exempt", "AE": "Reverse charge", "K": "Intra-Community supply"}
RATES = (FIFTH, Fraction(1, 10), Fraction(11, 200))
KEYS = [*(("S", rate) for rate in RATES), *((kind, Fraction(0)) for kind in (*REASONS, "Z"))]
NAMES = st.sampled_from(["Mug", "Zé & <Filho>", "غسيل", "Two\nlines"])
AMOUNT = st.integers(1, 10**7)


@st.composite
def orders(draw):
    """Any order that one seller may have to invoice: rates, discounts, charges, exemptions, a buyer abroad, a credit note."""
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True))
    lines = [
        Line(name=draw(NAMES), net=draw(AMOUNT), category=key[0], rate=key[1])
        for key in keys for _ in range(draw(st.integers(1, 3)))
    ]  # fmt: skip
    changes = []
    for category, rate in keys:
        if draw(st.booleans()):
            whole = sum(line.net for line in lines if (line.category, line.rate) == (category, rate))
            less = draw(st.integers(1, whole))
            changes.append(Adjustment(minor=less, is_charge=False, category=category, rate=rate, reason="Discount"))
        if draw(st.booleans()):
            changes.append(Adjustment(minor=draw(AMOUNT), is_charge=True, category=category, rate=rate, reason="Packing"))
    more = {"deliver_to": "DE"} if any(key[0] == "K" for key in keys) else {}
    if draw(st.booleans()):
        more |= {"type_code": docs.CREDIT_NOTE, "corrects_number": "2027-00000", "corrects_on": DAY}
    return document(*lines, buyer=ABROAD, reasons=REASONS, adjustments=tuple(changes), **more)


@settings(max_examples=40, deadline=None)
@given(orders())
def test_whatever_is_ordered_the_document_passes_the_official_rules(made):
    for syntax, name in ((cii, "cii"), (ubl, "ubl")):
        data = syntax.write(made)
        assert faults(data, name) == []
        assert syntax.read(data).stated == docs.totals(made)
