"""A payer's bank takes money back: each share bears its part, what was paid out is owed or lost by rule, and sums end at zero."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import browser, run_jobs
from tests.trade.orders import market
from tests.trade.orders.conftest import GOOD, NUALA, as_guest, fresh, tick
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Dispute, Payment
from toadlane.money.payments.queries import in_words
from toadlane.money.payments.services import Card
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.tenancy.scope import outside, scope
from toadlane.society.members.queries import principal
from toadlane.trade.orders import queries
from toadlane.trade.orders import services as orders
from toadlane.trade.orders.models import Chargeback, Order
from toadlane.trade.orders.queries import oversight, showing

pytestmark = pytest.mark.django_db
FEE = Money(1500, "EUR")


def euro(minor):
    return Money(minor, "EUR")


def of(maker):
    return principal(person_id=maker.person.pk, channel=Channel.WEB)


def founded(at, **values):
    coop = market.found(at, **{"fees.community": "0.5", "fees.commission_vat": "0.20", "fees.benefits": "0.02", **values})
    maker = market.maker(coop, "hana", at)
    return coop, maker


@pytest.fixture
def room(at, wheels):
    """There is always another co-op next door."""
    coop, maker = founded(at)
    with scope(coop.pk):
        yield coop, maker, market.room(maker, "Workshop", 5000, at)


def bought(room, at, day, key="k"):
    coop, maker, listing = room
    by = Principal(coop_id=coop.pk, channel=Channel.API)
    wish = orders.Wish(listing_id=listing.pk, starts=day, ends=day + timedelta(hours=2), tip_minor=500)
    quote = orders.quote(wish=wish, by=by, at=at)
    placed = orders.check_out(quote_ids=[quote.pk], contact=NUALA, key=key, by=by, at=at, card=Card(number=GOOD))
    return orders.act(order=queries.find(placed.orders[0].pk), transition="accept", by=of(maker), at=at)


@pytest.fixture
def taken(room, at, day):
    """125.00: 106.00 and a tip of 5.00 for Hana, 2.00 of benefits, 10.00 of commission and 2.00 of VAT on it."""
    return bought(room, at, day)


@pytest.fixture
def released(room, taken, day):
    coop, _maker, _listing = room
    for later in (timedelta(hours=2), timedelta(days=3)):
        tick(coop, day + later)
    order = fresh(taken)
    assert order.state == "released"
    return order


def pay_out(maker, coop_id, minor, at, code="2110"):
    legs = [Leg(code, euro(minor), holder=maker.membership.holder), Leg("1000", euro(-minor))]
    ledger.post(key=f"out:{code}", narration="Paid out", by=Principal.job(coop_id), at=at, postings=legs)


def take_back(order, at, minor=None, ref="dp_1", fee=FEE):
    payment = Payment.objects.get(subject=order.checkout.subject)
    amount = euro(minor) if minor else payment.amount
    payments.open_dispute(payment=payment, provider_ref=ref, amount=amount, fee=fee, by=Principal.job(order.coop_id), at=at)
    run_jobs()


def end(order, at, *, won, ref="dp_1"):
    payment = Payment.objects.get(subject=order.checkout.subject)
    payments.close_dispute(payment=payment, provider_ref=ref, won=won, by=Principal.job(order.coop_id), at=at)
    run_jobs()


def balances(maker):
    whose = maker.membership.holder
    held = {code: books.balance(code, "EUR", holder=whose).minor for code in ("2110", "1210", "2120")}
    return held | {code: books.balance(code, "EUR").minor for code in ("2100", "4190", "2310", "6110", "6200", "2150", "6400")}


def test_before_the_release_it_comes_out_of_what_is_held(room, taken, at):
    _coop, maker, _listing = room
    take_back(taken, at)
    assert balances(maker) | {"6110": 0} == dict.fromkeys(balances(maker), 0)
    assert books.balance("6110", "EUR").minor == 1500
    assert [leg["code"] for leg in Dispute.objects.get().debits] == ["2100"]


def test_after_the_release_each_share_gives_back_what_it_got(room, released, at):
    """Before the payout: 111.00 of Hana's, 2.00 of benefits, 10.00 of commission, 2.00 of VAT."""
    _coop, maker, _listing = room
    take_back(released, at)
    found = balances(maker)
    assert {code: found[code] for code in ("2110", "1210", "2120", "2310", "4190", "6200")} == {
        "2110": 0, "1210": 0, "2120": 0, "2310": 0, "4190": 1000, "6200": 0,
    }  # fmt: skip
    assert found["2150"] == -500, "the fund gives its part when it is lost, not while it is looked into"
    end(released, at, won=False)
    assert balances(maker)["2150"] == 0 and fresh(released).refunded_minor == 12500


