"""Interest on shares within the cap of the law: over a rate of the year that somebody wrote down, and none without it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import OPERATOR, browser
from tests.money.payments.cards import euro
from tests.ownership.surplus.conftest import YEAR
from tests.ownership.surplus.test_year import PLAIN, facts
from toadlane.blueprints import installer
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.ownership.shares.models import Movement
from toadlane.ownership.surplus import handlers, queries, services
from toadlane.ownership.surplus.models import PublishedRate
from toadlane.ownership.surplus.policies.closing import close
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules import packs
from toadlane.society.bylaws.rules.patches import Op, Patch
from toadlane.society.members import queries as members
from toadlane.society.people.models import Person

# The form, what is published for a year, and the most that shares may earn then.
FORMS = [
    ("es-27-1999", "0.0325", "0.0925"), ("fr-scic", "0.0281", "0.0481"), ("it-mutualita", "0.02", "0.045"),
    ("uk-society", "0.035", "0.035"),
]  # fmt: skip
A_POINT = Decimal("0.00000001")


@pytest.fixture
def sol(at):
    """A co-op of a legal form, in whose year 1,000.00 were earned and whose founder put 500.00 in; shares earn 15 % at most."""
    entered = []

    def found(pack):
        mara = Person.objects.create(email="mara@sol.test", name="Mara")
        coop = installer.found(blueprint="marketplace", name="Sol", slug="sol", founder=mara, pack=pack, by=OPERATOR, at=at)
        entered.append(scope(coop.pk))
        entered[0].__enter__()
        by = members.principal(person_id=mara.pk, channel=Channel.WEB)
        number = bylaws.book().number
        op = Op("surplus.interest", bylaws.book().rule("surplus.interest")["value"], "0.15")
        act = Principal.job(coop.pk, "enactment")
        rules.enact(patch=Patch(number, (op,)), decision="2027-1", passed_by="special", by=act, at=at)
        holder = members.of_person(mara.pk).get()
        about = {"shares": 1, "currency": "EUR", "nominal_minor": 50_000, "on": at.date(), "at": at, "by": "t", "rule_version": 1}
        Movement.objects.create(membership=holder, share_class="x", kind="subscribed", key="k", **about)
        for key, code, minor, whose in (("k", "3000", 50_000, holder.holder), ("earned", "4100", 100_000, "")):
            legs = [Leg("1000", euro(minor)), Leg(code, euro(-minor), whose)]
            ledger.post(key=key, narration="x", postings=legs, by=by, at=at)
        return mara, by

    yield found
    if entered:
        entered[0].__exit__(None, None, None)


def record(by, at, interest, **more):
    said = {"year": 2027, "source": "Official gazette 3/2027", "published_on": date(2027, 1, 2), **more}
    return services.record_rate(interest=Decimal(interest), **said, by=by, at=at)


@pytest.mark.django_db
@pytest.mark.parametrize(("pack", "published", "most"), FORMS)
def test_no_more_than_the_law_allows_over_what_was_published(sol, later, pack, published, most):
    _mara, by = sol(pack)
    law = packs.load(pack).interest["law"]
    for wrong_year in (None, 2026, 2028):
        if wrong_year:
            record(by, later, published, year=wrong_year)
        with pytest.raises(services.RateMissing, match="2027"):
            services.work_out(**YEAR, by=by, at=later)
    record(by, later, published)
    with pytest.raises(services.InterestAboveCap) as refused:
        services.work_out(**YEAR, by=by, at=later)
    assert law in str(refused.value) and "15%" in str(refused.value).replace("\u2068", "").replace("\u2069", "")
    with pytest.raises(services.InterestAboveCap):
        services.work_out(**YEAR, interest=str(Decimal(most) + A_POINT), by=by, at=later)
    year = services.work_out(**YEAR, interest=most, by=by, at=later)
    assert sum(year.result["interest"].values()) == int(50_000 * Decimal(most))
    assert queries.years_hold().faults == []


@pytest.mark.django_db
@pytest.mark.parametrize("pack", ["sce", "de-eg", "us-worker-coop", "none"])
def test_where_the_law_names_no_rate_the_bylaws_say_how_much(sol, later, pack):
    mara, by = sol(pack)
    assert services.work_out(**YEAR, by=by, at=later).result["interest"] == {str(members.of_person(mara.pk).get().pk): 7_500}
    with pytest.raises(services.NothingMeasured):
        record(by, later, "0.03")
    with pytest.raises(services.InterestAboveRules):
        services.work_out(**YEAR, interest="0.150001", by=by, at=later)


@pytest.mark.django_db
def test_a_year_without_interest_needs_no_rate(sol, later):
    _mara, by = sol("it-mutualita")
    assert services.work_out(**YEAR, interest="0", by=by, at=later).result["interest"] == {}


@pytest.mark.django_db
def test_a_correction_after_the_proposal_stops_it_and_both_rows_are_kept(sol, later):
    _mara, by = sol("es-27-1999")
    record(by, later, "0.0325")
    year = services.put_to_members(year=services.work_out(**YEAR, interest="0.0925", by=by, at=later), by=by, at=later)
    payload = {"year": year.name, "hash": year.hash}
    assert handlers.check(payload, bylaws.book(), later) == []
    record(by, later, "0.03")
    record(by, later, "0.03")
    assert [str(one.rate.normalize()) for one in queries.published_rates()] == ["0.03", "0.0325"]
    assert [fault.code for fault in handlers.check(payload, bylaws.book(), later)] == ["interest_above_cap"]
    act = Principal.job(by.coop_id, "enactment")
    with pytest.raises(services.InterestAboveCap):
        services.book(name=year.name, digest=year.hash, decision="2028-1", by=act, at=later)
    for change in (PublishedRate.objects.update, PublishedRate.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(**({"year": 2026} if change == PublishedRate.objects.update else {}))


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"interest": "-0.00000001"}, services.NotARate), ({"interest": "1.00000001"}, services.NotARate),
        ({"interest": "NaN"}, services.NotARate), ({"year": 1899}, services.NotARate), ({"source": "  "}, services.SourceNeeded),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_what_is_no_rate_is_refused(sol, later, said, error):
    _mara, by = sol("fr-scic")
    with pytest.raises(error):
        record(by, later, **{"interest": "0.03", **said})
    for bound in ("0", "1"):
        record(by, later, bound)


@pytest.mark.django_db
def test_the_office_writes_it_down_on_a_page_and_others_read_it(sol, later, charlie):
    mara, by = sol("fr-scic")
    with pytest.raises(Refused):
        record(Principal(coop_id=by.coop_id, channel=Channel.WEB, roles=frozenset({"member"})), later, "0.03")
    said = {"year": "2027", "rate": "2,81", "source": "Avis 7", "published_on": "2027-12-20"}
    office = browser(mara)
    assert "no interest can be worked out" in office.get("/c/sol/surplus/").content.decode()
    for wrong in ({"rate": "101"}, {"rate": "much"}, {"source": ""}):
        assert office.post("/c/sol/surplus/rates/", said | wrong).status_code == 422
    assert office.post("/c/sol/surplus/rates/", said).status_code == 302
    page = office.get("/c/sol/surplus/").content.decode()
    assert "Avis 7" in page and "2.81%" in page.replace("\u2068", "").replace("\u2069", "")
    told = office.get("/api/v1/coops/sol/surplus/rates").json()
    assert [(one["base"], one["year"], one["interest"]) for one in told] == [("company_bonds", 2027, "0.0281")]
    assert told[0]["recorded_by"] == str(by)
    assert browser(charlie).post("/c/sol/surplus/rates/", said).status_code in (403, 404)
    assert browser(charlie).get("/api/v1/coops/sol/surplus/rates").status_code in (403, 404)


@pytest.mark.parametrize(
    ("subsidies", "interest"), [(0, 1_000_000), (2_400_000, 1_000_000), (3_000_000, 400_000), (3_400_000, 0)]
)
def test_what_public_bodies_gave_bears_no_interest_where_the_law_leaves_it_out(subsidies, interest):
    terms = replace(PLAIN, reserve="0.575", education="0", interest="0.05", by_patronage=False, without_subsidies=True)
    about = {"capital": {"1": 20_000_000}, "subsidies": subsidies}
    assert sum(close(facts(8_000_000, **about), terms).interest.values()) == interest
    assert sum(close(facts(8_000_000, **about), replace(terms, without_subsidies=False)).interest.values()) == 1_000_000
