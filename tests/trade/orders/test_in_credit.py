"""Orders paid with mutual credit, from the checkout to the release and back; all of it together is always nothing."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.money.payments.test_races import at_once
from tests.trade.orders import market
from tests.trade.orders.conftest import NUALA, fresh, tick
from tests.trade.orders.street import LIMIT, Street, euro
from toadlane.kernel import ids
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.policies.chart import ON_HOLD
from toadlane.money.ledger.services import Leg
from toadlane.money.payments import queries as paid
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import CreditHold, CreditLine, Payment, Payout
from toadlane.money.payments.queries import credit
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.tenancy.scope import scope
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.queries import oversight

pytestmark = pytest.mark.django_db


@pytest.fixture
def street(at, day):
    found = Street(at, day)
    with scope(found.coop.pk):
        yield found


def test_work_is_paid_with_credit_from_the_checkout_to_the_release(street):
    placed = street.place(street.jon)
    assert placed.is_paid and placed.payment.provider == "mutual" and placed.payment.state == "authorised"
    there = street.stands(street.jon)
    assert (there.balance, there.held, there.free) == (euro(0), euro(12_000), euro(LIMIT - 12_000)), "held, and not charged"
    order = street.take_on(placed, street.hana)
    there = street.stands(street.jon)
    assert (there.balance, there.held, there.free) == (euro(-12_000), euro(0), euro(LIMIT - 12_000))
    assert books.balance("2170", "EUR", ON_HOLD) == euro(-12_000) and not books.balance("1100", "EUR")
    street.holds_together()
    order = street.done(order)
    assert street.stands(street.hana).balance == euro(12_000 - 1_200), "all but the fee and its tax, and nothing put aside"
    assert books.balance("4100", "EUR") == euro(-1_000) and books.balance("2310", "EUR") == euro(-200)
    assert books.balance("1240", "EUR") == euro(1_200), "the co-op holds credit for its fee, and owes the tax in money"
    for code in ("2110", "2120", "2100", "1100", "2150", "6400"):
        assert not books.balance(code, "EUR"), code
    street.holds_together()
    assert credit.circle("EUR").sum == euro(0)


def test_a_seller_who_was_paid_in_credit_is_never_paid_out(street):
    street.done(street.take_on(street.place(street.jon), street.hana))
    later = street.day + timedelta(days=60)
    assert payments.pay_out(by=Principal.job(street.coop.pk), at=later) == [] and not Payout.objects.exists()
    assert not [alarm for alarm in paid.alarms(later) if alarm.kind == "owed"]


def test_what_was_earned_is_spent(street):
    street.done(street.take_on(street.place(street.jon), street.hana))
    placed = street.place(street.hana, street.kiln, hours=5)  # 300.00 of 108.00 and a limit of 200.00
    assert placed.is_paid
    assert street.stands(street.hana).free == euro(10_800 + LIMIT - 30_000)


@pytest.mark.parametrize(("limit", "fits"), [(12_000, True), (11_999, False)])
def test_the_limit_is_reached_and_not_passed(at, day, limit, fits):
    street = Street(at, day, **{"pay.credit_limit": limit})
    with scope(street.coop.pk):
        if fits:
            assert street.place(street.jon).is_paid and not street.stands(street.jon).free
            return
        with pytest.raises(payments.BeyondCredit) as refused:
            street.place(street.jon)
        assert refused.value.field == "method" and "119.99" in refused.value.hint
        assert not Order.objects.exists() and not CreditHold.objects.exists(), "what is refused is not half done"


def test_what_is_held_counts(street):
    street.place(street.jon)
    with pytest.raises(payments.BeyondCredit):
        street.place(street.jon)


def test_without_a_limit_nobody_owes_and_what_is_there_is_spent(at, day):
    street = Street(at, day, **{"pay.credit_limit": 0})
    with scope(street.coop.pk):
        with pytest.raises(payments.BeyondCredit):
            street.place(street.jon)
        CreditLine.objects.create(holder=street.jon.membership.holder, currency="EUR", limit_minor=12_000)  # Voted down since.
        owed = [Leg("2170", euro(12_000), holder=street.jon.membership.holder)]
        has = [Leg("2170", euro(-12_000), holder=street.hana.membership.holder)]
        ledger.post(key="old", narration="Paid", postings=[*owed, *has], by=Principal.job(street.coop.pk), at=at)
        assert street.place(street.hana, street.kiln).is_paid
        assert not street.stands(street.jon).free


def test_no_guest_and_nobody_from_another_co_op_pays_with_it(wheels, street):
    guest = Principal(coop_id=street.coop.pk, channel=Channel.API)
    with pytest.raises(orders.NotInCredit):
        street.place(None, by=guest)
    placed = street.place(street.jon, method="cash")
    with pytest.raises(payments.NotOnOffer):
        own = payments.OwnCredit(street.jon.membership.holder)
        payments.authorise(payment=placed.payment, instrument=own, by=street.by(street.jon), at=street.at)
    other = Principal(coop_id=wheels.pk, channel=Channel.WEB, person_id=1, membership_id=street.jon.membership.pk)
    with pytest.raises(Refused):
        street.place(street.jon, by=other)


def test_nobody_pays_with_the_credit_of_another(street):
    placed = street.place(street.jon)
    payment = Payment.objects.get(pk=placed.payment.pk)
    Payment.objects.filter(pk=payment.pk).update(state="failed", attempt=1)
    payment.refresh_from_db()
    for by in (street.by(street.ines), Principal(coop_id=street.coop.pk, channel=Channel.WEB)):
        with pytest.raises(Refused):
            payments.authorise(
                payment=payment, instrument=payments.OwnCredit(street.jon.membership.holder), by=by, at=street.at
            )  # fmt: skip


def test_nobody_sells_to_themselves(street):
    with pytest.raises(orders.NotInCredit, match="your own"):
        street.place(street.hana)


@pytest.mark.parametrize(("most", "sells"), [(10_801, True), (10_800, False)])
def test_whoever_has_enough_credit_sells_for_money_until_some_is_spent(at, day, most, sells):
    street = Street(at, day, **{"pay.credit_most": most, "pay.credit_limit": 50_000})
    with scope(street.coop.pk):
        street.done(street.take_on(street.place(street.jon), street.hana))
        street.at = street.at + timedelta(days=10)
        street.day = street.day + timedelta(days=20)
        if sells:
            assert street.place(street.ines).is_paid
            return
        with pytest.raises(orders.NotInCredit, match="Hana"):
            street.place(street.ines)
        held = street.place(street.hana, street.kiln)
        with pytest.raises(orders.NotInCredit):
            street.place(street.ines)  # Held is not spent.
        street.take_on(held, street.ines)
        assert street.place(street.ines).is_paid


def test_what_was_called_off_before_it_was_taken_on_is_let_go(street):
    placed = street.place(street.jon)
    order = queries.find(placed.orders[0].pk)
    orders.act(order=order, transition="decline", by=street.by(street.hana), at=street.at)
    there = street.stands(street.jon)
    assert (there.balance, there.held) == (euro(0), euro(0)) and CreditHold.objects.get().state == "let_go"
    street.holds_together()


def test_it_goes_back_the_way_it_came_before_the_release(street):
    order = street.take_on(street.place(street.jon), street.hana)
    orders.act(order=fresh(order), transition="call_off", by=street.by(street.hana), at=street.at)
    assert fresh(order).refunded_minor == 12_000 and not street.stands(street.jon).balance
    street.holds_together()


def test_a_part_goes_back_after_the_release_each_share_its_part(street):
    order = street.done(street.take_on(street.place(street.jon), street.hana))
    made = orders.refund(order=order, amount=euro(6_000), reason="", key="r", by=street.by(street.hana), at=street.day)
    orders.do_chores(order_ids=[order.pk], by=street.by(street.hana), at=street.day)
    assert made.stage == "released"
    assert street.stands(street.jon).balance == euro(-6_000) and street.stands(street.hana).balance == euro(5_400)
    assert books.balance("4190", "EUR") == euro(500) and books.balance("2310", "EUR") == euro(-100)
    assert books.balance("1240", "EUR") == euro(600)
    street.holds_together()


def test_a_seller_who_has_spent_it_owes_what_goes_back_even_beyond_the_limit(street):
    order = street.done(street.take_on(street.place(street.jon), street.hana))
    street.at, street.day = street.at + timedelta(days=10), street.day + timedelta(days=20)
    street.take_on(street.place(street.hana, street.kiln, hours=5), street.ines)
    orders.refund(order=fresh(order), amount=euro(12_000), reason="", key="r", by=street.by(street.hana), at=street.day)
    orders.do_chores(order_ids=[order.pk], by=street.by(street.hana), at=street.day)
    assert street.stands(street.hana).balance == euro(-30_000) and not street.stands(street.hana).free
    with pytest.raises(payments.BeyondCredit):
        street.place(street.hana, street.kiln)
    assert not books.balance("1210", "EUR"), "no debt in money comes of it"
    street.holds_together()


def test_what_is_kept_for_a_late_cancellation_is_credit_too(street):
    order = street.take_on(street.place(street.jon), street.hana)
    orders.act(order=fresh(order), transition="cancel", by=street.by(street.jon), at=street.day - timedelta(hours=3))
    assert street.stands(street.hana).balance == euro(5_000) and street.stands(street.jon).balance == euro(-5_000)
    street.holds_together()
    assert not oversight.releases_equal_splits().faults


def test_a_basket_of_two_sellers_is_paid_at_once(street):
    mug, jug = (market.thing(who, "Mug", 2_000, street.at) for who in (street.hana, street.ines))
    by = street.by(street.jon)
    ids = [orders.quote(wish=orders.Wish(listing_id=one.pk), by=by, at=street.at).pk for one in (mug, jug)]
    placed = orders.check_out(quote_ids=ids, contact=NUALA, key="b", by=by, at=street.at, method="credit")
    assert placed.payment.state == "captured" and street.stands(street.jon).balance == -placed.checkout.total
    assert not street.stands(street.jon).held
    street.holds_together()


def test_the_database_refuses_what_the_service_would_not(street):
    street.place(street.jon)
    line = CreditLine.objects.get()
    for change in ({"held_minor": LIMIT + 1}, {"held_minor": -1}, {"holder": "membership:1"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            CreditLine.objects.filter(pk=line.pk).update(**change)
    CreditLine.objects.filter(pk=line.pk).update(held_minor=LIMIT)
    hold = CreditHold.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        CreditHold.objects.create(
            id=ids.new(), line=line, key="x", amount_minor=LIMIT, limit_minor=0,
            rule_version=1, made_at=street.at,
        )  # fmt: skip
    for change in ({"amount_minor": 1}, {"limit_minor": 10**9}):
        with pytest.raises(DatabaseError), transaction.atomic():
            CreditHold.objects.filter(pk=hold.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        hold.delete()


@pytest.mark.parametrize("legs", [
    [Leg("2170", euro(-5), holder="membership:1"), Leg("1000", euro(5))],
    [Leg("2170", euro(-5), holder="membership:1"), Leg("2170", euro(5), holder="coop")],
    [Leg("1240", euro(5)), Leg("1000", euro(-5))],
])  # fmt: skip
def test_credit_never_turns_into_money(street, legs, monkeypatch):
    post = {"key": "x", "narration": "x", "postings": legs, "by": Principal.job(street.coop.pk), "at": street.at}
    with pytest.raises(ledger.CreditIsNoMoney):
        ledger.post(**post)
    from toadlane.money.ledger.services import posting

    monkeypatch.setattr(posting, "_check", lambda _postings: None)
    with pytest.raises(DatabaseError, match="never money"), transaction.atomic():
        ledger.post(**post)


DEEDS = ("pay", "pay", "accept", "accept", "decline", "cancel", "release", "refund")


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 2), st.integers(1, 9_000)), min_size=4, max_size=10))
def test_any_sequence_keeps_the_sum_and_the_limit(street, deeds):
    sid = transaction.savepoint()
    try:
        for n, (deed, who, minor) in enumerate(deeds):
            _do(street, deed, who, minor, n)
            assert books.balance("2170", "EUR").minor == 0
            for one in (street.hana, street.ines, street.jon):
                stands = street.stands(one)
                given_back = sum(order.refunded_minor for order in Order.objects.filter(provider=one.membership))
                assert (stands.balance - stands.held).minor >= -LIMIT - given_back
        street.holds_together()
    finally:
        transaction.savepoint_rollback(sid)


def _do(street, deed, who, minor, n):
    payer = (street.hana, street.ines, street.jon)[who]
    seller, listing = (street.ines, street.kiln) if payer is street.hana else (street.hana, street.workshop)
    order = Order.objects.filter(provider=seller.membership).order_by("-pk").first()
    from toadlane.kernel.errors import Expected

    try:
        if deed == "pay":
            street.place(payer, listing, hours=1 + minor % 3)
        elif order is not None and deed == "release":
            Order.objects.filter(pk=order.pk, state="accepted").exists() and tick(street.coop, street.day + timedelta(hours=5))
        elif order is not None and deed == "refund":
            orders.refund(order=fresh(order), amount=euro(minor), reason="", key=f"r{n}", by=street.by(seller), at=street.at)
            orders.do_chores(order_ids=[order.pk], by=street.by(seller), at=street.at)
        elif order is not None:
            by = street.by(seller) if deed != "cancel" else street.by(street.jon)
            orders.act(order=fresh(order), transition=deed, by=by, at=street.at)
    except Expected:
        pass


@pytest.mark.django_db(transaction=True)
def test_two_who_pay_at_once_do_not_pass_together(at, day):
    street = Street(at, day)
    with scope(street.coop.pk):
        holder, by = street.jon.membership.holder, street.by(street.jon)
        begun = [
            payments.begin(subject=f"checkout:{ids.new()}", amount=euro(12_000), method="credit", key=f"c{n}", by=by, at=at)
            for n in range(4)
        ]
        pay = [
            lambda one=one: payments.authorise(payment=one, instrument=payments.OwnCredit(holder), by=by, at=at).state
            for one in begun
        ]
        came = at_once(*pay)
        assert sorted(map(str, came)) == ["authorised", "failed", "failed", "failed"]
        assert CreditLine.objects.get().held_minor == 12_000 and CreditHold.objects.count() == 1


def test_what_did_not_reach_is_paid_when_it_does(street, monkeypatch):
    """Somebody else's payment was quicker: the order waits, and is paid when there is room again."""
    from toadlane.money.payments.services.providers.mutual import Mutual

    with monkeypatch.context() as patch:
        patch.setattr(Mutual, "must_reach", lambda *_asked: None)
        first, second = street.place(street.jon), street.place(street.jon, street.kiln)
    assert first.is_paid and not second.is_paid and second.payment.reason == "beyond_limit"
    again = {"by": street.by(street.jon), "at": street.at}
    orders.try_again(checkout=second.checkout, key="again", **again)
    assert not orders.pay_in_credit(checkout=second.checkout, **again).is_paid
    orders.act(order=fresh(first.orders[0]), transition="decline", by=street.by(street.hana), at=street.at)
    orders.try_again(checkout=second.checkout, key="later", **again)
    with pytest.raises(orders.NotInCredit):
        orders.pay_in_credit(checkout=second.checkout, by=Principal(coop_id=street.coop.pk, channel=Channel.WEB), at=street.at)
    assert orders.pay_in_credit(checkout=second.checkout, **again).is_paid
    street.holds_together()


def test_an_answer_that_was_lost_is_found_again(street, monkeypatch):
    """The server stopped after the credit was held: the sweep finds what was promised, and holds nothing twice."""
    from toadlane.money.payments.services import charging

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(charging.Outcome, "of", lambda *_said: (_ for _ in ()).throw(KeyboardInterrupt))
        street.place(street.jon)
    payment = Payment.objects.get()
    assert payment.doing == "authorise" and CreditLine.objects.get().held_minor == 12_000
    later = street.at + timedelta(minutes=5)
    payments.sweep(by=Principal.job(street.coop.pk), at=later)
    payment.refresh_from_db()
    assert (payment.state, payment.doing) == ("authorised", "") and CreditHold.objects.count() == 1
    payments.sweep(by=Principal.job(street.coop.pk), at=later + timedelta(minutes=5))
    payments.void(payment=payment, by=Principal.job(street.coop.pk), at=later)
    assert not CreditLine.objects.get().held_minor
