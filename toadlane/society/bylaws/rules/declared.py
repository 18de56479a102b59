"""Which rules there are. Each has one owner: the room whose software obeys it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

RuleType = Literal[
    "rate", "money", "int", "duration", "flag", "enum", "weights", "rates", "schedule", "rate_card", "classes", "criteria", "text"
]
Tier = Literal["operational", "policy", "constitutional", "entrenched"]
AppliesFrom = Literal["at_once", "next_order", "next_period", "next_year"]

TIERS: tuple[Tier, ...] = ("operational", "policy", "constitutional", "entrenched")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule that a room needs, as it is offered to founders.

    :param id: `<section>.<name>`, stable: orders and fee lines store it
    :param default: as it stands in the document: a rate is a decimal string ("0.05") or a fraction ("2/3"), money an
        integer of minor units in the co-op's currency, a duration an integer of `unit`
    :param minimum: the least that makes sense, in the same form; the law's floor comes from the jurisdiction pack
    :param options: what an enum may be, with a label each
    :param unit: `days`, `hours`, `minutes` and so on; for an int also what is counted
    :param text: how it reads in the bylaws, by language; `{value}` stands for the value (see `texts`)
    :param nothing: how it reads where the value is zero, which a number says like a machine, or an empty list; by language
    :param asked: whether founders are asked; the others are founded on their default and shown in the review
    :param until_decided: what it says where it is not the default until members of an older co-op have decided on it: an
        update opens nothing to strangers
    :param names_procedure: whether its value is the name of a way of deciding
    :param dry_run: the replay that reads it: what another value would have done to real money is shown before a vote
    """

    id: str
    type: RuleType
    default: Any
    minimum: str | int | None = None
    maximum: str | int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    unit: str = ""
    tier: Tier = "policy"
    procedure: str = "simple"
    delay_days: int = 15
    applies_from: AppliesFrom = "next_order"
    question: Any = ""
    why: Any = ""
    text: Mapping[str, str] = field(default_factory=dict)
    nothing: Mapping[str, str] = field(default_factory=dict)
    asked: bool = True
    order: int = 100
    dry_run: str = ""
    until_decided: Any = None
    names_procedure: bool = False

    @property
    def section(self) -> str:
        return self.id.partition(".")[0]


# Writes a value that no sentence can hold, such as a price list, as rows of label and text in the reader's language, from the
# value and the co-op's currency.
Table = Callable[[Any, str], Iterable[tuple[str, str]]]

_rules: dict[str, Rule] = {}
_tables: dict[str, Table] = {}
_owners: dict[str, str] = {}


def declare(owner: str, rules: Iterable[Rule]) -> None:
    """Own some rules. Called in a room's `wiring`, and printed to the golden file.

    :param owner: a name for the group, such as `fees`
    """
    for rule in rules:
        assert rule.id not in _rules, f"{rule.id} has an owner already"
        assert "." in rule.id, f"{rule.id} has no section"
        assert rule.type != "enum" or rule.default in rule.options, f"{rule.id} has no such option"
        _rules[rule.id] = rule
        _owners[rule.id] = owner


def declare_table(rule_id: str, table: Table) -> None:
    """Say how the value of a rule is laid out for people. Called in the `wiring` of the room that owns the rule."""
    assert rule_id not in _tables, f"{rule_id} has a table already"
    _tables[rule_id] = table


def table_of(rule_id: str) -> Table | None:
    return _tables.get(rule_id)


def declared() -> dict[str, Rule]:
    return dict(sorted(_rules.items()))


def find(rule_id: str) -> Rule | None:
    return _rules.get(rule_id)


def sections() -> dict[str, str]:
    """Return who owns each rule, for the golden file."""
    return dict(sorted(_owners.items()))
