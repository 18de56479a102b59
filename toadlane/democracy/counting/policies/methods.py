"""The methods of counting by name: one registry for the ballots room, the command and the tests.

    from toadlane.democracy.counting.policies.methods import METHODS

    method = METHODS["scottish-stv"]
    method.check(choice, options=[...], params={...})           # raises BadChoice: `.code` is the reason, its text the words
    result = method.count(votes, options=[...], params={"seats": 3}, lot=["c", "a", "b"])
    result.as_json()

`votes` is any iterable of (choice, weight), read once; weights are whole numbers or fractions. `options` are names (or ids) in
the order of the ballot. `lot` is the order drawn and published before the count; it may be empty. What a choice looks like
is `method.kind`:

| kind | choice |
|---|---|
| `ranking` | list of options from best to worst, the rest left out; a list in it where ranks may be shared: `["a", ["b", "c"]]` |
| `approval` | list of the options approved |
| `scores`, `dots`, `credits`, `amounts` | whole number by option: `{"a": 5, "b": 0}`; an option left out is blank |
| `budget` | list of the projects to fund |

An empty choice is a blank vote. `method.params` says which parameters there are, with their defaults; `method.settled(params)`
fills them in and refuses what it does not know. `method.rank(profile, ...)` counts a profile that has been gathered already.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from toadlane.democracy.counting.policies import budgets, choices, condorcet, funding, runoff, scoring, shares, transferable
from toadlane.democracy.counting.policies.choices import distinct
from toadlane.democracy.counting.policies.params import Param, settled
from toadlane.democracy.counting.policies.profiles import Profile, Weight, collect
from toadlane.democracy.counting.policies.results import Result
from toadlane.democracy.counting.policies.ties import Lot
from toadlane.kernel.rates import ceil

Params = Mapping[str, Any]
Votes = Iterable[tuple[Any, Weight]]


@dataclass(frozen=True, kw_only=True)
class Method:
    """A way to count. `checks` looks at one vote, `counts` counts votes, `ranks` a profile. `equals`: ranks may be shared."""

    name: str
    label: Any
    about: Any
    kind: str
    params: tuple[Param, ...]
    checks: Callable[[Any, Sequence[str], Params], Any]
    counts: Callable[[Votes, Sequence[str], Params, Lot], Result]
    ranks: Callable[[Profile, Params, Lot], Result] | None = None
    equals: bool = False

    @property
    def several(self) -> bool:
        """Say whether it can fill more than one seat."""
        return any(param.name == "seats" and param.most != 1 for param in self.params)

    def settled(self, params: Params, options: Sequence[str] = ()) -> dict[str, Any]:
        """Return every setting of the method, with its default where nothing is said.

        :raises UnknownParameter, BadParameter: when the method has no such setting, or it cannot be set so
        """
        return settled(self.params, params, options)

    def check(self, choice: Any, options: Sequence[str], params: Params) -> None:
        """Check one vote before it is cast.

        :raises BadChoice: when it cannot be counted; its class is the reason
        """
        self.checks(choice, options, self.settled(params, options))

    def count(self, choices: Votes, options: Sequence[str], params: Params, lot: Sequence[str] = ()) -> Result:
        """Count votes.

        :raises BadChoice: when one cannot be counted
        :raises UnknownParameter, BadParameter: as `settled` does
        :raises LotNamesStranger, LotNamesTwice: as `Lot` does
        """
        return self.counts(choices, distinct(options), self.settled(params, options), Lot(options, lot))

    def rank(self, profile: Profile, params: Params, lot: Sequence[str] = ()) -> Result:
        """Count a profile of ballots, as files hold them: with skipped ranks and overvotes."""
        assert self.ranks is not None, "a method for lists of options"
        return self.ranks(profile, self.settled(params, profile.options), Lot(profile.options, lot))


Ranks = Callable[[Profile, Params, Lot], Result]


def _gathered(ranks: Ranks) -> Callable[[Votes, Sequence[str], Params, Lot], Result]:
    return lambda votes, options, params, lot: ranks(collect(votes, options), params, lot)


def _ranked(name: str, label: Any, about: Any, params: tuple[Param, ...], ranks: Ranks, *, equal: bool = False) -> Method:
    def check(choice: Any, options: Sequence[str], _params: Params) -> None:
        choices.ranking(choice, options, equal=equal)

    counts = _gathered(ranks)
    return Method(
        name=name, label=label, about=about, kind="ranking", params=params, checks=check, counts=counts, ranks=ranks, equals=equal
    )  # fmt: skip


def _summed(
    name: str, label: Any, about: Any, kind: str, params: tuple[Param, ...], *,
    given: Callable[[Any, Collection[str], Params], Mapping[str, int]], result: Callable[[scoring.Tally, Params, Lot], Result],
) -> Method:  # fmt: skip
    def counts(votes: Votes, options: Sequence[str], params: Params, lot: Lot) -> Result:
        known = frozenset(options)
        return result(scoring.gather(votes, options, lambda choice: given(choice, known, params)), params, lot)

    return Method(name=name, label=label, about=about, kind=kind, params=params, checks=given, counts=counts)


def _budgeted(name: str, label: Any, about: Any, params: tuple[Param, ...], ranks: Ranks) -> Method:
    def checker(options: Sequence[str], params: Params) -> Callable[[Any], None]:
        costs, spend = budgets.costs_of(options, params["costs"]), ceil(params["min_spend_rate"] * params["budget"])
        asked = {name: params[name] for name in ("budget", "within", "least", "most")}
        return lambda choice: choices.budget(choice, costs, min_spend=spend, **asked)

    def check(choice: Any, options: Sequence[str], params: Params) -> None:
        checker(options, params)(choice)

    def counts(votes: Votes, options: Sequence[str], params: Params, lot: Lot) -> Result:
        checked = checker(options, params)

        def good() -> Iterator[tuple[Any, Weight]]:
            for choice, weight in votes:
                checked(choice)
                yield list(choice), weight

        return ranks(collect(good(), options), params, lot)

    return Method(name=name, label=label, about=about, kind="budget", params=params, checks=check, counts=counts, ranks=ranks)


def _approved(choice: Any, options: Collection[str], params: Params) -> Mapping[str, int]:
    choices.approval(choice, options, least=params["least"], most=params["most"])
    return dict.fromkeys(choice, 1)


def _scored(choice: Any, options: Collection[str], params: Params) -> Mapping[str, int]:
    return choices.scores(choice, options, lowest=params["min"], highest=params["max"])


def _dotted(choice: Any, options: Collection[str], params: Params) -> Mapping[str, int]:
    return choices.dots(choice, options, dots=params["dots"], most_on_one=params["most_on_one"])


def _squared(choice: Any, options: Collection[str], params: Params) -> Mapping[str, int]:
    return choices.quadratic(choice, options, credits=params["credits"])


def _given(choice: Any, options: Collection[str], _params: Params) -> Mapping[str, int]:
    return choices.amounts(choice, options)


def _totals(name: str) -> Callable[[scoring.Tally, Params, Lot], Result]:
    return lambda tally, params, lot: scoring.by_total(name, tally, params=params, lot=lot)


SEATS = Param(name="seats", type="number", label=_("How many are elected"), default=1, least=1, most=10_000)
ONE_SEAT = Param(name="seats", type="number", label=_("How many are elected"), default=1, least=1, most=1)
MAX_SKIPPED = Param(
    name="max_skipped", type="number", least=0, default=1, nullable=True,
    label=_("How many ranks in a row may be left empty before the rest of a ballot is not read"),
)  # fmt: skip
OVERVOTE = Param(
    name="overvote", type="choice", choices=("skip", "exhaust"), default="skip",
    label=_("A rank that names several: go to the next rank, or read no further"),
)  # fmt: skip
STRENGTH = Param(
    name="strength", type="choice", choices=("winning", "margins"), default="winning",
    label=_("How strong a win is: the votes for it, or their lead"),
)  # fmt: skip
DEFAULT = Param(
    name="default", type="option", nullable=True, label=_("An option that the others have to beat, such as “none of these”"),
)  # fmt: skip
LEAST = Param(name="least", type="number", default=0, least=0, label=_("Choose at least"))
MOST = Param(name="most", type="number", nullable=True, least=1, label=_("Choose at most"))
BUDGET = (
    Param(name="budget", type="number", least=0, label=_("What there is to spend")),
    Param(name="costs", type="costs", label=_("What each project costs")),
    Param(name="min_spend_rate", type="rate", default="0", label=_("The part of the budget that a vote has to use")),
    LEAST, MOST,
)  # fmt: skip
IRV = (
    ONE_SEAT, MAX_SKIPPED, OVERVOTE,
    Param(name="repeats", type="choice", choices=("skip", "exhaust"), default="skip",
          label=_("An option named again: go to the next rank, or read no further")),
    Param(name="batch", type="flag", default=False, label=_("Exclude at once all who even together cannot reach the next")),
    Param(name="first_out", type="options", default=[], label=_("Excluded before anybody else")),
    Param(name="until", type="choice", choices=("majority", "two"), default="majority",
          label=_("Count until somebody has a majority, or until two are left")),
)  # fmt: skip
STV = (
    SEATS, MAX_SKIPPED, OVERVOTE,
    Param(name="quota", type="choice", choices=("droop", "hagenbach-bischoff", "hare"), default="droop",
          label=_("The votes that secure a seat")),
    Param(name="places", type="number", nullable=True, least=0, most=9,
          label=_("Decimals that transfer values are cut to; exact fractions without")),
)  # fmt: skip
SCORES = (
    SEATS, Param(name="min", type="number", default=0, label=_("The lowest score")),
    Param(name="max", type="number", default=5, label=_("The highest score")),
    Param(name="measure", type="choice", choices=("mean", "median"), default="mean", label=_("What decides")),
    Param(name="blank", type="choice", choices=("excluded", "lowest"), default="excluded",
          label=_("An option that a vote does not score: left out, or given the lowest score")),
)  # fmt: skip

_ALL = (
    _ranked(
        "irv", _("Instant runoff"),
        _("Rank the options. The weakest drops out and its votes go on, until one has more than half."),
        IRV, lambda profile, params, lot: runoff.count(profile, params=params, lot=lot),
    ),
    _ranked(
        "scottish-stv", _("Scottish STV"),
        _("Rank the candidates. Seats are shared in proportion, by the rules of Scottish councils."),
        (SEATS,), lambda profile, params, lot: transferable.scottish(profile, params=params, lot=lot),
    ),
    _ranked(
        "stv", _("Single transferable vote"),
        _("Rank the candidates. Seats are shared in proportion, with exact fractions."),
        STV, lambda profile, params, lot: transferable.count(profile, params=params, lot=lot),
    ),
    _ranked(
        "schulze", _("Schulze"),
        _("Rank the options. Each is held against each other; the strongest paths decide."),
        (SEATS, STRENGTH, DEFAULT), lambda profile, params, lot: condorcet.schulze(profile, params=params, lot=lot),
        equal=True,
    ),
    _ranked(
        "ranked-pairs", _("Ranked pairs"),
        _("Rank the options. Each is held against each other; the clearest wins are locked in first."),
        (SEATS, STRENGTH, DEFAULT), lambda profile, params, lot: condorcet.ranked_pairs(profile, params=params, lot=lot),
        equal=True,
    ),
    _summed(
        "approval", _("Approval"),
        _("Choose all options you approve of. The most approved wins."), "approval", (SEATS, LEAST, MOST),
        given=_approved, result=_totals("approval"),
    ),
    _summed(
        "score", _("Scores"),
        _("Give each option a score. The best mean, or the best median, wins."), "scores", SCORES,
        given=_scored, result=lambda tally, params, lot: scoring.by_score(tally, params=params, lot=lot),
    ),
    _summed(
        "dot", _("Dots"),
        _("Spread your dots over the options. The most dots win."), "dots",
        (SEATS, Param(name="dots", type="number", default=8, least=1, label=_("How many dots everybody has")),
         Param(name="most_on_one", type="number", nullable=True, least=1, label=_("The most dots on one option"))),
        given=_dotted, result=_totals("dot"),
    ),
    _summed(
        "quadratic", _("Quadratic"),
        _("Buy votes for or against options: one costs 1 credit, two cost 4, three cost 9."), "credits",
        (SEATS, Param(name="credits", type="number", default=100, least=1, label=_("How many credits everybody has"))),
        given=_squared, result=_totals("quadratic"),
    ),
    Method(
        name="quadratic-funding", label=_("Quadratic funding"), kind="amounts",
        about=_("Give to projects. A pool is added, the more to those that many give to."),
        params=(Param(name="pool", type="number", least=0, label=_("What there is to add")),),
        checks=_given, counts=lambda votes, options, params, lot: funding.count(votes, options, params=params, lot=lot),
    ),
    _budgeted(
        "knapsack", _("Most votes first"),
        _("Choose projects within the budget. Those with the most votes are funded, as far as it reaches."),
        (*BUDGET, Param(name="within", type="flag", default=True, label=_("A vote has to stay within the budget"))),
        lambda profile, params, lot: budgets.knapsack(profile, params=params, lot=lot),
    ),
    _budgeted(
        "equal-shares", _("Equal shares"),
        _("Choose projects. Everybody holds an equal part of the budget, and pays for what they chose."),
        (*BUDGET, Param(name="within", type="flag", default=False, label=_("A vote has to stay within the budget")),
         Param(name="satisfaction", type="choice", choices=("cost", "count"), default="cost",
               label=_("What counts to a voter: how much is spent on their projects, or how many are funded")),
         Param(name="completion", type="choice", choices=("votes", "none"), default="votes",
               label=_("What is left goes to the projects with the most votes that still fit, or stays"))),
        lambda profile, params, lot: shares.count(profile, params=params, lot=lot),
    ),
)  # fmt: skip

METHODS: dict[str, Method] = {method.name: method for method in _ALL}