@pytest.mark.parametrize(("rule", "cause", "code"), [
    ("member", "chargeback", "1210"), ("member", "refund", "1210"), ("coop_chargebacks", "chargeback", "6200"),
    ("coop_chargebacks", "refund", "1210"), ("coop", "chargeback", "6200"), ("coop", "refund", "6200"),
])  # fmt: skip
def test_after_the_payout_it_is_owed_or_lost_as_the_bylaws_said_when_it_was_ordered(at, day, rule, cause, code):
    coop, maker = founded(at, **{"fees.after_payout": rule})
    with scope(coop.pk):
        room = coop, maker, market.room(maker, "Workshop", 5000, at)
        order = bought(room, at, day)
        for later in (timedelta(hours=2), timedelta(days=3)):
            tick(coop, day + later)
        pay_out(maker, coop.pk, 11000, day)
        if cause == "chargeback":
            take_back(order, day)
        else:
            orders.refund(order=fresh(order), amount=euro(12500), reason="", key="r", by=of(maker), at=day)
            orders.do_chores(order_ids=[order.pk], by=of(maker), at=day)
        found = balances(maker)
        assert found["2110"] == 0, "what is still there is taken first, and pay never turns negative"
        assert (found["1210"], found["6200"]) == ((11000, 0) if code == "1210" else (0, 11000))
        (went_back,) = showing.page(fresh(order), of(maker), day).reversals
        (gone,) = [one for one in went_back.bearers if one.code == code]
        assert gone.amount == euro(11000) and ("Hana" in gone.says) == (code == "1210")


def test_benefits_that_were_used_already_are_owed_too(room, released, day):
    coop, maker, _listing = room
    pay_out(maker, coop.pk, 150, day, code="2120")
    take_back(released, day)
    found = balances(maker)
    assert (found["2120"], found["1210"]) == (0, 150)


def test_won_all_have_again_what_they_had(room, released, day):
    coop, maker, _listing = room
    pay_out(maker, coop.pk, 5000, day)
    before = balances(maker)
    take_back(released, day)
    assert balances(maker)["1210"] == 5000
    end(released, day, won=True)
    assert balances(maker) == before | {"6110": 1500}, "the fee stays paid"
    assert (fresh(released).refunded_minor, Chargeback.objects.get().state) == (0, "won")
    orders.refund(order=fresh(released), amount=euro(12500), reason="", key="r", by=of(maker), at=day)


def test_a_debt_that_was_settled_before_it_was_won_is_owed_to_the_member(room, released, day):
    coop, maker, _listing = room
    pay_out(maker, coop.pk, 11100, day)
    take_back(released, day)
    legs = [Leg("1000", euro(11100)), Leg("1210", euro(-11100), holder=maker.membership.holder)]
    ledger.post(key="back", narration="Paid back", by=Principal.job(coop.pk), at=day, postings=legs)
    end(released, day, won=True)
    found = balances(maker)
    assert (found["1210"], found["2110"]) == (0, -11100)


def test_told_twice_it_is_borne_once(room, released, at):
    _coop, maker, _listing = room
    for _ in range(2):
        take_back(released, at)
    assert Chargeback.objects.count() == Dispute.objects.count() == 1 and balances(maker)["4190"] == 1000
    for _ in range(2):
        end(released, at, won=False)
    assert fresh(released).refunded_minor == 12500 and fresh(released).refunds.count() == 1


def test_while_it_is_looked_into_nothing_goes_back_and_what_is_left_can_after_it(room, released, at):
    _coop, maker, _listing = room
    take_back(released, at, 5000)
    with pytest.raises(orders.ChargedBack):
        orders.refund(order=fresh(released), amount=euro(1), reason="", key="r", by=of(maker), at=at)
    end(released, at, won=False)
    with pytest.raises(orders.TooMuchBack):
        orders.refund(order=fresh(released), amount=euro(7501), reason="", key="r", by=of(maker), at=at)
    orders.refund(order=fresh(released), amount=euro(7500), reason="", key="r", by=of(maker), at=at)
    run_jobs()
    assert {share["minor"] for share in fresh(released).left} == {0}


def test_lost_before_the_release_the_rest_is_shared_out(room, taken, at, day):
    coop, maker, _listing = room
    take_back(taken, at, 2500)
    for later in (timedelta(hours=2), timedelta(days=3)):
        tick(coop, day + later)
    assert fresh(taken).released_at is None
    end(taken, day + timedelta(days=4), won=False)
    tick(coop, day + timedelta(days=5))
    order = fresh(taken)
    assert order.released_at is not None and balances(maker)["2100"] == 0
    assert balances(maker)["2110"] == -(11100 - 2220) and not oversight.releases_equal_splits().faults


