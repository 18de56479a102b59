"""The yearly report on sellers: asked for in time, held back by rule, handed in as XML, and a copy for whom it is about."""

import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from lxml import etree

from tests.conftest import browser, run_jobs
from tests.trade.billing.conftest import COOP, HANA, of
from tests.trade.orders import market
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing import services as invoices
from toadlane.money.invoicing.policies import dpi, sellers
from toadlane.money.invoicing.policies.documents import Party
from toadlane.money.payments import queries as payments
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import outside, scope
from toadlane.society.people.models import Person
from toadlane.trade.billing import queries, services
from toadlane.trade.billing.models import SellerCopy, SellerRequest

pytestmark = pytest.mark.django_db
SHAPE = etree.RelaxNG(etree.parse(str(Path(__file__).parent / "dpi.rng")))
NS = {"dpi": dpi.SPACES["dpi"]}
WHOLE = replace(HANA, born_on=date(1990, 2, 3))


def job(coop):
    return Principal.job(coop.pk)


def treasurer():
    return browser(Person.objects.get(name="Fatima"))


def asked(coop, at):
    return services.ask_sellers(by=job(coop), at=at)


@pytest.fixture
def late(done, room):
    """The moment when something was sold, by a co-op in Ireland."""
    coop, _maker, _listing = room
    coop.country = "IE"
    coop.save()
    return done.released_at


def due(at):
    return {row.holder: (row.due.minor, row.withheld) for row in payments.owed(at)}


def test_who_has_not_said_enough_is_asked_reminded_twice_and_then_not_paid(done, room, late):
    """Hana sold something and has said nothing: asked on day 0, again on days 20 and 40, held back on day 61."""
    coop, maker, _listing = room
    whose = maker.membership.holder
    letters = Letter.objects.filter(template="billing/asked")
    for days, sent in ((0, 1), (0, 1), (19, 1), (20, 2), (20, 2), (39, 2), (40, 3), (59, 3), (61, 3), (100, 3)):
        asked(coop, late + timedelta(days=days))
        assert letters.count() == sent, days
    assert due(late + timedelta(days=60))[whose][1] == "" and due(late + timedelta(days=60))[whose][0] > 0
    held = due(late + timedelta(days=61))[whose]
    assert held[0] == 0 and "yearly report" in held[1]
    (lack,) = queries.lacking([maker.membership.pk], late + timedelta(days=61))
    assert lack.is_withheld and set(lack.fields) == {"name", "street", "city", "country", "tax_number", "born_on"}
    invoices.give(membership=maker.membership, said=WHOLE, by=of(maker), at=late + timedelta(days=62))
    assert due(late + timedelta(days=62))[whose][0] > 0, "what was held back is due at once"
    asked(coop, late + timedelta(days=62))
    assert SellerRequest.objects.get().ended_at is not None and letters.count() == 3


@pytest.mark.parametrize(("rule", "value", "held"), [
    ("invoicing.reports_sellers", "no", False), ("invoicing.reports_sellers", "by_country", False),
    ("invoicing.reports_sellers", "yes", True), ("invoicing.withholds_pay", False, False),
])  # fmt: skip
def test_by_rule_nobody_is_asked_or_nobodys_pay_waits(at, rule, value, held):
    """This co-op is in no state of the Union: it reports where its bylaws say so."""
    coop = market.found(at, **{rule: value})
    maker = market.maker(coop, "hana", at)
    with scope(coop.pk):
        coop.country = "CH"
        coop.save()
        SellerRequest.objects.create(
            membership=maker.membership, asked_at=at, reminded_at=at + timedelta(days=20), warned_at=at + timedelta(days=40)
        )  # fmt: skip
        assert (maker.membership.holder in queries.withheld(at + timedelta(days=61))) is held
        assert queries.reports() is (value == "yes")


def test_what_stands_in_the_report_is_asked_of_persons_and_of_organisations():
    whole = {"name": "A", "street": "S", "city": "C", "country": "IE", "tax_number": "1", "registration": "", "born_on": None}
    said = type("Said", (), {**whole, "born_on": date(1990, 1, 1)})()
    assert sellers.missing(said, is_entity=False) == () and sellers.missing(said, is_entity=True) == ("registration",)
    assert sellers.missing(None, is_entity=True)[-1] == "registration" and len(sellers.missing(None, is_entity=False)) == 6


@pytest.mark.parametrize(("reminders", "days", "step"), [
    ([], 19, ""), ([], 20, "remind"), ([20], 39, ""), ([20], 40, "warn"), ([20, 40], 99, ""),
])  # fmt: skip
def test_a_reminder_is_due_after_20_days_and_another_after_40(reminders, days, step):
    start = date(2026, 1, 10)
    sent = [start + timedelta(days=n) for n in reminders]
    assert sellers.next_step(request=start, reminders=sent, today=start + timedelta(days=days)) == step


