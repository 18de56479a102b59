"""The register of shares: what is in it was paid for, stays in it, and says what the books say."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.conftest import browser, run_jobs
from tests.money.payments.cards import card, euro
from tests.ownership.shares.conftest import ORDINARY, pay
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as payouts
from toadlane.money.payments import services as payments
from toadlane.money.payments.services import by_hand
from toadlane.ownership.shares import queries, services
from toadlane.ownership.shares.models import Movement, Redemption
from toadlane.ownership.shares.policies.subscriptions import BelowMinimumPayment
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.members import services as members

pytestmark = pytest.mark.django_db(transaction=True)


def balances(*codes):
    return tuple(books.balance(code, "EUR").minor for code in codes)


def agree():
    return queries.register_equals_ledger().faults == []


def test_shares_are_in_the_register_when_they_are_paid_and_once(take, member):
    dana = member("Dana")
    wanted = take(dana, 2)
    services.settle(subscription=wanted, by=services_job(dana), at=wanted.paid_at)
    held = queries.holding(dana[0].pk, "ordinary")
    assert (held.shares, held.nominal, held.unpaid) == (2, euro(5000), euro(0))
    assert balances("3000", "1300", "2100") == (-5000, 0, 0) and agree()


def services_job(who):
    from toadlane.plumbing.access.principals import Principal

    return Principal.job(who[1].coop_id)


def test_the_money_that_comes_by_a_job_enters_them(shares, member, at):
    dana, by = member("Dana")
    about = {"membership": dana, "share_class": "ordinary", "shares": 1, "method": "card", "key": "k", "by": by, "at": at}
    placed = services.subscribe(**about)
    assert services.subscribe(**about).subscription.pk == placed.subscription.pk, "asked twice with one intent"
    assert queries.holding(dana.pk, "ordinary").shares == 0
    payments.authorise(payment=placed.payment, instrument=card(), by=by, at=at)
    with outside():
        run_jobs()
    assert queries.holding(dana.pk, "ordinary").shares == 1 and agree()


def test_a_quarter_at_once_and_the_rest_later(take, member, job, at):
    dana = member("Dana")
    take(dana, 3, paid_rate="1/4")
    held = queries.holding(dana[0].pk, "ordinary")
    assert (held.nominal.minor, held.unpaid.minor) == (7500, 5625)
    assert balances("3000", "1300") == (-7500, 5625) and agree()
    rest = services.pay_rest(membership=dana[0], share_class="ordinary", method="card", key="rest", by=dana[1], at=at)
    pay(rest, dana[1], at, job)
    assert queries.holding(dana[0].pk, "ordinary").unpaid.minor == 0 and balances("1300", "2100") == (0, 0) and agree()
    with pytest.raises(services.NothingUnpaid):
        services.pay_rest(membership=dana[0], share_class="ordinary", method="card", key="again", by=dana[1], at=at)


def test_less_than_the_least_at_once_is_refused(shares, member, at):
    dana, by = member("Dana")
    with pytest.raises(BelowMinimumPayment):
        services.subscribe(
            membership=dana, share_class="ordinary", shares=1, method="card", key="k", paid_rate="0.24", by=by, at=at
        )


def test_the_entry_fee_goes_to_the_reserve_once(shares, set_rules, take, member):
    set_rules(entry_fee=1000)
    dana = member("Dana")
    take(dana, 1)
    take(dana, 1, key="two")
    assert balances("3100", "3000") == (-1000, -5000) and agree()


def test_nobody_holds_more_than_the_rule_says_once_three_do(take, member, set_rules):
    people = [member(name) for name in ("Dana", "Eli", "Fay")]
    for who in people:
        take(who, 10)
    set_rules(most_of_capital="1/2")
    take(people[0], 10, key="to-the-edge")  # 20 of 40.
    with pytest.raises(services.BeyondTheCap):
        take(people[0], 1, key="over")


def test_a_class_has_a_largest_number(shares, member, at):
    dana, by = member("Dana")
    with pytest.raises(services.BeyondTheCap):
        services.subscribe(membership=dana, share_class="ordinary", shares=101, method="card", key="k", by=by, at=at)


def test_nobody_takes_shares_for_somebody_else_or_that_are_not_there(shares, member, worker, at):
    dana, by = member("Dana")
    with pytest.raises(Refused):
        services.subscribe(membership=dana, share_class="ordinary", shares=1, method="card", key="k", by=worker, at=at)
    with pytest.raises(services.NotOnOffer):
        services.subscribe(membership=dana, share_class="golden", shares=1, method="card", key="k", by=by, at=at)


def test_shares_pass_to_a_member_at_their_price_and_once(take, member, at):
    dana, eli = member("Dana"), member("Eli")
    take(dana, 3)
    for _ in range(2):
        services.transfer(membership=dana[0], to=eli[0], share_class="ordinary", shares=2, key="gift", by=dana[1], at=at)
    assert queries.holding(dana[0].pk, "ordinary").shares == 1
    assert queries.holding(eli[0].pk, "ordinary").nominal == euro(5000)
    assert queries.capital() == euro(7500) and agree()
    for to, count, error in ((dana[0], 1, services.NotYours), (eli[0], 2, services.NotEnoughShares)):
        with pytest.raises(error):
            services.transfer(membership=dana[0], to=to, share_class="ordinary", shares=count, key="x", by=dana[1], at=at)


def test_unpaid_shares_neither_pass_on_nor_come_back(take, member, at):
    dana, eli = member("Dana"), member("Eli")
    take(dana, 3, paid_rate="1/4")
    with pytest.raises(services.StillUnpaid):
        services.transfer(membership=dana[0], to=eli[0], share_class="ordinary", shares=1, key="x", by=dana[1], at=at)
    with pytest.raises(services.StillUnpaid):
        services.ask_back(membership=dana[0], share_class="ordinary", shares=1, by=dana[1], at=at)


def test_capital_comes_back_in_order_within_the_limit_by_two_people(take, member, board, make_officer, set_rules, job, at):
    people = [member(name) for name in ("Dana", "Eli")]
    for who in people:
        take(who, 20)
    set_rules(withdrawal_limit="1/4")  # 10 of 40 shares a year.
    asked = [
        services.ask_back(membership=who[0], share_class="ordinary", shares=8, by=who[1], at=at + timedelta(minutes=n))
        for n, who in enumerate(people)
    ]
    approved = services.approve_due(by=board, at=at)
    assert [(one.pk, one.shares) for one in approved] == [(asked[0].pk, 8), (asked[1].pk, 2)]
    assert queries.redemptions().filter(state="waiting").get().shares == 6
    assert services.approve_due(by=board, at=at) == [], "the year's limit is used up"
    assert balances("3000", "2400") == (-75_000, -25_000) and agree()
    waiting = {one.holder: one for one in payouts.payouts()}
    assert [(one.code, one.amount_minor) for one in waiting.values()] == [("2400", 20_000), ("2400", 5_000)]
    payout = waiting[people[0][0].holder]
    by_hand.record_sent(errand=payout, by=board, at=at)
    with pytest.raises(by_hand.SecondPersonNeeded):
        by_hand.confirm_sent(errand=payout, by=board, at=at)
    by_hand.confirm_sent(errand=payout, by=make_officer("Gus"), at=at)
    services.note_paid(by=job, at=at)
    assert [one.state for one in queries.redemptions()] == ["paid", "approved", "waiting"]
    assert balances("2400") == (-5000,) and queries.promised_equals_ledger().faults == []
    assert services.approve_due(by=board, at=at.replace(year=2028))[0].shares == 6, "a new year, a new limit"


def test_the_floor_of_the_capital_holds(take, member, board, set_rules, at):
    dana = member("Dana")
    take(dana, 20)
    set_rules(withdrawal_limit="1", least_capital=40_000)
    services.ask_back(membership=dana[0], share_class="ordinary", shares=10, by=dana[1], at=at)
    assert [one.shares for one in services.approve_due(by=board, at=at)] == [4]


def test_strict_is_whole_or_wait(take, member, board, set_rules, at):
    dana = member("Dana")
    take(dana, 20)
    set_rules(withdrawal_limit="0.40", queue="fifo_strict")
    services.ask_back(membership=dana[0], share_class="ordinary", shares=9, by=dana[1], at=at)
    assert services.approve_due(by=board, at=at) == []


def test_a_member_keeps_the_least_and_cannot_ask_twice_for_one_share(take, member, at):
    dana = member("Dana")
    take(dana, 3)
    one = services.ask_back(membership=dana[0], share_class="ordinary", shares=2, by=dana[1], at=at)
    with pytest.raises(services.NotEnoughShares):
        services.ask_back(membership=dana[0], share_class="ordinary", shares=1, by=dana[1], at=at)
    services.take_back(redemption=one, by=dana[1], at=at)
    services.ask_back(membership=dana[0], share_class="ordinary", shares=2, by=dana[1], at=at)


def test_whoever_leaves_is_queued_with_all_they_hold(take, member, job, at):
    dana, by = member("Dana")
    take((dana, by), 3)
    members.give_notice(membership=dana, by=by, at=at)
    members.complete_exit(membership=dana, by=job, at=at + timedelta(days=31))
    with outside():
        run_jobs()
    assert Redemption.objects.get().shares == 3


def test_the_register_is_never_rewritten_and_never_below_nothing(take, member):
    dana = member("Dana")
    take(dana, 1)
    line = Movement.objects.get()
    for deed in (
        lambda: Movement.objects.update(shares=100),
        lambda: Movement.objects.all()._raw_delete("default"),
        lambda: Movement.objects.create(
            membership=line.membership, share_class="ordinary", kind="given", shares=-2, currency="EUR", nominal_minor=-5000,
            key="x", rule_version=1, on=line.on, at=line.at, by="x",
        ),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()


def test_a_line_that_the_books_do_not_know_shows(take, member):
    dana = member("Dana")
    take(dana, 1)
    line = Movement.objects.get()
    Movement.objects.create(
        membership=line.membership, share_class="ordinary", kind="subscribed", shares=1, currency="EUR", nominal_minor=2500,
        key="smuggled", rule_version=1, on=line.on, at=line.at, by="x",
    )  # fmt: skip
    assert not agree()


def test_the_pages_lead_from_wish_to_certificate(shares, sparkle, alice, bob, charlie):
    page = browser(alice)
    own = page.get("/c/sparkle/shares/").content.decode()
    assert "Take your first share" in own and ORDINARY["names"]["en"] in own
    from toadlane.society.members.queries import of_person

    pk = of_person(alice.pk).get().pk
    form = page.get(f"/c/sparkle/shares/{pk}/take/ordinary/").content.decode()
    key = form.split('name="key" value="')[1].split('"')[0]
    wrong = page.post(f"/c/sparkle/shares/{pk}/take/ordinary/", {"shares": "0", "method": "card", "paid_rate": "1", "key": key})
    assert wrong.status_code == 422
    sent = page.post(
        f"/c/sparkle/shares/{pk}/take/ordinary/", {"shares": "2", "method": "transfer", "paid_rate": "1", "key": key}
    )
    assert "Now send the money" in page.get(sent.headers["Location"]).content.decode()
    assert page.get(f"/c/sparkle/shares/{pk}/certificate/ordinary/").status_code == 404
    assert browser(bob).get("/c/sparkle/shares/register/").status_code == 200
    for many in ("0", "-1", "1e3", ""):
        said = page.post(f"/c/sparkle/shares/{pk}/ask-back/ordinary/", {"shares": many}, follow=True).content.decode()
        assert "a whole number from 1 on" in said and "more than this member holds" not in said
    assert browser(bob).get(f"/c/sparkle/shares/{pk}/take/ordinary/").status_code == 404
    for path in ("", "register/", "queue/", f"{pk}/take/ordinary/"):
        assert browser(charlie).get(f"/c/sparkle/shares/{path}").status_code in (403, 404)
