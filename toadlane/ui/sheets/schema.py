"""What a list or a price list is made of, so that people can fill it in: cells with a label and a kind, rows of them, lists in
rows. Values are what a document holds: plain JSON."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Union

# words: a line in one language · names: a line in each language · text: the same with room for sentences · key: a short name
# that nobody types, made from the names · rate: a share, typed in per cent · money: minor units · int · decimal: an exact
# number as text · date, time · flag · choice: one of some · choices: several of them · rows: a list of its own
Kind = Literal[
    "words", "names", "text", "key", "rate", "money", "int", "decimal", "date", "time", "flag", "choice", "choices", "rows"
]


@dataclass(frozen=True, kw_only=True)
class Context:
    """What cells are read and written with.

    :param rules: the other rules of the document, for what is chosen among things that they name
    :param typed: the whole of what is being filled in, for what is chosen among things that stand in it
    :param kinds: the kinds of listing, by id, where they are not those of the co-op at hand
    """

    currency: str = "EUR"
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    typed: Any = None
    kinds: Mapping[str, Any] | None = None


Options = Callable[[Context], Iterable[tuple[str, str]]]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One field of a row.

    :param empty: what an absent value means: it is not written down unless it stood there before
    :param options: of a choice, each with its label; a single choice without any is a line to type in
    :param others: of a choice, what nothing chosen is called; without it one has to be chosen
    :param unit: what stands after a number
    :param after: of a time: the cell beside it that has to be earlier
    :param names_new: of a choice: nothing chosen makes a new one, with a key of its own, out of the names in the same row
    """

    name: str
    label: Any = ""
    kind: Kind = "words"
    required: bool = True
    empty: Any = None
    help: Any = ""
    options: Options | None = None
    others: Any = ""
    minimum: int | None = None
    maximum: int | None = None
    unit: Any = ""
    after: str = ""
    names_new: bool = False
    rows: Union["Rows", None] = None


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A list.

    :param one: what a row is called, before its number
    :param add: the button that brings another row
    :param is_pairs: stored not as a list but as one value by key: the first cell is the key, the second the value
    :param once: the cells that, taken together, may stand in one row only
    :param least: how many rows there have to be
    """

    cells: Sequence[Cell]
    one: Any
    add: Any
    is_pairs: bool = False
    once: Sequence[str] = ()
    least: int = 0


@dataclass(frozen=True, kw_only=True)
class Record:
    """Cells that stand once, among them lists. Without its first cell filled in, all of it is empty."""

    cells: Sequence[Cell]


Sheet = Rows | Record
