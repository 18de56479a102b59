"""Payouts as members want them, in files that two people saw, booked together and once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.conftest import browser
from tests.money.bank.test_bank import DANA, OWN, camt, read
from tests.money.payments.cards import euro
from toadlane.kernel import ids
from toadlane.money.bank import queries, services
from toadlane.money.bank.models import Batch
from toadlane.money.bank.policies import files
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.models import JournalEntry
from toadlane.money.payments import queries as payments
from toadlane.money.payments import services as by_hand
from toadlane.money.payments.models import Payout
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import Op, Patch
from toadlane.society.members import queries as members
from toadlane.society.members.models import Office
from toadlane.society.members.services import admit
from toadlane.society.people.models import Person

MONDAY = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
ITS_DAY = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def mine(inside, alice):
    return members.of_person(alice.pk).get()


@pytest.fixture
def earn(board, mine):
    def go(minor, when, who=None):
        legs = [ledger.debit("2100", euro(minor)), ledger.credit("2110", euro(minor), holder=(who or mine).holder)]
        ledger.post(key=f"earn:{when}:{minor}:{(who or mine).pk}", narration="x", postings=legs, by=board, at=when)

    return go


@pytest.fixture
def set_rules(inside, at):
    def change(values):
        ops = tuple(Op(rule, bylaws.book().rule(rule)["value"], value) for rule, value in values.items())
        number = bylaws.book().number
        act = Principal.job(inside.pk, "enactment")
        rules.enact(patch=Patch(number, ops), decision=f"2027-{number}", passed_by="special", by=act, at=at)

    return change


def due(at):
    return sum(row.due.minor for row in payments.owed(at))


def wish(mine, worker, at, every="day", least=0):
    return services.wish(membership=mine, every=every, least_minor=least, by=worker, at=at)


def test_a_hundred_is_paid_and_a_cent_less_waits(mine, worker, earn):
    """Once a month and from 100.00 on, as a co-op of artists has it."""
    wish(mine, worker, MONDAY, least=10_000)
    earn(9_999, MONDAY)
    later = MONDAY + timedelta(days=30)
    assert due(later) == 0
    earn(1, MONDAY + timedelta(days=1))
    assert due(later) == 10_000


def test_once_a_week_is_monday_and_what_came_due_since_waits_for_the_next(mine, worker, earn):
    days = timedelta(days=payments.payout_days())
    wish(mine, worker, MONDAY, "week")
    earn(500, MONDAY - days - timedelta(hours=13))
    earn(700, MONDAY - days)
    assert due(MONDAY) == 500
    assert due(MONDAY + timedelta(days=6)) == 500 and due(MONDAY + timedelta(days=7)) == 1_200


def test_once_a_month_is_the_first(mine, worker, earn):
    days = timedelta(days=payments.payout_days())
    wish(mine, worker, MONDAY, "month")
    earn(500, datetime(2027, 3, 2, 12, tzinfo=UTC) - days)
    assert due(datetime(2027, 3, 31, 12, tzinfo=UTC)) == 0 and due(datetime(2027, 4, 1, 12, tzinfo=UTC)) == 500


def test_what_is_held_or_too_little_is_paid_when_it_has_waited_too_long(mine, worker, earn):
    days = timedelta(days=payments.payout_days())
    wish(mine, worker, MONDAY, "hold")
    earn(500, MONDAY)
    end = MONDAY + days + timedelta(days=queries.longest_hold())
    assert due(end - timedelta(seconds=1)) == 0 and due(end) == 500
    wish(mine, worker, MONDAY, "day", least=501)
    assert due(end - timedelta(seconds=1)) == 0 and due(end) == 500


def test_nobody_is_alarmed_about_what_a_member_wants_to_wait_and_somebody_about_the_rest(mine, worker, earn):
    earn(500, MONDAY)
    late = MONDAY + timedelta(days=payments.payout_days() + 2)
    assert [one.kind for one in payments.alarms(late)] == ["owed"]
    assert payments.alarms(late - timedelta(seconds=1)) == []
    wish(mine, worker, MONDAY, "hold")
    assert payments.alarms(late) == []


def test_less_than_the_bylaws_let_come_together_cannot_be_wished(mine, worker, board, earn, set_rules):
    set_rules({"pay.least_payout": 2_000})
    earn(1_999, MONDAY)
    assert due(MONDAY + timedelta(days=30)) == 0
    with pytest.raises(services.NotSoLittle):
        wish(mine, worker, MONDAY, least=1_999)
    assert wish(mine, worker, MONDAY, least=2_000).least_minor == 2_000
    with pytest.raises(Refused):
        wish(mine, board, MONDAY, "hold")


@pytest.fixture
def many(inside, board, at):
    """Seven members who are owed something and have said where they are paid."""
    services.give(membership=None, name="Sparkle", iban=OWN, by=board, at=at)
    found = []
    for number in range(7):
        person = Person.objects.create(email=f"m{number}@sparkle.test", name=f"Member {number}")
        membership = admit(person=person, member_class="worker", by=board, at=at)
        by = members.principal(person_id=person.pk, channel=Channel.WEB)
        services.give(membership=membership, name=person.name, iban=DANA, by=by, at=at)
        legs = [ledger.debit("2100", euro(100 + number)), ledger.credit("2110", euro(100 + number), holder=membership.holder)]
        ledger.post(key=f"owe:{number}", narration="x", postings=legs, by=board, at=at)
        row = Payout(id=ids.new(), key=f"p{number}", holder=membership.holder, currency="EUR", amount_minor=100 + number,
                     provider="manual", state="unknown", reason="by_hand", asked_at=at)  # fmt: skip
        row.save()
        found.append(row)
    return found


@pytest.fixture
def approved(many, board, second, at):
    return services.approve(batch=services.make(pays_on=date(2027, 3, 3), by=board, at=at), by=second, at=at)


@pytest.fixture
def second(inside, board, at):
    person = Person.objects.create(email="tara@sparkle.test", name="Tara")
    admit(person=person, member_class="worker", by=board, at=at)
    Office.objects.create(person=person, office="treasurer", since=at.date(), named_by="test")
    return members.principal(person_id=person.pk, channel=Channel.WEB)


def test_a_file_that_the_bank_carried_out_is_booked_in_batches_by_two_people(approved, many, board, second, at, monkeypatch):
    monkeypatch.setattr("toadlane.money.payments.services.payouts.BATCH", 3)
    came = [ledger.debit("1100", euro(5_000), holder="manual"), ledger.credit("2100", euro(5_000))]
    ledger.post(key="came", narration="x", postings=came, by=board, at=at)
    with pytest.raises(services.WrongMoment, match="Its day has not come"):
        services.carried_out(batch=approved, by=board, at=at)
    services.carried_out(batch=approved, by=board, at=ITS_DAY)
    with pytest.raises(services.SecondPersonNeeded):
        services.carried_out(batch=approved, by=board, at=ITS_DAY)
    assert Payout.objects.filter(state="done").count() == 0
    services.carried_out(batch=approved, by=second, at=ITS_DAY)
    assert Payout.objects.filter(state="done").count() == 7 and books.balance("2110", "EUR") == euro(0)
    entries = JournalEntry.objects.filter(subject=f"payouts:bank-{approved.pk}")
    settled = [entry.postings.filter(account__code="1100").count() for entry in entries.order_by("pk")]
    assert settled == [1, 0, 0], "what the bank needs for all of them comes into it with the first"
    assert entries.count() == 3 and books.checks()["ledger.zero_sums"]().faults == []
    with pytest.raises(services.WrongMoment):
        services.carried_out(batch=approved, by=second, at=ITS_DAY)
    assert queries.to_send() == [] and Batch.objects.get().booked_at == ITS_DAY


def test_what_a_statement_booked_before_is_not_booked_again(approved, many, board, second, at):
    read(camt({"minor": -100, "e2e": many[0].pk.hex}, opening=10_000), board, at)
    for by in (board, second):
        services.carried_out(batch=approved, by=by, at=ITS_DAY)
    assert books.balance("2110", "EUR") == euro(0) and books.balance("2110", "EUR", many[0].holder) == euro(0)


def test_what_is_in_a_file_is_not_sent_by_hand_as_well(approved, many, board, second, at):
    with pytest.raises(by_hand.NotPossible, match="A file for the bank"):
        by_hand.record_sent(errand=many[0], by=board, at=at)
    services.carried_out(batch=approved, by=board, at=ITS_DAY)
    with pytest.raises(by_hand.NotPossible):
        by_hand.record_sent(errand=many[0], by=board, at=at)


def test_a_file_is_not_approved_when_something_in_it_was_sent_by_hand(many, board, second, at):
    batch = services.make(pays_on=date(2027, 3, 3), by=board, at=at)
    Payout.objects.filter(pk=many[0].pk).update(recorded_by=board.person_id)  # Recorded while the file was being made.
    with pytest.raises(services.SentOtherwise):
        services.approve(batch=batch, by=second, at=at)
    services.drop(batch=batch, by=second, at=at)
    again = services.make(pays_on=date(2027, 3, 3), by=board, at=at)
    assert services.approve(batch=again, by=second, at=at).count == len(many) - 1


def test_what_the_bank_did_not_carry_out_waits_again(approved, many, board, second, worker, at):
    with pytest.raises(services.WrongMoment, match="Before its day"):
        services.not_carried_out(batch=approved, by=board, at=at)
    its_day = at.replace(day=3)
    read(camt({"minor": -100, "e2e": many[0].pk.hex}, opening=10_000), board, at)
    with pytest.raises(Refused):
        services.not_carried_out(batch=approved, by=worker, at=its_day)
    services.not_carried_out(batch=approved, by=board, at=its_day)
    assert len(queries.to_send()) == len(many) - 1, "what a statement has booked is paid"
    with pytest.raises(services.WrongMoment):
        services.carried_out(batch=approved, by=board, at=its_day)
    by_hand.record_sent(errand=many[1], by=board, at=its_day)


def test_once_somebody_said_it_was_carried_out_it_is_not_called_off(approved, board, second, at):
    services.carried_out(batch=approved, by=board, at=ITS_DAY)
    with pytest.raises(services.WrongMoment):
        services.not_carried_out(batch=approved, by=second, at=at.replace(day=4))


def test_two_people_pay_from_a_file_on_the_pages(many, board, second, sparkle, bob, at):
    tara = browser(Person.objects.get(pk=second.person_id))
    one = services.make(pays_on=date(2027, 3, 3), by=board, at=at)
    root, bank, deed = "/c/sparkle/payments/", "/c/sparkle/bank/", f"/c/sparkle/bank/batches/{one.pk}/"
    name = payments.holder_name(many[0].holder)
    seen = browser(bob).get(root).content.decode()
    assert "Do not send it by hand as well" in seen and f'href="{bank}"' in seen
    shown = tara.get(bank).content.decode()
    assert "Who is paid" in shown and name in shown, "whoever approves sees whom it pays"
    assert "can be fetched" in tara.post(deed, {"deed": "approve"}, follow=True).content.decode()
    assert "From its day on" in browser(bob).get(bank).content.decode()
    Batch.objects.filter(pk=one.pk).update(pays_on=date(2020, 1, 1))  # Its day has come.
    browser(bob).post(deed, {"deed": "carried_out"})
    assert "All of it is booked" in tara.post(deed, {"deed": "carried_out"}, follow=True).content.decode()
    paid = browser(bob).get(root).content.decode()
    statement = f"/c/sparkle/billing/payouts/{many[0].pk}/"
    assert statement in paid, "the treasurer finds what a payout is made of"
    told = browser(bob).get(statement).content.decode()
    assert name in told and "What you earned" not in told, "and whose it is"


def test_over_the_api_a_file_can_be_said_not_to_be_carried_out(approved, sparkle, bob, charlie):
    address = f"/api/v1/coops/sparkle/bank/batches/{approved.pk}/not-carried-out"
    assert browser(charlie).post(address).status_code == 404
    Batch.objects.filter(pk=approved.pk).update(pays_on=date(2020, 1, 1))
    assert browser(bob).post(address).json()["booked_at"]


def test_a_file_that_nobody_approved_was_not_carried_out(many, board, at):
    batch = services.make(pays_on=date(2027, 3, 3), by=board, at=at)
    with pytest.raises(services.WrongMoment):
        services.carried_out(batch=batch, by=board, at=at)


def test_a_long_file_stands_in_blocks_and_is_the_same_twice(at, monkeypatch):
    monkeypatch.setattr(files, "BLOCK", 2)
    rows = [files.Transfer(f"Zoë {n}", DANA, 100 + n, "Payout", f"e{n}") for n in range(5)]
    one, two = (files.transfers(name="Ours", iban=OWN, on=date(2027, 3, 3), payments=rows, message="m", at=at) for _ in range(2))
    assert one == two and one.count(b"<PmtInf>") == 3 and one.count(b"<CdtTrfTxInf>") == 5 and b"Zoe 3" in one


def test_what_the_schema_does_not_know_is_not_given_out(at):
    with pytest.raises(files.NotValid):
        files.transfers(name="Ours", iban="no", on=date(2027, 3, 3), payments=[], message="m", at=at)


def test_a_member_says_on_a_page_and_over_the_api_when_they_are_paid(sparkle, mine, alice, bob, charlie):
    page = browser(alice).post("/c/sparkle/bank/mine/", {"every": "month", "least_minor": "100.00"})
    assert page.status_code == 302
    told = browser(alice).get("/api/v1/coops/sparkle/bank/wishes").json()
    assert told == [{"membership": mine.pk, "every": "month", "least_minor": 10_000, "longest_hold_days": 180}]
    said = {"membership": mine.pk, "every": "never", "least_minor": 0}
    url = "/api/v1/coops/sparkle/bank/wishes"
    assert browser(alice).put(url, said, content_type="application/json").status_code == 422
    assert browser(bob).put(url, {**said, "every": "day"}, content_type="application/json").status_code == 404
    assert browser(charlie).get(url).status_code in (403, 404)
    wrong = browser(alice).post("/c/sparkle/bank/mine/", {"every": "week", "least_minor": "-1"})
    assert wrong.status_code == 422 and b'value="-1"' in wrong.content
