"""Exact both ways, whatever happens: wages and their parts, budgets and their postings, the fund and what it lent."""

from datetime import date
from fractions import Fraction
from itertools import count

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import run_jobs
from tests.money.invoicing.schematron import faults
from tests.trade.assignments.conftest import CLIENT, confirmed, engaged, euro, fresh, later, membership, noon, on, quoted
from toadlane.kernel.errors import Expected
from toadlane.kernel.rates import half_up
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.models import Posting
from toadlane.money.payments import services as payments
from toadlane.ownership.shares import queries as shares
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.tenancy import invariants
from toadlane.trade.assignments import queries, services
from toadlane.trade.assignments.models import Assignment, Contract
from toadlane.trade.assignments.policies import floors, pay

pytestmark = pytest.mark.django_db

parts = st.fractions(0, 1, max_denominator=1000)
charges = st.builds(
    lambda employer, provisions, worker, tax: pay.Charges(date(2016, 1, 1), employer, provisions, worker / 2, tax / 3),
    parts, parts, parts, parts,
)  # fmt: skip
amounts = st.integers(1, 10**10)


@settings(deadline=None)
@given(amounts, charges)
def test_a_wage_and_what_it_costs_lead_to_each_other(gross, charge):
    wage = pay.from_gross(gross, charge)
    assert wage.cost == wage.gross + wage.employer + wage.provisions and wage.net == wage.gross - wage.worker - wage.tax
    assert pay.from_cost(wage.cost, charge) == wage
    again = pay.from_net(wage.net, charge)
    assert again.net >= wage.net and again.gross <= wage.gross
    assert again.gross == 1 or pay.from_gross(again.gross - 1, charge).net < wage.net


@settings(deadline=None)
@given(amounts, charges)
def test_of_a_cost_no_more_than_the_next_unit_is_left(cost, charge):
    wage = pay.from_cost(cost, charge)
    assert cost - wage.cost >= 0
    assert pay.from_gross(wage.gross + 1, charge).cost > cost


@settings(deadline=None)
@given(amounts, st.fractions(0, Fraction(1, 2), max_denominator=1000))
def test_a_price_and_what_it_leaves_for_labor_lead_to_each_other(price, fee):
    left = pay.labor(price, fee)
    least = pay.price_for(left, fee)
    assert pay.labor(least, fee) >= left and least <= price
    assert pay.labor(least - 1, fee) < left


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 400), st.fractions(Fraction(1, 100), 1, max_denominator=100))
def test_the_part_of_a_day_that_is_offered_as_a_way_out_is_one(floor, days, part):
    least = floors.least(floor, days, part)
    assert least >= floor * days * part
    if floor and 0 < (most := floors.most_part(least, floor, days)) <= 1:
        assert floors.least(floor, days, most) <= least


def test_floors_go_by_the_day():
    rows = [
        {"trade": "any", "from": "2016-01-01", "daily": 7000}, {"trade": "any", "from": "2027-03-03", "daily": 7200},
        {"trade": "choir", "from": "2027-01-01", "daily": 9000},
    ]  # fmt: skip
    known = floors.read(rows)
    asked = lambda trade, first, last: floors.daily(known, trade, date(2027, 3, first), date(2027, 3, last))  # noqa: E731
    assert [asked("any", 1, 2), asked("any", 1, 3), asked("any", 3, 9), asked("choir", 1, 9)] == [7000, 7200, 7200, 9000]
    assert asked("baker", 1, 2) == 7000 and floors.daily(known, "choir", date(2015, 1, 1), date(2015, 1, 2)) == 0


def test_an_invoice_that_is_to_be_paid_passes_the_official_rules_in_both_syntaxes(house, activity, at):
    clients = {
        "S": CLIENT,
        "AE": services.Client(**{**CLIENT.__dict__, "country": "FR", "vat_number": "FR40303265045", "language": "fr"}),
    }  # fmt: skip
    for kind, client in clients.items():
        order = services.invoice(assignment=quoted(house, activity, at, client=client), by=house.by(house.alice), at=at)
        one = invoicing.find(order.invoice_id)
        assert order.vat_category == kind and (order.vat_minor == 21_000) is (kind == "S")
        assert faults(bytes(one.xml), "cii") == [] and faults(invoicing.as_ubl(one), "ubl") == []
    untaxed = services.invoice(assignment=quoted(house, activity, at, untaxed=True), by=house.by(house.alice), at=at)
    one = invoicing.find(untaxed.invoice_id)
    assert untaxed.vat_category == "E" and faults(bytes(one.xml), "cii") == [] and faults(invoicing.as_ubl(one), "ubl") == []


