"""Rules that the software learned after a co-op was founded: what holds until its members decide on one, and how they adopt it.

A founding document holds every rule that was declared on its day. What was declared later reads as it would in a document
founded under the same law, and is marked wherever it shows as not decided by the members. Adopting it is an op of a patch
that expects the rule to be absent; from then on it is a rule like any other.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.society.bylaws.rules import packs
from toadlane.society.bylaws.rules.declared import Rule, declared, find
from toadlane.society.bylaws.rules.documents import PROCEDURES, Document, entry_of, lawful

# How strict the decision has to be that adopts a rule: as its tier is guarded where nobody has written anything else.
_GUARDS = {"operational": "coordinators", "policy": "simple", "constitutional": "special", "entrenched": "overwhelming"}
# What members decide when they adopt a rule. The rest of the entry is how the software knows it.
_DECIDED = ("value", "procedure", "text")


class NoWayOfDeciding(Expected):
    words = lazy("The bylaws have no way of deciding by which this could be adopted.")


def undecided(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the declared rules that a document lacks, each as it holds until members decide on it."""
    return {rule.id: _entry(document, rule) for rule in declared().values() if rule.id not in document["rules"]}


def entry(document: Mapping[str, Any], rule_id: str) -> dict[str, Any] | None:
    """Return a rule that nobody has decided yet as it holds until then, or None when it is decided or no room declares it."""
    rule = find(rule_id)
    return _entry(document, rule) if rule is not None and rule_id not in document["rules"] else None


def completed(document: Mapping[str, Any]) -> Document:
    """Return a document together with what its members have not decided: what the software goes by."""
    return {**document, "rules": {**document["rules"], **undecided(document)}}


def _entry(document: Mapping[str, Any], rule: Rule) -> dict[str, Any]:
    bounds = packs.load(str(document.get("pack", "none"))).bounds.get(rule.id)
    found = entry_of(rule, currency=currency_of(document["rules"]), bounds=bounds)
    if rule.until_decided is not None:
        found["value"] = rule.until_decided
    found["value"] = lawful(found)
    if found["procedure"] not in document["procedures"]:
        found["procedure"] = passes(document, rule.tier)
    return found


def currency_of(rules: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the currency of a document's amounts."""
    return next((str(rule["unit"]) for rule in rules.values() if rule["type"] == "money"), "EUR")


def passes(document: Mapping[str, Any], tier: str) -> str:
    """Return the procedure by which a rule of a tier is adopted: what guards the tier at a founding, or the next stricter.

    A rule that no vote can change is adopted by the strictest there is.

    :raises NoWayOfDeciding: in bylaws whose every procedure is `never`
    """
    live = {name: int(one["rank"]) for name, one in document["procedures"].items() if one["kind"] != "never"}
    if not live:
        raise NoWayOfDeciding
    usual = _GUARDS[tier]
    asked = max(live.values()) if tier == "entrenched" else min(int(PROCEDURES[usual]["rank"]), max(live.values()))
    return min((rank, name != usual, name) for name, rank in live.items() if rank >= asked)[2]


def adoption(document: Mapping[str, Any], rule_id: str) -> dict[str, Any]:
    """Return the op by which members would adopt a rule just as it holds now; what they decide otherwise is changed in it.

    :raises KeyError: when the rule is decided already, or no room declares it
    """
    found = entry(document, rule_id)
    if found is None:
        raise KeyError(rule_id)
    return {
        "rule": rule_id, "expect": None, "adopt": frame(found), "set": found["value"], "procedure": found["procedure"],
        "text": found["text"],
    }  # fmt: skip


def frame(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an adoption takes over from the software: type, tier, delay, bounds."""
    return {key: value for key, value in found.items() if key not in _DECIDED}


def mark() -> str:
    """Say on the mark beside a number that no vote is behind it."""
    return _("not yet decided by the members")
