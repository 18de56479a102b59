"""The order over 1,000.00: the fee, the wage on its day, a client who does not pay, and who may bring money in."""

from datetime import date, timedelta

import pytest

from tests.conftest import run_jobs
from tests.trade.assignments.conftest import CLIENT, confirmed, engaged, euro, fresh, membership, noon, on, quoted
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing.policies import documents
from toadlane.money.payments import queries as paying
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payout
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy import invariants
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws import services as amending
from toadlane.society.bylaws.rules.patches import Op, Patch
from toadlane.society.members import services as joining
from toadlane.trade.assignments import queries, services
from toadlane.trade.assignments.models import Assignment, Contract

pytestmark = pytest.mark.django_db

PAYDAY = date(2027, 3, 10)  # Work on Monday 1 March: seven working days later.


def endow(house, at, minor=200_000):
    services.put_in(amount=euro(minor), key="start", by=house.by(house.tom), at=at)


def all_holds():
    for name in ("assignments.budgets", "assignments.advances", "assignments.wages_in_time", "ledger.sub_ledgers",
                 "ledger.restricted_funds", "ledger.held_funds"):  # fmt: skip
        found = invariants._of_coops[name]()
        assert not found.faults, (name, found.faults)


def pay(order, house, at):
    """The client's transfer stands on the bank's statement."""
    bank = Principal.job(house.coop.pk, "bank")
    payments.receive_by_bank(payment=queries.payment(order), reference="st-1", by=bank, at=at)
    run_jobs()
    return fresh(order)


def test_of_a_thousand_sixty_five_are_kept_and_the_rest_is_for_labor(house, activity, at):
    order = confirmed(house, activity, at)
    assert (order.fee.minor, order.labor.minor, order.vat.minor) == (6_500, 93_500, 21_000)
    assert (order.confirmed_name, order.confirmed_at, order.state) == ("Gabriel Gate", at, "confirmed")
    assert order.confirmed_digest == queries.digest(order)
    contract = engaged(house, activity, at, order=order)
    assert (contract.cost.minor, contract.gross.minor, contract.net.minor) == (93_500, 70_000, 56_000)
    assert contract.pay_by == PAYDAY


def test_the_wage_leaves_by_working_day_seven_though_the_client_does_not_pay(house, activity, at):
    endow(house, at)
    order = confirmed(house, activity, at)
    contract = engaged(house, activity, at, order=order)
    order = services.invoice(assignment=order, by=house.by(house.alice), at=at)
    assert order.due_on == date(2027, 3, 11)
    assert services.pay_due(by=house.job, at=noon(PAYDAY - timedelta(days=1))) == []
    assert [one.pk for one in services.pay_due(by=house.job, at=noon(PAYDAY))] == [contract.pk]
    assert services.pay_due(by=house.job, at=noon(PAYDAY)) == []
    # The receivable shows against the fund: it has 935.00 out under the name of this order, of 2,000.00 and its 1 %.
    assert (on("1200", order.subject), queries.advanced(order).minor) == (121_000, 93_500)
    assert queries.fund_free("EUR").minor == 200_000 + 1_000 - 93_500
    assert queries.balance(activity).minor == 0
    assert (on("2210"), on("2220")) == (-34_000, -3_500)
    sent = payments.pay_out(by=house.job, at=noon(PAYDAY))
    assert [(one.holder, one.amount_minor) for one in sent] == [(membership(house.alice).holder, 56_000)]
    assert on("1000") == -56_000
    all_holds()


def test_the_client_is_dunned_step_by_step_and_no_letter_is_written_twice(house, activity, at):
    order = services.invoice(assignment=confirmed(house, activity, at), by=house.by(house.alice), at=at)
    told = []
    for days in (0, 2, 3, 3, 14, 40, 41):
        told.append(services.remind(by=house.job, at=noon(order.due_on + timedelta(days=days))))
    assert told == [0, 0, 1, 0, 1, 1, 0]
    letters = Letter.objects.filter(template="assignments/reminder", address="office@gate.test").order_by("pk")
    assert letters.count() == 3 and "Reminder 1" in letters[0].subject
    assert queries.payment(order).reference in letters[0].text
    pay(order, house, noon(order.due_on + timedelta(days=50)))
    assert services.remind(by=house.job, at=noon(order.due_on + timedelta(days=90))) == 0


