"""What holds of every way of deciding, whatever the rule and whatever the votes."""

from fractions import Fraction
from itertools import product

from hypothesis import example, given
from hypothesis import strategies as st

from toadlane.democracy.counting.policies import chambers, delegation, majorities, receipts, sortition
from toadlane.democracy.counting.policies.chambers import Chambers
from toadlane.democracy.counting.policies.consent import FACILITATOR, Event, consent
from toadlane.democracy.counting.policies.majorities import Majority, Quorum
from toadlane.democracy.counting.policies.procedures import BadProcedure, Procedure, early, judge
from toadlane.democracy.counting.policies.tallies import Roll, Tally
from toadlane.democracy.counting.policies.terms import KINDS, RESULTS, SECRECY, TIES
from toadlane.kernel import canonical
from toadlane.kernel.errors import Expected

SHARES = st.sampled_from([Fraction(1, 4), Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(3, 4), Fraction(9, 10)])
OPS = st.sampled_from(majorities.OPS)
QUORUMS = st.builds(
    Quorum, fraction=st.none() | SHARES, number=st.integers(0, 9), op=OPS, of=st.sampled_from(["eligible", "votes", "all"]),
    counts=st.sampled_from(majorities.COUNTS),
)  # fmt: skip
RULES = st.builds(
    Majority, threshold=st.none() | SHARES, op=OPS, of=st.sampled_from(majorities.BASES),
    quorums=st.lists(QUORUMS, max_size=2).map(tuple), max_opposed=st.none() | st.integers(0, 5),
    max_opposed_fraction=st.none() | SHARES, blocks=st.booleans(), override=st.none() | SHARES, override_op=OPS,
).filter(lambda rule: rule.decides)  # fmt: skip
VOTES = st.integers(0, 8)
TALLIES = st.builds(Tally, for_=VOTES, against=VOTES, abstain=VOTES, block=st.integers(0, 2))
HOW = ("for_", "against", "abstain", "block")


def roll_for(tally: Tally, more: int, present: int | None = None) -> Roll:
    return Roll(eligible=int(tally.everything) + more, present=present)


def with_more(tally: Tally, **more: int) -> Tally:
    return Tally(**{how: getattr(tally, how) + more.get(how, 0) for how in HOW})


def passes(rule: Majority, tally: Tally, roll: Roll) -> bool:
    return majorities.judge(rule, tally, roll).passed


@given(RULES, TALLIES, st.integers(0, 5), st.sampled_from([None, "against", "abstain", "block"]))
def test_one_more_in_favor_never_hurts(rule, tally, more, instead_of):
    """Whether somebody who stayed away comes, or somebody who said something else changes their mind."""
    roll = roll_for(tally, more + 1)
    before = with_more(tally, **({instead_of: 1} if instead_of else {}))
    assert passes(rule, before, roll) <= passes(rule, with_more(tally, for_=1), roll)


@given(RULES, TALLIES, st.integers(0, 5))
def test_what_passes_has_a_vote_for_it_and_says_no_reason_against_it(rule, tally, more):
    result = majorities.judge(rule, tally, roll_for(tally, more))
    assert result.passed == (result.why == "")
    assert not result.passed or tally.for_ > 0
    assert not result.passed or all(quorum.reached for quorum in result.quorums)
    for quorum in result.quorums:
        assert quorum.reached == (quorum.counted >= quorum.least)


def endings(tally: Tally, rest: int):
    """Yield every way in which the rest of a roll may still vote, or stay away."""
    for split in product(range(rest + 1), repeat=4):
        if sum(split) <= rest:
            yield with_more(tally, **dict(zip(HOW, split, strict=True)))


@given(RULES, TALLIES, st.integers(0, 3))
@example(Majority(threshold=Fraction(1, 2), quorums=(Quorum(number=3, counts="for_abstain"),)), Tally(for_=2, against=1), 2)
@example(Majority(threshold=Fraction(1, 2), blocks=True, override=Fraction(3, 4)), Tally(for_=8, block=1), 2)
def test_a_vote_is_settled_exactly_when_every_ending_is_the_same(rule, tally, rest):
    roll = roll_for(tally, rest)
    outcomes = {passes(rule, ending, roll) for ending in endings(tally, rest)}
    assert majorities.is_settled(lambda one: passes(rule, one, roll), tally, roll) == (len(outcomes) == 1)


