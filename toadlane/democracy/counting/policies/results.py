"""What a count comes to: who is elected, every stage on the way, every tie and how it was broken. Plain data, exact numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Number = int | Fraction


@dataclass(frozen=True, kw_only=True)
class Tie:
    """Options that stood equal where one had to be taken, and what the announced rule said.

    `about`: exclusion, surplus, election, ranking, pair. `by`: earlier_stage (then `at_stage` says which), lot (the
    published order), order (no lot was published for these: the order in which the options stand on the ballot).
    """

    stage: int
    about: str
    candidates: tuple[str, ...]
    chosen: str
    by: str
    at_stage: int | None = None


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One step of a count and where everybody stands after it.

    `action`: first_preferences, surplus, exclusion (irv and stv); compare (schulze), lock, refuse (ranked pairs);
    totals (approval, score, dot, quadratic); fund, skip, complete (budgets). `transfers` says what each gained by it.
    """

    number: int
    action: str
    totals: Mapping[str, Number]
    candidates: tuple[str, ...] = ()
    non_transferable: Number = 0
    transfers: Mapping[str, Number] = field(default_factory=dict)
    elected: tuple[str, ...] = ()
    needed: Number | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def candidate(self) -> str | None:
        """Return whom the step is about, where it is about one."""
        return self.candidates[0] if len(self.candidates) == 1 else None


@dataclass(frozen=True, kw_only=True)
class Elected:
    """Who is elected, at which stage, and how: quota, majority, remaining (seats left for all that were left), most, funded."""

    candidate: str
    stage: int
    how: str


@dataclass(frozen=True, kw_only=True)
class Result:
    """The outcome of a count.

    `valid`: the weight of the votes that say something; `blank`: of those that say nothing; `rejected`: of those that are
    marked, but so that the method cannot read a first choice. Where valid is 0 nobody is elected (a vote that nobody cast decides
    nothing). `ranking` holds every option, best first, ties broken. `places`: decimals the numbers are published with, None
    for exact numbers.
    """

    method: str
    options: tuple[str, ...]
    seats: int | None
    valid: Number
    blank: Number = 0
    rejected: Number = 0
    quota: Number | None = None
    elected: tuple[Elected, ...] = ()
    stages: tuple[Stage, ...] = ()
    ranking: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    places: int | None = None

    @property
    def winners(self) -> list[str]:
        return [one.candidate for one in self.elected]

    @property
    def tie(self) -> bool:
        """Say whether something hung on the lot (or, without one, on the order of the ballot)."""
        return any(tie.by != "earlier_stage" for tie in self.ties)

    def as_json(self) -> dict[str, Any]:
        """Return the result as JSON has it: counted numbers whole, totals as strings with the published precision."""
        told = {
            "method": self.method, "options": list(self.options), "seats": self.seats, "valid": whole(self.valid),
            "blank": whole(self.blank), "rejected": whole(self.rejected), "quota": whole(self.quota),
            "elected": [{"candidate": one.candidate, "stage": one.stage, "how": one.how} for one in self.elected],
            "stages": [self._stage(stage) for stage in self.stages], "ranking": list(self.ranking), "tie": self.tie,
            "ties": [_tie(tie) for tie in self.ties], "params": simple(self.params), "extra": simple(self.extra),
        }  # fmt: skip
        return told

    def _stage(self, stage: Stage) -> dict[str, Any]:
        return {
            "stage": stage.number, "action": stage.action, "candidate": stage.candidate, "candidates": list(stage.candidates),
            "totals": self._strings(stage.totals), "non_transferable": written(stage.non_transferable, self.places),
            "transfers": self._strings(stage.transfers), "elected": list(stage.elected), "needed": whole(stage.needed),
            "notes": simple(stage.notes),
        }  # fmt: skip

    def _strings(self, numbers: Mapping[str, Number]) -> dict[str, str]:
        return {name: written(number, self.places) for name, number in numbers.items()}


def _tie(tie: Tie) -> dict[str, Any]:
    return {
        "stage": tie.stage, "about": tie.about, "candidates": list(tie.candidates), "chosen": tie.chosen, "by": tie.by,
        "at_stage": tie.at_stage,
    }  # fmt: skip


def written(number: Number, places: int | None = None) -> str:
    """Write a number exactly: `7`, `31.56`, `4/3`; or with so many decimals, what is beyond them cut off.

    >>> written(Fraction(789, 25)), written(Fraction(4, 3)), written(1530, 5)
    ('31.56', '4/3', '1530.00000')
    """
    if places is not None:
        scaled = abs(number) * 10**places // 1
        return f"{'-' if number < 0 and scaled else ''}{decimal(int(scaled), places)}"
    if number.denominator == 1:
        return str(int(number))
    digits = _decimals(number.denominator)
    if digits is None:
        return f"{number.numerator}/{number.denominator}"
    return f"{'-' if number < 0 else ''}{decimal(int(abs(number) * 10**digits), digits)}"


def decimal(scaled: int, places: int) -> str:
    """Write a count of 10^-places: `decimal(159670904, 5)` is `1596.70904`."""
    return f"{scaled // 10**places}.{scaled % 10**places:0{places}d}" if places else str(scaled)


def _decimals(denominator: int) -> int | None:
    """Return how many decimals a fraction has, or None where it never ends (or does not within ten)."""
    for digits in range(1, 11):
        if 10**digits % denominator == 0:
            return digits
    return None


def whole(number: Number | None) -> int | str | None:
    """Return a whole number as such, and any other as a string that loses nothing."""
    if number is None:
        return None
    return int(number) if number.denominator == 1 else written(number)


def simple(value: Any) -> Any:
    """Return what JSON can hold: fractions as strings, tuples as lists."""
    if isinstance(value, Fraction):
        return written(value)
    if isinstance(value, Mapping):
        return {str(key): simple(inner) for key, inner in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [simple(inner) for inner in value]
    return value
