"""What was handed in is kept, and what changes later is corrected in a message that names what it corrects."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from lxml import etree

from tests.conftest import browser
from tests.trade.billing.conftest import COOP, of
from tests.trade.billing.test_reporting import SHAPE, WHOLE, late, treasurer  # noqa: F401
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing import services as invoices
from toadlane.money.invoicing.policies import dpi, sellers
from toadlane.money.invoicing.policies.documents import Party
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.sending.models import Letter
from toadlane.trade.billing import queries, services
from toadlane.trade.billing.models import SellerReport

pytestmark = pytest.mark.django_db
NS = {str(prefix): space for prefix, space in dpi.SPACES.items()}


@pytest.fixture
def year(said, done, room, late):  # noqa: F811
    _coop, maker, _listing = room
    invoices.give(membership=maker.membership, said=WHOLE, by=of(maker), at=late)
    return invoicing.local_day(late).year


@pytest.fixture
def january(year, late):  # noqa: F811
    return late.replace(year=year + 1, month=1, day=20)


@pytest.fixture
def office(room):
    return Principal.job(room[0].pk, "treasurer")


def told(report):
    """Return what a message says of itself: (kind, [(record, mark, corrected message, corrected record)])."""
    xml = bytes(SellerReport.objects.get(pk=report.pk).xml)
    tree = etree.fromstring(xml)
    SHAPE.assertValid(tree)
    names = ("DocRefId", "DocTypeIndic", "CorrMessageRefId", "CorrDocRefId")
    records = [
        tuple(node.findtext(f"dpi:DocSpec/stf:{name}", None, NS) for name in names) for node in tree.find("dpi:DPIBody", NS)
    ]
    assert tree.findtext("dpi:MessageSpec/dpi:MessageRefId", None, NS) == report.reference
    assert tree.findtext("dpi:MessageSpec/dpi:MessageTypeIndic", None, NS) == report.kind
    return report.kind, records


def test_what_changed_is_corrected_by_name_and_nothing_is_told_twice(year, january, office, room):
    """The report, a corrected seller, a seller taken back and told anew, and another name of who reports: five messages."""
    _coop, maker, _listing = room
    key = f"M{maker.membership.pk}-EUR"

    def give(days, **changed):
        said = replace(WHOLE, **changed)
        invoices.give(membership=maker.membership, said=said, by=of(maker), at=january + timedelta(days=days))

    def hand_in(days):
        return services.hand_in(year=year, by=office, at=january + timedelta(days=days))

    (first,) = hand_in(0)
    operator, record = f"{first.reference}-operator", f"{first.reference}-{key}"
    assert told(first) == ("DPI401", [(operator, "OECD1", None, None), (record, "OECD1", None, None)])
    with pytest.raises(services.NothingChanged):
        hand_in(1)
    give(2, street="3 Quay")
    (second,) = hand_in(2)
    changed = f"{second.reference}-{key}"
    assert told(second) == (
        "DPI402", [(operator, "OECD0", None, None), (changed, "OECD2", first.reference, record)]
    )  # fmt: skip
    give(3, street="3 Quay", excluded_as="government")
    (third,) = hand_in(3)
    gone = f"{third.reference}-{key}"
    assert told(third) == ("DPI402", [(operator, "OECD0", None, None), (gone, "OECD3", second.reference, changed)])
    tree = etree.fromstring(bytes(third.xml))
    assert tree.findtext(".//dpi:IndSellerID/dpi:Address//dpi:Street", None, NS) == "3 Quay", "it says what it takes back"
    with pytest.raises(services.NothingChanged):
        hand_in(4)
    give(5, street="3 Quay")
    (fourth,) = hand_in(5)
    anew = (f"{fourth.reference}-{key}", "OECD1", None, None)
    assert told(fourth) == ("DPI401", [(operator, "OECD0", None, None), anew])
    invoices.give(membership=None, said=replace(COOP, name="Market SCE"), by=Principal.job(office.coop_id, "board"), at=january)
    (fifth,) = hand_in(6)
    assert told(fifth) == ("DPI402", [(f"{fifth.reference}-operator", "OECD2", first.reference, operator)])
    assert [one.number for one in queries.handed_in(year)] == [1, 2, 3, 4, 5]
    assert queries.messages_follow().faults == []


def test_sellers_are_told_what_is_told_of_them_and_whenever_it_is_another(year, january, office, room):
    _coop, maker, _listing = room

    def letters(days, **changed):
        at = january + timedelta(days=days)
        invoices.give(membership=maker.membership, said=replace(WHOLE, **changed), by=of(maker), at=at)
        before = set(Letter.objects.values_list("pk", flat=True))
        services.hand_in(year=year, by=office, at=at)
        return [(one.template, one.subject) for one in Letter.objects.exclude(pk__in=before).order_by("pk")]

    assert services.send_copies(by=office, at=january) == 1 and letters(0) == []
    assert letters(40, street="3 Quay") == [("billing/corrected", f"What Market reported of you for {year} was corrected")]
    gone = [("billing/corrected", f"Market no longer reports anything of you for {year}")]
    assert letters(41, street="3 Quay", excluded_as="government") == gone
    assert [name for name, _subject in letters(42, street="4 Quay")] == ["billing/corrected"]


def test_who_is_found_after_january_gets_a_copy_all_the_same(year, january, office, room, monkeypatch):
    _coop, maker, _listing = room
    with monkeypatch.context() as nobody:
        nobody.setattr(queries, "reported", lambda _year: [])
        services.hand_in(year=year, by=office, at=january)
    services.hand_in(year=year, by=office, at=january + timedelta(days=60))
    assert [one.template for one in Letter.objects.all()].count("billing/copy") == 1
    assert queries.sent(year) == [maker.membership.pk]


def test_a_year_of_nothing_says_so_and_what_is_found_later_is_new(year, january, office, room, monkeypatch):
    (nil,) = services.hand_in(year=year - 1, by=office, at=january)
    assert told(nil) == ("DPI403", [(f"{nil.reference}-operator", "OECD1", None, None)])
    found = queries.reported(year)
    monkeypatch.setattr(queries, "reported", lambda _year: found)
    (more,) = services.hand_in(year=year - 1, by=office, at=january)
    assert [mark for _doc, mark, *_rest in told(more)[1]] == ["OECD0", "OECD1"] and more.reference == f"{nil.reference}-2"


def test_new_sellers_and_corrections_are_never_in_one_message(year, january, office, monkeypatch):
    quarters = sellers.quarters([sellers.Paid(date(year, 3, 31), 10_000, 1_250)])

    def seller(name, kind="goods"):
        party = Party(name=f"{name} Lee", street="1 Quay", city="Cork", country="IE", tax_number="7")
        activity = dpi.Activity(kind=kind, currency="EUR", quarters=quarters)
        return dpi.Reported(reference=name, party=party, is_entity=False, activities=[activity], born_on=date(1990, 1, 1))

    now = [seller("Ada"), seller("Ben"), seller("Cleo")]
    monkeypatch.setattr(queries, "reported", lambda _year: now)
    (first,) = services.hand_in(year=year, by=office, at=january)
    now = [seller("Dan"), seller("Cleo"), seller("Ben", "transport_rental")]
    corrections, new = services.hand_in(year=year, by=office, at=january)
    assert [told(one)[0] for one in (first, corrections, new)] == ["DPI401", "DPI402", "DPI401"]
    marks = {doc.rpartition("-")[2]: (mark, doc) for doc, mark, *_rest in told(corrections)[1]}
    assert {name: mark for name, (mark, _doc) in marks.items()} == {"operator": "OECD0", "Ben": "OECD2", "Ada": "OECD3"}
    assert [(doc.rpartition("-")[2], mark) for doc, mark, *_rest in told(new)[1]] == [("operator", "OECD0"), ("Dan", "OECD1")]
    assert queries.messages_follow().faults == []


def test_a_difference_below_a_whole_unit_of_money_is_none(year, january, office, monkeypatch):
    """The shape has whole euro: 87.50 and 87.99 are both told as 88."""

    def earned(minor):
        quarters = sellers.quarters([sellers.Paid(date(year, 3, 31), minor, 0)])
        party = Party(name="Ada Lee", city="Cork", country="IE", tax_number="7")
        activity = dpi.Activity(kind="goods", currency="EUR", quarters=quarters)
        return [dpi.Reported(reference="Ada", party=party, is_entity=False, activities=[activity], born_on=date(1990, 1, 1))]

    for minor, count in ((8_750, 1), (8_799, 0), (8_850, 1)):
        monkeypatch.setattr(queries, "reported", lambda _year, minor=minor: earned(minor))
        if count:
            assert len(services.hand_in(year=year, by=office, at=january)) == count
        else:
            with pytest.raises(services.NothingChanged):
                services.hand_in(year=year, by=office, at=january)


def test_only_a_year_that_is_over_and_only_the_office(year, january, office, room, late, charlie):  # noqa: F811
    _coop, maker, _listing = room
    with pytest.raises(services.YearNotOver):
        services.hand_in(year=year, by=office, at=late)
    with pytest.raises(Refused):
        services.hand_in(year=year, by=of(maker), at=january)
    before = year - 1
    for who in (maker.person, charlie):
        assert browser(who).post(f"/c/market/billing/sellers/{before}/").status_code in (403, 404)
        assert browser(who).post(f"/api/v1/coops/market/sellers/{before}/reports").status_code in (403, 404)
    desk = treasurer()
    assert "Make the report" in desk.get(f"/c/market/billing/sellers/?year={before}").content.decode()
    assert desk.post(f"/c/market/billing/sellers/{before}/").status_code == 302
    page = desk.get(f"/c/market/billing/sellers/?year={before}").content.decode()
    made = SellerReport.objects.get()
    assert made.reference in page.replace("<wbr>", "") and "Make the corrections" in page
    paths = (f"/c/market/billing/sellers/{before}/1.xml", f"/api/v1/coops/market/sellers/{before}/reports/1")
    assert [desk.get(path).content for path in paths] == [bytes(made.xml)] * 2
    assert browser(maker.person).get(paths[0]).status_code == 403 == browser(maker.person).get(paths[1]).status_code
    api = f"/api/v1/coops/market/sellers/{before}/reports"
    assert [one["kind"] for one in desk.get(api).json()] == ["DPI403"]
    assert desk.post(api).json()["code"] == "nothing_changed"
    assert desk.get(f"{api}/2").status_code == 404 == desk.get(f"{api}/99999999999").status_code
    for deed in (lambda: SellerReport.objects.update(year=1), SellerReport.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()


def test_the_shape_refuses_a_correction_that_names_nothing(year, january, office):
    (made,) = services.hand_in(year=year, by=office, at=january)
    tree = etree.fromstring(bytes(made.xml))
    tree.find(".//dpi:ReportableSeller/dpi:DocSpec/stf:DocTypeIndic", NS).text = "OECD2"
    assert not SHAPE.validate(tree)
