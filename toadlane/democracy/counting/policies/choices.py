"""What one vote may look like, and what is wrong with it otherwise. Asked when it is cast, and again when it is counted."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected


class BadChoice(Expected):
    """This vote cannot be counted. Each kind says why; its name is the reason code."""

    status = 422
    field = "choice"


class NotAVote(BadChoice):
    words = lazy("This is not the kind of answer the question asks for.")


class UnknownOption(BadChoice):
    words = lazy("The vote names an option that is not on the ballot.")


class RepeatedOption(BadChoice):
    words = lazy("The vote names an option twice.")


class EqualRanks(BadChoice):
    words = lazy("Two options share a rank. Here each rank is for one option.")


class SkippedRank(BadChoice):
    words = lazy("A rank is left empty before another. Rank without gaps.")


class TooManyOptions(BadChoice):
    words = lazy("The vote names more options than it may.")


class TooFewOptions(BadChoice):
    words = lazy("The vote names fewer options than it must.")


class NotWhole(BadChoice):
    words = lazy("Only whole numbers can be given.")


class ScoreOutOfRange(BadChoice):
    words = lazy("A score is outside the scale.")


class NegativeDots(BadChoice):
    words = lazy("Dots can be given, not taken away.")


class TooManyDots(BadChoice):
    words = lazy("More dots are given than there are.")


class TooManyOnOne(BadChoice):
    words = lazy("More dots are put on one option than may be.")


class OverBudget(BadChoice):
    words = lazy("The vote spends more than there is.")


class UnderMinimum(BadChoice):
    words = lazy("The vote spends less of the budget than it must.")


class NegativeAmount(BadChoice):
    words = lazy("An amount cannot be below zero.")


def ranking(choice: Any, options: Collection[str], *, equal: bool = False, most: int | None = None) -> None:
    """Check a ranking: options from best to worst, the rest left out; `["a", ["b", "c"], "d"]` where ranks may be shared.

    :raises NotAVote, UnknownOption, RepeatedOption, EqualRanks, TooManyOptions: as their names say
    """
    if not isinstance(choice, list | tuple):
        raise NotAVote
    named: list[str] = []
    for place in choice:
        if isinstance(place, list | tuple):
            if len(place) > 1 and not equal:
                raise EqualRanks
            if not place:
                raise SkippedRank
            named += place
        elif place is None or place == "":
            raise SkippedRank
        else:
            named.append(place)
    names(named, options)
    if most is not None and len(named) > most:
        raise TooManyOptions(hint=_("At most %(most)d options can be ranked.") % {"most": most})


def names(choice: Any, options: Collection[str]) -> None:
    """Check a list of options: each on the ballot, none twice.

    :raises NotAVote, UnknownOption, RepeatedOption: as their names say
    """
    if not isinstance(choice, list | tuple | set | frozenset) or not all(isinstance(name, str) for name in choice):
        raise NotAVote
    for name in choice:
        if name not in options:
            raise UnknownOption(hint=str(name))
    if len(set(choice)) < len(choice):
        raise RepeatedOption


def approval(choice: Any, options: Collection[str], *, least: int = 0, most: int | None = None) -> None:
    """Check a list of approved options.

    :raises TooFewOptions, TooManyOptions: outside `least` and `most`; nothing at all is a blank vote, and may be cast
    """
    names(choice, options)
    if choice and len(choice) < least:
        raise TooFewOptions(hint=_("Choose at least %(least)d.") % {"least": least})
    if most is not None and len(choice) > most:
        raise TooManyOptions(hint=_("Choose at most %(most)d.") % {"most": most})


def numbers(choice: Any, options: Collection[str]) -> dict[str, int]:
    """Check whole numbers by option, and return those given; None is a blank.

    :raises NotAVote, UnknownOption, NotWhole: as their names say
    """
    if not isinstance(choice, Mapping):
        raise NotAVote
    given = {}
    for name, number in choice.items():
        if name not in options:
            raise UnknownOption(hint=str(name))
        if number is None:
            continue
        if isinstance(number, bool) or not isinstance(number, int):
            raise NotWhole(hint=str(name))
        given[name] = number
    return given


def scores(choice: Any, options: Collection[str], *, lowest: int, highest: int) -> dict[str, int]:
    """Check scores (vectors 11, C1 and C2).

    :raises ScoreOutOfRange: when one is below the lowest or above the highest
    """
    given = numbers(choice, options)
    for name, number in given.items():
        if not lowest <= number <= highest:
            scale = _("The scale goes from %(lowest)d to %(highest)d.") % {"lowest": lowest, "highest": highest}
            raise ScoreOutOfRange(hint=f"{name}: {scale}")
    return given


def dots(choice: Any, options: Collection[str], *, dots: int, most_on_one: int | None = None) -> dict[str, int]:
    """Check dots: whole, none below zero, together at most as many as there are (vectors 11, D1 and D2).

    :raises NegativeDots, TooManyDots, TooManyOnOne: as their names say
    """
    given = numbers(choice, options)
    if any(number < 0 for number in given.values()):
        raise NegativeDots
    if (total := sum(given.values())) > dots:
        raise TooManyDots(hint=_("%(given)d are given, and there are %(dots)d.") % {"given": total, "dots": dots})
    if most_on_one is not None and any(number > most_on_one for number in given.values()):
        raise TooManyOnOne(hint=_("At most %(most)d on one option.") % {"most": most_on_one})
    return given


def credits_spent(given: Mapping[str, int]) -> int:
    """Return what votes cost: the square of the votes for, or against, each option."""
    return sum(number * number for number in given.values())


def quadratic(choice: Any, options: Collection[str], *, credits: int) -> dict[str, int]:
    """Check votes that cost their square, against as well as for (vectors 11, Q1 and Q2).

    :raises OverBudget: when they cost more than the credits
    """
    given = numbers(choice, options)
    if (cost := credits_spent(given)) > credits:
        raise OverBudget(hint=_("These votes cost %(cost)d, and there are %(credits)d.") % {"cost": cost, "credits": credits})
    return given


def amounts(choice: Any, options: Collection[str]) -> dict[str, int]:
    """Check what one person gives to each project, in minor units.

    :raises NegativeAmount: when an amount is below zero
    """
    given = numbers(choice, options)
    if any(number < 0 for number in given.values()):
        raise NegativeAmount
    return given


def budget(
    choice: Any, costs: Mapping[str, int], *, budget: int, within: bool = True, min_spend: int = 0,
    least: int = 0, most: int | None = None,
) -> None:  # fmt: skip
    """Check the projects one person would fund (vectors 11, B2 and B4).

    :param costs: of every project, in minor units
    :param budget: what there is to spend
    :param within: whether the projects of one vote have to fit into the budget together
    :param min_spend: what they have to cost together at least, exactly that much included
    :raises OverBudget, UnderMinimum, TooFewOptions, TooManyOptions: as their names say
    """
    approval(choice, costs, least=least, most=most)
    total = sum(costs[name] for name in choice)
    if within and total > budget:
        raise OverBudget(hint=_("These cost %(total)d, and there are %(budget)d.") % {"total": total, "budget": budget})
    if choice and total < min_spend:
        wanted = {"total": total, "least": min_spend}
        raise UnderMinimum(hint=_("These cost %(total)d; spend at least %(least)d.") % wanted)


def distinct(options: Iterable[str]) -> tuple[str, ...]:
    """Return the options of a ballot.

    :raises RepeatedOption: when two bear the same name: nobody could tell them apart
    """
    found = tuple(options)
    if len(set(found)) < len(found):
        raise RepeatedOption(_("Two options bear the same name."))
    return found
