"""What is paid late bears interest; who leaves is repaid in the parts that the bylaws say, with interest on what is left."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import browser
from tests.ownership.shares.conftest import pay
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as payouts
from toadlane.money.payments import services as paying
from toadlane.money.payments.services import by_hand
from toadlane.ownership.shares import queries, services
from toadlane.ownership.shares.models import Part
from toadlane.ownership.shares.policies.subscriptions import late_interest
from toadlane.plumbing.access.principals import Principal

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("today", "owed"),
    [(date(2028, 3, 1), 0), (date(2028, 3, 2), 1), (date(2029, 3, 1), 500), (date(2027, 1, 1), 0)],
)
def test_interest_begins_the_day_after_the_last_one_and_is_of_a_year_after_365(today, owed):
    assert late_interest([(DAY, 10_000)], months=12, yearly="0.05", today=today) == owed


def test_what_was_paid_in_bears_no_interest_and_each_rest_has_its_own_day():
    lines = [(DAY, 10_000), (DAY.replace(year=2028), 20_000), (DAY.replace(year=2028, month=4), -10_000)]
    at_end = DAY.replace(year=2030)
    assert late_interest(lines, months=12, yearly="0.05", today=at_end) == 1_000, "the first is paid, the second a year late"
    assert late_interest(lines[:2], months=12, yearly="0.05", today=at_end) == 2_000, "the first two years, the second one"


def test_who_pays_the_rest_late_pays_interest_with_it(take, member, set_rules, job, at, alice):
    set_rules(rest_months=12, rest_interest="0.05")
    dana = member("Dana")
    take(dana, 8, paid_rate="1/2")
    due, late = at.replace(year=2028), at.replace(year=2029)
    for day, interest in ((due, 0), (late, 500)):
        assert queries.late_interest(dana[0].pk, "ordinary", day.date()).minor == interest
    about = {"membership": dana[0], "share_class": "ordinary", "method": "card", "by": dana[1]}
    placed = services.pay_rest(**about, key="rest", at=late)
    assert (placed.subscription.to_pay.minor, placed.payment.amount_minor) == (10_500, 10_500)
    pay(placed, dana[1], late, job)
    assert books.balance("4900", "EUR").minor == -500 and books.balance("1300", "EUR").minor == 0
    assert books.balance("2100", "EUR").minor == 0 and queries.register_equals_ledger().faults == []
    with pytest.raises(services.NothingUnpaid):
        services.pay_rest(**about, key="again", at=late)


def test_where_the_bylaws_ask_for_none_there_is_none(take, member, set_rules, at):
    set_rules(rest_months=12)
    dana = member("Dana")
    take(dana, 8, paid_rate="1/2")
    assert queries.late_interests([dana[0].pk], at.replace(year=2030).date()) == {}


@pytest.fixture
def promised(take, member, set_rules, board, retire, at):
    """Dana has left with 250.00, to be repaid in three years with four per cent on what is left."""
    set_rules(withdrawal_limit="1", exit_years=3, exit_interest="0.04")
    dana = member("Dana")
    take(dana, 10)
    retire(dana)
    services.approve_due(by=board, at=at.replace(month=5))
    return dana


def test_who_leaves_is_promised_equal_parts_with_interest_on_what_is_left(promised):
    parts = list(queries.parts())
    assert [one.due_on.isoformat() for one in parts] == ["2028-05-01", "2029-05-01", "2030-05-01"]
    assert [one.principal_minor for one in parts] == [8_334, 8_333, 8_333]
    assert [one.interest_minor for one in parts] == [1_000, 667, 333]
    assert payouts.payouts().count() == 0 and queries.promised_equals_ledger().faults == []


def test_each_part_goes_out_on_its_day_and_interest_is_owed_from_then(promised, job, board, make_officer, at):
    assert services.hand_over_due(by=job, at=at.replace(year=2028, month=4, day=30)) == 0
    day, second = at.replace(year=2028, month=5), make_officer("Gus")
    assert [services.hand_over_due(by=job, at=day) for _ in range(2)] == [1, 0]
    assert [(one.code, one.amount_minor) for one in payouts.payouts().order_by("code")] == [("2400", 8_334), ("2420", 1_000)]
    assert (books.balance("6500", "EUR").minor, books.balance("2420", "EUR").minor) == (1_000, -1_000)
    for payout in payouts.payouts():
        by_hand.record_sent(errand=payout, by=board, at=day)
        by_hand.confirm_sent(errand=payout, by=second, at=day)
    services.note_paid(by=job, at=day)
    [one] = queries.redemptions()
    assert (one.state, [part.paid_at for part in one.parts.all()]) == ("approved", [day, None, None])
    assert books.balance("2400", "EUR").minor == -16_666 and queries.promised_equals_ledger().faults == []
    end = at.replace(year=2030, month=6)
    assert services.hand_over_due(by=job, at=end) == 2
    for payout in payouts.payouts().filter(settled_at=None):
        by_hand.record_sent(errand=payout, by=board, at=end)
        by_hand.confirm_sent(errand=payout, by=second, at=end)
    services.note_paid(by=job, at=end)
    assert queries.redemptions().get().state == "paid" and books.balance("2420", "EUR").minor == 0


def test_a_part_whose_bank_sends_it_back_is_promised_again(promised, job, board, make_officer, at):
    day, second, bank = at.replace(year=2030, month=6), make_officer("Gus"), Principal.job(job.coop_id, "bank")
    services.hand_over_due(by=job, at=day)

    def send():
        for payout in payouts.payouts().filter(settled_at=None):
            by_hand.record_sent(errand=payout, by=board, at=day)
            by_hand.confirm_sent(errand=payout, by=second, at=day)
        services.note_paid(by=job, at=day)

    send()
    assert queries.redemptions().get().state == "paid"
    whole = payouts.payouts().filter(code="2400").order_by("-amount_minor")[0]
    assert paying.payout_came_back(payout=whole, by=bank, at=day)
    services.note_came_back(subject=whole.subject, by=job, at=day)
    assert not paying.payout_came_back(payout=whole, by=bank, at=day), "it waits already"
    assert (queries.redemptions().get().state, books.balance("2400", "EUR").minor) == ("approved", -whole.amount_minor)
    assert queries.promised_equals_ledger().faults == []
    send()
    assert (queries.redemptions().get().state, books.balance("2400", "EUR").minor) == ("paid", 0)
    assert queries.promised_equals_ledger().faults == []


def test_who_stays_is_repaid_at_once(take, member, set_rules, board, at):
    set_rules(withdrawal_limit="1", exit_years=3, exit_interest="0.04")
    dana = member("Dana")
    take(dana, 10)
    services.ask_back(membership=dana[0], share_class="ordinary", shares=4, by=dana[1], at=at)
    services.approve_due(by=board, at=at)
    assert [(one.due_on, one.principal_minor, one.interest_minor) for one in queries.parts()] == [(at.date(), 10_000, 0)]
    assert payouts.payouts().get().amount_minor == 10_000


def test_a_promise_stays_as_it_was_made(promised):
    for change in ({"principal_minor": 1}, {"interest_minor": 0}, {"due_on": DAY}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Part.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Part.objects.all()._raw_delete("default")


def test_what_a_leaver_never_paid_in_is_taken_off_and_nobody_waits_for_it(take, member, set_rules, board, retire, at):
    set_rules(withdrawal_limit="1")
    dana = member("Dana")
    take(dana, 8, paid_rate="1/4")
    assert [one.shares for one in retire(dana)] == [8]
    [one] = services.approve_due(by=board, at=at + timedelta(days=40))
    assert (one.amount.minor, one.unpaid_minor) == (5_000, 15_000)
    assert (books.balance("3000", "EUR").minor, books.balance("1300", "EUR").minor) == (0, 0)
    assert queries.register_equals_ledger().faults == [] and queries.holdings() == []


def test_member_and_office_see_what_is_due_when(promised, bob, board, charlie, at):
    dana = promised[0]
    page = browser(bob).get("/c/sparkle/shares/queue/").content.decode()
    assert "83.34" in page and "10.00" in page and "Record that it was sent" not in page
    told = browser(bob).get("/api/v1/coops/sparkle/shares/redemptions").json()["items"][0]
    assert (told["cause"], [part["principal"]["minor"] for part in told["parts"]]) == ("left", [8_334, 8_333, 8_333])
    assert told["membership"] == dana.pk
    assert browser(charlie).get("/c/sparkle/shares/queue/").status_code in (403, 404)