def test_what_the_bank_takes_beyond_what_is_left_is_the_co_ops_loss(room, released, at):
    """Half went back already; the bank takes all of it."""
    _coop, maker, _listing = room
    orders.refund(order=fresh(released), amount=euro(6250), reason="", key="r", by=of(maker), at=at)
    orders.do_chores(order_ids=[released.pk], by=of(maker), at=at)
    take_back(released, at)
    found = balances(maker)
    assert (found["2110"], found["6200"]) == (0, 6250)


def test_of_several_sellers_each_bears_its_part(at, room):
    """Two things by two makers, paid with one card: 24.00 and 12.00. The bank takes 18.00: 12.00 and 6.00."""
    coop, maker, _listing = room
    other = market.maker(coop, "odd", at)
    things = [market.thing(maker, "Mug", 2000, at), market.thing(other, "Cup", 1000, at)]
    by = Principal(coop_id=coop.pk, channel=Channel.API)
    quotes = [orders.quote(wish=orders.Wish(listing_id=one.pk), by=by, at=at) for one in things]
    placed = orders.check_out(
        quote_ids=[quote.pk for quote in quotes], contact=NUALA, key="k", by=by, at=at, card=Card(number=GOOD)
    )
    take_back(placed.orders[0], at, 1800)
    assert sorted(Chargeback.objects.values_list("amount_minor", flat=True)) == [600, 1200]
    end(placed.orders[0], at, won=False)
    assert sorted(Order.objects.values_list("refunded_minor", flat=True)) == [600, 1200]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(
    st.tuples(st.sampled_from(["refund", "lost", "won", "out"]), st.integers(1, 12500)), min_size=1, max_size=7
))  # fmt: skip
def test_whatever_happens_in_whatever_order_it_ends_at_zero(room, released, day, deeds):
    """Refunds, chargebacks won and lost, and payouts between them: at the end each share has given back what it got."""
    coop, maker, _listing = room
    with transaction.atomic():
        for n, (deed, minor) in enumerate([*deeds, ("refund", 12500)]):
            order = fresh(released)
            there = order.captured_minor - order.refunded_minor
            if deed == "out":
                if owed := min(minor, -balances(maker)["2110"]):
                    pay_out_more(maker, coop.pk, owed, day, n)
            elif minor := min(minor, there):
                if deed == "refund":
                    orders.refund(order=order, amount=euro(minor), reason="", key=f"r{n}", by=of(maker), at=day)
                    settle_refunds(order, day)
                else:
                    bank(order, day, minor, f"dp_{n}", won=deed == "won")
            found = balances(maker)
            assert found["2110"] <= 0 and found["2120"] <= 0 and found["1210"] >= 0
        found, order = balances(maker), fresh(released)
        assert {share["minor"] for share in order.left} == {0} and order.refunded_minor == 12500
        zero = ("2100", "2120", "2310", "2150", "6400", "6200")
        assert {code: found[code] for code in zero} == dict.fromkeys(zero, 0) and found["4190"] == 1000
        paid = books.balance("1000", "EUR").minor
        assert found["1210"] + found["2110"] == -paid, "who was paid out owes just that"
        transaction.set_rollback(True)


def pay_out_more(maker, coop_id, minor, at, n):
    legs = [Leg("2110", euro(minor), holder=maker.membership.holder), Leg("1000", euro(-minor))]
    ledger.post(key=f"out:{n}", narration="Paid out", by=Principal.job(coop_id), at=at, postings=legs)


def settle_refunds(order, at):
    """Book what a refund takes as its provider's answer would; the call itself is never made inside a transaction."""
    for chore in order.chores.filter(kind="refund", done_at=None):
        legs = [Leg(d["code"], euro(d["minor"]), holder=d["holder"]) for d in chore.debits]
        ledger.post(
            key=chore.key, narration="Refunded", by=Principal.job(order.coop_id), at=at,
            postings=[*legs, Leg("1100", euro(-chore.minor), holder="sandbox")],
        )  # fmt: skip
        order.chores.filter(pk=chore.pk).update(done_at=at)


def bank(order, at, minor, ref, *, won):
    payment = Payment.objects.get()
    job = Principal.job(order.coop_id)
    payments.open_dispute(payment=payment, provider_ref=ref, amount=euro(minor), fee=euro(0), by=job, at=at)
    payments.close_dispute(payment=payment, provider_ref=ref, won=won, by=job, at=at)
    orders.end_chargeback(subject=payment.subject, ref=ref, won=won, by=job, at=at)


