"""Whatever is on the ballots: the count does not care who cast which, in what order, or what the options are called."""

import random
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from toadlane.democracy.counting.policies import formats
from toadlane.democracy.counting.policies.condorcet import pairwise
from toadlane.democracy.counting.policies.formats import blt, tables
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.democracy.counting.policies.profiles import SKIPPED, collect
from toadlane.kernel.errors import Expected

OPTIONS = list("abcdef")
RANKED = ["irv", "stv", "scottish-stv", "schulze", "ranked-pairs"]
rankings = st.lists(st.sampled_from(OPTIONS), unique=True, max_size=6)
ballots = st.lists(st.tuples(rankings, st.integers(1, 40)), min_size=1, max_size=25)
lots = st.permutations(OPTIONS)
methods = st.sampled_from(RANKED)
seats = st.integers(1, 7)


def shaped(named, together):
    """Make a ballot as files hold them: so many options at each rank, none where it is left empty."""
    ballot, named = [], list(named)
    for count in together:
        ranked, named = named[:count], named[count:]
        ballot.append(ranked if len(ranked) > 1 else ranked[0] if ranked else SKIPPED)
    return ballot


loose = st.builds(shaped, rankings, st.lists(st.integers(0, 3), max_size=5))


def count(method, votes, lot, seats=1, options=OPTIONS):
    return METHODS[method].count(votes, options, {} if method == "irv" else {"seats": seats}, lot)


@given(methods, ballots, lots, seats, st.randoms())
def test_who_cast_which_vote_and_when_does_not_matter(method, votes, lot, seats, chance):
    shuffled = [(choice, 1) for choice, weight in votes for _ in range(weight)]
    chance.shuffle(shuffled)
    assert count(method, votes, lot, seats) == count(method, shuffled, lot, seats)


@given(methods, ballots, lots, seats, st.permutations(OPTIONS))
def test_what_options_are_called_does_not_matter(method, votes, lot, seats, others):
    called = dict(zip(OPTIONS, others, strict=True))
    renamed = [([called[name] for name in choice], weight) for choice, weight in votes]
    plain = count(method, votes, lot, seats)
    other = count(method, renamed, [called[name] for name in lot], seats)
    assert [called[name] for name in plain.winners] == other.winners
    assert [called[name] for name in plain.ranking] == list(other.ranking)
    if method in ("irv", "stv", "scottish-stv"):
        for one, two in zip(plain.stages, other.stages, strict=True):
            assert {called[name]: votes for name, votes in one.totals.items()} == two.totals


@given(methods, ballots, lots, seats)
def test_everybody_is_ranked_once_and_the_elected_first(method, votes, lot, seats):
    result = count(method, votes, lot, seats)
    assert sorted(result.ranking) == OPTIONS
    if result.valid:
        assert len(result.winners) == min(1 if method == "irv" else seats, len(OPTIONS))
        assert list(result.ranking[: len(result.winners)]) == result.winners
    else:
        assert result.winners == []


@given(st.sampled_from(["irv", "stv", "scottish-stv"]), ballots, lots, seats)
def test_no_vote_is_lost_or_made_up_at_any_stage(method, votes, lot, seats):
    result = count(method, votes, lot, seats)
    for stage in result.stages:
        assert sum(stage.totals.values()) + stage.non_transferable == result.valid
        assert all(number >= 0 for number in stage.totals.values()) and stage.non_transferable >= 0
    if method != "irv" and result.valid:
        assert result.quota == result.valid // (seats + 1) + 1
        done = {one.candidate: one for one in result.elected}
        for stage in result.stages:
            for name, one in done.items():
                if one.how == "quota" and stage.number >= one.stage:
                    assert stage.totals[name] >= result.quota, "who is elected keeps the quota"


@given(ballots, lots, seats)
def test_cutting_to_five_decimals_loses_less_than_a_hundred_thousandth_a_paper(votes, lot, seats):
    exact, cut = count("stv", votes, lot, seats), count("scottish-stv", votes, lot, seats)
    if exact.valid and len(exact.stages) > 1 and exact.stages[1].candidates == cut.stages[1].candidates:
        for name, number in exact.stages[1].totals.items():
            assert 0 <= number - cut.stages[1].totals[name] <= Fraction(exact.valid, 100_000)


