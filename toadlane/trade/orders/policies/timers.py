"""Timer expressions of an order process, such as `min(placed+6d, start+1d, end)`.

expression := "min(" expression, ... ")" | "max(" expression, ... ")" | anchor [("+" | "-") length]
length     := a number and m, h or d | the name of a length that a rule sets
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from toadlane.trade.orders.policies.faults import BadProcess

# What a timer may count from. `entered` is the moment the order came into its present state, `day` the first one of the day
# on which it starts, by the clocks of the co-op.
ANCHORS = frozenset({"placed", "paid", "day", "start", "end", "done", "entered"})
TIMED = frozenset({"day", "start", "end"})
# Lengths that a rule sets, and in which unit.
NAMED = {
    "confirm_hours": ("trade.confirm_hours", timedelta(hours=1)),
    "payout_days": ("pay.payout_days", timedelta(days=1)),
    "review_days": ("trade.review_days", timedelta(days=1)),
    "offer_minutes": ("trade.offer_minutes", timedelta(minutes=1)),
}
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
TERM = re.compile(r"^(?P<anchor>[a-z]+)(?:(?P<sign>[+-])(?:(?P<count>\d{1,4})(?P<unit>[mhd])|(?P<name>[a-z_]+)))?$")


@dataclass(frozen=True)
class Term:
    """One anchor and how far from it."""

    anchor: str
    sign: int = 1
    length: timedelta = timedelta(0)
    name: str = ""

    def at(self, anchors: Mapping[str, datetime], lengths: Mapping[str, timedelta]) -> datetime:
        return anchors[self.anchor] + self.sign * (lengths[self.name] if self.name else self.length)


@dataclass(frozen=True)
class Choice:
    """The earliest or the latest of several."""

    earliest: bool
    of: tuple["Term | Choice", ...]

    def at(self, anchors: Mapping[str, datetime], lengths: Mapping[str, timedelta]) -> datetime:
        times = [part.at(anchors, lengths) for part in self.of]
        return min(times) if self.earliest else max(times)


Timer = Term | Choice


def parse(text: str) -> Timer:
    """Read a timer.

    :raises BadProcess: when it is not one
    """
    text = "".join(text.split())
    if text[:4] in ("min(", "max(") and text.endswith(")"):
        return Choice(text.startswith("min"), tuple(parse(part) for part in _parts(text[4:-1])))
    match = TERM.match(text)
    if not match:
        raise BadProcess(f"“{text}” is not a timer")
    if match["anchor"] not in ANCHORS:
        raise BadProcess(f"a timer cannot count from “{match['anchor']}”")
    if match["name"] and match["name"] not in NAMED:
        raise BadProcess(f"no rule sets the length “{match['name']}”")
    length = int(match["count"]) * UNITS[match["unit"]] if match["count"] else timedelta(0)
    return Term(match["anchor"], -1 if match["sign"] == "-" else 1, length, match["name"] or "")


def terms(timer: Timer) -> Iterator[Term]:
    if isinstance(timer, Term):
        yield timer
    else:
        for part in timer.of:
            yield from terms(part)


def _parts(text: str) -> Iterator[str]:
    """Split at the commas that are not inside brackets."""
    depth, start = 0, 0
    for index, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            raise BadProcess(f"“{text}” is not a timer")
        if letter == "," and depth == 0:
            yield text[start:index]
            start = index + 1
    if depth:
        raise BadProcess(f"“{text}” is not a timer")
    yield text[start:]
