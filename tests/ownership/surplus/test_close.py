"""The close as one path: hit anywhere it goes on from there, once; and what was left comes back, the oldest first."""

import csv
import io

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import browser, run_jobs
from tests.money.payments.cards import euro
from toadlane.democracy.proposals.models import Proposal, Stage
from toadlane.kernel import ids
from toadlane.money.bank import services as bank
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.models import JournalEntry
from toadlane.money.payments import queries as payments
from toadlane.money.payments.models import Payout
from toadlane.money.payments.services import by_hand
from toadlane.ownership.surplus import handlers, queries, services
from toadlane.ownership.surplus.models import Repayment, Year
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.messaging.models import Announcement


@pytest.fixture
def act(inside):
    return Principal.job(inside.pk, "enactment")


@pytest.fixture
def retained(set_rules, member, earn, work_out, board, later):
    """Three equal members; two thirds of what goes back stays in their capital accounts."""
    set_rules({"surplus.bases": [{"class": "", "basis": "equal"}], "surplus.cash_share": "1/3"})
    people = [member(name) for name in ("Dana", "Eli", "Fay")]
    earn(100_000)
    services.put_to_members(year=work_out(), by=board, at=later)
    return people


def book(act, later, decision="2028-1"):
    payload = {"year": "2027", "hash": Year.objects.get().hash}
    handlers.enact(payload=payload, decision=decision, passed_by="simple", by=act, at=later)
    return Year.objects.get()


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_a_crash_in_the_middle_leaves_nothing_half_done_and_the_next_try_does_it_once(retained, act, later, monkeypatch, after):
    monkeypatch.setattr(services.closing, "BATCH", 2)
    before, count, post = JournalEntry.objects.count(), 0, ledger.post

    def dying(**given):
        nonlocal count
        count += 1
        if count > after:
            raise MemoryError
        return post(**given)

    with monkeypatch.context() as patched:
        patched.setattr(services.closing.ledger, "post", dying)
        with pytest.raises(MemoryError), transaction.atomic():
            book(act, later)
    assert JournalEntry.objects.count() == before and Year.objects.get().state == "proposed"
    for _ in range(2):
        year = book(act, later)
    # The accounts of the year, the co-op's own part, and members by twos; the founder is one of the five.
    assert JournalEntry.objects.filter(subject="year:2027").count() == JournalEntry.objects.count() - before
    assert books.balance("3900", "EUR") == euro(0) and books.checks()["ledger.zero_sums"]().faults == []
    sums = {code: -books.balance(code, "EUR").minor for code in ("2410", "3200")}
    assert sums == {"2410": sum(year.result["cash"].values()), "3200": sum(year.result["retained"].values())}


def test_what_is_entered_for_the_year_after_it_was_worked_out_stops_the_booking(retained, act, later, earn):
    earn(5_000)
    with pytest.raises(services.Changed):
        book(act, later)


def test_a_booked_year_is_closed_for_every_later_entry(retained, act, later, earn):
    book(act, later)
    with pytest.raises(ledger.BooksClosed), transaction.atomic():
        earn(5_000)


@pytest.mark.parametrize("stage", [Stage.REJECTED, Stage.EXPIRED, Stage.FAILED, Stage.ANNULLED])
def test_a_year_that_came_to_nothing_is_worked_out_again(retained, work_out, stage):
    """Refused, too few took part, or it could not be booked, since something was entered for the year meanwhile."""
    of_it = Proposal.objects.filter(number=Year.objects.get().proposal)
    for waits in (Stage.COOLING, Stage.HALTED):
        of_it.update(stage=waits)
        with pytest.raises(services.WrongMoment):
            work_out(tax_minor=100)
    of_it.update(stage=stage)
    assert work_out(tax_minor=100).state == "draft" and Year.objects.get().tax_minor == 100