@given(ballots, lots)
def test_who_beats_every_other_is_elected(votes, lot):
    profile = collect(votes, OPTIONS)
    above = pairwise(profile)
    best = [n for n in range(len(OPTIONS)) if all(above[n, m] > above[m, n] for m in range(len(OPTIONS)) if m != n)]
    for method in ("schulze", "ranked-pairs"):
        result = count(method, votes, lot)
        assert result.extra["condorcet_winner"] == (OPTIONS[best[0]] if best else None)
        if best:
            assert result.winners == [OPTIONS[best[0]]]
            assert all(tie.about == "pair" for tie in result.ties), "only others may be told apart by the lot"


@given(ballots)
def test_pairs_are_counted_as_by_hand(votes):
    above = pairwise(collect(votes, OPTIONS))
    for one, other in (("a", "b"), ("f", "c")):
        place = {name: (lambda choice, name=name: choice.index(name) if name in choice else 99) for name in (one, other)}
        by_hand = sum(weight for choice, weight in votes if place[one](choice) < place[other](choice))
        assert above[OPTIONS.index(one), OPTIONS.index(other)] == by_hand


@given(ballots, lots)
def test_between_two_options_all_methods_say_the_same(votes, lot):
    pair = [([name for name in choice if name in "ab"], weight) for choice, weight in votes]
    wanted = {count(method, pair, [n for n in lot if n in "ab"], options=["a", "b"]).tie for method in RANKED}
    winners = {method: count(method, pair, [n for n in lot if n in "ab"], options=["a", "b"]).winners for method in RANKED}
    if wanted == {False}:
        assert len({tuple(found) for found in winners.values()}) == 1


@given(st.lists(st.tuples(loose, st.integers(1, 9)), max_size=12))
def test_a_file_gives_back_what_was_written(votes):
    profile = collect(votes, OPTIONS)
    for written, read in ((blt.write(profile, seats=2, title="T"), blt.read), (tables.write(profile), tables.read)):
        again = read("\n".join(written))
        assert again.options == profile.options
        for method in ("schulze", "irv"):
            one = METHODS[method].rank(profile, {})
            assert METHODS[method].rank(again.ranked(), {}).stages == one.stages
            assert METHODS[method].rank(again.ranked(), {}).winners == one.winners


names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
)


@given(st.lists(names.filter(bool), unique_by=str.lower, min_size=2, max_size=5))
def test_names_survive_a_blt_file(options):
    profile = collect([(options, 1)], options)
    again = blt.read("\n".join(blt.write(profile, seats=1, title=options[0])))
    assert again.options == tuple(options) and again.title == options[0]


def test_a_million_votes_weigh_what_they_weigh_one_by_one():
    chance = random.Random(7)
    votes = [(chance.sample(OPTIONS, 3), 1) for _ in range(20_000)]
    grouped: dict[tuple[str, ...], int] = {}
    for choice, weight in votes:
        grouped[tuple(choice)] = grouped.get(tuple(choice), 0) + weight
    for method in RANKED:
        assert count(method, votes, OPTIONS) == count(method, [(list(c), w) for c, w in grouped.items()], OPTIONS)


SAMPLES = [
    '3 1\n-2\n4 1 2=3 - 0\n2 3 0\n0\n"A"\n"B"\n"C"\n"T"\n', "count,rank1,rank2\n3,A,B\n2,undervote,A\n", "weight,A,B\n1,2,1\n",
    '2,1,\n4,1,2,\n"Candidate 1","A"\n"Candidate 2","B"\n"T",\n', " Option 1->: A\n/ Option 2->: B\nV: 12 x\n",
    "META\nkey;value\nbudget;10\nPROJECTS\nproject_id;cost\n1;5\nVOTES\nvoter_id;vote\n1;1\n",
]  # fmt: skip
slips = st.lists(st.tuples(st.integers(0, 200), st.text('0123-=,;"#\n\0 \t\u0663ABx', max_size=3)), max_size=4)


@given(st.sampled_from(SAMPLES), slips)
def test_a_file_with_a_slip_is_read_or_refused_kindly(text, slips):
    for at, other in slips:
        text = text[:at] + other + text[at + 1 :]
    refused_kindly(text.encode())


@given(st.binary(max_size=300))
def test_what_is_no_file_of_ballots_is_refused_kindly(data):
    refused_kindly(data)


def refused_kindly(data):
    try:
        read = formats.read(data)
        for method in ("irv", "scottish-stv", "ranked-pairs"):
            METHODS[method].rank(read.ranked(), {})
        METHODS["approval"].count(read.votes("approval"), read.options, {})
    except Expected as fault:
        assert str(fault)
