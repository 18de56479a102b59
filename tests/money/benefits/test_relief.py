"""Emergency help with a one-use code, and the register of pledges."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.money.benefits.conftest import PHONE, of
from tests.money.payments.cards import euro
from toadlane.money.benefits import queries, services
from toadlane.money.benefits.models import Batch, Pledge, Relief, ReliefCode
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.members import queries as members

pytestmark = pytest.mark.django_db
SAID = {"name": "Rose", "phone": PHONE, "need": "My daughter is ill.", "is_true": True, "way": "cash", "account": ""}


@pytest.fixture
def nobody(inside):
    return members.principal(person_id=None, channel=Channel.WEB)


@pytest.fixture
def code(inside, fund, board, at):
    return services.make_codes(count=1, by=board, at=at)[0]


def ask(code, nobody, at, **more):
    return services.ask_help(code=code, by=nobody, at=at, **SAID | more)


def test_a_code_works_once_and_nothing_is_paid_before_a_second_person_approves(code, nobody, fund, board, dora, at):
    made = ask(code.lower().replace("-", " "), nobody, at)
    assert made.amount == euro(40_000) and made.attested_at == at
    with pytest.raises(services.NotACode):
        ask(code, nobody, at)
    batch = services.prepare(by=board, at=at)
    with pytest.raises(services.SecondPersonNeeded):
        services.approve(batch=batch, by=board, at=at)
    assert queries.fund_left("EUR") == euro(100_000) and Relief.objects.get().state == "asked"
    for _twice in range(2):
        services.approve(batch=batch, by=dora, at=at)
    assert queries.fund_left("EUR") == euro(60_000) and Relief.objects.get().state == "paid"
    assert books.balance("1000", "EUR") == euro(60_000)


@pytest.mark.parametrize(("later", "fine"), [(timedelta(days=90) - timedelta(seconds=1), True), (timedelta(days=90), False)])
def test_a_code_lapses(code, nobody, at, later, fine):
    if fine:
        assert ask(code, nobody, at + later)
    else:
        with pytest.raises(services.NotACode):
            ask(code, nobody, at + later)


@pytest.mark.parametrize(
    ("given", "error"),
    [({"is_true": False}, services.NotAttested), ({"need": " "}, services.NeedMissing), ({"name": ""}, services.NotAName),
     ({"way": "transfer"}, services.WhereTo), ({"phone": "12"}, services.NotAPhone)],
)  # fmt: skip
def test_what_is_missing_is_said_and_the_code_is_not_spent(code, nobody, at, given, error):
    with pytest.raises(error):
        ask(code, nobody, at, **given)
    assert ask(code, nobody, at)


def spend(inside, minor, at):
    ledger.post(
        key=f"spent {minor}", narration="Help decided by all", by=Principal.job(inside.pk), at=at,
        postings=[ledger.debit("2152", euro(minor), purpose="emergency_grant"), ledger.credit("1000", euro(minor))],
    )  # fmt: skip


def test_no_more_codes_are_made_than_the_fund_can_keep(inside, nobody, fund, board, at):
    [first] = services.make_codes(count=1, by=board, at=at)
    with pytest.raises(services.FundTooSmallForCodes) as refused:
        services.make_codes(count=2, by=board, at=at)
    assert "1" in refused.value.hint and ReliefCode.objects.count() == 1
    ask(first, nobody, at)
    services.make_codes(count=1, by=board, at=at)
    with pytest.raises(services.FundTooSmallForCodes):
        services.make_codes(count=1, by=board, at=at)
    services.make_codes(count=1, by=board, at=at + timedelta(days=90))
    services.decline(request=Relief.objects.get(), reason="It is well again.", by=board, at=at)
    services.make_codes(count=1, by=board, at=at + timedelta(days=90))


def test_an_empty_fund_makes_no_code(inside, board, at):
    with pytest.raises(services.FundTooSmallForCodes):
        services.make_codes(count=1, by=board, at=at)


@pytest.mark.django_db(transaction=True)
def test_two_who_make_codes_at_once_promise_the_same_money_once(fund, board, inside, at):
    met, done = threading.Barrier(2), []

    def go():
        with scope(inside.pk):
            met.wait()
            try:
                done.append(services.make_codes(count=2, by=board, at=at))
            except services.FundTooSmallForCodes:
                done.append(None)
            finally:
                connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in done if one]) == 1 and len(done) == 2 and ReliefCode.objects.count() == 2


def test_the_fund_is_never_overdrawn(inside, nobody, fund, board, dora, at):
    for code in services.make_codes(count=2, by=board, at=at):
        ask(code, nobody, at)
    spend(inside, 40_000, at)
    batch = services.prepare(by=board, at=at)
    with pytest.raises(services.FundTooSmall):
        services.approve(batch=batch, by=dora, at=at)
    services.drop(batch=batch, by=dora, at=at)
    services.decline(request=Relief.objects.order_by("-pk")[0], reason="The fund is empty.", by=dora, at=at)
    services.approve(batch=services.prepare(by=board, at=at), by=dora, at=at)
    assert queries.fund_left("EUR") == euro(20_000)


def test_codes_are_kept_nowhere_and_made_by_who_helps(inside, board, worker, at):
    ledger.post(
        key="gift", narration="A gift", by=Principal.job(inside.pk), at=at,
        postings=[ledger.debit("1000", euro(4_000_000)), ledger.credit("2152", euro(4_000_000))],
    )  # fmt: skip
    codes = services.make_codes(count=100, by=board, at=at)
    assert len(set(codes)) == 100 and not ReliefCode.objects.filter(digest__in=codes).exists()
    for wrong in (0, 101):
        with pytest.raises(services.TooManyAtOnce):
            services.make_codes(count=wrong, by=board, at=at)
    with pytest.raises(Refused):
        services.make_codes(count=1, by=worker, at=at)


def test_the_database_itself_pays_nothing_unapproved_and_takes_no_code_twice(code, nobody, board, at):
    made = ask(code, nobody, at)
    services.prepare(by=board, at=at)
    for change in ({"state": "paid"}, {"amount_minor": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Relief.objects.filter(pk=made.pk).update(**change)
    for again in (None, at + timedelta(days=1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReliefCode.objects.update(used_at=again)
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.update(approved_by=board.person_id, approved_at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Relief.objects.all().delete()


@pytest.mark.parametrize(("days", "kept"), [(399, "Rose"), (400, "")])
def test_who_was_helped_and_why_is_forgotten_and_the_amount_stays(code, nobody, fund, board, dora, timer, at, days, kept):
    ask(code, nobody, at)
    services.approve(batch=services.prepare(by=board, at=at), by=dora, at=at)
    services.forget_old_help(by=timer, at=at + timedelta(days=days))
    assert (Relief.objects.get().name, Relief.objects.get().amount_minor) == (kept, 40_000)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_send_the_same_code_at_once_one_is_first(code, inside, at):
    met, done = threading.Barrier(4), []

    def go():
        with scope(inside.pk):
            met.wait()
            try:
                done.append(ask(code, members.principal(person_id=None, channel=Channel.WEB), at))
            except services.NotACode:
                done.append(None)
            finally:
                connection.close()

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in done if one]) == 1 and len(done) == 4 and Relief.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_for_the_same_credits_at_once_as_many_get_them_as_there_are(inside, rose, clients, promise, at):
    promise(clients[0], rose, 13_000)
    met, got, own = threading.Barrier(4), [], of(rose.person)

    def go(n):
        with scope(inside.pk):
            met.wait()
            try:
                got.append(services.take(wallet=rose, what="half_day", way="cash", key=f"k{n}", by=own, at=at))
            except services.NotEnough:
                got.append(None)
            finally:
                connection.close()

    threads = [threading.Thread(target=go, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 4 and len([one for one in got if one]) == 2
    assert queries.available(rose) == euro(1_000)


ACTIONS = {"safety": "Gloves and masks for everybody.", "livable_wage": "Twenty euros an hour."}


def test_a_pledge_is_read_by_the_board_shown_and_shown_as_ended(clients, worker, board, nobody, at):
    by = of(clients[0])
    made = services.pledge(name="Client 0", actions=ACTIONS, by=by, at=at)
    assert not queries.pledges(nobody).exists() and queries.pledges(by).get() == made == queries.pledges(board).get()
    with pytest.raises(Refused):
        services.show(pledge=made, by=by, at=at)
    services.show(pledge=made, by=board, at=at)
    assert queries.promised(queries.pledges(nobody).get()) == [
        ("Safety", ACTIONS["safety"]),
        ("A livable wage", ACTIONS["livable_wage"]),
    ]
    with pytest.raises(Refused):
        services.end_pledge(pledge=made, by=worker, at=at)
    with pytest.raises(services.ReasonNeeded):
        services.end_pledge(pledge=made, by=board, at=at)
    services.end_pledge(pledge=made, by=by, at=at + timedelta(days=40))
    ended = queries.pledges(nobody).get()
    assert (ended.state, ended.since.isoformat(), ended.ended_on.isoformat()) == ("ended", "2027-03-01", "2027-04-10")
    with pytest.raises(services.NotShown):
        services.show(pledge=made, by=board, at=at)


def test_a_pledge_acts_on_two_values_or_more_that_the_bylaws_know(clients, inside, at):
    by = of(clients[0])
    assert len(queries.values()) == 8
    with pytest.raises(services.TooFewActions):
        services.pledge(name="C", actions={"safety": "Gloves.", "growth": " "}, by=by, at=at)
    with pytest.raises(services.UnknownValue):
        services.pledge(name="C", actions=ACTIONS | {"profit": "More."}, by=by, at=at)
    assert services.pledge(name="C", actions=ACTIONS, by=by, at=at).state == "asked"


def test_the_board_says_why_it_shows_a_pledge_not(clients, board, at, inside):
    made = services.pledge(name="C", actions=ACTIONS, by=of(clients[0]), at=at)
    with pytest.raises(services.ReasonNeeded):
        services.decline_pledge(pledge=made, reason=" ", by=board, at=at)
    services.decline_pledge(pledge=made, reason="Not true.", by=board, at=at)
    assert Pledge.objects.get().reason == "Not true."
