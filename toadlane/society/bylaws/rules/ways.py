"""Ways of deciding, changed and added by the members as rules are: each goes by the name of `procedures.simple` and the like.

What a way guards must not be had for less by rewriting the way first. So it is changed, or a new one of its rank added, by a
vote one rank above it, and the strictest of all by itself; and no sooner than any rule that could then pass by it. A rank stays
what it is: what passes by which way is moved by the guard of each rule (golden vectors 15, B10 to B12, for guards).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from toadlane.kernel import canonical
from toadlane.kernel.rates import rate
from toadlane.society.bylaws.rules import majority

PREFIX = "procedures."
NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
LONGEST = 4000
# Rules are decided by these; by the others people are chosen, or nothing is decided.
OF_RULES = ("majority", "consent", "lazy", "advice")

Table = Mapping[str, Any]


def is_way(rule_id: object) -> bool:
    return isinstance(rule_id, str) and rule_id.startswith(PREFIX)


def name_of(rule_id: str) -> str:
    return rule_id.removeprefix(PREFIX)


def id_of(name: str) -> str:
    return f"{PREFIX}{name}"


def by_id(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables of all ways, by the names they have among the rules."""
    return {id_of(name): table for name, table in document["procedures"].items()}


def names(document: Mapping[str, Any]) -> list[str]:
    """Return the ways of deciding that a vote could rewrite, the mildest first."""
    known = document["procedures"]
    return sorted((name for name in known if known[name]["kind"] != "never"), key=lambda name: (known[name]["rank"], name))


def entry(document: Mapping[str, Any], rule_id: str, table: object = None) -> dict[str, Any] | None:
    """Return a way as if it were a rule: guarded, with its delay, and its table for a value. None where it is none.

    :param table: what a new one would say; its value is nothing until members adopt it
    """
    if not is_way(rule_id):
        return None
    known = document["procedures"].get(name_of(rule_id))
    rank = (known or _table(table)).get("rank", 0)
    return {
        "type": "procedure", "value": known, "unit": "", "text": {}, "applies_from": "at_once",
        "tier": "entrenched" if known and known["kind"] == "never" else "constitutional",
        "procedure": usual(document, needed(document, rank if is_whole(rank) else 0)),
        "delay_days": _delay(document, rank if is_whole(rank) else 0),
        # What its words are read from, beside the table.
        "rules": document["rules"], "procedures": document["procedures"], "law": majority.law_of(document),
    }  # fmt: skip


def is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _table(value: object) -> Table:
    return value if isinstance(value, Mapping) else {}


def can_pass(procedure: Table) -> bool:
    """Say whether anything could ever pass by it."""
    threshold = rate(procedure.get("threshold", "0"))
    return threshold < 1 or (threshold == 1 and procedure.get("op") == "ge")


def _ranks(document: Mapping[str, Any]) -> set[int]:
    known = document["procedures"].values()
    return {int(one["rank"]) for one in known if one["kind"] in OF_RULES and can_pass(one)}


def needed(document: Mapping[str, Any], rank: int) -> int:
    """Return the rank that changes a way of a rank, or adds one: one above it, as far as there is one."""
    return min(rank + 1, max(_ranks(document), default=rank + 1))


def rank_for(document: Mapping[str, Any], rule_id: str, table: object) -> int:
    """Return the rank that a change of a way, or a new one, has to pass by."""
    known = document["procedures"].get(name_of(rule_id), {})
    asked = (known.get("rank"), _table(table).get("rank"))
    return needed(document, max((one for one in asked if isinstance(one, int) and is_whole(one)), default=0))


def usual(document: Mapping[str, Any], rank: int, fits: Callable[[Table], bool] = lambda _one: True) -> str:
    """Return the weakest way that is at least so strict; of equally strict ones a vote, and then what guards most rules.

    Not the first by name: a way that is added would then decide whatever no rule guards. Empty where there is none.
    """
    used = Counter(str(rule["procedure"]) for rule in document["rules"].values())
    strong = [
        (one["rank"], one["kind"] != "majority", -used[name], name)
        for name, one in document["procedures"].items()
        if one["kind"] in OF_RULES and one["rank"] >= rank and fits(one)
    ]
    return min(strong)[3] if strong else ""


def _delay(document: Mapping[str, Any], rank: int) -> int:
    """Return the longest delay of the rules that may pass by a way of this rank."""
    ranks = {name: one["rank"] for name, one in document["procedures"].items()}
    rules = document["rules"].values()
    return max((int(rule["delay_days"]) for rule in rules if ranks.get(rule["procedure"], 9) <= rank), default=0)


def is_same(table: object, expected: object) -> bool:
    """Compare tables as they are hashed: True is not 1 there."""
    try:
        return canonical.text(table) == canonical.text(expected)
    except (TypeError, ValueError):
        return False


def faults(document: Mapping[str, Any], rule_id: str, expect: object, table: object) -> Iterator[str]:
    """Say what keeps a way from becoming what a table says. Whether votes could be counted by it, `countable` says."""
    known = document["procedures"].get(name_of(rule_id))
    if known is not None and known["kind"] == "never":
        yield "entrenched"
    elif known is None and not NAME.fullmatch(name_of(rule_id)):
        yield "wrong_name"
    if not is_same(known, expect):
        yield "conflict"
    if not is_table(table):
        yield "wrong_type"
        return
    assert isinstance(table, Mapping)
    if known is not None and table["rank"] != known["rank"]:
        yield "rank_moves"
    elif table["rank"] not in _ranks(document):
        yield "unknown_rank"
    if table["rank"] >= majority.RANK and not majority.is_enough(table, majority.law_of(document)):
        yield "below_legal_floor"


def is_table(table: object) -> bool:
    """Say whether this can be a way at all: short, of a kind that decides, of a rank, and such that something can pass."""
    if not isinstance(table, Mapping) or not isinstance(table.get("kind"), str) or table["kind"] == "never":
        return False
    try:
        return len(canonical.text(table)) <= LONGEST and is_whole(table.get("rank")) and can_pass(table)
    except (TypeError, ValueError, ZeroDivisionError):
        return False


def unreachable(document: Mapping[str, Any]) -> list[str]:
    """Return the amendable rules that no procedure could ever change: a document that locks itself in (invariant 1)."""
    procedures = document["procedures"]
    live = {name for name, one in procedures.items() if one["kind"] != "never" and can_pass(one)}
    return [
        rule_id for rule_id, rule in document["rules"].items() if rule["tier"] != "entrenched" and rule["procedure"] not in live
    ]
