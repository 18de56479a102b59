"""Stories of years that were shared out, on a co-op founded from `marketplace` with rules of its own."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from tests.conftest import browser
from tests.money.payments.cards import euro
from tests.stories.test_marketplace_api import send
from tests.trade.orders import market
from tests.trade.orders.conftest import GOOD, at, tick  # noqa: F401
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import services as payments
from toadlane.ownership.bookkeeping import services as bookkeeping
from toadlane.ownership.surplus import handlers, queries, services
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.members import queries as members
from toadlane.society.members.models import Office
from toadlane.society.members.services import admit
from toadlane.society.people.models import Person
from toadlane.trade.orders.models import Order

pytestmark = pytest.mark.django_db
RULES = {"trade.vat_rate": "0", "surplus.legal_reserve": "0", "surplus.education_fund": "0", "pay.payout_days": 0}


def member_class(name: str, **more: object) -> dict:
    return {
        "id": name, "names": {"en": name.title()}, "who": ["person"], "rights": ["vote", "propose", "offer", "see_books"],
        "college": name, "votes": 1, "probation": False, "questions": [], **more,
    }  # fmt: skip


CLASSES = [member_class(name) for name in ("provider", "founder", "staff", "artist", "investor")]


def join(coop, name: str, of_class: str, when: datetime, office: str = "") -> tuple:
    person = Person.objects.create(email=f"{name}@market.test", name=name.title())
    membership = admit(person=person, member_class=of_class, by=Principal.job(coop.pk, "founder"), at=when)
    if office:
        Office.objects.create(person=person, office=office, since=when.date(), named_by="test")
    return membership, members.principal(person_id=person.pk, channel=Channel.WEB)


def buy(listing) -> Order:
    """Buy something as a guest, over the API."""
    client = Client()
    quote = send(client, "/quotes", {"listing": listing.pk}, 201)
    contact = {"name": "Nuala", "email": "n@a.test", "address": "9 Mill Lane"}
    body = {"quotes": [quote["id"]], "contact": contact, "card": {"number": GOOD}}
    placed = send(client, "", body, 201, **{"Idempotency-Key": f"buy:{listing.pk}"})
    return Order.objects.get(pk=placed["orders"][0]["id"])


def close_year(coop, name: str, board: Principal, first: date, last: date, when: datetime) -> dict:
    year = services.work_out(name=name, starts_on=first, ends_on=last, by=board, at=when)
    year = services.put_to_members(year=year, by=board, at=when)
    act = Principal.job(coop.pk, "enactment")
    handlers.enact(payload={"year": name, "hash": year.hash}, decision="d-1", passed_by="special", by=act, at=when)
    assert queries.years_hold().faults == [] and queries.layers_hold().faults == []
    assert queries.totals_hold().faults == [] and books.checks()["ledger.kept_months"]().faults == []
    return queries.year(name).result


def earn(by: Principal, other: Principal, minor: int, at: datetime, on: date) -> None:  # noqa: F811
    """Let so much come in, seen by two; a negative amount is a cost."""
    about = {"kind": "income", "code": "4900"} if minor > 0 else {"kind": "receipt", "code": "6600"}
    draft = bookkeeping.enter_bill(**about, net_minor=abs(minor), text="Other business", on=on, by=by, at=at)
    bookkeeping.approve(draft=draft, by=other, at=at)


def test_founders_equally_staff_by_years_and_artists_by_their_royalties(at):  # noqa: F811
    """100,000.00 as five, five and ninety: founders the same, staff by years of service, artists by royalties of the year."""
    coop = market.found(at, **{
        **RULES, "members.classes": CLASSES, "fees.commission": "0.50",
        "surplus.class_weights": {"founder": "0.05", "staff": "0.05", "artist": "0.90"},
        "surplus.bases": [{"class": "founder", "basis": "equal"}, {"class": "staff", "basis": "years"},
                          {"class": "artist", "basis": "royalties"}, {"class": "", "basis": "sales"}],
    })  # fmt: skip
    with scope(coop.pk):
        founders = [join(coop, f"a{n}", "founder", at) for n in range(2)]
        staff = [
            join(coop, f"b{n}", "staff", datetime(at.year - years + 1, 1, 1, tzinfo=UTC), office="treasurer" if n < 2 else "")
            for n, years in enumerate((1, 1, 2, 4))
        ]
        artists = [join(coop, f"c{n}", "artist", at) for n in range(3)]
        for (membership, _by), price in zip(artists, (5_000, 3_000, 2_000), strict=True):
            of = market.Maker(membership.person, membership)
            order = buy(market.thing(of, "A picture", price, at))
            send(browser(membership.person), f"/{order.pk}/ship", {})
        tick(coop, at + timedelta(days=14, minutes=5))
        assert {order.state for order in Order.objects.all()} == {"released"}
        assert [-books.balance("2110", "EUR", one.holder).minor for one, _by in artists] == [2_500, 1_500, 1_000]
        released = Order.objects.latest("released_at").released_at
        first = date(released.year, 1, 1)
        result = -sum(queries.accounts_to_close(first, date(first.year, 12, 31), "EUR").values())
        earn(staff[0][1], staff[1][1], 10_000_000 - result, released, released.date())
        board = members.principal(person_id=Person.objects.get(email="founder@market.test").pk, channel=Channel.WEB)
        when = released.replace(year=first.year + 1, month=12, day=20)
        found = close_year(coop, str(first.year), board, first, date(first.year, 12, 31), when)["members"]

        def parts(of: list) -> list[int]:
            return [found[str(membership.pk)] for membership, _by in of]

        assert parts(founders) == [250_000, 250_000]
        assert parts(staff) == [62_500, 62_500, 125_000, 250_000]
        assert parts(artists) == [4_500_000, 2_700_000, 1_800_000]
        assert sum(found.values()) == 10_000_000


def test_points_that_peers_approved_divide_five_hundred(at):  # noqa: F811
    coop = market.found(at, **{**RULES, "surplus.bases": [{"class": "", "basis": "points"}]})
    with scope(coop.pk):
        people = [join(coop, name, "provider", at, office="treasurer") for name in ("ada", "bea", "cal")]
        board = browser(Person.objects.get(email="founder@market.test"))
        url = "/api/v1/coops/market/surplus/claims"
        for (membership, _by), points in zip(people, (120, 60, 20), strict=True):
            claim = {"membership": membership.pk, "activity": "Talks", "amount": points, "done_on": str(at.date())}
            made = browser(membership.person).post(url, claim, content_type="application/json")
            assert made.status_code == 201 and made.json()["unit"] == "points"
            assert board.post(f"{url}/{made.json()['id']}/approve", {}, content_type="application/json").status_code == 200
        earn(people[0][1], people[1][1], 60_000, at, at.date())
        earn(people[0][1], people[1][1], -10_000, at, at.date())
        by = members.principal(person_id=Person.objects.get(email="founder@market.test").pk, channel=Channel.WEB)
        first = date(at.year, 1, 1)
        found = close_year(coop, "y", by, first, date(at.year, 12, 31), at.replace(year=at.year + 1, month=12, day=20))
        assert [found["members"][str(one.pk)] for one, _by in people] == [30_000, 15_000, 5_000]


def test_six_hours_are_approved_an_investor_is_refused_and_the_fund_gets_its_part_of_the_revenue(at):  # noqa: F811
    coop = market.found(at, **{
        **RULES, "members.classes": CLASSES, "fees.community": "0.025",
        "surplus.bases": [{"class": "founder", "basis": "hours"}, {"class": "provider", "basis": "sales"}],
    })  # fmt: skip
    with scope(coop.pk):
        lead, _by = join(coop, "lena", "founder", at)
        investor, _ = join(coop, "ivan", "investor", at)
        circle, _ = join(coop, "cleo", "founder", at, office="coordinator")
        url = "/api/v1/coops/market/surplus/claims"
        claim = {"activity": "Chapter evening", "amount": 6, "unit": "hours", "done_on": str(at.date())}

        def post(who, path: str, body: dict):
            return browser(who.person).post(f"{url}{path}", body, content_type="application/json")

        made = post(lead, "", {**claim, "membership": lead.pk})
        assert made.status_code == 201 and made.json()["state"] == "claimed"
        assert post(lead, f"/{made.json()['id']}/approve", {}).status_code == 403, "nobody approves their own"
        assert post(circle, f"/{made.json()['id']}/approve", {}).json()["state"] == "approved"
        refused = post(investor, "", {**claim, "membership": investor.pk})
        assert refused.status_code == 422 and refused.json()["code"] == "not_for_this_class"
        assert queries.BASES["hours"][0](at.date(), at.date()) == {lead.pk: Decimal(6)}
        # Ten per cent of 10,000.00 is a revenue of 1,000.00, and 2.5 % of that are 25.00.
        hana = join(coop, "hana", "provider", at)[0]
        order = buy(market.thing(market.Maker(hana.person, hana), "A boat", 1_000_000, at))
        send(browser(hana.person), f"/{order.pk}/ship", {})
        tick(coop, at + timedelta(days=14, minutes=5))
        assert (books.balance("4100", "EUR").minor, books.balance("2150", "EUR").minor) == (-100_000, -2_500)


@pytest.mark.parametrize(("price", "fund", "ours"), [(24_000, 1_800, 1_800), (8_555, 642, 641)])
def test_half_of_the_fee_goes_to_a_project_and_the_odd_cent_has_an_owner(at, price, fund, ours):  # noqa: F811
    """Fifteen per cent, half of it to the neighborhood: 36.00 is 18.00 and 18.00, 12.83 is 6.42 and 6.41."""
    coop = market.found(at, **{**RULES, "fees.commission": "0.15", "fees.community": "0.5"})
    with scope(coop.pk):
        hana = market.maker(coop, "hana", at)
        order = buy(market.thing(hana, "Three nights", price, at))
        send(browser(hana.person), f"/{order.pk}/ship", {})
        tick(coop, at + timedelta(days=14, minutes=5))
        fee = -books.balance("4100", "EUR").minor
        assert (-books.balance("2150", "EUR").minor, fee - books.balance("6400", "EUR").minor) == (fund, ours)
        assert -books.balance("2110", "EUR", hana.membership.holder).minor + fee == price


def test_a_payout_says_what_it_is_made_of_and_the_next_one_goes_on_from_there(at):  # noqa: F811
    coop = market.found(at, **{**RULES, "fees.commission": "0.10"})
    with scope(coop.pk):
        hana = market.maker(coop, "hana", at)
        orders = [buy(market.thing(hana, name, price, at)) for name, price in (("Mug", 2_000), ("Plate", 3_000))]
        for order in orders:
            send(browser(hana.person), f"/{order.pk}/ship", {})
        released = at + timedelta(days=14, minutes=5)
        tick(coop, released)
        job = Principal.job(coop.pk)
        [first] = payments.pay_out(by=job, at=released + timedelta(minutes=1))
        assert (first.state, first.amount_minor) == ("done", 4_500)
        url = "/api/v1/coops/market/sellers"
        told = browser(hana.person).get(f"{url}/payouts/{first.pk}").json()
        assert (told["opening_minor"], told["closing_minor"]) == (0, 0)
        assert [line["minor"] for line in told["lines"]] == [1_800, 2_700, -4_500]
        assert [part["minor"] for line in told["lines"][:2] for part in line["parts"]] == [2_000, 3_000]
        page = browser(hana.person).get(f"/c/market/billing/payouts/{first.pk}/")
        assert page.status_code == 200 and b"Plate" in page.content
        ivo = market.maker(coop, "ivo", at)
        assert browser(ivo.person).get(f"{url}/payouts/{first.pk}").status_code == 404
        legs = [ledger.debit("2100", euro(700)), ledger.credit("2110", euro(700), holder=hana.membership.holder)]
        ledger.post(key="more", narration="More", postings=legs, by=job, at=released + timedelta(days=1))
        [second] = payments.pay_out(by=job, at=released + timedelta(days=2))
        told = browser(hana.person).get(f"{url}/payouts/{second.pk}").json()
        assert (told["opening_minor"], [line["minor"] for line in told["lines"]]) == (0, [700, -700])