def test_members_hear_of_it_once_and_each_has_a_statement(retained, act, later, sparkle, bob, charlie):
    for _ in range(2):
        book(act, later)
    assert Announcement.objects.filter(key="year:2027:booked").count() == 1
    (dana, _by), (eli, _eli) = retained[:2]
    url = f"/api/v1/coops/sparkle/surplus/years/2027/statements/{dana.pk}"
    told = browser(dana.person).get(url).json()
    assert told["cash_minor"] + told["retained_minor"] == told["refund_minor"] > 0
    assert browser(dana.person).get(f"{url}/pdf").content.startswith(b"%PDF")
    page = browser(dana.person).get(f"/c/sparkle/surplus/2027/statements/{dana.pk}.pdf")
    assert page.content == browser(bob).get(f"{url}/pdf").content
    assert browser(eli.person).get(url).status_code == 404
    assert browser(charlie).get(url).status_code in (403, 404)
    rows = list(csv.DictReader(io.StringIO(browser(bob).get("/c/sparkle/surplus/2027/statements.csv").content.decode())))
    whole = sum(round(float(row["refund"]) * 100) for row in rows)
    assert whole == sum(Year.objects.get().result["members"].values())
    assert browser(dana.person).get("/c/sparkle/surplus/2027/statements.csv").status_code == 403


def repay(minor, act, at, decision="2029-1", name="2027"):
    return services.repay(name=name, amount_minor=minor, decision=decision, by=act, at=at)


