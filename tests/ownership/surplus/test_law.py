"""What the law of each form asks of a surplus, and that what a day brought is shared out once."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.ownership.surplus.test_year import PLAIN, facts
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.policies.chart import CHART
from toadlane.ownership.surplus import handlers, queries, services
from toadlane.ownership.surplus.models import Year
from toadlane.ownership.surplus.policies.closing import close
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws.rules import documents, packs

THIRTY = 3_000_000  # 30,000 euro: the least capital of a European cooperative society.
SCE = replace(PLAIN, reserve="0.15", education="0", reserve_until="amount", reserve_target=THIRTY)
SCIC = replace(PLAIN, reserve="0.575", education="0", reserve_until="capital", reserve_beyond="0.5", by_patronage=False)


@pytest.mark.parametrize(
    ("held", "reserve"), [(0, 600_000), (2_000_000, 600_000), (THIRTY - 1, 600_000), (THIRTY, 0), (THIRTY + 1, 0)]
)
def test_the_reserve_of_a_european_society_is_fed_until_it_equals_the_least_capital(held, reserve):
    found = close(facts(5_000_000, losses_bf=1_000_000, reserve=held), SCE)
    assert (found.base, found.reserve, sum(found.members.values())) == (4_000_000, reserve, 4_000_000 - reserve)


@pytest.mark.parametrize(("held", "reserve"), [(0, 4_600_000), (19_999_999, 4_600_000), (20_000_000, 4_000_000)])
def test_the_reserve_of_a_french_society_gets_half_once_it_equals_the_capital_and_shares_may_bear_interest(held, reserve):
    about = {"reserve": held, "subscribed": 20_000_000, "capital": {"1": 20_000_000}}
    found = close(facts(8_000_000, **about), replace(SCIC, interest="0.05"))
    assert (found.reserve, found.interest, found.members) == (reserve, {"1": 1_000_000}, {})
    assert found.to_reserve == 7_000_000, "what nobody may have stays with the co-op"


def test_where_the_bylaws_name_no_point_the_reserve_is_never_full():
    assert close(facts(1_000, reserve=10**9, subscribed=1), replace(PLAIN, reserve_target=1)).reserve == 200


@pytest.mark.parametrize("tax", [0, 2_949, 2_950, 2_951, 7_949, 7_950])
def test_tax_and_the_fund_for_other_co_ops_come_out_of_the_rest_once_members_business_is_used_up(tax):
    """Half the business is with others: of 100.00 members' half has 50.00, less 15.00 reserve, 2.50 education and 3.00."""
    terms = replace(PLAIN, reserve="0.30", mutual="0.03")
    found = close(facts(10_000, member_business=1, nonmember_business=1, tax=tax), terms)
    assert (found.reserve, found.education, found.mutual, found.tax) == (1_500, 250, 300, tax)
    left = 5_000 - 1_500 - 250 - 300
    assert (sum(found.members.values()), found.nonpatronage) == (max(0, left - tax), 5_000 - max(0, tax - left))


FRACTIONS = st.fractions(min_value=0, max_value=1, max_denominator=1000)


@given(
    result=st.integers(-10**9, 10**9), losses=st.integers(0, 10**9), tax=st.integers(0, 10**6), inside=st.integers(0, 10**6),
    outside=st.integers(0, 10**6), did=st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 10**6)),
    rates=st.tuples(*[FRACTIONS] * 6), until=st.sampled_from(["always", "capital", "amount"]), held=st.integers(0, 10**9),
    flags=st.tuples(st.booleans(), st.booleans()),
)  # fmt: skip
def test_whatever_the_bylaws_say_the_parts_are_the_whole_and_none_is_below_nothing(
    result, losses, tax, inside, outside, did, rates, until, held, flags
):
    reserve, education, interest, cash, mutual, beyond = (str(Fraction(one)) for one in rates)
    terms = replace(
        PLAIN, reserve=reserve, education=education, interest=interest, cash=cash, mutual=mutual, reserve_beyond=beyond,
        reserve_until=until, reserve_target=10**6, may_distribute=flags[0], by_patronage=flags[1],
    )  # fmt: skip
    about = {"member_business": inside, "nonmember_business": outside, "capital": did, "subscribed": 10**5, "reserve": held}
    found = close(facts(result, {"": did}, losses_bf=losses, tax=tax, **about), terms)
    parts = [found.reserve, found.nonpatronage, found.education, found.mutual, found.tax, found.unearned]
    people = [*found.interest.values(), *found.members.values()]
    assert min([*parts, *people, *found.cash.values(), *found.retained.values()], default=0) >= 0
    assert sum(parts) + sum(people) == found.base == max(0, result - losses)
    assert sum(found.cash.values()) + sum(found.retained.values()) == sum(found.members.values())
    assert found.losses_cf == max(0, losses - result) and found.tax <= tax
    assert flags[0] or not people
    assert flags[1] or not found.members


# ------------------------------------------------------------------------------------------------------------- the packs


def founded(pack, currency="EUR", **values):
    law = packs.load(pack)
    given = {name.replace("__", "."): value for name, value in values.items()}
    return documents.compose(values=given, currency=currency, pack=law.name, bounds=law.bounds)["rules"]


def test_no_french_society_of_this_form_shares_by_patronage():
    rule = founded("fr-scic")["surplus.patronage"]
    assert (rule["value"], rule["only"]["values"]) == (False, [False])
    with pytest.raises(documents.NotARule) as refused:
        founded("fr-scic", surplus__patronage=True)
    assert "not_allowed_by_law" in str(refused.value)
    assert founded("none")["surplus.patronage"]["value"] is True


