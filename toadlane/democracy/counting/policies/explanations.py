"""A result in plain words: what happened at each stage, and why, for those who did not study voting."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toadlane.democracy.counting.policies.results import Number, Result, Stage, Tie, written
from toadlane.ui import formats


def explain(result: Result, *, names: Mapping[str, Any] | None = None, money: Callable[[int], str] = str) -> list[str]:
    """Return sentences about a result, in the language that is active.

    :param names: what options are called, by the names they were counted under; as they are where nothing is said
    :param money: how an amount in minor units is written, for budgets
    """
    words = _Words(result, names or {}, money)
    if not result.valid:
        return [_("Nobody cast a vote that counts, so nothing is decided.")]
    return [words.turnout(), *METHODS[result.method](words)]


class _Words:
    def __init__(self, result: Result, names: Mapping[str, Any], money: Callable[[int], str]) -> None:
        self.result, self.names, self.money = result, names, money

    def name(self, option: str) -> str:
        return str(self.names.get(option, option))

    def number(self, number: Number) -> str:
        return written(number) if number.denominator == 1 else written(number, self.result.places)

    def listed(self, options: Sequence[str]) -> str:
        return joined([self.name(option) for option in options])

    def turnout(self) -> str:
        valid, blank, rejected = self.result.valid, self.result.blank, self.result.rejected
        parts = [
            ngettext("%(n)s vote counts", "%(n)s votes count", plural(valid)) % {"n": self.number(valid)},
            ngettext("%(n)s is blank", "%(n)s are blank", plural(blank)) % {"n": self.number(blank)},
        ]
        if rejected:
            words = ngettext("%(n)s names no first choice that can be read", "%(n)s name no first choice that can be read",
                             plural(rejected))  # fmt: skip
            parts.append(words % {"n": self.number(rejected)})
        return _("%(sentence)s.") % {"sentence": joined(parts)}

    def votes(self, number: Number) -> str:
        """Return "1 vote", "3 votes"."""
        return ngettext("%(n)s vote", "%(n)s votes", plural(number)) % {"n": self.number(number)}

    def ties(self, stage: int) -> Iterator[str]:
        for tie in self.result.ties:
            if tie.stage == stage:
                yield self.tie(tie)

    def tie(self, tie: Tie) -> str:
        if tie.about == "pair":
            return _("Some wins are equally strong and close a circle; the published order of the lot decided between them.")
        told = {"names": self.listed(tie.candidates), "chosen": self.name(tie.chosen), "stage": tie.at_stage}
        if tie.by == "earlier_stage":
            return _("%(names)s stand equal; at stage %(stage)d they did not, and that decides: %(chosen)s.") % told
        if tie.by == "lot":
            return _("%(names)s stand equal; the lot that was published falls on %(chosen)s.") % told
        return _("%(names)s stand equal and no lot was published; by the order of the ballot it is %(chosen)s.") % told

    def moved(self, stage: Stage) -> str:
        """Say where votes went, most first, and how many went nowhere."""
        gained = sorted(stage.transfers.items(), key=lambda item: -item[1])
        parts = [
            _("%(votes)s to %(name)s") % {"votes": self.number(votes), "name": self.name(name)}
            for name, votes in gained
            if votes > 0
        ]
        before = self.result.stages[stage.number - 2]
        if (lost := stage.non_transferable - before.non_transferable) > 0:
            parts.append(_("%(votes)s to nobody who is left") % {"votes": self.number(lost)})
        return joined(parts) or _("none to anybody")


def plural(number: Number) -> int:
    """Return the number by which a noun beside this one is put in the singular or a plural: a part of a vote is several."""
    return int(number) if number.denominator == 1 else 2


def joined(parts: Sequence[str]) -> str:
    """Return `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(several)s and %(last)s") % {"several": formats.listed(parts[:-1]), "last": parts[-1]}


def standing(words: _Words, totals: Mapping[str, Number]) -> str:
    """Say who has how much, most first."""
    order = sorted(totals, key=lambda name: -totals[name])
    return formats.listed(f"{words.name(name)} {words.number(totals[name])}" for name in order)


def first_choices(words: _Words, stage: Stage) -> str:
    return _("Stage 1: first choices are counted: %(totals)s.") % {"totals": standing(words, stage.totals)}


def dropped(words: _Words, stage: Stage) -> str:
    told = {"stage": stage.number, "names": words.listed(stage.candidates), "moved": words.moved(stage)}
    if set(stage.candidates) <= set(words.result.params.get("first_out", ())):
        said = ngettext("Stage %(stage)d: %(names)s is counted out first, as was announced; the votes go on: %(moved)s.",
                         "Stage %(stage)d: %(names)s are counted out first, as was announced; the votes go on: %(moved)s.",
                         len(stage.candidates))  # fmt: skip
        return said % told
    if len(stage.candidates) == 1:
        return _("Stage %(stage)d: %(names)s has the fewest votes and drops out; its votes go on: %(moved)s.") % told
    return _("Stage %(stage)d: %(names)s cannot win any more and drop out together; their votes go on: %(moved)s.") % told


def runoff(words: _Words) -> Iterator[str]:
    for stage in words.result.stages:
        yield first_choices(words, stage) if stage.number == 1 else dropped(words, stage)
        yield from words.ties(stage.number)
    for one in words.result.elected:
        last = words.result.stages[one.stage - 1]
        active = sum(last.totals.values())
        told = {
            "name": words.name(one.candidate), "votes": words.number(last.totals[one.candidate]),
            "active": words.number(active),
        }  # fmt: skip
        yield ngettext("%(name)s has %(votes)s of the %(active)s vote that still counts, and is elected.",
                       "%(name)s has %(votes)s of the %(active)s votes that still count, and is elected.",
                       plural(active)) % told  # fmt: skip


def transferable(words: _Words) -> Iterator[str]:
    result = words.result
    assert result.quota is not None
    told: dict[str, Any] = {"quota": words.number(result.quota), "seats": result.seats}
    yield ngettext("%(seats)d is to be elected. The quota, so many votes as secure a seat, is %(quota)s.",
                   "%(seats)d are to be elected. The quota, so many votes as secure a seat, is %(quota)s.",
                   result.seats or 0) % told  # fmt: skip
    how = {one.candidate: one.how for one in result.elected}
    for stage in result.stages:
        if stage.action == "first_preferences":
            yield first_choices(words, stage)
        elif stage.action == "surplus":
            before = result.stages[stage.number - 2].totals[stage.candidates[0]]
            told = {
                "stage": stage.number, "name": words.name(stage.candidates[0]), "moved": words.moved(stage),
                "surplus": words.number(before - stage.totals[stage.candidates[0]]),
            }  # fmt: skip
            yield _("Stage %(stage)d: %(name)s has %(surplus)s more than needed; so much goes on, a part of every paper: "
                    "%(moved)s.") % told  # fmt: skip
        else:
            yield dropped(words, stage)
        for name in stage.elected:
            told = {"name": words.name(name), "votes": words.number(stage.totals[name])}
            if how[name] == "quota":
                yield _("%(name)s reaches the quota with %(votes)s, and is elected.") % told
            else:
                yield _("%(name)s is elected with %(votes)s: there are as many left as seats.") % told
        yield from words.ties(stage.number)
    if vacant := result.extra["vacant"]:
        yield _("Seats that stay empty, for want of candidates: %(vacant)d.") % {"vacant": vacant}


def compared(words: _Words) -> Iterator[str]:
    result = words.result
    pairs: Mapping[str, Number] = result.extra["pairwise"]
    if winner := result.extra["condorcet_winner"]:
        yield _("%(name)s is put before every other option by more votes than the other way round.") % {
            "name": words.name(winner)
        }
    else:
        yield _("No option is put before every other one by more votes than the other way round.")
    if result.extra["set_aside"]:
        told = {"names": words.listed(result.extra["set_aside"]), "default": words.name(result.params["default"])}
        yield ngettext("%(names)s did not beat “%(default)s”, and cannot be elected.",
                       "%(names)s did not beat “%(default)s”, and cannot be elected.",
                       len(result.extra["set_aside"])) % told  # fmt: skip
    order = [name for name in result.ranking if name not in result.extra["set_aside"]]
    for first, second in pairwise(order):
        told = {
            "first": words.name(first), "second": words.name(second), "for": words.number(pairs[f"{first}>{second}"]),
            "against": words.number(pairs[f"{second}>{first}"]),
        }  # fmt: skip
        yield ngettext("%(first)s before %(second)s: %(for)s vote to %(against)s.",
                       "%(first)s before %(second)s: %(for)s votes to %(against)s.",
                       plural(pairs[f"{first}>{second}"])) % told  # fmt: skip


def schulze(words: _Words) -> Iterator[str]:
    yield from compared(words)
    paths: Mapping[str, Number] = words.result.extra["strongest_paths"]
    for first in words.result.winners[:1]:
        others = [name for name in words.result.options if f"{first}>{name}" in paths]
        ways = [
            _("%(name)s (%(there)s there, %(back)s back)")
            % {"name": words.name(n), "there": words.number(paths[f"{first}>{n}"]), "back": words.number(paths[f"{n}>{first}"])}
            for n in others
        ]
        told = {"name": words.name(first), "ways": formats.listed(ways)}
        if ways:
            yield (
                _("A chain of wins is as strong as its weakest. No chain to %(name)s is stronger than the way back: %(ways)s.")
                % told
            )
    yield from elected_with_most(words)


def ranked_pairs(words: _Words) -> Iterator[str]:
    yield from compared(words)
    for stage in words.result.stages:
        first, second = stage.candidates
        told = {
            "stage": stage.number, "first": words.name(first), "second": words.name(second),
            "for": words.number(stage.totals[first]), "against": words.number(stage.totals[second]),
        }  # fmt: skip
        if stage.action == "lock":
            yield _("Stage %(stage)d: %(first)s over %(second)s, %(for)s to %(against)s, is locked in.") % told
        else:
            yield (
                _("Stage %(stage)d: %(first)s over %(second)s, %(for)s to %(against)s, would close a circle and is left out.")
                % told
            )
    yield from elected_with_most(words)


def added(words: _Words) -> Iterator[str]:
    yield _("Added up: %(totals)s.") % {"totals": standing(words, words.result.stages[0].totals)}
    yield from elected_with_most(words)


def scored(words: _Words) -> Iterator[str]:
    result = words.result
    measure = "medians" if result.params["measure"] == "median" else "means"
    found = {name: number for name, number in result.extra[measure].items() if number is not None}
    told = {"scores": standing(words, found)}
    yield (
        _("Half of the scores lie on each side of these: %(scores)s.") % told
        if measure == "medians"
        else (_("The scores come to these means: %(scores)s.") % told)
    )
    if measure == "medians" and len(set(found.values())) < len(found):
        means = {name: result.extra["means"][name] for name in found}
        yield _("Where these are equal, the means decide: %(scores)s.") % {"scores": standing(words, means)}
    yield from elected_with_most(words)


def elected_with_most(words: _Words) -> Iterator[str]:
    for tie in words.result.ties:
        yield words.tie(tie)
    if words.result.winners:
        yield _("Chosen: %(names)s.") % {"names": words.listed(words.result.winners)}
    else:
        yield _("Nobody is elected.")


def budgeted(words: _Words) -> Iterator[str]:
    for stage in words.result.stages:
        name = stage.candidates[0]
        told = {
            "stage": stage.number, "name": words.name(name), "votes": words.votes(stage.totals[name]),
            "cost": words.money(stage.notes["cost"]),
        }  # fmt: skip
        yield from words.ties(stage.number)
        if stage.action == "skip":
            told["left"] = words.money(stage.notes["left"])
            yield _("Stage %(stage)d: %(name)s (%(votes)s) costs %(cost)s, more than what is left, %(left)s.") % told
        elif stage.action == "fund" and "price" in stage.notes:
            told["price"] = words.money(int(stage.notes["price"] + 1) if stage.notes["price"] % 1 else int(stage.notes["price"]))
            told["votes"] = words.number(stage.totals[name])
            yield ngettext("Stage %(stage)d: %(name)s costs %(cost)s. Its %(votes)s supporter pays it from their share, "
                           "at most %(price)s.",
                           "Stage %(stage)d: %(name)s costs %(cost)s. Its %(votes)s supporters pay it from their shares, "
                           "at most %(price)s each.", plural(stage.totals[name])) % told  # fmt: skip
        elif stage.action == "complete":
            yield _("Stage %(stage)d: of what is left, %(name)s (%(votes)s) is paid, %(cost)s.") % told
        else:
            yield _("Stage %(stage)d: %(name)s has %(votes)s, costs %(cost)s, and is funded.") % told
    yield _("What is left: %(left)s.") % {"left": words.money(words.result.extra["left"])}


def matched(words: _Words) -> Iterator[str]:
    extra = words.result.extra
    for name in words.result.ranking:
        told = {
            "name": words.name(name), "givers": extra["givers"][name], "given": words.money(extra["given"][name]),
            "match": words.money(extra["match"][name]),
        }  # fmt: skip
        yield ngettext("%(name)s: %(givers)d gave %(given)s, and the pool adds %(match)s.",
                       "%(name)s: %(givers)d gave %(given)s, and the pool adds %(match)s.",
                       extra["givers"][name]) % told  # fmt: skip


METHODS: dict[str, Callable[[_Words], Iterator[str]]] = {
    "irv": runoff, "scottish-stv": transferable, "stv": transferable, "schulze": schulze, "ranked-pairs": ranked_pairs,
    "approval": added, "dot": added, "quadratic": added, "score": scored, "knapsack": budgeted, "equal-shares": budgeted,
    "quadratic-funding": matched,
}  # fmt: skip