def test_no_share_is_bought_from_a_budget(house, activity, at):
    """The ledger itself lets a budget go for labor, expenses and to other activities, and for nothing else."""
    for purpose in ("", "shares", "client_default"):
        taken = ledger.debit("2130", euro(3000), holder=activity.holder, purpose=purpose)
        with pytest.raises(ledger.RestrictedAccount):
            ledger.post(key=purpose, narration="x", postings=[taken, ledger.credit("3000", euro(3000))], by=house.job, at=at)


def test_a_share_is_due_for_each_calendar_year_of_use(house, activity, at):
    alice = membership(house.alice)
    wanted = lambda day: [(one.id, number) for one, number in shares.missing(alice, day)]  # noqa: E731
    assert wanted(date(2027, 3, 1)) == [("a", 1)]
    for year in (2027, 2028, 2028, 2029):
        order = confirmed(house, activity, at, first=date(year, 6, 1), last=date(year, 6, 1))
        engaged(house, activity, at, order=order, first=date(year, 6, 1), last=date(year, 6, 1))
    assert wanted(date(2027, 12, 31)) == [("a", 1)]
    assert wanted(date(2028, 12, 31)) == [("a", 2)]
    assert wanted(date(2029, 12, 31)) == [("a", 3)]


def refused(deed):
    with pytest.raises(DatabaseError), transaction.atomic():
        deed()


def test_what_was_confirmed_paid_or_decided_the_database_keeps(house, activity, at):
    order = confirmed(house, activity, at)
    contract = engaged(house, activity, at, order=order)
    rows = Assignment.objects.filter(pk=order.pk)
    for change in (
        {"net_minor": 1, "fee_minor": 0},
        {"client_name": "Else"},
        {"confirmed_name": "Else"},
        {"last_day": date(2028, 1, 1)},
    ):
        refused(lambda change=change: rows.update(**change))
    refused(lambda: rows.update(confirmed_at=None, confirmed_name="", confirmed_digest=""))
    refused(lambda: rows.update(state="invoiced"))
    refused(lambda: rows.delete())
    refused(lambda: Contract.objects.filter(pk=contract.pk).update(gross_minor=1, employer_minor=contract.cost_minor - 1))
    refused(lambda: Contract.objects.filter(pk=contract.pk).update(drawn_minor=5))
    day = date(2027, 4, 1)
    other = engaged(house, activity, at, order=confirmed(house, activity, at, first=day, last=day), first=day, last=day)
    services.cancel(contract=other, by=house.by(house.alice), at=at)
    refused(lambda: Contract.objects.filter(state="cancelled").update(state="planned"))
    with pytest.raises(services.WrongMoment):
        services.cancel(contract=contract, by=house.by(house.alice), at=at)


def test_contracts_stay_within_what_the_order_leaves_and_the_activity_has(house, activity, at):
    order = confirmed(house, activity, at)
    engaged(house, activity, at, order=order, amount=90_000)
    with pytest.raises(services.OverBudget):
        engaged(house, activity, at, order=order, amount=10_000)
    with pytest.raises(services.NotEnough):
        engaged(house, activity, at, amount=10_000)
    with pytest.raises(services.DaysOutOfOrder):
        engaged(house, activity, at, order=order, amount=3_000, days=2)
    with pytest.raises(services.NotAPart):
        engaged(house, activity, at, order=order, amount=3_000, part="2")
    with pytest.raises(services.NotAWorker):
        services.engage(
            activity=activity, worker=membership(house.tom), trade="any", first_day=date(2027, 3, 1), last_day=date(2027, 3, 1),
            days=1, amount=euro(8_000), by=house.by(house.alice), at=at,
        )  # fmt: skip
    for deed in (lambda: quoted(house, activity, at, by=house.by(house.tom)),
                 lambda: services.put_in(amount=euro(1), key="x", by=house.by(house.alice), at=at),
                 lambda: services.give_up(assignment=order, reason="x", by=house.by(house.alice), at=at),
                 lambda: services.receive(assignment=order, payment_id="x", minor=9, by=house.by(house.tom), at=at)):  # fmt: skip
        with pytest.raises(Refused):
            deed()


steps = st.lists(
    st.tuples(
        st.sampled_from(["order", "unconfirmed", "contract", "invoice", "wages", "pay", "give_up", "transfer", "spend"]),
        st.integers(0, 3), st.integers(1, 120_000),
    ),
    min_size=4, max_size=14,
)  # fmt: skip
runs = count()
PUT_IN = 150_000


