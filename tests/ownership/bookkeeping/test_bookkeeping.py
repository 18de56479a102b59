"""The co-op's own bills are seen by two people, closed days stay closed, and every report adds up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import browser
from tests.money.payments.cards import euro
from toadlane.money.benefits.models import Wallet
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.policies.chart import CHART
from toadlane.money.ledger.queries import periods
from toadlane.money.ledger.services import Leg
from toadlane.ownership.bookkeeping import queries, services
from toadlane.ownership.bookkeeping.models import Closing, Draft
from toadlane.plumbing.access.principals import Channel, Refused
from toadlane.society.members.models import Office
from toadlane.society.members.queries import of_person, principal
from toadlane.society.members.services import admit
from toadlane.society.people.models import Person

# Pages know no other day than today's.
TODAY = datetime.now(UTC).date()


@pytest.fixture
def second(inside, board, at):
    person = Person.objects.create(email="tara@sparkle.test", name="Tara")
    admit(person=person, member_class="worker", by=board, at=at)
    Office.objects.create(person=person, office="treasurer", since=at.date(), named_by="test")
    return principal(person_id=person.pk, channel=Channel.WEB)


def bill(by, at, **more):
    about = {"kind": "bill", "code": "6610", "net_minor": 10_000, "tax_minor": 2_100, "text": "Rent", "on": at.date()}
    return services.enter_bill(**{**about, **more}, by=by, at=at)


def test_a_bill_is_booked_by_a_second_person_and_paid_later(inside, board, second, at):
    draft = bill(board, at)
    with pytest.raises(services.SecondPersonNeeded):
        services.approve(draft=draft, by=board, at=at)
    assert books.balance("6610", "EUR") == euro(0)
    services.approve(draft=draft, by=second, at=at)
    assert [books.balance(code, "EUR").minor for code in ("6610", "2310", "2010")] == [10_000, 2_100, -12_100]
    with pytest.raises(services.Decided):
        services.approve(draft=draft, by=second, at=at)
    services.approve(draft=bill(second, at, kind="paid", code="", net_minor=12_100, tax_minor=0), by=board, at=at)
    assert books.balance("2010", "EUR") == euro(0) and books.balance("1000", "EUR") == euro(-12_100)
    assert queries.drafts_are_booked().faults == []
    for change in ({"text": "Other"}, {"state": "waiting"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Draft.objects.filter(pk=draft.pk).update(**change)


def test_money_that_came_in_and_what_was_paid_at_once(inside, board, second, at):
    services.approve(draft=bill(board, at, kind="income", code="4300", net_minor=50_000, tax_minor=0), by=second, at=at)
    services.approve(draft=bill(board, at, kind="receipt", code="6640", net_minor=1_000, tax_minor=0), by=second, at=at)
    assert [books.balance(code, "EUR").minor for code in ("1000", "4300", "6640")] == [49_000, -50_000, 1_000]


@pytest.mark.parametrize(
    "at_bank, on_its_way, left, still_on_its_way",
    [(10_000, 500, 0, 500), (9_999, 500, 0, 499), (0, 10_000, 0, 0), (0, 9_999, -1, 0), (0, 0, -10_000, 0)],
)  # fmt: skip
def test_the_bank_is_topped_up_by_what_is_on_its_way_and_no_further(
    inside, board, second, at, at_bank, on_its_way, left, still_on_its_way
):
    for code, minor in (("1000", at_bank), ("1100", on_its_way)):
        if minor:
            legs = [ledger.debit(code, euro(minor)), ledger.credit("4900", euro(minor))]
            ledger.post(key=f"before:{code}", narration="x", postings=legs, by=board, at=at)
    draft = services.approve(draft=bill(board, at, kind="receipt", tax_minor=0), by=second, at=at)
    assert (books.balance("1000", "EUR").minor, books.balance("1100", "EUR").minor) == (left, still_on_its_way)
    assert books.entries(subject=draft.subject).count() == 1 and queries.drafts_are_booked().faults == []


@pytest.mark.parametrize(
    "wrong", [{"code": "4300"}, {"code": "9"}, {"kind": "entry"}, {"kind": "x"}, {"net_minor": -1},
              {"net_minor": 0, "tax_minor": 0},
              {"text": " "}, {"on": date(2027, 3, 2)}, {"on": date(1990, 1, 1)}],
)  # fmt: skip
def test_what_cannot_be_booked_is_not_entered(inside, board, at, wrong):
    with pytest.raises(services.NotAnEntry):
        bill(board, at, **wrong)
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "legs", [[], [("6600", 5)], [("6600", 5), ("1000", -4)], [("2110", 5), ("1000", -5)], [("2150", 5), ("1000", -5)],
             [("3900", 5), ("1000", -5)], [("6600", 0), ("1000", 0)], [("nope", 5), ("1000", -5)]],
)  # fmt: skip
def test_sides_of_ones_own_balance_and_leave_alone_what_others_keep(inside, board, at, legs):
    with pytest.raises(services.NotAnEntry):
        services.enter(text="x", on=at.date(), legs=legs, by=board, at=at)


def test_an_entry_of_ones_own_and_a_reason_to_take_it_out(inside, board, second, worker, at):
    with pytest.raises(Refused):
        services.enter(text="x", on=at.date(), legs=[("6600", 5), ("1000", -5)], by=worker, at=at)
    draft = services.enter(text="Depreciation", on=at.date(), legs=[("6600", 5), ("1000", -5)], by=board, at=at)
    with pytest.raises(services.ReasonNeeded):
        services.decline(draft=draft, reason=" ", by=second, at=at)
    assert services.decline(draft=draft, reason="It is seven.", by=second, at=at).state == "declined"
    assert books.balances() == []


def test_days_are_closed_by_two_and_never_opened(inside, board, second, at):
    last = at.date() - timedelta(days=1)
    with pytest.raises(ledger.NotPast):
        services.ask_to_close(until_on=at.date(), by=board, at=at)
    waits = bill(board, at, on=last)
    with pytest.raises(services.NotAnEntry):
        services.ask_to_close(until_on=last, by=board, at=at)
    services.approve(draft=waits, by=second, at=at)
    closing = services.ask_to_close(until_on=last, by=board, at=at)
    with pytest.raises(services.SecondPersonNeeded):
        services.confirm_close(closing=closing, by=board, at=at)
    services.confirm_close(closing=closing, by=second, at=at)
    with pytest.raises(services.NotAnEntry):
        bill(board, at, on=last)
    legs = [Leg("1000", euro(5)), Leg("4900", euro(-5))]
    edge = periods.midnight(at.date())
    with pytest.raises(ledger.BooksClosed), transaction.atomic():
        ledger.post(key="late", narration="x", postings=legs, by=board, at=edge - timedelta(microseconds=1))
    ledger.post(key="on time", narration="x", postings=legs, by=board, at=edge)
    with pytest.raises(DatabaseError), transaction.atomic():
        Closing.objects.update(until_on=date(2020, 1, 1))


@pytest.fixture
def busy(inside, board, at):
    """Two years of entries, half of them sealed."""

    def post(n, when, *legs):
        ledger.post(key=f"e{n}", narration="x", postings=[Leg(code, euro(minor)) for code, minor in legs], by=board, at=when)

    before, now = datetime(2026, 5, 5, tzinfo=UTC), datetime(2027, 1, 10, tzinfo=UTC)
    post(1, before, ("1000", 500), ("4100", -500))
    post(2, before, ("6600", 120), ("1000", -120))
    post(3, now, ("1100", 1_000), ("2100", -1_000))
    ledger.seal(by=board, at=at)
    post(4, now, ("2100", 1_000), ("2110", -900), ("4100", -100))
    post(5, datetime(2027, 2, 20, tzinfo=UTC), ("6400", 30), ("2150", -30))
    post(6, datetime(2027, 3, 1, 8, tzinfo=UTC), ("6600", 45), ("2010", -45))
    return inside


def test_a_year_in_figures_adds_up_and_stands_beside_the_year_before(busy, at):
    found = queries.report(2027, at, currency="EUR")
    assert (found.result, found.result_before) == (euro(25), euro(380))
    assert (found.total("owned"), found.total("owed"), found.total("equity")) == (euro(1_380), euro(975), euro(0))
    assert found.undivided == euro(405) == found.result + found.result_before
    assert found.undivided_before == found.result_before and found.ours == euro(405) == found.total("owned") - found.total("owed")
    assert [(one.month.month, one.change.minor, one.closing.minor) for one in found.cash] == [
        (1, 1_000, 1_380), (2, 0, 1_380), (3, 0, 1_380),
    ]  # fmt: skip
    assert [(one.code, one.opening.minor, one.closing.minor) for one in found.funds] == [("2150", 0, 30)]
    begun = queries.report(2026, at, currency="EUR")
    assert queries.years(at) == [2027, 2026] and begun.result == euro(380)
    assert (begun.first, begun.cash[0].month, begun.cash[-1].month) == (date(2026, 5, 1), date(2026, 5, 1), date(2026, 12, 1))
    assert books.checks()["ledger.kept_months"]().faults == []


@pytest.mark.parametrize("code", ["1000", "1230", "2310"])
@pytest.mark.parametrize("minor", [1, -1])
def test_what_stands_the_other_way_round_is_on_the_other_side(inside, board, at, code, minor):
    holder = "membership:1" if code == "1230" else ""
    legs = [Leg(code, euro(minor), holder), Leg("4900", euro(-minor))]
    ledger.post(key="turned", narration="x", postings=legs, by=board, at=at)
    found = queries.report(at.year, at, currency="EUR")
    row, side = (found.owned, "asset") if minor > 0 else (found.owed, "liability")
    assert [(one.code, one.now.minor) for one in row] == [(code, 1)] and not (found.owed if minor > 0 else found.owned)
    assert row[0].is_contrary == (CHART[code].kind != side) and found.ours == euro(minor) == found.undivided


def test_any_days_come_to_the_same_as_their_postings(busy, board, at):
    """Whole months from what is kept, the days at either end from their postings: no way of asking changes the answer."""
    from toadlane.money.ledger.models import Posting

    days = [
        date(2026, 5, 4),
        date(2026, 5, 5),
        date(2026, 5, 6),
        date(2027, 1, 1),
        date(2027, 1, 10),
        date(2027, 2, 28),
        at.date(),
    ]
    for sealed in (False, True):
        if sealed:
            ledger.seal(by=board, at=at)
        for first in days:
            for last in [day for day in days if day >= first]:
                rows = Posting.objects.filter(posted_at__gte=periods.midnight(first))
                rows = rows.filter(posted_at__lt=periods.midnight(last + timedelta(days=1))).select_related("account")
                real: dict[str, int] = {}
                for row in rows:
                    real[row.account.code] = real.get(row.account.code, 0) + row.minor
                asked = {row.code: row.minor for row in periods.moved(first, last)}
                assert asked == {code: minor for code, minor in real.items() if minor}, (first, last, sealed)


def test_the_report_is_as_open_as_the_books_and_prints(busy, sparkle, alice, charlie, client, set_rules):
    page = browser(alice).get("/c/sparkle/figures/?year=2026")
    assert page.status_code == 200 and "€3.80" in page.content.decode()
    assert browser(alice).get("/c/sparkle/figures/2026/report.pdf").content.startswith(b"%PDF")
    assert browser(alice).get("/api/v1/coops/sparkle/figures/years/2026/report.pdf").content.startswith(b"%PDF")
    told = browser(alice).get("/api/v1/coops/sparkle/figures/years/2026").json()
    assert told["result"]["minor"] == 380 and told["undivided"]["minor"] == 380
    for year in ("²", "9" * 5000, "", "2019", "x"):
        assert browser(alice).get("/c/sparkle/figures/", {"year": year}).status_code == 200
    for path in ("2019/report.pdf", "books.exe"):
        assert browser(alice).get(f"/c/sparkle/figures/{path}").status_code == 404
    assert client.get("/c/sparkle/figures/").status_code == 200, "the bylaws of these open their books to everybody"
    assert b"books.csv" not in client.get("/c/sparkle/figures/").content
    set_rules({"books.public": False})
    for path in ("", "2026/report.pdf", "books.csv", "mine/", "entries/"):
        assert browser(charlie).get(f"/c/sparkle/figures/{path}").status_code in (403, 404)
        assert client.get(f"/c/sparkle/figures/{path}").status_code in (302, 403, 404)


@pytest.mark.parametrize("form", ["beancount", "hledger", "csv"])
def test_members_take_the_books_with_them(busy, alice, form):
    page = browser(alice).get(f"/c/sparkle/figures/books.{form}").content
    assert b"4100" in page and page == browser(alice).get(f"/api/v1/coops/sparkle/figures/export/{form}").content


def test_each_member_sees_what_they_have_and_nobody_elses(inside, board, alice, bob, at):
    holder = of_person(alice.pk).get().holder
    legs = [
        ledger.debit("1000", euro(700)),
        ledger.credit("2110", euro(500), holder=holder),
        ledger.credit("3000", euro(200), holder=holder),
    ]
    ledger.post(key="theirs", narration="x", postings=legs, by=board, at=at)
    assert mine(alice)[0]["total"]["minor"] == 700 and mine(bob) == []
    assert "€7.00" in browser(alice).get("/c/sparkle/figures/mine/").content.decode()


def mine(person):
    return browser(person).get("/api/v1/coops/sparkle/figures/mine").json()


@pytest.mark.parametrize(("minor", "part"), [(30, "owing"), (-30, "paid_ahead")])
def test_dues_that_are_owed_or_paid_ahead_are_part_of_it(inside, board, alice, bob, at, minor, part):
    holder = of_person(alice.pk).get().holder
    legs = [Leg("1230", euro(minor), holder), Leg("4200", euro(-minor))]
    ledger.post(key="dues", narration="x", postings=legs, by=board, at=at)
    (told,) = mine(alice)
    assert told["total"]["minor"] == -minor
    assert {name: [row["amount"]["minor"] for row in told[name]] for name in ("owing", "paid_ahead")} == {
        "owing": [], "paid_ahead": [], part: [30],
    }  # fmt: skip
    assert "€0.30" in browser(alice).get("/c/sparkle/figures/mine/").content.decode() and mine(bob) == []


def test_what_clients_put_into_a_wallet_is_part_of_it(inside, board, alice, bob, at):
    wallet = Wallet.objects.create(person=alice, currency="EUR", code="alice", opened_at=at, opened_by="alice")
    legs = [ledger.debit("1000", euro(40)), ledger.credit("2125", euro(40), holder=wallet.holder)]
    ledger.post(key="wallet", narration="x", postings=legs, by=board, at=at)
    assert mine(alice)[0]["total"]["minor"] == 40 and mine(bob) == []


def test_the_pages_take_a_bill_and_keep_what_was_typed(inside, alice, bob, second, at):
    told = {"kind": "bill", "text": "Rent", "code": "6610", "amount": "100.00", "tax": "21,00", "on": str(TODAY)}
    url = "/c/sparkle/figures/entries/"
    assert browser(alice).get(url).status_code == 403
    wrong = browser(bob).post(url, {**told, "amount": "much"})
    assert wrong.status_code == 422 and b'value="much"' in wrong.content
    assert browser(bob).post(url, told).status_code == 302
    draft = Draft.objects.get()
    assert draft.amount == euro(12_100) and b"Rent" in browser(bob).get(url).content
    tara = Person.objects.get(email="tara@sparkle.test")
    in_spanish = browser(tara).get(f"{url}?lang=es", follow=True).content.decode()
    assert "Contabilizarlo" in in_spanish and "Reservarlo" not in in_spanish, "an entry is booked otherwise than a room"
    assert browser(tara).post(f"{url}{draft.pk}/", {"deed": "approve"}).status_code == 302
    assert books.balance("6610", "EUR") == euro(10_000)
    assert b"Tara" in browser(bob).get(url).content, "who booked it stands beside who entered it"
    own = {"text": "Put right", "on": str(TODAY), "code0": "6610", "out0": "5", "code1": "6620", "in1": "5"}
    assert browser(bob).post(f"{url}own/", {**own, "in1": "6"}).status_code == 422
    assert browser(bob).post(f"{url}own/", own).status_code == 302
    assert browser(bob).post("/c/sparkle/figures/closings/", {"until_on": str(TODAY + timedelta(days=5))}).status_code == 422


def test_over_the_api_the_same(inside, bob, charlie, second, at, set_rules):
    base, tara = "/api/v1/coops/sparkle/figures", Person.objects.get(email="tara@sparkle.test")
    told = {"kind": "bill", "code": "6610", "net_minor": 500, "text": "Rent", "on": str(TODAY - timedelta(days=9))}

    def post(who, path, body, key):
        return browser(who).post(f"{base}/{path}", body, content_type="application/json", headers={"Idempotency-Key": key})

    made = post(bob, "entries/bills", told, "a").json()
    assert post(bob, f"entries/{made['id']}/approve", {}, "b").status_code == 403
    assert post(tara, f"entries/{made['id']}/approve", {}, "c").json()["state"] == "booked"
    own = {"text": "x", "on": told["on"], "legs": [{"code": "6600", "minor": 5}, {"code": "1000", "minor": -5}]}
    other = post(bob, "entries", own, "d").json()
    assert post(tara, f"entries/{other['id']}/decline", {"reason": "No."}, "e").json()["state"] == "declined"
    closing = post(bob, "closings", {"until_on": told["on"]}, "f").json()
    assert post(tara, f"closings/{closing['id']}/confirm", {}, "g").json()["closed_at"]
    assert post(bob, "entries/bills", told, "h").status_code == 422
    set_rules({"books.public": False})
    for path in ("entries", "closings", "years/2026", "mine"):
        assert browser(charlie).get(f"{base}/{path}").status_code in (403, 404), path
