"""Members and officers act at the same moment, with real threads and real transactions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.money.payments.test_races import at_once
from toadlane.kernel.errors import Expected
from toadlane.money.payments.models import Payment
from toadlane.ownership.shares import queries, services
from toadlane.ownership.shares.models import Redemption, Subscription
from toadlane.plumbing.access.principals import Channel

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 4


def expected(results):
    return not [one for one in results if isinstance(one, Exception) and not isinstance(one, Expected)]


def test_a_double_click_on_taking_shares_is_one_wish_and_one_payment(take, member, at):
    dana = member("Dana")
    take(dana, 4, paid_rate="1/2")
    about = {"membership": dana[0], "share_class": "ordinary", "method": "transfer", "by": dana[1], "at": at}
    for key, deed in (
        ("wish", lambda: services.subscribe(**about, shares=2, key="wish")),
        ("rest", lambda: services.pay_rest(**about, key="rest")),
    ):
        results = at_once(*[deed] * CROWD)
        assert {getattr(one, "payment", one) for one in results} == {Payment.objects.latest("pk")}, results
        assert Subscription.objects.filter(key=key).count() == 1


def test_whoever_stays_in_at_the_moment_of_approval_is_told_the_truth(take, member, board, set_rules, at):
    set_rules(withdrawal_limit="1")
    people = [member(name) for name in ("Dana", "Eli", "Fay", "Gus")]
    for who in people:
        take(who, 4)
    for turn in range(4):
        asked = [
            services.ask_back(membership=who[0], share_class="ordinary", shares=1, by=who[1], at=at) for who in people
        ] if turn < 3 else []  # fmt: skip

        def stay(one, who):
            return lambda: services.take_back(redemption=Redemption.objects.get(pk=one.pk), by=who[1], at=at)

        when = at + timedelta(days=1)
        results = at_once(
            lambda when=when: services.approve_due(by=board, at=when), *[stay(*pair) for pair in zip(asked, people, strict=False)]
        )
        assert expected(results), results
        for one, said in zip(asked, results[1:], strict=True):
            state = Redemption.objects.get(pk=one.pk).state
            assert state == ("withdrawn" if not isinstance(said, Exception) else "approved")
        assert queries.register_equals_ledger().faults == queries.promised_equals_ledger().faults == []


def test_the_cap_holds_for_a_crowd_of_transfers(take, member, at):
    dana, eli, fay = member("Dana"), member("Eli"), member("Fay")
    take(fay, 95)
    for who in (dana, eli):
        take(who, 90)

    def give(who, n):
        return lambda: services.transfer(
            membership=who[0], to=fay[0], share_class="ordinary", shares=3, key=f"t{n}", by=who[1], at=at
        )

    results = at_once(*[give(who, n) for n, who in enumerate((dana, eli, dana, eli))])
    assert expected(results) and sum(not isinstance(one, Exception) for one in results) == 1
    assert queries.holding(fay[0].pk, "ordinary").shares == 98 and queries.register_equals_ledger().faults == []


@pytest.mark.parametrize(("rules", "repaid"), [({"withdrawal_limit": "0.10"}, 4), ({"least_capital": 92_500}, 3)])
def test_no_more_is_repaid_than_limit_and_floor_allow_however_many_approve(
    take, member, board, make_officer, set_rules, at, rules, repaid
):
    """40 shares of 25.00: a tenth of them is four, and down to 925.00 it is three."""
    set_rules(**{"withdrawal_limit": "1"} | rules)
    people = [member(name) for name in ("Dana", "Eli", "Fay", "Gus")]
    for who in people:
        take(who, 10)
    for who in people:
        services.ask_back(membership=who[0], share_class="ordinary", shares=5, by=who[1], at=at)
    other = make_officer("Hana", "board")
    keys = [replace(by, channel=channel) for by in (board, other) for channel in (Channel.WEB, Channel.API)]
    results = at_once(*[lambda by=by: services.approve_due(by=by, at=at + timedelta(days=1)) for by in keys])
    assert expected(results), results
    approved = Redemption.objects.filter(state__in=("approved", "paid"))
    assert sum(one.shares for one in approved) == repaid and queries.capital().minor == 100_000 - repaid * 2_500
    assert queries.register_equals_ledger().faults == queries.promised_equals_ledger().faults == []
