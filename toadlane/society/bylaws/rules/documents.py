"""Putting a whole document together."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from toadlane.kernel.currencies import suggested
from toadlane.kernel.errors import Expected
from toadlane.society.bylaws.rules import majority as majorities
from toadlane.society.bylaws.rules import texts as wording
from toadlane.society.bylaws.rules.declared import Rule, declared
from toadlane.society.bylaws.rules.values import BARE, RuleFailed, number, parse
from toadlane.ui import formats

Document = dict[str, Any]

# Who may change what. A co-op may rewrite these; the blueprint's `[procedures]` come first.
PROCEDURES: dict[str, dict[str, Any]] = {
    "coordinators": {"kind": "consent", "roll": "coordinators", "threshold": "1/2", "op": "gt", "of": "cast",
                     "min_days": 3, "rank": 1},
    "simple": {"kind": "majority", "roll": "members", "quorum_rule": "gov.simple.quorum", "threshold": "1/2", "op": "gt",
               "of": "cast", "min_days": 7, "rank": 2},
    "special": {"kind": "majority", "roll": "members", "quorum_rule": "gov.special.quorum", "threshold": "2/3", "op": "ge",
                "of": "cast", "min_days": 14, "rank": majorities.RANK},
    # Weakening a guard takes one rank more than the guard, so that there is one above the special one.
    "overwhelming": {"kind": "majority", "roll": "members", "quorum": "1/2", "threshold": "4/5", "op": "ge", "of": "cast",
                     "min_days": 30, "rank": 4},
    "never": {"kind": "never", "rank": 9},
}  # fmt: skip
ORGANS: dict[str, dict[str, Any]] = {
    "assembly": {"who": "members"},
    "board": {"who": "office:board", "term_years": 2},
    # Nobody sits there until the members elect somebody; without the organ there would be nobody to elect.
    "appeals": {"who": "office:appeals", "term_years": 2},
    "guardian": {"who": "office:guardian", "term_years": 2},
}


# What the law says about a value: the least, the most, or the only ones there may be.
BOUNDS = ("floor", "cap", "only")


class NotARule(Expected):
    """No room declares this rule, or the value is not one it can have."""

    status = 422


def compose(
    *,
    values: Mapping[str, Any],
    currency: str,
    pack: str = "none@1",
    bounds: Mapping[str, Mapping[str, Any]] | None = None,
    guards: Mapping[str, Mapping[str, Any]] | None = None,
    texts: Mapping[str, Mapping[str, str]] | None = None,
    procedures: Mapping[str, Any] | None = None,
    organs: Mapping[str, Any] | None = None,
    majority: Mapping[str, Any] | None = None,
) -> Document:
    """Write out every declared rule with its value, guard, bounds and text.

    :param values: what the founders chose, by rule; the others take their default, lifted to the law's floor
    :param bounds: the jurisdiction pack's floors and caps, by rule
    :param majority: what the law demands where the bylaws change: the procedures from the special one on are lifted to it
    :raises NotARule: when a rule is unknown, a value cannot be, or a rule could change by less than the law demands
    """
    ways = majorities.raised({**PROCEDURES, **(procedures or {})}, majority or {}, rank=majorities.RANK)
    if unknown := set(values) - set(declared()):
        raise NotARule(_("No such rule: %(rules)s.") % {"rules": formats.listed(sorted(unknown))}, field=min(unknown))
    rules = {}
    for rule in declared().values():
        entry = entry_of(rule, currency=currency, bounds=(bounds or {}).get(rule.id), guard=(guards or {}).get(rule.id))
        entry["text"] = dict((texts or {}).get(rule.id) or rule.text)
        if rule.id in values:
            entry["value"] = values[rule.id]
        else:
            entry["value"] = lawful(entry)
        check(rule.id, entry)
        if texts and rule.id in texts and (wrong := wording.faults(entry)):
            raise NotARule(
                _("The words and the value of %(rule)s differ: %(wrong)s.") % {"rule": rule.id, "wrong": formats.clauses(wrong)}
            )
        if (
            majority
            and entry["tier"] in majorities.OF_THE_BYLAWS
            and not majorities.is_enough(ways[entry["procedure"]], majority)
        ):
            raise NotARule(_("%(law)s asks for more votes to change this.") % {"law": majority["law"]}, field=rule.id)
        rules[rule.id] = entry
    return {"pack": pack, "rules": rules, "procedures": ways, "organs": {**ORGANS, **(organs or {})}}


def entry_of(
    rule: Rule, *, currency: str, bounds: Mapping[str, Any] | None = None, guard: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a declared rule as it stands in a document, with its default: an amount is declared in euro cents."""
    is_money = rule.type == "money"
    entry: dict[str, Any] = {
        "type": rule.type, "value": suggested(rule.default, currency) if is_money else rule.default,
        "unit": currency if is_money else rule.unit, "tier": rule.tier,
        "procedure": rule.procedure, "delay_days": rule.delay_days, "applies_from": rule.applies_from, "text": dict(rule.text),
    }  # fmt: skip
    if rule.options:
        entry["options"] = list(rule.options)
    for end, value in (("minimum", rule.minimum), ("maximum", rule.maximum)):
        if value is not None:
            entry[end] = value
    return under_law(entry, bounds or {}) | dict(guard or {})


def under_law(entry: Mapping[str, Any], bounds: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry with the bounds of the law; an amount that the law names in euro says nothing about crowns."""
    found = {end: dict(bounds[end]) for end in BOUNDS if end in bounds}
    return {**entry, **{end: one for end, one in found.items() if one.get("currency", entry["unit"]) == entry["unit"]}}


def lawful(entry: Mapping[str, Any]) -> Any:
    """Return the value of an entry, lifted to the law's floor or lowered to its cap, or the first that the law allows."""
    value = entry["value"]
    if "only" in entry and value not in entry["only"]["values"]:
        return entry["only"]["values"][0]
    if entry["type"] in BARE:
        if "floor" in entry and number(entry["type"], value) < number(entry["type"], entry["floor"]["min"]):
            return entry["floor"]["min"]
        if "cap" in entry and number(entry["type"], value) > number(entry["type"], entry["cap"]["max"]):
            return entry["cap"]["max"]
    return value


def check(rule_id: str, entry: Mapping[str, Any]) -> None:
    """Refuse a value that its type, its sense or the law does not allow.

    :raises NotARule: saying which of the three
    """
    try:
        parse(entry)
        if why := out_of_bounds(entry):
            raise NotARule(f"{rule_id}: {why}", field=rule_id)
    except RuleFailed as error:
        raise NotARule(f"{rule_id}: {error}", field=rule_id) from error


def out_of_bounds(entry: Mapping[str, Any]) -> str:
    """Return which bound the value breaks, or nothing."""
    if "only" in entry and entry["value"] not in entry["only"]["values"]:
        return "not_allowed_by_law"
    if entry["type"] not in BARE:
        return ""
    value = number(entry["type"], entry["value"])
    for where, key, name, sign in (
        (entry.get("floor"), "min", "below_legal_floor", 1),
        (entry.get("cap"), "max", "above_legal_cap", -1),
        (entry, "minimum", "beyond_minimum", 1),
        (entry, "maximum", "beyond_maximum", -1),
    ):
        if where and where.get(key) is not None and sign * value < sign * number(entry["type"], where[key]):
            return name
    return ""