def test_when_the_client_pays_the_fund_has_exactly_what_it_had(house, activity, at):
    endow(house, at)
    order = confirmed(house, activity, at)
    engaged(house, activity, at, order=order, amount=80_000)
    services.pay_due(by=house.job, at=noon(PAYDAY))
    order = fresh(order)
    assert order.state == "invoiced", "a confirmed order is invoiced before the fund advances anything"
    cost = queries.advanced(order).minor
    assert 79_998 <= cost <= 80_000
    order = pay(order, house, noon(date(2027, 3, 20)))
    assert (order.state, queries.advanced(order).minor) == ("paid", 0)
    assert (queries.fund_free("EUR").minor, on("2140")) == (201_000, -201_000)
    assert queries.balance(activity).minor == 93_500 - cost
    assert (on("1200"), on("2100")) == (0, 0)
    all_holds()


def test_an_unconfirmed_order_gets_no_guarantee_and_its_wage_waits_for_the_client(house, activity, at):
    endow(house, at)
    order = quoted(house, activity, at)
    contract = engaged(house, activity, at, order=order)
    order = services.invoice(assignment=order, by=house.by(house.alice), at=at)
    assert "not confirmed" in queries.why_not_guaranteed(order)
    assert services.pay_due(by=house.job, at=noon(PAYDAY)) == []
    assert queries.fund_free("EUR").minor == 201_000
    pay(order, house, noon(date(2027, 3, 20)))
    assert [one.pk for one in services.pay_due(by=house.job, at=noon(date(2027, 3, 20)))] == [contract.pk]
    assert fresh(contract).drawn_minor == 0
    all_holds()


def test_a_client_outside_the_union_gets_no_guarantee_where_the_rule_says_so(at, wheels):
    from tests.trade.assignments.conftest import found
    from toadlane.plumbing.tenancy.scope import scope

    house = found(at, **{"guarantee.in_eu": True})
    with scope(house.coop.pk):
        endow(house, at)
        activity = services.open_activity(name="Posters", by=house.by(house.alice), at=at)
        abroad = services.Client(**{**CLIENT.__dict__, "country": "US"})
        for client, guaranteed in ((abroad, False), (CLIENT, True)):
            order = confirmed(house, activity, at, client=client)
            engaged(house, activity, at, order=order)
            assert bool(queries.why_not_guaranteed(order)) is not guaranteed
            assert len(services.pay_due(by=house.job, at=noon(PAYDAY))) == guaranteed


def test_a_manager_who_is_no_member_spends_the_balance_and_invoices_nobody(house, activity, at):
    """Money is there from before; then the manager's membership is over."""
    pay(services.invoice(assignment=confirmed(house, activity, at), by=house.by(house.alice), at=at), house, at)
    waiting = confirmed(house, activity, at)
    joining.suspend(membership=membership(house.alice), reason="x", by=house.by(house.bob), at=at)
    alice = house.by(house.alice)
    assert not alice.memberships
    with pytest.raises(services.ManagerIsNoMember):
        quoted(house, activity, at)
    with pytest.raises(services.ManagerIsNoMember):
        services.invoice(assignment=waiting, by=alice, at=at)
    contract = engaged(house, activity, at)
    assert [one.pk for one in services.pay_due(by=house.job, at=noon(PAYDAY))] == [contract.pk]
    assert queries.balance(activity).minor == 0


def test_an_applicant_opens_an_activity_and_cannot_invoice(house, at):
    vera = house.by(house.vera)
    activity = services.open_activity(name="Drawings", by=vera, at=at)
    with pytest.raises(services.ManagerIsNoMember):
        quoted(house, activity, at, by=vera)
    with pytest.raises(services.ManagerIsNoMember):
        services.transfer(
            source=activity_of_alice(house, at), target=activity, amount=euro(1), key="k", by=house.by(house.alice), at=at
        )


def activity_of_alice(house, at):
    return services.open_activity(name="Posters", by=house.by(house.alice), at=at)


def test_sixty_a_day_is_refused_with_the_floor_and_both_ways_out(house, activity, at):
    order = confirmed(house, activity, at)
    with pytest.raises(services.BelowFloor) as refused:
        engaged(house, activity, at, order=order, amount=6_000, means="gross")
    assert "€71.97" in str(refused.value) and "€60.00" in str(refused.value)
    assert "€71.97" in str(refused.value.hint) and "83%" in str(refused.value.hint)
    assert engaged(house, activity, at, order=order, amount=7_197, means="gross").floor_minor == 7_197
    assert engaged(house, activity, at, order=order, amount=6_000, means="gross", part="0.83").gross.minor == 6_000
    with pytest.raises(services.BelowFloor):
        engaged(house, activity, at, order=order, amount=6_000, means="gross", part="0.84")
    with pytest.raises(services.BelowFloor):
        engaged(house, activity, at, order=order, amount=7_197, means="gross", trade="musician")
    assert not Contract.objects.filter(gross_minor=7_197, trade="musician").exists()