WEIGHTED = st.builds(
    Chambers, mode=st.sampled_from(chambers.WEIGHTED), each=st.just({}), empty=st.sampled_from(chambers.EMPTY),
    weights=st.fixed_dictionaries({"workers": st.integers(1, 9).map(Fraction), "users": st.integers(0, 9).map(Fraction)}),
)  # fmt: skip
SMALL = st.builds(Tally, for_=st.integers(0, 2), against=st.integers(0, 2), abstain=st.integers(0, 1))
COLLEGES = st.fixed_dictionaries({"workers": SMALL, "users": SMALL})


@given(st.data(), COLLEGES, st.sampled_from(TIES), SHARES, OPS, st.none() | st.just("1/3"))
def test_an_early_close_never_contradicts_the_colleges(data, colleges, tie, threshold, op, quorum):
    mode = data.draw(st.sampled_from(chambers.MODES))
    terms = {"threshold": str(threshold), "op": op}
    table = {"mode": mode, "empty": data.draw(st.sampled_from(chambers.EMPTY))}
    if mode == "double_majority":
        table["each"] = dict.fromkeys(colleges, terms)
    else:
        table["weights"] = {"workers": "60", "users": "40"}
    whole = {} if mode == "double_majority" else terms
    rule = Procedure.thaw("trial", {
        "kind": "majority", "rank": 1, "early_close": True, "tie": tie, "chambers": table, **whole,
        **({"quorum": quorum} if quorum else {}),
    })  # fmt: skip
    rests = {name: data.draw(st.integers(0, 2), label=name) for name in colleges}
    rolls = {name: roll_for(part, rests[name]) for name, part in colleges.items()}
    roll = Roll(eligible=sum(one.eligible for one in rolls.values()), colleges=rolls)
    ways = [list(endings(part, rests[name])) for name, part in colleges.items()]
    outcomes = {
        judge(rule, Tally.of_colleges(dict(zip(colleges, ending, strict=True))), roll).passed for ending in product(*ways)
    }
    if early(rule, Tally.of_colleges(colleges), roll):
        assert outcomes in ({True}, {False})


@given(WEIGHTED, COLLEGES)
def test_the_parts_of_colleges_are_a_whole(rule, colleges):
    found = chambers.weigh(rule, colleges)
    speaking = [name for name, tally in colleges.items() if tally.cast and rule.weights[name]]
    assert found.for_ + found.against == (1 if speaking else 0)
    assert sum(part.weight for part in found.parts.values()) == (1 if speaking else 0)
    if rule.mode == "proportional" and speaking:
        shares = [found.parts[name].for_ for name in speaking]
        assert min(shares) <= found.for_ <= max(shares)


PEOPLE = [str(number) for number in range(9)]
SOMEBODY = st.sampled_from([*PEOPLE, "stranger"])


def end_of(member: str, delegate: dict[str, str], votes: dict[str, str]) -> str | None:
    """Walk the way of one delegation, as one would on paper."""
    seen: set[str] = set()
    while member not in votes:
        if member in seen or member not in PEOPLE or member not in delegate:
            return None
        seen.add(member)
        member = delegate[member]
    return member


CHOICES = st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(["for", "against", "abstain"]))


@given(st.dictionaries(SOMEBODY, SOMEBODY), CHOICES, st.none() | st.integers(1, 4), st.booleans(), st.permutations(PEOPLE))
def test_delegation_neither_loses_nor_makes_votes(delegate, votes, cap, secret, order):
    found = delegation.carry(PEOPLE, delegate, votes, cap_total=cap, secret=secret, order=order)
    counted = delegation.counts(found, votes)
    assert sum(counted.values()) == len(PEOPLE)
    assert all(found.voters[voter] == voter for voter in votes), "an own vote comes first"
    assert cap is None or max(found.weights.values(), default=0) <= cap
    for member, voter in found.voters.items():
        end = votes.get(member) and member if secret else end_of(member, delegate, votes)
        assert voter == (None if member in found.over_cap else end)
        assert voter is None or voter in votes
    if cap is None:
        assert not found.over_cap


@given(st.lists(st.tuples(st.sampled_from("abcdez"), st.sampled_from("abcdez"))), st.integers(0, 3))
def test_proxies_are_held_by_members_who_are_there_and_never_passed_on(given_, most):
    found = delegation.proxies(given_, eligible="abcde", max_per_holder=most)
    givers, holders = [pair[0] for pair in found.valid], [pair[1] for pair in found.valid]
    assert len(set(givers)) == len(givers) and not set(givers) & set(holders)
    assert all(holders.count(holder) <= most for holder in holders)
    assert "z" not in (*givers, *holders) and set(found.valid) | set(found.refused) == set(given_)