@pytest.mark.parametrize("pack", ["es-27-1999", "it-mutualita"])
def test_where_the_law_names_no_point_the_reserve_is_never_full_by_rule(pack):
    assert founded(pack)["surplus.reserve_until"]["value"] == "always"
    with pytest.raises(documents.NotARule):
        founded(pack, surplus__reserve_until="capital")
    with pytest.raises(documents.NotARule):
        founded("fr-scic", surplus__reserve_until="amount")
    assert founded("sce", surplus__reserve_until="amount")["surplus.reserve_target"]["value"] == THIRTY


def test_an_amount_that_the_law_names_in_euro_binds_no_other_currency():
    with pytest.raises(documents.NotARule):
        founded("sce", surplus__reserve_target=THIRTY - 1)
    founded("sce", surplus__reserve_target=THIRTY)
    assert "floor" not in founded("sce", currency="SEK", surplus__reserve_target=1)["surplus.reserve_target"]


def test_an_italian_co_op_pays_3_per_cent_to_the_fund_for_others():
    assert founded("it-mutualita")["surplus.mutual_fund"]["value"] == "0.03"
    with pytest.raises(documents.NotARule):
        founded("it-mutualita", surplus__mutual_fund="0.0299")


def test_every_bound_of_every_law_is_about_a_rule_that_there_is():
    """A bound on a rule that nobody obeys would be law on paper only."""
    elsewhere = {
        "votes.collaborators_max",
        "votes.college_max",
        "votes.college_min",
        "votes.investors_max",
        "votes.employees_max",
    }
    for pack in packs.every():
        known = set(documents.declared()) | elsewhere
        assert set(pack.bounds) <= known, (pack.id, set(pack.bounds) - known)


# ---------------------------------------------------------------------------------------------------- a day is shared once


@pytest.fixture
def act(inside):
    return Principal.job(inside.pk, "enactment")


@pytest.fixture
def shared(set_rules):
    set_rules({"surplus.bases": [{"class": "", "basis": "equal"}]})


def enact(year, act, later, board, decision):
    year = services.put_to_members(year=year, by=board, at=later)
    handlers.enact(payload={"year": year.name, "hash": year.hash}, decision=decision, passed_by="simple", by=act, at=later)
    return queries.year(year.name)


def test_what_a_year_brought_is_not_shared_out_again_under_another_name(shared, member, earn, work_out, act, later, board):
    member("Dana")
    earn(85_000)
    enact(work_out(), act, later, board, "2028-1")
    for starts_on, ends_on in ((date(2027, 1, 1), date(2027, 12, 31)), (date(2027, 12, 31), date(2028, 2, 1))):
        with pytest.raises(services.YearsOverlap):
            services.work_out(name="again", starts_on=starts_on, ends_on=ends_on, by=board, at=later)
    after = services.work_out(name="2028", starts_on=date(2028, 1, 1), ends_on=date(2028, 2, 1), by=board, at=later)
    Year.objects.filter(pk=after.pk).update(starts_on=date(2027, 12, 31))
    with pytest.raises(DatabaseError), transaction.atomic():
        Year.objects.filter(pk=after.pk).update(state="booked", decision="x")
    Year.objects.filter(pk=after.pk).update(starts_on=date(2028, 1, 1))
    Year.objects.filter(pk=after.pk).update(state="booked", decision="x")


def test_a_year_put_to_the_members_is_not_put_to_them_twice(shared, member, earn, work_out, later, board):
    earn(85_000)
    services.put_to_members(year=work_out(), by=board, at=later)
    with pytest.raises(services.YearsOverlap):
        services.work_out(name="again", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31), by=board, at=later)


def test_a_loss_is_closed_before_the_next_year_and_covered_by_it_however_late(shared, member, earn, at, act, later, board):
    member("Dana")
    earn(-30_000)
    earn(50_000, at.replace(year=2028, month=2))
    now = later.replace(year=2029)
    second = {"name": "2028", "starts_on": date(2028, 1, 1), "ends_on": date(2028, 12, 31), "by": board, "at": now}
    with pytest.raises(services.EarlierOpen):
        services.work_out(**second)
    first = services.work_out(name="2027", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31), by=board, at=now)
    enact(first, act, now, board, "2029-1")
    year = services.work_out(**second)
    assert (year.result["losses_covered"], year.result["base"]) == (30_000, 20_000)
    enact(year, act, now, board, "2029-2")
    assert books.balance("3900", "EUR").minor == 0


def test_a_tax_that_the_surplus_does_not_cover_is_refused_and_not_cut(shared, earn, work_out):
    earn(10_000)
    assert work_out(tax_minor=7_500).result["tax"] == 7_500
    with pytest.raises(services.MoreTaxThanSurplus):
        work_out(tax_minor=7_501)


def test_the_part_of_other_co_ops_is_booked_and_read(shared, set_rules, member, earn, work_out, act, later, board):
    set_rules({"surplus.mutual_fund": "0.03"})
    member("Dana")
    earn(33_333)
    year = enact(work_out(), act, later, board, "2028-1")
    assert books.balance("2350", "EUR").minor == -1_000 and CHART["2350"].kind == "liability"
    assert any("€10.00" in line for line in handlers.describe({"year": year.name}, "en"))
    assert queries.years_hold().faults == [] and books.balance("3900", "EUR").minor == 0