def test_what_was_left_comes_back_in_proportion_and_to_the_cent(retained, act, later, board, second, job):
    year = book(act, later)
    whole = sum(year.result["retained"].values())
    half = repay(whole // 2, act, later)
    assert repay(whole // 2, act, later) == half, "decided once is booked once"
    assert max(half.parts.values()) - min(half.parts.values()) <= 1
    rest = repay(whole - whole // 2, act, later, "2030-1")
    assert {pk: half.parts[pk] + rest.parts[pk] for pk in half.parts} == {k: v for k, v in year.result["retained"].items() if v}
    assert books.balance("3200", "EUR") == euro(0) and queries.layers("EUR") == [] and queries.layers_hold().faults == []
    owed = books.balance("2410", "EUR").minor
    assert services.hand_over(by=job, at=later) == 3, "the year, and each of what was given back"
    for one in payments.payouts().filter(subject=half.subject):
        by_hand.record_sent(errand=one, by=board, at=later)
        by_hand.confirm_sent(errand=one, by=second, at=later)
    services.note_paid(by=job, at=later)
    assert [one.paid_at for one in queries.repayments()] == [None, later]
    assert books.balance("2410", "EUR").minor == owed + half.amount_minor
    with pytest.raises(DatabaseError), transaction.atomic():
        Repayment.objects.filter(pk=half.pk).update(amount_minor=1)


@pytest.mark.parametrize("wrong", [("2026", 1), ("2027", 0), ("2027", -1), ("2027", 10**9)])
def test_no_more_than_is_left_comes_back_and_no_other_year_before_it(retained, act, later, wrong):
    book(act, later)
    with pytest.raises(services.NotLeft):
        repay(wrong[1], act, later, name=wrong[0])
    payload = {"year": wrong[0], "amount_minor": wrong[1]}
    assert handlers.check_repayment(payload, bylaws.book(), later)


def test_what_is_not_in_the_bank_is_not_given_back(retained, act, later, board):
    year = book(act, later)
    whole = sum(year.result["retained"].values())
    assert handlers.check_repayment({"year": "2027", "amount_minor": whole}, bylaws.book(), later) == []
    legs = [ledger.credit("1000", euro(100_001 - whole)), ledger.debit("6600", euro(100_001 - whole))]
    ledger.post(key="spent", narration="x", postings=legs, by=board, at=later)
    with pytest.raises(services.NotSolvent):
        repay(whole, act, later)
    assert repay(whole - 1, act, later).amount_minor == whole - 1


def test_the_board_proposes_it_and_the_members_read_it(retained, act, later, board, bob, sparkle, charlie):
    book(act, later)
    number = services.propose_repayment(name="2027", amount_minor=100, by=board, at=later)
    assert Proposal.objects.get(number=number).contents == [
        {"kind": "repayment", "payload": {"year": "2027", "amount_minor": 100}}
    ]
    assert browser(bob).post("/c/sparkle/surplus/repayments/", {"name": "2027", "amount_minor": "x"}).status_code == 422
    assert browser(bob).post("/c/sparkle/surplus/repayments/", {"name": "2027", "amount_minor": "1.00"}).url == (
        f"/c/sparkle/proposals/{number + 1}/"
    )
    told = browser(bob).get("/api/v1/coops/sparkle/surplus/repayments").json()
    assert [one["year"] for one in told["layers"]] == ["2027"] and told["repayments"] == []
    assert browser(charlie).get("/api/v1/coops/sparkle/surplus/repayments").status_code in (403, 404)


def test_the_close_is_one_path_to_the_end_surplus_and_pay_in_one_file_of_the_bank(retained, act, later, board, second, job):
    """Pay, patronage and what was left in a year before go out in one file that two people see, and are booked together."""
    year = book(act, later)
    given = repay(900, act, later)
    dana = retained[0][0]
    legs = [ledger.debit("1000", euro(5_000)), ledger.credit("2110", euro(5_000), holder=dana.holder)]
    ledger.post(key="worked", narration="x", postings=legs, by=board, at=later)
    services.hand_over(by=job, at=later)
    Payout.objects.create(
        id=ids.new(), key="pay", holder=dana.holder, currency="EUR", amount_minor=5_000, provider="manual", state="unknown",
        reason="by_hand", asked_at=later,
    )  # fmt: skip
    bank.give(membership=None, name="Sparkle", iban="IE64IRCE92050112345678", by=board, at=later)
    iban = "DE89370400440532013000"
    for membership, own in retained:
        bank.give(membership=membership, name=membership.name, iban=iban, by=own, at=later)
    batch = bank.make(pays_on=later.date(), by=board, at=later)
    # Alice and Bob have not said where: what is theirs waits.
    told = [str(membership.pk) for membership, _own in retained]
    whole = sum(year.result["cash"].values()) + 900
    cash = sum(year.result["cash"][pk] + given.parts[pk] for pk in told)
    assert (batch.count, batch.total_minor) == (7, cash + 5_000)
    with pytest.raises(bank.SecondPersonNeeded):
        bank.approve(batch=batch, by=board, at=later)
    bank.approve(batch=batch, by=second, at=later)
    bank.carried_out(batch=batch, by=board, at=later)
    with pytest.raises(bank.SecondPersonNeeded):
        bank.carried_out(batch=batch, by=board, at=later)
    assert books.balance("2410", "EUR").minor == -whole
    bank.carried_out(batch=batch, by=second, at=later)
    assert (books.balance("2410", "EUR"), books.balance("2110", "EUR")) == (euro(cash - whole), euro(0))
    with outside():
        run_jobs()
    assert queries.year("2027").paid_at is None
    for one in payments.payouts().filter(settled_at=None):
        by_hand.record_sent(errand=one, by=board, at=later)
        by_hand.confirm_sent(errand=one, by=second, at=later)
    with outside():
        run_jobs()
    assert queries.year("2027").paid_at == later and queries.repayments()[0].paid_at == later


def test_who_speaks_for_two_members_sees_which_part_is_whose(retained, sparkle):
    (dana, _by), (eli, _eli) = retained[:2]
    mine = queries.parts_of(Year.objects.get(), {dana.pk, eli.pk})
    assert [one["name"] for one in mine] == ["Dana", "Eli"]
    shown = browser(dana.person).get("/c/sparkle/surplus/2027/").content.decode()
    assert f"/c/sparkle/proposals/{Year.objects.get().proposal}/" in shown
    assert "Your part" in shown and shown.count('<p class="quiet">Dana</p>') == 0, "whoever is one needs no name"


def test_whoever_votes_reads_how_many_members_something_goes_back_to(retained):
    year = Year.objects.get()
    payload, everybody = {"year": "2027", "hash": year.hash}, len(year.result["members"])
    assert any(f"Back to {everybody} members" in line for line in handlers.describe(payload, "en"))
    none = dict.fromkeys(year.result["members"], 0) | {next(iter(year.result["members"])): 500}
    Year.objects.filter(pk=year.pk).update(result=year.result | {"members": none})
    assert any("Back to 1 members: €5.00" in line for line in handlers.describe(payload, "en"))