def test_who_bears_it_is_named_to_who_was_paid_and_to_the_co_op_and_to_nobody_else(room, released, day):
    coop, maker, _listing = room
    pay_out(maker, coop.pk, 5000, day)
    take_back(released, day)
    page = browser(maker.person).get(f"/c/market/orders/{released.pk}/").content.decode()
    assert "who bears it" in page and "Hana owes now" in page and "€10.00 of its fee" in page
    assert not showing.page(fresh(released), as_guest(released), day).bearers_shown
    told = browser(maker.person).get(f"/api/v1/coops/market/orders/{released.pk}").json()
    (row,) = told["went_back"]
    assert (row["state"], {b["account"]: b["amount"]["minor"] for b in row["bearers"]}) == (
        "open", {"2110": 6100, "1210": 5000, "2120": 200, "4190": 1000, "2310": 200},
    )  # fmt: skip
    assert "Hana owes now" in in_words(Dispute.objects.get().debits, "EUR")


def test_from_the_wrong_co_op_there_is_nothing_to_bear(room, released, day, wheels):
    with pytest.raises(Refused):
        orders.bear(subject=released.checkout.subject, ref="x", amount=euro(1), by=as_guest(released), at=day)
    with outside(), scope(wheels.pk):
        assert not Chargeback.objects.exists()
        job = Principal.job(wheels.pk)
        legs = orders.bear(subject=released.checkout.subject, ref="x", amount=euro(100), by=job, at=day)
        assert [leg.code for leg in legs] == ["2100"] and not Chargeback.objects.exists()
        assert orders.end_chargeback(subject=released.checkout.subject, ref="x", won=False, by=job, at=day) == []


def test_the_database_keeps_who_bears_it(room, released, day):
    take_back(released, day, 100)
    rows = Chargeback.objects.filter(order=released)
    for deed in (lambda: rows.update(amount_minor=1), lambda: rows.update(state="lost"), lambda: rows._raw_delete("default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
    end(released, day, won=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(state="open")


def stands(order, client, side):
    """What a page, the list it is in and the API say of an order."""
    root = "/api/v1/coops/market/orders"
    page = client.get(f"/c/market/orders/{order.pk}/").content.decode()
    told = client.get(f"{root}/{order.pk}").json()
    (row,) = client.get(root, {"side": side}).json()["items"]
    assert (told["state_label"], told["taken_back"]) == (row["state_label"], row["taken_back"])
    listed = client.get("/c/market/orders/" if side == "customer" else "/c/market/orders/ours/").content.decode()
    return page, listed, (told["state_label"], told["taken_back"])


TAKEN, FOR_GOOD = "Taken back by the payer’s bank", "Taken back by the payer’s bank for good"


@pytest.mark.parametrize(("won", "said", "kept"), [(True, "Done and paid", ""), (False, FOR_GOOD, "lost")])
def test_what_the_bank_took_is_nowhere_called_paid(room, released, day, charlie, won, said, kept):
    _coop, maker, _listing = room
    Order.objects.filter(pk=released.pk).update(customer=charlie)
    released.refresh_from_db()
    seen = [(browser(charlie), "customer"), (browser(maker.person), "provider")]
    take_back(released, day)
    for client, side in seen:
        page, listed, told = stands(released, client, side)
        assert TAKEN in page and TAKEN in listed and told == (TAKEN, "open")
        assert "Done and paid" not in page + listed and "<span>Paid</span>" not in page
    end(released, day, won=won)
    for client, side in seen:
        page, listed, told = stands(released, client, side)
        assert said in page and said in listed and told == (said, kept)


def test_a_part_that_the_bank_took_stands_beside_what_is_done(room, taken, at):
    take_back(taken, at, minor=2_500)
    told = queries.words.standing(fresh(taken), queries.reversals.taken_back([fresh(taken)])[taken.pk])
    assert told == [("Accepted", "live"), ("Part of it taken back by the payer’s bank", "bad")]
    page = showing.page(fresh(taken), as_guest(taken), at)
    assert "whether the payer’s bank may keep" in page.waiting_for and not any(deed.is_next for deed in page.deeds)
    assert "The payer’s bank took €25.00 back." in [moment.text for moment in page.story]
    end(taken, at, won=False)
    assert queries.reversals.taken_back([fresh(taken)]) == {}, "what is left is paid"


def test_what_went_back_whole_is_not_called_paid(room, released, day):
    orders.refund(order=released, amount=released.captured, reason="", key="all", by=Principal.job(released.coop_id), at=day)
    assert queries.words.standing(fresh(released)) == [("Given back", "off")]
