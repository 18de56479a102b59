"""How an invoice stands after any money and any credit note: nothing is lost, and the end is the same whatever came first."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from toadlane.kernel.rates import half_up
from toadlane.trade.assignments.policies.standing import Standing

RATE = Fraction(21, 100)


def invoice(net=100_000, fee=6_500, **more):
    return Standing(net=net, vat=half_up(net * RATE), fee=fee, **more)


def test_half_of_the_money_brings_half_of_the_labor_and_the_fund_has_its_own_back_first():
    one = invoice(out=93_500, given=93_500)
    came = one.receive(60_500)
    assert (came.applied, came.over, came.repaid, came.released) == (60_500, 0, 46_750, 0)
    rest = replace(one, received=60_500, out=46_750).receive(70_000)
    assert (rest.applied, rest.over, rest.repaid, rest.released) == (60_500, 9_500, 46_750, 0)


def test_of_what_never_comes_each_bears_its_part():
    """Of €1,210 the client paid €500: the fund, the tax office and the co-op bear the rest as they share the whole."""
    one = replace(invoice(out=93_500, given=93_500), received=50_000, out=93_500 - 38_636)
    lost = one.give_up(is_relieved=True)
    assert (lost.owed, lost.fund, lost.vat, lost.lost) == (71_000, 54_864, 12_322, 3_814)
    assert one.give_up(is_relieved=False).lost == 3_814 + 12_322


def test_a_credit_note_over_all_undoes_what_the_fund_lent_and_over_a_part_only_what_is_too_much():
    one = invoice(out=50_000, given=50_000)
    part = one.credit(40_000, RATE)
    assert (part.net, part.vat, part.forgiven, part.unearned, part.cleared, part.repaid) == (40_000, 8_400, 48_400, 0, 0, 0)
    whole = one.credit(100_000, RATE)
    assert (whole.vat, whole.unearned, whole.cleared, whole.back, whole.released) == (21_000, 50_000, 50_000, 0, 0)


def test_what_was_paid_for_it_is_the_clients_again():
    paid = invoice(received=121_000, given=93_500)
    part = paid.credit(10_000, RATE)
    assert (part.back, part.forgiven, part.unearned) == (12_100, 0, 9_350)
    half = replace(invoice(), received=60_500).credit(60_000, RATE)
    assert (half.back, half.forgiven, half.released) == (12_100, 60_500, 37_400)


steps = st.lists(
    st.tuples(st.sampled_from(["money", "credit", "lend", "give_up"]), st.integers(1, 130_000)), min_size=1, max_size=9
)


@settings(deadline=None)
@given(st.integers(1, 120_000), st.fractions(0, 1, max_denominator=40), st.sampled_from([Fraction(0), RATE]), steps)
def test_whatever_came_first_the_parts_are_the_whole(net, share, rate, history):
    one = Standing(net=net, vat=half_up(net * rate), fee=half_up(net * share))
    back, repaid, lent, released, unearned = 0, 0, 0, 0, 0
    paid = 0
    for what, minor in history:
        if what == "lend" and one.owed:
            part = min(minor, max(0, one.labor - one.given))
            one, lent = replace(one, out=one.out + part, given=one.given + part), lent + part
        elif what == "money" and one.owed:
            came = one.receive(minor)
            paid, back, repaid, released = paid + minor, back + came.over, repaid + came.repaid, released + came.released
            assert came.applied + came.over == minor and 0 <= came.repaid <= one.out and came.released >= 0
            one = replace(one, received=one.received + came.applied, out=one.out - came.repaid, given=one.given + came.released)
        elif what == "credit" and one.live_net:
            done = one.credit(min(minor, one.live_net), rate)
            assert min(done.vat, done.forgiven, done.back, done.unearned, done.repaid, done.released) >= 0
            assert done.forgiven + done.back == done.net + done.vat
            back, repaid, released = back + done.back, repaid + done.cleared + done.repaid, released + done.released
            unearned += done.unearned
            one = replace(
                one, credited_net=one.credited_net + done.net, credited_vat=one.credited_vat + done.vat,
                received=one.received - done.back, out=one.out - done.cleared - done.repaid,
                given=one.given - done.unearned + done.released,
            )  # fmt: skip
        elif what == "give_up" and one.owed:
            lost = one.give_up(is_relieved=True)
            assert lost.vat + lost.fund + lost.lost == lost.owed == one.owed
            assert min(lost.vat, lost.fund, lost.lost, lost.repaid, lost.released) >= 0
            assert lost.fund + lost.repaid == one.out and one.given + lost.released <= one.labor
        assert one.owed >= 0 and one.out >= 0 and one.given <= one.labor <= one.live_net
        assert paid == one.received + back and lent - repaid == one.out and one.given == lent + released - unearned
        if not one.owed:
            assert one.out == 0 and one.given == one.labor
