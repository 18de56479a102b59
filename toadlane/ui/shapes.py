"""What the components draw: small frozen shapes that rooms fill in their queries and views."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from toadlane.kernel.money import Money

# Whose share it is decides its color in the bar: the same everywhere, so that people learn it once.
Kind = Literal["", "worker", "coop", "fund", "platform", "tax", "back"]
_COLORS = {"worker": "s1", "coop": "s2", "fund": "s3", "platform": "s4", "tax": "s5", "back": "s6"}
_WIDTH, _GAP = 1000.0, 3.0


@dataclass(frozen=True)
class Decided:
    """Which rule a number comes from, and who decided it.

    :param label: what stands on the mark: "v7, § 12", or a date
    :param title: the rule in a few words: "5 % of each order"
    :param detail: version, vote, turnout
    :param url: the decision, or the rule
    :param is_decided: whether members decided it, or the software starts with it and they have yet to
    """

    label: str
    title: str = ""
    detail: str = ""
    url: str = ""
    is_decided: bool = True


@dataclass(frozen=True)
class Share:
    label: str
    amount: Money
    rule: object | None = None  # Decided, or anything with label, title, detail and url
    why: str = ""
    holder_note: str = ""
    kind: Kind = ""


@dataclass(frozen=True)
class Bar:
    """A stretch of the bar, in thousandths of its width."""

    x: str
    width: str
    color: str


@dataclass(frozen=True)
class Split:
    """Where the money goes: shares that add up to the total, to the cent."""

    total: Money
    shares: Sequence[Share]
    note: str = ""

    def rows(self) -> Iterator[tuple[str, Share]]:
        plain = iter(("s1", "s2", "s3", "s4") * len(self.shares))
        for share in self.shares:
            yield (_COLORS.get(share.kind) or next(plain)), share

    def bars(self) -> list[Bar]:
        drawn = [(color, share.amount.minor) for color, share in self.rows() if share.amount.minor > 0]
        whole = sum(minor for _color, minor in drawn)
        room, x, found = _WIDTH - _GAP * max(len(drawn) - 1, 0), 0.0, []
        for color, minor in drawn:
            width = room * minor / whole
            found.append(Bar(f"{x:.1f}", f"{width:.1f}", color))
            x += width + _GAP
        return found


@dataclass(frozen=True)
class Step:
    label: str
    note: str = ""
    state: Literal["done", "current", "to_come"] = "to_come"


@dataclass(frozen=True)
class Moment:
    """A point of a timeline. `who` is set in bold before `text`; `text` may be safe HTML."""

    at: datetime | date | str
    text: str
    who: str = ""
    detail: str = ""
    is_to_come: bool = False


@dataclass(frozen=True)
class Pin:
    label: str
    latitude: float
    longitude: float
    url: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Crumb:
    label: str
    url: str = ""


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a person: on the desk, with the one thing to do about it."""

    title: str
    detail: str = ""
    url: str = ""
    action: str = ""
    icon: str = "clock"
    at: datetime | None = None


@dataclass(frozen=True)
class News:
    """Something that happened and concerns whoever looks: a sentence, and where to read more."""

    at: datetime
    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class MonthDay:
    on: date
    state: Literal["free", "chosen", "taken", "past"]
    # Where choosing it leads.
    url: str = ""
    is_today: bool = False


@dataclass(frozen=True)
class Month:
    """A month to choose days from, in weeks; a week's days of other months are None."""

    first: date
    weeks: Sequence[Sequence[MonthDay | None]]

    @property
    def weekdays(self) -> list[date]:
        """Return a date for each weekday in the order of the columns, for their names."""
        week = next(week for week in self.weeks if all(week))
        return [day.on for day in week if day]


@dataclass(frozen=True)
class Column:
    """A column of a chart. `text` is its figure as people read it; an unfinished stretch of time is hatched."""

    label: str
    value: float
    text: str
    is_part: bool = False
    # What stands under it where the label is too long for that.
    tick: str = ""


@dataclass(frozen=True)
class Chart:
    """Amounts over time. The same facts stand as a table behind it."""

    columns: Sequence[Column]
    summary: str
    unit: str = ""
    mean: float | None = None
    mean_text: str = ""

    @property
    def top(self) -> float:
        return max([column.value for column in self.columns] + [self.mean or 0, 1e-9]) * 1.04

    @property
    def width(self) -> int:
        return 100 * len(self.columns)

    def drawn(self) -> list[dict[str, object]]:
        heights = [round(500 * max(column.value, 0) / self.top) for column in self.columns]
        return [
            {"x": 100 * n + 22, "y": 500 - height, "height": height, "is_part": column.is_part}
            for n, (column, height) in enumerate(zip(self.columns, heights, strict=True))
        ]

    @property
    def mean_y(self) -> int | None:
        return None if self.mean is None else 500 - round(500 * self.mean / self.top)


@dataclass(frozen=True)
class Option:
    """A choice with more to say than its label. Use it as the label in a form's `choices`."""

    label: str
    more: str = ""
    price: str = ""
    picture: str = ""

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Change:
    """A change of wording, for the diff component."""

    kind: Literal["same", "del", "ins"]
    text: str


@dataclass(frozen=True)
class Pair:
    """Two figures of one thing, as it is and as it would be, drawn as bars one under the other."""

    label: str
    before: int
    after: int
    before_text: str
    after_text: str


@dataclass(frozen=True)
class Table:
    """Rows of cells; all columns but the first are figures."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    foot: Sequence[str] = ()

    def cells(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return [(row[0], list(zip(self.head[1:], row[1:], strict=True))) for row in self.rows]

    def last(self) -> list[tuple[str, str]]:
        return list(zip(self.head[1:], self.foot[1:], strict=True))


@dataclass(frozen=True)
class Replay:
    """What a change would have done: told, drawn, and as a table behind it.

    :param was: what the lighter bar stands for; `will` the darker one
    """

    lede: str
    was: str = ""
    will: str = ""
    pairs: Sequence[Pair] = ()
    tables: Sequence[Table] = ()
    points: Sequence[str] = ()
    warnings: Sequence[str] = ()
    notes: Sequence[str] = ()

    def bars(self) -> list[dict[str, object]]:
        """Return the pairs with the lengths of their bars, in thousandths."""
        top = max([one.before for one in self.pairs] + [one.after for one in self.pairs] + [1])
        return [
            {"pair": one, "was": 950 * max(one.before, 0) // top, "will": 950 * max(one.after, 0) // top} for one in self.pairs
        ]


@dataclass(frozen=True)
class Meter:
    """How far along a count is, with a mark where it has to be."""

    value: int
    whole: int
    mark: int | None = None
    text: str = field(default="")
