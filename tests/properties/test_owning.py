"""Whatever a year was like and whoever asks: the parts are the whole, and nobody gets what is not there."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from toadlane.ownership.shares.policies import offers, redemption
from toadlane.ownership.surplus.policies import accounts, closing, losses, patronage, waterfall

amounts = st.integers(0, 10**12)
shares = st.fractions(0, 1, max_denominator=1000)
names = st.text("abcdefgh", min_size=1, max_size=3)
worked = st.dictionaries(names, st.fractions(0, 10**4, max_denominator=4), min_size=1, max_size=8)


@given(st.integers(-(10**12), 10**12), amounts, amounts, shares, amounts)
def test_what_the_french_law_leaves_and_takes_is_the_result(result, reserves, capital, cap, subsidies):
    found = waterfall.french_scic(
        result=result, reserves=reserves, capital=capital, interest_cap_rate=cap, public_subsidies=subsidies
    )
    assert found.mandatory_total + found.interest_max + found.remainder == max(0, result)
    assert found.remainder >= 0 and found.interest_max <= capital


@given(st.integers(-(10**12), 10**12), amounts, shares)
def test_the_italian_reserve_is_never_a_cent_short(profit, capital, cap):
    found = waterfall.italian_mutual(net_profit=profit, paid_up_capital=capital, dividend_cap_rate=cap)
    assert found.legal_reserve + found.mutual_fund + found.remainder == max(0, profit)
    assert found.legal_reserve >= Fraction(3, 10) * max(0, profit)


@given(amounts, worked, worked, st.integers(0, 100))
def test_pools_members_and_what_nobody_earned_are_the_whole(pool, workers, buyers, weight):
    classes = [patronage.ClassPool("workers", weight, workers), patronage.ClassPool("buyers", 101 - weight, buyers)]
    found = patronage.by_class(pool, classes)
    assert sum(found.members.values()) + found.to_collective == pool == sum(found.classes.values())


@given(st.integers(-(10**10), 10**10), worked, st.dictionaries(names, amounts, max_size=8), shares, shares, shares)
def test_accounts_and_cash_are_the_year(income, hours, balances, interest, collective, cash):
    opening = {**dict.fromkeys(hours, 0), **balances, "collective": 0}
    found = accounts.close_year(
        opening=opening, net_income=income, hours=hours, interest_rate=interest, collective_share=collective, cash_share=cash
    )
    assert found.net_book_value == sum(opening.values()) + income - sum(found.cash.values())


@given(amounts, amounts, amounts, shares, worked.filter(lambda w: any(w.values())))
def test_a_loss_is_borne_whole(loss, voluntary, reserve, average, activity):
    found = losses.spanish_loss(loss=loss, voluntary_reserve=voluntary, fro=reserve, fro_avg_rate=average, activity=activity)
    assert found.voluntary + found.fro + sum(found.members.values()) == loss
    assert found.voluntary <= voluntary and found.fro <= reserve


members = st.lists(names, min_size=1, max_size=8, unique=True)
shares_of_done = st.fractions(0, 100, max_denominator=4)


@given(members, amounts, st.data())
def test_a_pool_is_shared_out_exactly_and_again_to_the_unit_in_whatever_order_it_was_kept(register, pool, data):
    """Ties among equals are what order decides: half of the members did the same."""
    done = {name: data.draw(st.sampled_from([Fraction(1), Fraction(3, 2)]) | shares_of_done) for name in register}
    classes = {"workers": dict(list(done.items())[::2]), "buyers": dict(list(done.items())[1::2])}
    capital = {name: data.draw(st.sampled_from([100, 100, 250])) for name in register}
    facts = closing.Facts(
        result=pool,
        losses_bf=0,
        tax=0,
        member_business=1,
        nonmember_business=0,
        capital=capital,
        patronage=classes,
        order=register,
    )
    terms = closing.Terms(
        may_distribute=True, reserve="0.20", education="1/20", interest="0.04", cash=data.draw(shares), least_payout=0,
        weights=data.draw(st.sampled_from([{}, {"workers": 1, "buyers": 1}, {"workers": 2, "buyers": 1}])),
    )  # fmt: skip
    found = closing.close(facts, terms)
    parts = found.nonpatronage + found.reserve + found.education + found.tax + found.unearned
    assert parts + sum(found.interest.values()) + sum(found.members.values()) == found.base == pool
    assert sum(found.cash.values()) + sum(found.retained.values()) == sum(found.members.values())
    assert all(part >= 0 for part in (*found.members.values(), *found.interest.values()))

    def shuffled(told):
        return {name: told[name] for name in data.draw(st.permutations(list(told)))}

    kept = replace(
        facts, capital=shuffled(capital), patronage=shuffled({name: shuffled(told) for name, told in classes.items()})
    )  # fmt: skip
    assert closing.close(kept, terms).as_json() == found.as_json()
    assert closing.close(facts, terms) == found


requests = st.lists(st.integers(1, 10**9), max_size=8).map(
    lambda sums: [redemption.Request(str(n), amount) for n, amount in enumerate(sums)]
)


@given(st.sampled_from(["fifo_strict", "fifo_partial"]), amounts, amounts, requests, st.none() | shares)
def test_the_queue_keeps_the_floor_the_limit_and_the_order(policy, capital, floor, asked, limit):
    found = redemption.repay(policy=policy, capital=capital, floor_capital=floor, requests=asked, annual_limit=limit)
    assert found.capital_after >= min(capital, floor)
    assert sum(found.paid.values()) + sum(found.waiting.values()) == sum(request.amount for request in asked)
    if limit is not None:
        assert sum(found.paid.values()) <= limit * capital
    waiting = [request.id in found.waiting for request in asked]
    assert waiting == sorted(waiting), "nobody is paid before somebody who asked earlier"


@given(st.dictionaries(names, st.integers(100, 10**9), max_size=8), st.integers(0, 10**9), st.integers(0, 10**9))
def test_an_offer_gives_nobody_more_than_they_applied_for_nor_more_than_there_is(applications, minimum, more):
    maximum = minimum + more
    found = offers.allot(minimum=minimum, maximum=maximum, applications=applications, min_stake=100)
    if found.outcome == "issue":
        assert all(found.allotted.get(name, 0) <= amount for name, amount in applications.items())
        assert sum(found.allotted.values()) == min(maximum, sum(applications.values())) or sum(
            found.allotted.values()
        ) <= maximum < 100 * len(applications)
    else:
        assert sum(applications.values()) < minimum or not applications


@given(amounts, st.integers(1, 5), shares.filter(lambda share: share <= Fraction(3, 10)), shares)
def test_whoever_leaves_is_owed_all_but_what_is_kept(balance, years, kept, interest):
    found = redemption.pay_out_leaver(balance=balance, deduction_rate=kept, years=years, interest_rate=interest)
    assert found.payable + found.to_reserve == balance
    assert sum(one.principal for one in found.instalments) == found.payable
