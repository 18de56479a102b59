"""How papers are marked: one spelling for each choice, so that equal papers are equal text, and short. Pure.

Options are written by their number on the paper, counted from 1:

    one        "2"            the one that is marked
    names      "1 3"          those that are marked, in the order of the paper; "" is a blank paper
    ranking    "3 1=2"        from best to worst, as in a BLT file; equals are joined
    numbers    "5 . -2"       a number for each option, "." for none
"""

from collections.abc import Mapping, Sequence
from itertools import repeat
from operator import itemgetter
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.democracy.counting.policies import profiles
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.democracy.counting.policies.profiles import Profile
from toadlane.kernel.errors import Expected
from toadlane.ui import formats

Options = Sequence[Mapping[str, Any]]
# How each kind of vote is marked; a majority by one mark.
SHAPES = {
    "ranking": "ranking", "approval": "names", "budget": "names", "scores": "numbers", "dots": "numbers", "credits": "numbers",
    "amounts": "numbers",
}  # fmt: skip
WIDE = 250  # Options beyond this take wider cells.
TALKED = ("consent", "lazy", "advice", "selection")


class SpoiltPaper(Expected):
    words = lazy("This paper cannot be counted as it is marked.")
    status = 422
    field = "choice"


def shape(method: str) -> str:
    return SHAPES[METHODS[method].kind] if method in METHODS else "one"


def check(choice: Any, *, method: str, options: Options, params: Mapping[str, Any]) -> None:
    """Refuse a vote that the method could not count.

    :raises BadChoice: its class is the reason
    """
    if method in METHODS:
        METHODS[method].check(choice, [str(option["id"]) for option in options], params)


def write(choice: Any, options: Options, shape: str) -> str:
    """Return a choice as text.

    :param choice: the id of an option; a list of ids, equals in lists of their own; or numbers by id
    :raises SpoiltPaper: when it names what is not on the paper, or names something twice
    """
    numbers = {str(option["id"]): n for n, option in enumerate(options, 1)}
    if shape == "one":
        return str(_number(choice, numbers))
    if shape == "numbers":
        if not isinstance(choice, Mapping):
            raise SpoiltPaper
        given = {_number(name, numbers): value for name, value in choice.items() if value is not None}
        if any(isinstance(value, bool) or not isinstance(value, int) for value in given.values()):
            raise SpoiltPaper(_("Only whole numbers can be given."))
        return " ".join(str(given.get(n, ".")) for n in numbers.values()) if given else ""
    if not isinstance(choice, list | tuple):
        raise SpoiltPaper
    places = [[_number(name, numbers) for name in (one if isinstance(one, list | tuple) else [one])] for one in choice]
    named = [n for place in places for n in place]
    if len(set(named)) < len(named):
        raise SpoiltPaper(_("An option is named twice."))
    if shape == "names":
        return " ".join(map(str, sorted(named)))
    return " ".join("=".join(map(str, sorted(place))) for place in places if place)


def read(text: str, options: Options, shape: str) -> Any:
    """Return the choice that a text says: an id, a list of ids, or numbers by id.

    :raises ValueError, IndexError: when it says none of this ballot
    """
    ids = [str(option["id"]) for option in options]
    if shape == "one":
        return _nth(ids, text)
    if shape == "numbers":
        return {name: int(mark) for name, mark in zip(ids, text.split(), strict=bool(text)) if mark != "."}
    if shape == "names":
        return [_nth(ids, n) for n in text.split()]
    places = [[_nth(ids, n) for n in place.split("=")] for place in text.split()]
    return [place[0] if len(place) == 1 else place for place in places]


def _nth(ids: Sequence[str], number: str) -> str:
    """:raises IndexError: when there is none, such as 0, which a list would take for its last"""
    if int(number) < 1:
        raise IndexError(number)
    return ids[int(number) - 1]


def profile(found: Sequence[tuple[str, int]], options: Options) -> Profile:
    """Gather rankings, with their weights, in one matrix: without a step of Python for each mark.

    A ranking with equals is put together the slow way.
    """
    ids = tuple(str(option["id"]) for option in options)
    texts = [text for text, _weight in found]
    whole = " ".join(filter(None, texts))
    if len(ids) >= WIDE or "=" in whole:
        return profiles.collect(((read(text, options, "ranking"), weight) for text, weight in found), ids)
    end = np.iinfo(np.uint8).max
    depth = np.fromiter(map(str.count, texts, repeat(" ")), np.int64, len(texts))
    depth += np.fromiter(map(bool, texts), bool, len(texts))
    cells = np.full((len(found), max(int(depth.max(initial=0)), 1)), end, np.uint8)
    marks = np.fromstring(whole, np.uint8, sep=" ") - 1
    cells[np.arange(cells.shape[1]) < depth[:, None]] = marks
    weights = np.fromiter(map(itemgetter(1), found), np.int64, len(found))
    return profiles.gathered(ids, cells, weights, None)


def longest(options: Options, shape: str) -> int:
    """Return how many bytes the longest paper can take."""
    return 4 if shape == "one" else len(options) * (12 if shape == "numbers" else 5) + 1


def words(text: str, options: Options, shape: str) -> str:
    """Return a paper as people read it."""
    labels = [str(option["label"]) for option in options]
    if not text:
        return _("blank")
    if shape == "numbers":
        return formats.listed(f"{label}: {mark}" for label, mark in zip(labels, text.split(), strict=True) if mark != ".")
    places = [" = ".join(labels[int(n) - 1] for n in place.split("=")) for place in text.split()]
    return " > ".join(places) if shape == "ranking" else formats.listed(places)


def _number(name: object, numbers: Mapping[str, int]) -> int:
    if not isinstance(name, str) or name not in numbers:
        raise SpoiltPaper(_("“%(name)s” is not on this paper.") % {"name": name})
    return numbers[name]
