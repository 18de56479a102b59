"""What founders are asked, in which order, and how their answers become values of rules. Pure."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from text_unidecode import unidecode

from toadlane.society.bylaws.rules import Rule, declared
from toadlane.society.bylaws.rules.sheets import sheet_of
from toadlane.society.bylaws.rules.values import NotAValue, number, read, typed
from toadlane.ui import formats

__all__ = ["NotAValue", "after", "answerable", "before", "dots", "questions", "read", "short_name", "steps", "typed"]

BEFORE, AFTER = ("name", "place", "law"), ("people", "officers", "review")
# What a page with one question can ask with a box or a row of buttons; what is a list is filled in, row by row.
ASKABLE = ("rate", "money", "int", "duration", "flag", "enum", "text")
OFFICES = ("board", "treasurer", "mediator", "moderator", "coordinator")


def short_name(name: str) -> str:
    """Return a name as it stands in an address; of letters that are not Latin nothing is made, for nobody would read it back."""
    latin = "".join(unidecode(sign) if unicodedata.name(sign, "").startswith("LATIN") else sign for sign in name)
    return slugify(latin)[:60].strip("-")


def answerable() -> dict[str, Rule]:
    """Return every rule that founders may answer otherwise than the blueprint does, by id."""
    can = {rule.id: rule.type in ASKABLE or sheet_of(rule.id) is not None for rule in declared().values()}
    return {rule.id: rule for rule in declared().values() if can[rule.id] and rule.tier != "entrenched"}


def questions(blueprint: Mapping[str, Any]) -> list[Rule]:
    """Return the rules that founders are asked about: the blueprint's choice, or all that are meant for asking."""
    known = answerable()
    if "ask" in blueprint:
        return [known[rule_id] for rule_id in blueprint["ask"] if rule_id in known]
    asked = (rule for rule in known.values() if rule.asked and rule.type in ASKABLE)
    return sorted(asked, key=lambda rule: (rule.section, rule.order, rule.id))


def steps(asked: Sequence[Rule]) -> list[str]:
    return [*BEFORE, *(rule.id for rule in asked), *AFTER]


def after(step: str, asked: Sequence[Rule]) -> str:
    found = steps(asked)
    return found[min(found.index(step) + 1, len(found) - 1)]


def before(step: str, asked: Sequence[Rule]) -> str | None:
    found = steps(asked)
    at = found.index(step)
    return found[at - 1] if at else None


@dataclass(frozen=True)
class Dot:
    x: int
    y: int


@dataclass(frozen=True)
class Dots:
    """What other co-ops chose, as a line of dots, and the stretch that the law forbids."""

    dots: Sequence[Dot]
    ticks: Sequence[tuple[int, str]]
    forbidden: int
    summary: str


def dots(kind: str, values: Sequence[Any], *, least: Any = None, shown: Mapping[Any, str]) -> Dots | None:
    """Place one dot for each co-op on a line 620 wide; nothing to show for fewer than two co-ops."""
    if len(values) < 2 or kind in ("flag", "enum"):
        return None
    numbers = [number(kind, value) for value in values]
    low, high = min([*numbers, *([number(kind, least)] if least is not None else [])]), max(numbers)
    width = (high - low) or Fraction(1)
    place = {value: 85 + int(405 * (number(kind, value) - low) / width) for value in set(values)}
    stacked = [Dot(place[value], 68 - 15 * n) for value, many in Counter(values).items() for n in range(min(many, 5))]
    usual = Counter(values).most_common(1)[0][0]
    ends = {min(values, key=lambda v: number(kind, v)), usual, max(values, key=lambda v: number(kind, v))}
    ticks = sorted((place[value], shown[value]) for value in ends)
    forbidden = 85 + int(405 * (number(kind, least) - low) / width) if least is not None else 0
    counted = formats.listed(
        f"{shown[value]}: {many}" for value, many in sorted(Counter(values).items(), key=lambda one: place[one[0]])
    )
    return Dots(stacked, ticks, forbidden, _("What other co-ops of this server chose. %(counted)s") % {"counted": counted})