def test_the_report_has_the_shape_that_was_agreed_on(said, done, room, late):
    """125.00 less 12.00 of fees are 113 in whole euro, in the quarter of the order; the rest of the year is nothing."""
    coop, maker, _listing = room
    invoices.give(membership=maker.membership, said=WHOLE, by=of(maker), at=late)
    year = invoicing.local_day(late).year
    by = Principal.job(coop.pk, "treasurer")
    made = services.report(year=year, by=by, at=late)
    tree = etree.fromstring(made)
    SHAPE.assertValid(tree)
    quarter = (invoicing.local_day(late).month + 2) // 3
    sums = {name: [node.text for node in tree.findall(f".//dpi:PersonalServices/dpi:{name}/*", NS)]
            for name in ("Consideration", "NumberOfActivities", "Fees", "Taxes")}  # fmt: skip
    nothing = ["0"] * 4
    expect = {"Consideration": "113", "NumberOfActivities": "1", "Fees": "12"}
    assert sums == {n: [*nothing[: quarter - 1], v, *nothing[quarter:]] for n, v in expect.items()} | {"Taxes": nothing}
    assert tree.findtext(".//dpi:IndSellerID/dpi:TIN", namespaces=NS) == "123/45"
    assert tree.findtext(".//dpi:IndSellerID/dpi:Name/dpi:LastName", namespaces=NS) == "Weaver"
    assert tree.findtext(".//dpi:BirthDate", namespaces=NS) == "1990-02-03"
    nil = etree.fromstring(services.report(year=year - 1, by=by, at=late))
    SHAPE.assertValid(nil)
    assert nil.findtext(".//dpi:MessageTypeIndic", namespaces=NS) == "DPI403"


def test_every_kind_of_seller_and_activity_has_its_place():
    quarters = sellers.quarters([sellers.Paid(date(2026, 3, 31), 10000, 1250)])
    kinds = ("goods", "transport_rental", "personal_service")
    activities = [dpi.Activity(kind=kind, currency="EUR", quarters=quarters) for kind in kinds]
    lets = [dpi.Activity(kind="immovable_property", currency="JPY", quarters=quarters, place=name) for name in ("Loft", "Barn")]
    own = Party(name="Market eG", street="1 Quay", city="Cork", country="IE", vat_number="IE6388047V", registration="77")
    person = Party(name="Cher", city="Cork", country="IE", postcode="T12")
    made_at, account = datetime(2027, 1, 9, 12, tzinfo=ZoneInfo("UTC")), "IE29AIBK93115212345678"
    report = dpi.Report(
        year=2026, reference="IE2026IE-x", made_at=made_at, operator=own, platform="Market",
        sellers=[
            dpi.Reported(reference="M1", party=own, is_entity=True, activities=[*activities, *lets], account=account),
            dpi.Reported(reference="M2", party=person, is_entity=False, activities=activities, born_on=date(1990, 2, 3)),
        ],
    )  # fmt: skip
    tree = etree.fromstring(dpi.write(report))
    SHAPE.assertValid(tree)
    assert [node.text for node in tree.findall(".//dpi:ConsQ1", NS)][:3] == ["8750", "8750", "88"], (
        "yen have no cents; 87.50 rounds up"
    )
    assert tree.findtext(".//dpi:IndSellerID/dpi:Name/dpi:FirstName", namespaces=NS) == "NFN"
    tree.find(".//dpi:MessageSpec", NS).remove(tree.find(".//dpi:ReportingPeriod", NS))
    assert not SHAPE.validate(tree), "the check sees what is missing"


def test_the_report_waits_for_who_reports_and_leaves_out_of_whom_nothing_is_known(done, room, late):
    coop, _maker, _listing = room
    by = Principal.job(coop.pk, "treasurer")
    year = invoicing.local_day(late).year
    with pytest.raises(services.CoopUnknown):
        services.report(year=year, by=by, at=late)
    invoices.give(membership=None, said=COOP, by=Principal.job(coop.pk, "board"), at=late)
    tree = etree.fromstring(services.report(year=year, by=by, at=late))
    assert not tree.findall(".//dpi:ReportableSeller", NS)
    page = treasurer().get(f"/c/market/billing/sellers/?year={year}").content.decode()
    assert "What is missing" in page and "tax number" in page


def test_a_person_without_a_day_of_birth_is_named_on_the_page_and_not_put_into_the_file(said, done, room, late):
    coop, maker, _listing = room
    year, by = invoicing.local_day(late).year, Principal.job(coop.pk, "treasurer")
    for born_on, count in ((None, 0), (date(1990, 2, 3), 1)):
        invoices.give(membership=maker.membership, said=replace(WHOLE, born_on=born_on), by=of(maker), at=late)
        tree = etree.fromstring(services.report(year=year, by=by, at=late))
        SHAPE.assertValid(tree)
        assert len(tree.findall(".//dpi:ReportableSeller", NS)) == count
        page = treasurer().get(f"/c/market/billing/sellers/?year={year}").content.decode()
        assert ("date of birth" in page) is not bool(count)


