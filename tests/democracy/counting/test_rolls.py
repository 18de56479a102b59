"""Who votes, who votes for whom, who is drawn, and what each of them can check afterwards."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from toadlane.democracy.counting.policies import delegation, receipts, sortition
from toadlane.democracy.counting.policies.eligibility import VOTING, Facts, RollRule, eligible
from toadlane.kernel import dates

TODAY = date(2026, 5, 10)


def member(name, status="active", joined="2024-01-01", **more) -> Facts:
    return Facts(id=name, status=status, joined=date.fromisoformat(joined), **more)


def test_those_who_belong_vote_and_those_who_come_or_have_gone_do_not():
    everybody = [member(status, status) for status in (*VOTING, "suspended", "applicant", "former", "expelled")]
    assert eligible(RollRule(), everybody, on=TODAY) == list(VOTING)


def test_three_months_are_full_on_the_day_of_the_same_number():
    rule = RollRule(min_months=3)
    members = [member("ana", joined="2026-02-10"), member("ben", joined="2026-02-11")]
    assert eligible(rule, members, on=TODAY) == ["ana"]
    # Whoever joined on the last days of November has three months on the last of February.
    late = [member(str(day), joined=f"2025-11-{day}") for day in (28, 29, 30)]
    assert eligible(rule, late, on=date(2026, 2, 28)) == ["28", "29", "30"]
    assert eligible(rule, late, on=date(2026, 2, 27)) == []
    assert eligible(RollRule(min_days=90), members, on=date(2026, 5, 11)) == ["ana"]


@pytest.mark.parametrize("months", [0, 1, 3, 12])
def test_the_last_day_of_joining_is_the_last_whatever_the_calendar(months):
    rule = RollRule(min_months=months)
    for days in range(0, 800, 7):
        on = date(2024, 1, 1) + timedelta(days=days)
        last = rule.latest_joining(on)
        assert dates.add_months(last, months) <= on < dates.add_months(last + timedelta(days=1), months)


def test_classes_seats_arrears_and_conflicts_narrow_a_roll():
    members = [
        member("ana", member_class="workers", seats=frozenset({"office:board"})),
        member("ben", member_class="users", in_arrears=True),
        member("chi", member_class="workers", seats=frozenset({"circle:tech"})),
    ]

    def roll(**rule):
        conflicted = rule.pop("conflicted", ())
        return eligible(RollRule(**rule), members, on=TODAY, conflicted=conflicted)

    assert roll(classes=("workers",)) == ["ana", "chi"]
    assert roll(arrears_block=True) == ["ana", "chi"] and roll() == ["ana", "ben", "chi"]
    assert roll(who="circle:tech") == ["chi"] and roll(who="circle:garden") == []
    assert roll(conflicted=["ana"]) == ["ben", "chi"]


def carried(people, delegate, voted, **more):
    found = delegation.carry(list(people), delegate, voted, **more)
    return found.weights, found.lost


def test_delegations_pass_on_and_yield_to_an_own_vote():
    chain = {"a": "b", "b": "c"}
    assert carried("abcd", chain, "cd") == ({"c": 3, "d": 1}, ())
    assert carried("abcd", chain, "bcd") == ({"b": 2, "c": 1, "d": 1}, ())
    assert delegation.carry("abcd", chain, "cd").voters == {"a": "c", "b": "c", "c": "c", "d": "d"}


def test_circles_dead_ends_and_strangers_carry_no_vote():
    assert carried("abc", {"a": "b", "b": "a"}, "c") == ({"c": 1}, ("a", "b"))
    assert carried("abc", {"a": "a"}, "c") == ({"c": 1}, ("a", "b"))
    assert carried("abc", {"a": "b"}, "c") == ({"c": 1}, ("a", "b"))
    assert carried("abc", {"a": "z", "z": "c"}, "c") == ({"c": 1}, ("a", "b"))
    assert carried("abcd", {"a": "b", "b": "c", "c": "b"}, "d") == ({"d": 1}, ("a", "b", "c")), "a way into a circle"
    assert carried("abc", {"a": "c"}, "c", secret=True) == ({"c": 1}, ("a", "b"))


def test_a_delegate_carries_no_more_than_the_cap_in_the_order_given():
    everybody = dict.fromkeys("abcd", "e")
    assert carried("abcde", everybody, "e", cap_total=3) == ({"e": 3}, ("c", "d"))
    found = delegation.carry("abcde", everybody, "e", cap_total=3, order="dcba")
    assert (found.lost, found.over_cap) == (("a", "b"), ("b", "a"))
    assert carried("abcde", everybody, "e", cap_total=1) == ({"e": 1}, ("a", "b", "c", "d"))


def test_a_long_chain_is_no_deeper_than_a_short_one():
    """A chain through 85,000 members, and a circle as long: walked once, without recursion."""
    names = [str(number) for number in range(85_000)]
    chain = dict(pairwise(names))
    assert delegation.carry(names, chain, names[-1:]).weights == {names[-1]: 85_000}
    assert len(delegation.carry(names, {**chain, names[-1]: names[0]}, []).lost) == 85_000


def test_a_proxy_is_held_by_a_member_who_is_there():
    def refused(*pairs, most=2):
        return delegation.proxies(pairs, eligible="abcd", max_per_holder=most).refused

    assert refused(("a", "c"), ("b", "c")) == {}
    assert refused(("a", "d"), ("b", "d"), ("c", "d")) == {("c", "d"): "holder_has_enough"}
    assert refused(("a", "b"), ("b", "c")) == {("a", "b"): "holder_not_attending"}
    assert refused(("a", "b"), ("b", "a")) == dict.fromkeys([("a", "b"), ("b", "a")], "holder_not_attending")
    assert refused(("a", "a")) == {("a", "a"): "holder_not_attending"}
    assert refused(("a", "z"), ("z", "b")) == {("a", "z"): "holder_not_eligible", ("z", "b"): "giver_not_eligible"}
    assert refused(("a", "c"), ("a", "d")) == {("a", "d"): "given_already"}
    assert refused(("a", "c"), most=0) == {("a", "c"): "holder_has_enough"}


def test_anyone_can_draw_again():
    names = ["ana", "ben", "chi", "dee", "eli", "fay"]
    drawn = sortition.draw("coop-2026-jury-1", names, 3).members
    assert drawn == sortition.draw("coop-2026-jury-1", names[::-1], 3).members == ("ben", "chi", "fay")
    assert sortition.in_order("coop-2026-jury-1", names)[:3] == list(drawn), "who cannot serve is followed by the next"
    assert sortition.draw("another", names, 3).members != drawn
    with pytest.raises(sortition.TooFew):
        sortition.draw("coop-2026-jury-1", names, 7)


def test_groups_are_drawn_by_their_size_and_nobody_stands_in_two():
    groups = {"workers": [f"w{n}" for n in range(7)], "users": [f"u{n}" for n in range(3)], "towns": ["t"]}
    drawn = sortition.draw_from_strata("seed", groups, 4)
    assert drawn.quota == {"workers": 3, "users": 1, "towns": 0} and len(drawn.members) == 4
    assert len(sortition.draw_from_strata("seed", groups, 11).members) == 11
    with pytest.raises(sortition.InTwoStrata):
        sortition.draw_from_strata("seed", {"a": ["x"], "b": ["x"]}, 1)


BALLOTS = [receipts.ballot_hash(nonce=f"n{n}", poll="p1", vote=["ada", "bob"][: n % 3]) for n in range(11)]


@pytest.mark.parametrize("count", range(1, 12))
def test_every_vote_on_the_board_can_be_proven_and_no_other(count):
    board = receipts.board(BALLOTS[:count])
    root = receipts.root(board)
    for place in range(count):
        proof = receipts.proof(board, place)
        assert receipts.leads_to(proof, root)
        stranger = receipts.Proof(ballot="ab" * 32, steps=proof.steps)
        assert not receipts.leads_to(stranger, root)
        if count > 1:
            side, neighbor = proof.steps[0]
            turned = {"left": "right", "right": "left"}[side]
            for step in ((turned, neighbor), ("above", neighbor), (side, "no hash")):
                assert not receipts.leads_to(receipts.Proof(ballot=proof.ballot, steps=(step, *proof.steps[1:])), root)
    with pytest.raises(receipts.NotOnTheBoard):
        receipts.proof(board, count)


def test_the_board_keeps_no_trace_of_who_came_first():
    assert receipts.board(BALLOTS) == receipts.board(BALLOTS[::-1])


def test_a_vote_changed_taken_out_or_slipped_in_breaks_the_chain():
    links = receipts.chain(BALLOTS)
    assert receipts.broken_at(BALLOTS, links) is None
    assert receipts.broken_at([*BALLOTS[:4], "ab" * 32, *BALLOTS[5:]], links) == 4
    assert receipts.broken_at(BALLOTS[:-1], links) == 10
    assert receipts.broken_at(BALLOTS, links, genesis="11" * 32) == 0


def test_equal_votes_have_different_hashes_and_the_same_vote_the_same():
    first, second = (receipts.ballot_hash(nonce=nonce, poll="p1", vote="for") for nonce in ("n1", "n2"))
    assert first != second and first == receipts.ballot_hash(nonce="n1", poll="p1", vote="for")
    assert receipts.tracker(first) == first[:12]
