"""Joining by paying: fee and first share as one payment, and a membership that begins with it where the bylaws say so."""

from datetime import date, timedelta

import pytest

from tests.conftest import browser, run_jobs
from tests.money.payments.cards import card
from tests.ownership.shares.conftest import ORDINARY, pay
from toadlane.money.ledger import queries as books
from toadlane.money.payments import services as payments
from toadlane.ownership.shares import queries, services
from toadlane.ownership.shares.models import Redemption
from toadlane.ownership.shares.policies import subscriptions
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as rules
from toadlane.society.bylaws.rules.patches import Op, Patch
from toadlane.society.members import queries as members
from toadlane.society.members import services as memberships
from toadlane.society.members.models import Standing
from toadlane.society.people.models import Person

pytestmark = pytest.mark.django_db
REAL = pytest.mark.django_db(transaction=True)  # Cards and jobs are asked outside of any transaction.


@pytest.fixture
def begins_paid(inside, at):
    number = bylaws.book().number
    rules.enact(
        patch=Patch(number, (Op("members.begins", "agreed", "paid"),)), decision="2027-begins", passed_by="special",
        by=Principal.job(inside.pk, "enactment"), at=at,
    )  # fmt: skip


@pytest.fixture
def accepted(inside, board, at):
    """Somebody who applied and was accepted; with how they are here."""

    def make(name):
        person = Person.objects.create(email=f"{name.lower()}@sparkle.test", name=name)
        by = members.principal(person_id=person.pk, channel=Channel.WEB)
        answers = {one.id: "Yes" for one in members.member_classes()["worker"].questions}
        applied = memberships.apply(person=person, member_class="worker", answers=answers, by=by, at=at)
        return memberships.accept(application=applied, by=board, at=at), by

    return make


def agree(who, at):
    return memberships.agree_to_bylaws(membership=who[0], version=bylaws.book().number, by=who[1], at=at)


def join(who, at, key="first", **more):
    about = {"membership": who[0], "share_class": "ordinary", "shares": 1, "method": "card", "key": key}
    return services.subscribe(**about, **more, by=who[1], at=at)


@REAL
def test_a_membership_begins_with_its_payment_where_the_bylaws_say_so(shares, set_rules, begins_paid, accepted, job, at):
    set_rules(entry_fee=1000)
    dana = accepted("Dana")
    with pytest.raises(Refused):
        join(dana, at)
    assert agree(dana, at).standing == Standing.ACCEPTED and dana[0].number is None
    placed = join(dana, at)
    assert placed.payment.amount.minor == 3500, "fee and share as one payment"
    pay(placed, dana[1], at + timedelta(days=3), job)
    dana[0].refresh_from_db()
    assert dana[0].is_member and dana[0].number and dana[0].joined_on == date(2027, 3, 4)
    assert tuple(books.balance(code, "EUR").minor for code in ("3100", "3000", "2100")) == (-1000, -2500, 0)
    memberships.begin(membership=dana[0], by=job, at=at + timedelta(days=9))
    assert dana[0].joined_on == date(2027, 3, 4), "begun once"


def test_where_the_bylaws_do_not_say_so_agreeing_is_enough(shares, accepted, at):
    dana = accepted("Dana")
    assert agree(dana, at).is_member


@REAL
def test_whoever_joins_takes_what_is_needed_before_it_begins(set_rules, begins_paid, accepted, job, at):
    set_rules(classes=[{**ORDINARY, "min": 3}])
    dana = accepted("Dana")
    agree(dana, at)
    pay(join(dana, at), dana[1], at, job)
    dana[0].refresh_from_db()
    assert not dana[0].is_member
    placed = services.subscribe(
        membership=dana[0], share_class="ordinary", shares=2, method="card", key="rest", by=dana[1], at=at
    )
    pay(placed, dana[1], at, job)
    dana[0].refresh_from_db()
    assert dana[0].is_member


@REAL
def test_where_nothing_is_to_be_paid_it_begins_by_itself(begins_paid, accepted, at):
    dana = accepted("Dana")
    agree(dana, at)
    with outside():
        run_jobs()
    dana[0].refresh_from_db()
    assert dana[0].is_member


@REAL
def test_what_comes_after_a_withdrawal_is_queued_to_go_back(shares, begins_paid, accepted, at):
    dana = accepted("Dana")
    agree(dana, at)
    placed = join(dana, at)
    memberships.withdraw(application=dana[0].application, by=dana[1], at=at)
    payments.authorise(payment=placed.payment, instrument=card(), by=dana[1], at=at)
    with outside():
        run_jobs()
    assert Redemption.objects.get().shares == 1 and queries.register_equals_ledger().faults == []


def test_the_fee_is_never_more_than_its_part_of_the_compulsory_shares(set_rules, member, at):
    set_rules(classes=[{**ORDINARY, "min": 2}], entry_fee=1251, entry_fee_most="1/4")
    dana, _by = member("Dana")
    assert queries.entry_fee(dana, queries.share_classes()["ordinary"]) == 1250
    set_rules(entry_fee=1249)
    assert queries.entry_fee(dana, queries.share_classes()["ordinary"]) == 1249


@pytest.mark.parametrize(("lines", "since"), [
    ([], None),
    ([(date(2027, 3, 1), 3000)], date(2032, 3, 2)),
    ([(date(2027, 3, 1), 3000), (date(2028, 3, 1), 500), (date(2028, 4, 1), -3000)], date(2033, 3, 2)),
    ([(date(2027, 3, 1), 3000), (date(2028, 4, 1), -2999)], date(2032, 3, 2)),
    ([(date(2027, 3, 1), 3000), (date(2028, 4, 1), -3000)], None),
])  # fmt: skip
def test_the_oldest_rest_is_paid_first_and_late_after_its_months(lines, since):
    assert subscriptions.late_from(lines, 60) == since


def test_the_desk_says_what_joining_costs_and_the_page_takes_it(shares, set_rules, begins_paid, accepted, charlie, at):
    set_rules(entry_fee=1000)
    dana = accepted("Dana")
    person = Person.objects.get(pk=dana[1].person_id)
    page, pk = browser(person), dana[0].pk
    assert "I agree to version" in page.get("/c/sparkle/members/mine/").content.decode()
    assert page.get(f"/c/sparkle/shares/{pk}/take/ordinary/").status_code == 404
    agree(dana, at)
    assert "You have agreed to the bylaws." in page.get("/c/sparkle/members/mine/").content.decode()
    assert "€35.00" in page.get("/c/sparkle/members/desk/").content.decode()
    assert "€10.00" in page.get(f"/c/sparkle/shares/{pk}/take/ordinary/").content.decode()
    assert page.get("/c/sparkle/shares/").status_code == 200
    assert browser(charlie).get(f"/c/sparkle/shares/{pk}/take/ordinary/").status_code == 404


@REAL
def test_a_certificate_is_a_file_and_the_same_one_all_day(shares, take, member, board, worker, at):
    dana = member("Dana")
    with pytest.raises(services.NoneHeld):
        services.certificate(membership=dana[0], share_class="ordinary", by=dana[1], at=at)
    take(dana, 2)
    first = services.certificate(membership=dana[0], share_class="ordinary", by=dana[1], at=at)
    assert first.startswith(b"%PDF")
    assert services.certificate(membership=dana[0], share_class="ordinary", by=board, at=at + timedelta(hours=5)) == first
    with pytest.raises(Refused):
        services.certificate(membership=dana[0], share_class="ordinary", by=worker, at=at)