@given(st.text(max_size=9), st.dictionaries(st.sampled_from("abcd"), st.integers(0, 6), min_size=1), st.data())
def test_lots_are_drawn_for_the_whole_number_and_do_not_depend_on_order(seed, sizes, data):
    groups = {name: [f"{name}{n}" for n in range(size)] for name, size in sizes.items()}
    everybody = [one for members in groups.values() for one in members]
    n = data.draw(st.integers(0, len(everybody)))
    found = sortition.draw_from_strata(seed, groups, n)
    assert len(set(found.members)) == n == sum(found.quota.values())
    shuffled = {name: data.draw(st.permutations(members)) for name, members in groups.items()}
    assert sortition.draw_from_strata(seed, shuffled, n) == found
    assert set(sortition.draw(seed, everybody, n).members) <= set(everybody)


ACTS = st.sampled_from(["consent", "object", "stand_aside", "withdraw", "amend", "not_paramount", "second_not_paramount"])
EVENTS = st.builds(
    Event, who=st.sampled_from(["a", "b", "c", FACILITATOR]), act=ACTS, text=st.sampled_from(["", "why"]),
    about=st.sampled_from(["a", "b", "c"]),
)  # fmt: skip


@given(st.lists(EVENTS, max_size=12), st.integers(0, 3), st.booleans())
def test_nothing_passes_over_an_objection_or_without_consent(events, quorum, closed):
    told = []
    for event in events:  # Leave out what would have been refused, as a surface does.
        try:
            consent("abc", [*told, event])
        except Expected:
            continue
        told.append(event)
    state = consent("abc", told, quorum=quorum, closed=closed)
    if state.passed:
        assert not state.objections and state.consents and len(state.consents) + len(state.aside) >= quorum
        assert closed or not state.awaited
    spoken = {*state.consents, *state.aside, *state.objections, *state.concerns}
    assert spoken | set(state.awaited) == set("abc") and not spoken & set(state.awaited)


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 40), st.floats(), st.text(max_size=6), st.sampled_from(["1/2", "2/3", "members"]),
    st.lists(st.text(max_size=4), max_size=2), st.dictionaries(st.sampled_from(["fraction", "number", "mode", "who"]), st.text()),
)  # fmt: skip
TABLES = st.fixed_dictionaries(
    {"kind": st.sampled_from(KINDS) | JUNK, "rank": st.integers(0, 9) | JUNK},
    optional={
        "threshold": SHARES.map(str) | JUNK, "op": OPS | JUNK, "of": st.sampled_from(majorities.BASES) | JUNK,
        "quorum": st.just({"fraction": "1/3"}) | JUNK, "roll": JUNK, "propose": JUNK, "support": JUNK, "min_days": JUNK,
        "secrecy": st.sampled_from(SECRECY) | JUNK, "results": st.sampled_from(RESULTS) | JUNK, "replaceable": JUNK,
        "tie": st.sampled_from(TIES) | JUNK, "chambers": JUNK, "delegation": JUNK, "block": st.just({}) | JUNK, "names": JUNK,
        "second_call": JUNK, "hours": JUNK, "seats": JUNK, "params": JUNK, "method": JUNK, "circle": JUNK, "max_opposed": JUNK,
    },
)  # fmt: skip


@given(TABLES)
def test_a_procedure_is_read_whole_or_refused_by_name(table):
    try:
        found = Procedure.thaw("trial", table)
    except BadProcedure as error:
        assert error.field.startswith("trial")
        return
    assert Procedure.thaw("trial", found.frozen) == found
    if found.is_counted:
        outcome = judge(found, Tally.of_colleges({"workers": Tally(for_=2), "users": Tally(against=1)}), Roll(eligible=9))
        assert canonical.digest(outcome.as_json()) == outcome.digest


@given(st.lists(st.integers(0, 99), min_size=1, max_size=40), st.data())
def test_every_ballot_on_a_board_leads_to_its_root(numbers, data):
    board = receipts.board(receipts.ballot_hash(nonce=str(n), poll="p", vote=place) for place, n in enumerate(numbers))
    proof = receipts.proof(board, data.draw(st.integers(0, len(board) - 1)))
    assert receipts.leads_to(proof, receipts.root(board))
    assert not receipts.leads_to(proof, receipts.root([*board, "ab" * 32]))
