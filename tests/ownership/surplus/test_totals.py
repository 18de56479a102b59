"""Running totals of what members did are what the orders say, whatever happens to an order and whenever they are folded."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toadlane.config.cli import toadlane
from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.ownership.surplus import queries, services
from toadlane.ownership.surplus.models import Patronage, Uncounted
from toadlane.ownership.surplus.policies.measures import expression
from toadlane.ownership.surplus.queries import doing
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.coops import queries as coops
from toadlane.trade.orders.models import Order, ProcessVersion
from toadlane.trade.orders.queries import splits

FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)


@pytest.fixture
def order(inside, at):
    process = ProcessVersion.objects.create(name="sale", hash="h" * 64, document={})

    def make(minor=1_000, when=at, provider=None, customer=None, hours=0, **more):
        about = {
            "title": "A thing", "kind": "purchase", "currency": "EUR", "bylaws_version": 1, "process": process, "name": "Guest",
            "state": "closed", "state_since": at, "placed_at": at, "provider": provider, "customer": customer,
            "net_minor": minor, "total_minor": minor, "captured_minor": minor, "released_at": when,
            "left": [{"kind": "provider", "minor": minor - minor // 10}, {"kind": "commission", "minor": minor // 10}],
        }  # fmt: skip
        if hours:
            about |= {"starts_at": at, "ends_at": at + timedelta(hours=hours)}
        return Order.objects.create(**about | more)

    return make


def measured(side="sold"):
    return {name: doing.done(side, name, FIRST, LAST, "EUR") for name in ("minor", "orders", "minutes", "earned")}


def test_an_order_counts_from_its_release_before_any_job_has_run(order, member, alice):
    dana = member("Dana")[0]
    order(1_000, provider=dana, customer=alice, hours=2)
    order(500, provider=dana, when=None)
    order(300)
    assert measured() == {
        "minor": {dana.pk: 1_000, 0: 300}, "orders": {dana.pk: 1, 0: 1}, "minutes": {dana.pk: 120},
        "earned": {dana.pk: 900, 0: 270},
    }  # fmt: skip
    assert doing.done("bought", "minor", FIRST, LAST, "EUR") == {alice.pk: 1_000, 0: 300}
    assert not Patronage.objects.exists() and queries.totals_hold().faults == []


def test_a_refund_is_taken_off_the_month_of_what_it_undoes_and_a_whole_one_counts_for_nothing(order, member, job, at):
    dana = member("Dana")[0]
    one, two = order(1_000, provider=dana, hours=1), order(700, provider=dana)
    services.count(by=job, at=at)
    Order.objects.filter(pk=one.pk).update(refunded_minor=1_000, left=[])
    Order.objects.filter(pk=two.pk).update(refunded_minor=200)
    assert measured() == {"minor": {dana.pk: 500}, "orders": {dana.pk: 1}, "minutes": {}, "earned": {dana.pk: 630}}
    services.count(by=job, at=at)
    assert not Uncounted.objects.exists() and measured()["minor"] == {dana.pk: 500}
    assert queries.totals_hold().faults == []


def test_what_does_not_matter_to_the_totals_leaves_them_alone(order, member):
    one = order(1_000, provider=member("Dana")[0])
    before = Uncounted.objects.count()
    Order.objects.filter(pk=one.pk).update(state="done", notes="x")
    assert Uncounted.objects.count() == before


def test_the_months_are_those_of_the_co_op(order, member, inside, job, at):
    type(inside).objects.filter(pk=inside.pk).update(time_zone="Pacific/Auckland")
    dana = member("Dana")[0]
    order(100, provider=dana, when=datetime(2026, 12, 31, 10, 59, 59, tzinfo=UTC))
    order(200, provider=dana, when=datetime(2026, 12, 31, 11, 0, tzinfo=UTC))
    assert doing.done("sold", "minor", FIRST, LAST, "EUR") == {dana.pk: 200}
    services.count(by=job, at=at)
    assert doing.done("sold", "minor", FIRST, LAST, "EUR") == {dana.pk: 200}
    assert sorted(Patronage.objects.filter(side="sold").values_list("month", "minor")) == [
        (date(2026, 12, 1), 100), (date(2027, 1, 1), 200),
    ]  # fmt: skip


def test_a_year_that_begins_in_the_middle_of_a_month_is_asked_of_the_orders(order, member, at):
    dana = member("Dana")[0]
    order(100, provider=dana, when=datetime(2027, 3, 14, 12, tzinfo=UTC))
    order(200, provider=dana, when=datetime(2027, 3, 15, 12, tzinfo=UTC))
    assert doing.done("sold", "minor", date(2027, 3, 15), date(2028, 3, 14), "EUR") == {dana.pk: 200}


def test_totals_that_were_touched_are_found_and_counted_anew(order, member, job, board, at):
    dana = member("Dana")[0]
    order(100, provider=dana)
    services.count(by=job, at=at)
    Patronage.objects.update(minor=99)
    assert any("minor kept 99" in fault for fault in queries.totals_hold().faults)
    with pytest.raises(Refused):
        services.count_anew(by=board, at=at)
    slug = coops.of_scope(job.coop_id).slug
    with outside():
        told = json.loads(CliRunner().invoke(toadlane, ["recount", "--coop", slug, "--json"]).stdout)
        assert CliRunner().invoke(toadlane, ["recount", "--coop", "no-such", "--json"]).exit_code != 0
    assert told == {"recounted": {slug: {"totals": 2, "were_wrong": 2}}}
    assert queries.totals_hold().faults == [] and measured()["minor"] == {dana.pk: 100}


CHANGES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 10_000), st.integers(0, 400), st.integers(0, 10_000), st.booleans()),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_any_orders_refunded_anyhow_and_folded_anywhere_add_up(order, member, job, at, changes):
    Patronage.objects.all().delete()
    Uncounted.objects.all().delete()
    people = [None, *(getattr(order, "people", None) or [member("Dana")[0], member("Eli")[0]])]
    order.people = people[1:]
    for who, minor, days, back, folds in changes:
        made = order(minor, provider=people[who], when=at + timedelta(days=days))
        if folds:
            services.count(by=job, at=at)
        if back:
            Order.objects.filter(pk=made.pk).update(refunded_minor=min(back, minor))
    services.count_anew(by=job, at=at)
    anew = list(
        Patronage.objects.order_by("side", "month", "who").values_list("side", "month", "who", "minor", "orders", "earned")
    )
    assert queries.totals_hold().faults == []
    last = date(2028, 12, 31)
    for side in ("sold", "bought"):
        total = sum(doing.done(side, "minor", FIRST, last, "EUR").values())
        assert total == sum(minor for s, _m, _w, minor, _o, _e in anew if s == side)
        assert total == sum(order.captured_minor - order.refunded_minor for order in Order.objects.all())


WHAT = st.lists(
    st.tuples(st.sampled_from([0, 1]), st.integers(1, 5_000), st.integers(0, 300), st.integers(0, 5_000), st.integers(-900, 900)),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(what=WHAT)
def test_a_random_year_played_twice_is_the_same_to_the_byte(order, member, job, board, at, later, what):
    """Orders, refunds, earnings and costs at random, folded and sealed in between or not: the same facts, and the same cents."""
    order.people = people = getattr(order, "people", None) or [member("Dana")[0], member("Eli")[0]]
    hashes = []
    for folds in (False, True):
        with transaction.atomic():
            for n, (who, minor, days, back, moved) in enumerate(what):
                when = at + timedelta(days=days)
                made = order(minor, provider=people[who], when=when)
                if moved:
                    legs = [Leg("1000", Money(moved, "EUR")), Leg("4900" if moved > 0 else "6600", Money(-moved, "EUR"))]
                    ledger.post(key=f"random:{n}", narration="x", postings=legs, by=job, at=when)
                if back:
                    Order.objects.filter(pk=made.pk).update(refunded_minor=min(back, minor))
                if folds:
                    services.count(by=job, at=at)
                    ledger.seal(by=job, at=at)
            year = services.work_out(name="2027", starts_on=FIRST, ends_on=LAST, by=board, at=later)
            hashes.append(year.hash)
            assert queries.years_hold().faults == []
            transaction.set_rollback(True)
    assert hashes[0] == hashes[1]


def test_patronage_is_the_price_without_tax_tip_and_the_fee_on_top(order, member, alice, job, at):
    """100.00 and 20 % of VAT, a tip of 5.00, and 15.00 with 3.00 of VAT for the platform on top: 143.00 were paid."""
    dana = member("Dana")[0]
    left = {"provider": 12_000, "tip": 500, "guest_fee": 1_500, "guest_fee_vat": 300}
    about = {
        "net_minor": 10_000, "vat_minor": 2_000, "tip_minor": 500, "on_top_minor": 1_800, "total_minor": 14_300,
        "captured_minor": 14_300, "left": [{"kind": kind, "minor": minor} for kind, minor in left.items()],
    }  # fmt: skip
    made = order(provider=dana, customer=alice, **about)
    assert measured()["minor"] == {dana.pk: 10_000} and measured()["earned"] == {dana.pk: 10_000}
    assert doing.done("bought", "minor", FIRST, LAST, "EUR") == {alice.pk: 10_000}
    # Half of it went back, share by share: 60.00 with 10.00 of VAT in them are left of the price.
    half = [{"kind": kind, "minor": minor // 2} for kind, minor in left.items()]
    Order.objects.filter(pk=made.pk).update(refunded_minor=7_150, left=half)
    assert measured()["minor"] == {dana.pk: 5_000} == measured()["earned"]
    services.count(by=job, at=at)
    assert measured()["minor"] == {dana.pk: 5_000} and queries.totals_hold().faults == []
    # A cent of tax is rounded as orders round it, half up: 33 of 120 hold 5.5, which is 6.
    Order.objects.filter(pk=made.pk).update(refunded_minor=14_267, left=[{"kind": "provider", "minor": 33}])
    assert measured()["minor"] == {dana.pk: 27} == measured()["earned"]
    Order.objects.filter(pk=made.pk).update(refunded_minor=14_300, left=[])
    assert measured()["minor"] == {} and measured()["orders"] == {}


def test_what_the_co_op_itself_sold_and_what_a_late_client_paid_hold_no_tax_of_the_provider(order, member):
    dana = member("Dana")[0]
    sums = {"net_minor": 10_000, "vat_minor": 2_000, "total_minor": 12_000, "captured_minor": 12_000}
    sold = order(**sums, left=[{"kind": "sales", "minor": 10_000}, {"kind": "vat", "minor": 2_000}])
    Order.objects.filter(pk=sold.pk).update(
        refunded_minor=6_001, left=[{"kind": "sales", "minor": 4_999}, {"kind": "vat", "minor": 1_000}]
    )
    late = order(provider=dana, **sums, left=[{"kind": "provider", "minor": 12_000}])
    Order.objects.filter(pk=late.pk).update(refunded_minor=7_000, left=[{"kind": "late_cancel", "minor": 5_000}])
    assert measured()["minor"] == {0: 4_999, dana.pk: 5_000} and measured()["earned"] == {}


# Price, tax in per cent, tip, fee on top, whether the co-op itself sells, and parts that go back, each of what is left by then.
REFUNDED = st.lists(
    st.tuples(
        st.integers(1, 9_999), st.sampled_from([0, 7, 20]), st.sampled_from([0, 1, 250]), st.sampled_from([0, 33]), st.booleans(),
        st.lists(st.fractions(0, 1), max_size=3),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=REFUNDED)
def test_the_price_that_is_left_is_what_orders_say_of_any_refunds(order, member, orders):
    """The totals that a trigger keeps, the question to all orders at once, and the rest that an order's own page shows."""
    order.dana = dana = getattr(order, "dana", None) or member("Dana")[0]
    with transaction.atomic():
        expected = 0
        for net, rate, tip, on_top, is_ours, parts in orders:
            vat, fee = (net * rate + 50) // 100, 0 if is_ours else on_top
            ours = [("sales", net), ("vat", vat)] if is_ours else [("provider", net + vat - net // 7), ("commission", net // 7)]
            shares = [{"kind": kind, "minor": minor} for kind, minor in (*ours, ("tip", tip), ("guest_fee", fee)) if minor]
            sums = {"net_minor": net, "vat_minor": vat, "tip_minor": tip, "on_top_minor": fee, "split": shares, "left": shares}
            total = net + vat + tip + fee
            made = order(provider=dana, **sums, total_minor=total, captured_minor=total)
            for part in parts:
                back = int((total - made.refunded_minor) * part)
                made.left, made.refunded_minor = splits.take_back(made.left, back, shares)[1], made.refunded_minor + back
                made.save()
            rest = splits.rest(made)
            expected += rest.total.minor - rest.vat_minor - rest.tip_minor - splits.on_top(made.left)
        assert measured()["minor"].get(dana.pk, 0) == expected
        assert doing.from_orders("sold", "minor", FIRST, LAST, "EUR").get(dana.pk, 0) == expected
        assert queries.totals_hold().faults == []
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has workers to share a question among")
def test_the_price_of_all_orders_is_added_up_by_several_workers():
    """With a subquery in it every order of a year was sorted before one process added them up."""
    plans = {}
    with transaction.atomic(), connection.cursor() as cursor:
        for setting in ("parallel_setup_cost", "parallel_tuple_cost", "min_parallel_table_scan_size"):
            cursor.execute(f"SET LOCAL {setting} = 0")
        for by_function in (False, True):
            amount = expression("minor", "o", "postgresql", by_function=by_function)
            cursor.execute(f"EXPLAIN SELECT provider_id, SUM({amount}) FROM orders_order o GROUP BY 1")
            plans[by_function] = "\n".join(line for (line,) in cursor.fetchall())
    assert "Partial" in plans[True] and "Partial" not in plans[False]