class History:
    """One thing after another; what cannot be is refused and changes nothing. `moved` is what transfers did to each budget."""

    def __init__(self, house, run, at):
        self.house, self.run, self.when, self.by = house, run, at, house.by(house.alice)
        self.own = [services.open_activity(name=f"{run}-{n}", by=self.by, at=at) for n in range(2)]
        self.orders, self.moved = [], [0, 0]

    def go(self, number, deed, which, minor):
        self.when, self.key = later(self.when, 3), f"{self.run}-{number}"
        made = fresh(self.orders[which % len(self.orders)]) if self.orders else None
        try:
            with transaction.atomic():
                getattr(self, deed)(made, which % 2, minor)
        except Expected:
            return
        run_jobs()

    def order(self, _made, n, minor, make=confirmed):
        self.orders.append(make(self.house, self.own[n], self.when, net=minor + 20_000))

    def unconfirmed(self, made, n, minor):
        self.order(made, n, minor, make=quoted)

    def contract(self, made, n, minor):
        if made:
            amount = min(minor + 10_000, made.labor.minor)
            engaged(self.house, made.activity, self.when, order=made, amount=amount)

    def invoice(self, made, n, minor):
        if made:
            services.invoice(assignment=made, by=self.by, at=self.when)

    def wages(self, made, n, minor):
        services.pay_due(by=self.house.job, at=later(self.when, 20))

    def pay(self, made, n, minor):
        if made and (paying := queries.payment(made)):
            bank = Principal.job(self.house.coop.pk, "bank")
            payments.receive_by_bank(payment=paying, reference=self.key, by=bank, at=self.when)

    def give_up(self, made, n, minor):
        if made:
            services.give_up(assignment=made, reason="gone", by=self.house.by(self.house.bob), at=self.when)

    def transfer(self, made, n, minor):
        source, target = self.own[n], self.own[1 - n]
        services.transfer(source=source, target=target, amount=euro(minor), key=self.key, by=self.by, at=self.when)
        self.moved[n] -= minor
        self.moved[1 - n] += minor

    def spend(self, made, n, minor):
        engaged(self.house, self.own[n], self.when, amount=minor + 10_000)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_whatever_happens_budgets_are_their_postings_and_the_fund_gets_back_what_it_lent(house, at, history):
    """A pencil beside it: each budget, and the fund, worked out from what became of each order alone."""
    run = next(runs)
    told = History(house, run, at)
    services.put_in(amount=euro(PUT_IN), key=f"run-{run}", by=house.by(house.tom), at=at)
    for number, step in enumerate(history):
        told.go(number, *step)
    expected, fund = dict(zip([one.pk for one in told.own], told.moved, strict=True)), PUT_IN * (run + 1)
    for one in Assignment.objects.all():
        drawn = queries.drawn(one).minor
        fund += half_up(Fraction(one.net_minor, 100)) if one.invoice_id else 0
        fund -= drawn if one.state == "defaulted" else 0
        if one.activity_id in expected:
            expected[one.activity_id] += one.labor.minor if one.state == "paid" else drawn
        assert queries.advanced(one).minor == (drawn if one.state == "invoiced" else 0)
    for activity in told.own:
        paid = Contract.objects.filter(activity=activity, state="paid").values_list("cost_minor", flat=True)
        posted = Posting.objects.filter(account__code="2130", holder=activity.holder).values_list("minor", flat=True)
        assert queries.balance(activity).minor == expected[activity.pk] - sum(paid) == -sum(posted) >= 0
    assert -on("2140") == fund
    for name in ("assignments.budgets", "assignments.advances", "ledger.restricted_funds", "ledger.sub_ledgers"):
        assert not invariants._of_coops[name]().faults


def test_the_fund_is_asked_in_the_order_of_the_days_on_which_wages_are_due(house, activity, at):
    services.put_in(amount=euro(93_000), key="k", by=house.by(house.tom), at=at)
    late = confirmed(house, activity, at, first=date(2027, 3, 2), last=date(2027, 3, 2))
    engaged(house, activity, at, order=late, first=date(2027, 3, 2), last=date(2027, 3, 2), amount=93_000)
    early = confirmed(house, activity, at)
    first = engaged(house, activity, at, order=early, amount=93_000)
    paid = services.pay_due(by=house.job, at=noon(date(2027, 3, 12)))
    assert [one.pk for one in paid] == [first.pk]