def test_a_client_who_never_pays_costs_the_fund_what_it_advanced_and_the_co_op_the_rest(house, activity, at):
    endow(house, at)
    order = confirmed(house, activity, at)
    engaged(house, activity, at, order=order)
    with pytest.raises(services.WagesFirst):
        services.give_up(assignment=services.invoice(assignment=order, by=house.by(house.alice), at=at), reason="gone",
                         by=house.by(house.bob), at=at)  # fmt: skip
    services.pay_due(by=house.job, at=noon(PAYDAY))
    order = services.give_up(assignment=fresh(order), reason="Bankrupt", by=house.by(house.bob), at=noon(date(2027, 6, 1)))
    assert (on("1200"), on("2310"), on("6210")) == (0, 0, 6_500)
    assert on("2140") == -(201_000 - 93_500)
    all_holds()
    # And if the money comes after all, everything is where it would have been.
    order = pay(order, house, noon(date(2027, 7, 1)))
    assert (order.state, on("2140"), on("6210"), on("2310")) == ("paid", -201_000, 0, -21_000)
    all_holds()


def test_the_alarm_when_the_fund_cannot_cover_and_the_wage_leaves_once_it_can(house, activity, at):
    order = confirmed(house, activity, at)
    contract = engaged(house, activity, at, order=order)
    assert [one.title for one in queries.waiting(house.by(house.tom), at)] == ["The guarantee fund may fall short"]
    assert services.pay_due(by=house.job, at=noon(PAYDAY)) == []
    assert fresh(contract).short_since == noon(PAYDAY)
    waits = [one.title for one in queries.waiting(house.by(house.tom), noon(PAYDAY))]
    assert waits == ["The guarantee fund cannot advance a wage"]
    [alarm] = paying.alarms(noon(PAYDAY))
    assert (alarm.kind, alarm.amount, alarm.since) == ("wage", fresh(contract).cost, noon(PAYDAY)) and "Alice" in alarm.what
    assert invariants._of_coops["assignments.wages_in_time"]().faults == []
    endow(house, noon(PAYDAY))
    assert [one.pk for one in services.pay_due(by=house.job, at=noon(PAYDAY))] == [contract.pk]
    assert queries.waiting(house.by(house.tom), noon(PAYDAY)) == [] and paying.alarms(noon(PAYDAY)) == []


def test_the_invoice_is_due_bears_the_reference_and_is_the_co_ops_own(house, activity, at):
    order = services.invoice(assignment=confirmed(house, activity, at), by=house.by(house.alice), at=at)
    document = invoicing.document(invoicing.find(order.invoice_id))
    sums = documents.totals(document)
    assert (document.seller.name, sums.due, sums.prepaid, document.due_on) == ("Quill SC", 121_000, 0, order.due_on)
    assert document.reference == queries.payment(order).reference != ""
    again = services.invoice(assignment=fresh(order), by=house.by(house.alice), at=at)
    assert again.invoice_id == order.invoice_id
    assert Assignment.objects.get().state == "invoiced" and Payout.objects.count() == 0


def test_what_was_ordered_goes_by_the_rules_it_was_ordered_under(house, activity, at):
    """Members narrow the guarantee; the order of before keeps it, and the next one has it no longer."""
    endow(house, at)
    before = confirmed(house, activity, at, client=services.Client(**{**CLIENT.__dict__, "country": "US"}))
    engaged(house, activity, at, order=before)
    book = bylaws.book()
    ops = (Op("guarantee.in_eu", False, True), Op("guarantee.contribution", "0.01", "0.02"))
    act = Principal.job(house.coop.pk, "enactment")
    amending.enact(patch=Patch(book.number, ops), decision="2027-1", passed_by="simple", by=act, at=at)
    after = confirmed(house, activity, at, client=services.Client(**{**CLIENT.__dict__, "country": "US"}))
    assert queries.why_not_guaranteed(before) == "" and "outside the European Union" in queries.why_not_guaranteed(after)
    assert len(services.pay_due(by=house.job, at=noon(PAYDAY))) == 1
    services.invoice(assignment=after, by=house.by(house.alice), at=at)
    assert on("6300") == 200_000 + 1_000 + 2_000