def test_in_january_each_seller_gets_a_copy_once(said, done, room, late):
    coop, maker, _listing = room
    year = invoicing.local_day(late).year
    for at in (late, datetime(year + 1, 2, 1, 12, tzinfo=late.tzinfo)):
        assert services.send_copies(by=job(coop), at=at) == 0
    for sent in (1, 0):
        assert services.send_copies(by=job(coop), at=datetime(year + 1, 1, 9, 12, tzinfo=late.tzinfo)) == sent
    assert Letter.objects.filter(template="billing/copy").count() == 1
    member = browser(maker.person)
    page = member.get(f"/c/market/billing/mine/?year={year}").content.decode()
    assert "My copy as PDF" in page
    paper = member.get(f"/c/market/billing/mine.pdf?year={year}").content
    text = pytest.importorskip("pypdf").PdfReader(io.BytesIO(paper)).pages[0].extract_text()
    assert "113.00" in text and "Hana Weaver" in text
    assert member.get(f"/api/v1/coops/market/sellers/{year}/mine/pdf").content.startswith(b"%PDF")
    assert member.get(f"/c/market/billing/mine.pdf?year={year - 1}").status_code == 404


def test_the_pages_and_the_api_are_for_the_office(said, done, room, late):
    _coop, maker, _listing = room
    year = invoicing.local_day(late).year
    member, office = browser(maker.person), treasurer()
    for path in (f"/c/market/billing/sellers.xml?year={year}", f"/api/v1/coops/market/sellers/{year}/report"):
        assert member.get(path).status_code == 403
        SHAPE.assertValid(etree.fromstring(office.get(path).content))
    (lack,) = office.get(f"/api/v1/coops/market/sellers/{year}/missing").json()["items"]
    assert (lack["fields"], lack["is_withheld"], lack["asked_at"]) == (["born_on"], False, None)
    assert member.get(f"/api/v1/coops/market/sellers/{year}/missing").status_code == 403


def test_the_desk_says_what_is_missing(done, room, late):
    coop, maker, _listing = room
    assert "Invoices without a name" in browser(maker.person).get("/c/market/members/desk/").content.decode()
    assert "Invoices wait for the" in treasurer().get("/c/market/members/desk/").content.decode()
    for days in (0, 20, 40):
        asked(coop, late + timedelta(days=days))
    told = [one.title for one in queries.waiting(of(maker), late + timedelta(days=41))]
    assert told == ["The yearly report on sellers needs something of you"]
    told = [one.title for one in queries.waiting(of(maker), late + timedelta(days=61))]
    assert told == ["Your pay is held back"]
    office = [one.title for one in queries.waiting(Principal.job(coop.pk, "treasurer"), late + timedelta(days=61))]
    assert "1 seller has not answered" in office


def test_the_database_keeps_when_somebody_was_asked(done, room, late):
    coop, maker, _listing = room
    asked(coop, late)
    asked(coop, late + timedelta(days=20))
    rows = SellerRequest.objects.all()
    SellerCopy.objects.create(membership=maker.membership, year=2026, sent_at=late)
    for deed in (
        lambda: rows.update(asked_at=late - timedelta(days=60)), lambda: rows.update(reminded_at=None),
        lambda: rows.update(reminded_at=late + timedelta(days=1)), lambda: rows._raw_delete("default"),
        lambda: SellerRequest.objects.create(membership=maker.membership, asked_at=late),
        lambda: SellerCopy.objects.create(membership=maker.membership, year=2026, sent_at=late),
        lambda: SellerCopy.objects.update(year=2025),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()


def test_from_the_wrong_co_op_there_is_nobody_to_ask(done, room, late, wheels, charlie):
    run_jobs()
    with outside(), scope(wheels.pk):
        assert services.ask_sellers(by=job(wheels), at=late) == 0 and not SellerRequest.objects.exists()
        for deed in (services.ask_sellers, services.send_copies):
            with pytest.raises(Refused):
                deed(by=Principal(coop_id=wheels.pk, channel="web", person_id=charlie.pk), at=late)
    with pytest.raises(Refused):
        services.report(year=2026, by=job(wheels), at=late)


@pytest.mark.parametrize(("excluded_as", "status"), [("", "reportable"), ("government", "excluded"), ("listed", "excluded")])
def test_public_bodies_and_listed_companies_are_left_out(said, done, room, late, excluded_as, status):
    _coop, maker, _listing = room
    member = browser(maker.person)
    form = {"membership": maker.membership.pk, "name": "Hana", "street": "2 Quay", "city": "Cork", "country": "IE"}
    form |= {"tax_number": "1", "excluded_as": excluded_as}
    assert member.post("/c/market/invoices/particulars/", form).status_code == 302
    assert [one.status for one in queries.records(invoicing.local_day(late).year)] == [status]
    with pytest.raises(invoices.Wrong):
        invoices.give(membership=maker.membership, said=replace(WHOLE, excluded_as="rich"), by=of(maker), at=late)
