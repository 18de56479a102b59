"""Five clients give 15.00 a month each: after one month 75 credits, half a day takes 60, and 15 stay."""

from datetime import timedelta

import pytest

from tests.conftest import run_jobs
from tests.money.benefits.conftest import PHONE, credits, of
from tests.money.funds.conftest import rule
from tests.money.payments.cards import euro
from toadlane.money.benefits import queries, services
from toadlane.money.benefits.models import Contribution, Draw, Invitation, Relief
from toadlane.money.ledger import queries as books
from toadlane.plumbing.access.principals import Channel, Refused
from toadlane.plumbing.sending.models import Letter
from toadlane.society.members import queries as members
from toadlane.society.people.models import Person

pytestmark = pytest.mark.django_db


def take(wallet, at, by=None, **more):
    given = {"what": "half_day", "way": "cash", "key": "k"} | more
    return services.take(wallet=wallet, by=by or of(wallet.person), at=at, **given)


def test_five_clients_pay_for_half_a_day_off(inside, rose, clients, promise, days, board, dora, at):
    plans = [promise(client, rose) for client in clients]
    assert [plan.state for plan in plans] == ["running"] * 5 and {plan.next_on.isoformat() for plan in plans} == {"2027-04-01"}
    assert credits(rose) == 75 and queries.balance(rose) == euro(7_500)
    draw = take(rose, at)
    assert (draw.credits, draw.amount_minor, queries.available(rose)) == (60, 6_000, euro(1_500))
    batch = services.prepare(by=dora, at=at)
    with pytest.raises(services.SecondPersonNeeded):
        services.approve(batch=batch, by=dora, at=at)
    assert credits(rose) == 75 and Draw.objects.get().state == "asked", "nothing is paid before a second person approves"
    for _twice in range(2):
        services.approve(batch=batch, by=board, at=at)
    assert credits(rose) == 15 and Draw.objects.get().state == "paid"
    services.end_plan(plan=plans[0], by=of(clients[0]), at=at)
    days(at, 31)
    assert credits(rose) == 15 + 4 * 15, "the client who left pays no more, and the balance stays"
    assert books.balance("2125", "EUR").minor == -queries.balance(rose).minor
    finding = queries.wallets_hold()
    assert finding.looked_at == 1 and not finding.faults


def test_after_a_month_each_has_paid_again_on_the_same_day_and_once(rose, clients, promise, days, at):
    plan = promise(clients[0], rose)
    days(at, 30)
    assert Contribution.objects.filter(state="paid").count() == 1, "the day before nothing is charged"
    days(at, 31)
    days(at + timedelta(days=31), 3)
    plan.refresh_from_db()
    assert Contribution.objects.filter(state="paid").count() == 2 and plan.next_on.isoformat() == "2027-05-01"


def test_a_plan_of_the_thirty_first_comes_back_to_it(rose, clients, promise, days, at):
    plan = promise(clients[0], rose, when=at + timedelta(days=30))
    assert plan.began_on.isoformat() == "2027-03-31" and plan.next_on.isoformat() == "2027-04-30"
    days(at + timedelta(days=30), 30)
    plan.refresh_from_db()
    assert plan.next_on.isoformat() == "2027-05-31"


def test_a_worker_is_invited_by_number_and_asked_for_nothing_but_a_name(inside, clients, at):
    services.invite_worker(phone="+353 86 123 4567", language="es", by=of(clients[0]), at=at)
    letter = Letter.objects.get()
    assert letter.channel == "sms" and letter.address == PHONE
    token = letter.text.split()[-1].rstrip("/").split("/")[-1]
    nobody = members.principal(person_id=None, channel=Channel.WEB)
    given = {"token": token, "name": "Rose", "language": "es", "by": nobody}
    with pytest.raises(services.NotTheNumber):
        services.claim(phone="+353861234568", at=at, **given)
    with pytest.raises(services.InvitationOver):
        services.claim(phone=PHONE, at=at + timedelta(days=30), **given)
    wallet = services.claim(phone=PHONE, at=at + timedelta(days=29), **given)
    rose = Person.objects.get(phone=PHONE)
    assert (rose.name, rose.email, rose.language, wallet.person) == ("Rose", None, "es", rose) and rose.phone_verified_at
    assert Invitation.objects.get().phone == "", "an answered invitation forgets the number"
    with pytest.raises(services.InvitationOver):
        services.claim(phone=PHONE, at=at, **given)


def test_what_nobody_answers_is_forgotten_with_its_number(clients, inside, timer, at):
    services.invite_worker(phone=PHONE, language="en", by=of(clients[0]), at=at)
    services.forget_unanswered(by=timer, at=at + timedelta(days=29))
    assert Invitation.objects.get().phone == PHONE
    services.forget_unanswered(by=timer, at=at + timedelta(days=30))
    assert Invitation.objects.get().phone == ""


def test_twenty_invitations_a_day_and_no_more(clients, inside, at):
    for n in range(20):
        services.invite_worker(phone=f"+35386123{4500 + n}", language="en", by=of(clients[0]), at=at)
    with pytest.raises(services.TooManyInvitations):
        services.invite_worker(phone=PHONE, language="en", by=of(clients[0]), at=at)
    services.invite_worker(phone=PHONE, language="en", by=of(clients[1]), at=at)
    services.invite_worker(phone=PHONE, language="en", by=of(clients[0]), at=at + timedelta(days=1))


def test_who_helps_opens_a_wallet_and_asks_for_her(inside, board, worker, at):
    with pytest.raises(Refused):
        services.open_for(name="Rose", phone=PHONE, language="es", by=worker, at=at)
    wallet = services.open_for(name="Rose", phone=PHONE, language="es", by=board, at=at)
    assert wallet.person.phone_verified_at is None, "the number is proven when she signs in"
    assert services.open_for(name="R", phone=PHONE, language="es", by=board, at=at) == wallet and wallet.person.name == "Rose"
    with pytest.raises(services.NotEnough):
        take(wallet, at, by=board)


def test_one_number_gets_three_messages_a_day_and_no_more(clients, inside, at):
    for client in clients[:3]:
        services.invite_worker(phone=PHONE, language="en", by=of(client), at=at)
    with pytest.raises(services.TooManyInvitations):
        services.invite_worker(phone=PHONE, language="en", by=of(clients[3]), at=at)
    services.invite_worker(phone=PHONE, language="en", by=of(clients[3]), at=at + timedelta(days=1))


def test_where_wallets_are_given_up_nothing_is_charged_and_all_can_be_taken_out(rose, clients, promise, days, board, dora, at):
    promise(clients[0], rose, 6_000)
    rule(benefits__wallets=False)
    days(at, 31)
    assert credits(rose) == 60
    take(rose, at)
    services.approve(batch=services.prepare(by=dora, at=at), by=board, at=at)
    assert credits(rose) == 0


def test_what_a_helper_asks_for_is_told_her_and_approved_by_others(inside, rose, clients, promise, board, dora, emil, at):
    promise(clients[0], rose, 6_000)
    take(rose, at, by=board)
    run_jobs()
    assert Letter.objects.filter(template="benefits/asked", address=PHONE).count() == 1
    batch = services.prepare(by=dora, at=at)
    with pytest.raises(services.OwnPayment):
        services.approve(batch=batch, by=board, at=at)
    services.approve(batch=batch, by=emil, at=at)
    assert credits(rose) == 0


def test_a_worker_invites_her_clients(rose, at):
    services.invite_client(wallet=rose, phone="+353861111111", language="en", by=of(rose.person), at=at)
    letter = Letter.objects.get(address="+353861111111")
    assert "Rose" in letter.text and f"/benefits/give/{rose.code}/" in letter.text


@pytest.mark.parametrize(("minor", "fine"), [(500, True), (499, False)])
def test_the_least_that_is_promised(rose, clients, promise, minor, fine):
    if fine:
        assert promise(clients[0], rose, minor).amount_minor == 500
    else:
        with pytest.raises(services.TooLittle) as told:
            promise(clients[0], rose, minor)
        assert "€5.00" in str(told.value.hint)


def test_nobody_pays_into_their_own_wallet_or_twice_at_once(rose, clients, promise):
    with pytest.raises(services.OwnWallet):
        promise(rose.person, rose)
    promise(clients[0], rose)
    with pytest.raises(services.PlanThere):
        promise(clients[0], rose)


@pytest.mark.parametrize(("there", "fine"), [(6_000, True), (5_999, False)])
def test_half_a_day_takes_sixty_credits(rose, clients, promise, at, there, fine):
    promise(clients[0], rose, there)
    if fine:
        assert take(rose, at).credits == 60
        return
    with pytest.raises(services.NotEnough) as told:
        take(rose, at)
    assert "There are 59 credits." in str(told.value.hint)


def test_what_was_asked_for_is_set_aside_until_it_is_taken_back(rose, clients, promise, board, at):
    promise(clients[0], rose, 12_000)
    first = take(rose, at, what="day")
    assert take(rose, at, what="day") == first, "pressed twice it is one request"
    with pytest.raises(services.NotEnough):
        take(rose, at, key="other")
    services.withdraw(draw=first, by=of(rose.person), at=at)
    second = take(rose, at, key="other", count=2)
    assert second.credits == 120
    services.prepare(by=board, at=at)
    with pytest.raises(services.InABatch):
        services.withdraw(draw=second, by=of(rose.person), at=at)


def test_an_insurance_premium_to_the_cent_and_for_nothing_else(rose, clients, promise, board, dora, at):
    promise(clients[0], rose, 2_000)
    with pytest.raises(services.WhereTo):
        take(rose, at, what="insurance", amount=euro(1_999), way="transfer")
    draw = take(rose, at, what="insurance", amount=euro(1_999), way="transfer", account="IE29 AIBK 9311 5212 3456 78")
    assert draw.credits == 20
    services.approve(batch=services.prepare(by=board, at=at), by=dora, at=at)
    assert queries.balance(rose) == euro(1)


def test_the_approver_is_nobody_whom_it_pays(rose, clients, promise, board, dora, bob, at):
    own = services.open_own(by=board, at=at)
    promise(clients[0], own, 6_000)
    take(own, at)
    with pytest.raises(services.NothingToPay):
        services.prepare(by=board, at=at)
    batch = services.prepare(by=dora, at=at)
    with pytest.raises(services.OwnPayment):
        services.approve(batch=batch, by=board, at=at)
    services.drop(batch=batch, by=dora, at=at)
    with pytest.raises(services.BatchOver):
        services.drop(batch=batch, by=dora, at=at)
    assert Draw.objects.get().batch is None, "what was in it waits again"
    assert not Relief.objects.exists()
