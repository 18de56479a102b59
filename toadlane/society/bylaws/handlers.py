"""A change of the rules, as members decide on it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries, services
from toadlane.society.bylaws.rules import NotARule, countable, decisions, lawful, patches, sheets, undecided, ways
from toadlane.society.bylaws.rules.decisions import Fault, Field, InForce, Payload
from toadlane.society.bylaws.rules.patches import Op, Patch
from toadlane.ui import formats

# Lazy: the reader's language is known when it is read.
WORDS: dict[str, Any] = {
    "empty": gettext_lazy("Nothing would change."),
    "unknown_rule": gettext_lazy("The bylaws have no such rule."),
    "not_adopted": gettext_lazy("The members have not decided on this rule yet. Propose to adopt it."),
    "incomplete": gettext_lazy("To adopt a rule, say its value, who may change it later, and how it reads."),
    "declared_otherwise": gettext_lazy("The software knows this rule otherwise. Look at how it reads, and propose again."),
    "rule_twice": gettext_lazy("One rule is changed twice. Put both into one change."),
    "entrenched": gettext_lazy("No vote can change this rule."),
    "unknown_procedure": gettext_lazy("The bylaws have no such way of deciding."),
    "unknown_version": gettext_lazy("The bylaws have no such version yet."),
    "conflict": gettext_lazy("The rule has changed since this was written. Look at what it says now, and propose again."),
    "wrong_type": gettext_lazy("This rule cannot have such a value."),
    "below_legal_floor": gettext_lazy("The law asks for more than that."),
    "above_legal_cap": gettext_lazy("The law allows less than that."),
    "not_allowed_by_law": gettext_lazy("The law does not allow that."),
    "beyond_minimum": gettext_lazy("That is less than makes sense for this rule."),
    "beyond_maximum": gettext_lazy("That is more than makes sense for this rule."),
    "way_alone": gettext_lazy("A way of deciding has no guard and no words of its own: a stricter vote changes it."),
    "wrong_name": gettext_lazy("Name the way of deciding in 2 to 40 small letters, digits and underscores."),
    "rank_moves": gettext_lazy("How strict a way of deciding is stays what it is. Add another one, and have it guard the rules."),
    "unknown_rank": gettext_lazy("A new way of deciding is as strict as one that is there."),
    "wrong_procedure": gettext_lazy("This takes a stricter way of deciding."),
    "retroactive": gettext_lazy("A change cannot take effect before it is decided."),
    "not_allowed": gettext_lazy("The bylaws do not allow this change."),
    "unreadable": gettext_lazy("This is not a change of rules as the server reads it."),
    "uncountable": gettext_lazy("After this change, votes could not be counted."),
    "locks_itself": gettext_lazy("After this change, nobody could ever change some rule again."),
}


def fault(code: str, field: str = "ops", more: str = "") -> Fault:
    words = str(WORDS.get(code, code))
    return Fault(code, f"{words} {more}".strip(), field)


def procedure(payload: Payload, book: InForce) -> str:
    return lawful.passing(dict(book.document), Patch.read(payload))


def delay_days(payload: Payload, book: InForce) -> int:
    return patches.delay_days(dict(book.document), Patch.read(payload))


def check(payload: Payload, book: InForce, at: datetime) -> list[Fault]:
    """Say everything that keeps this change from being decided, against the rules in force."""
    document = dict(book.document)
    try:
        patch = Patch.read(payload)
        if found := _unknown(patch, document):
            return found
        if not 1 <= patch.base <= book.number:
            return [fault("unknown_version", "base")]
        by = lawful.passing(document, patch)
        if codes := patches.faults(document, patch, passed_by=by, passed_on=at.date()):
            return [fault(code) for code in codes]
        return _of_the_next(document, patches.apply(document, patch))
    except (patches.NotAllowed, NotARule) as error:
        return [fault("not_allowed", more=str(error))]
    except (KeyError, TypeError, ValueError, AttributeError):
        return [fault("unreadable")]


def _unknown(patch: Patch, document: dict[str, Any]) -> list[Fault]:
    if not patch.ops:
        return [fault("empty")]
    known = {*document["rules"], *(op.rule for op in patch.ops if ways.is_way(op.rule))}
    lacking = [op.rule for op in patch.ops if op.adopt is None and op.rule not in known]
    rules = [rule for rule in lacking if undecided.entry(document, rule) is None]
    guards = [op.procedure for op in patch.ops if op.procedure and op.procedure not in document["procedures"]]
    found = [fault("unknown_rule", more=formats.listed(rules))] if rules else []
    if adoptable := [rule for rule in lacking if rule not in rules]:
        found.append(fault("not_adopted", more=formats.listed(adoptable)))
    return found + ([fault("unknown_procedure", more=formats.listed(guards))] if guards else [])


def _of_the_next(before: dict[str, Any], after: dict[str, Any]) -> list[Fault]:
    if after == before:
        return [fault("empty")]
    # The law of today, which may be newer than the bounds that stand in the document.
    outside = queries.outside_the_law(after)
    if broken := [rule for rule in outside if after["rules"][rule] != before["rules"].get(rule)]:
        return [fault(outside[rule], more=rule) for rule in broken]
    if unreadable := _in_lists(before, after):
        return [fault("wrong_type", more=formats.clauses(unreadable))]
    if uncounted := countable.broken(before, after):
        return [fault("uncountable", more=formats.clauses(uncounted.values()))]
    locked = ways.unreachable(after)
    return [fault("locks_itself", more=formats.listed(locked))] if locked else []


def _in_lists(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return what is wrong inside the lists that change, each with its place: rule, row, cell."""
    known = undecided.completed(after)["rules"]
    return [
        " ".join(filter(None, (rule_id, place.replace("-", "."), words)))
        for rule_id, rule in after["rules"].items()
        if before["rules"].get(rule_id, {}).get("value") != rule["value"]
        for place, words in sheets.wrong(rule_id, rule["value"], known).items()
    ]


def describe(payload: Payload, language: str) -> list[str]:
    """Say each rule as it reads now and as it would read."""
    patch, book = Patch.read(payload), queries.book()
    sentences = []
    for op in patch.ops:
        if op.adopt is not None:
            sentences.append(_adopting(op, language))
            continue
        rule = patches.rule_of(book.document, op.rule, op.set if op.sets else None)
        if rule is None:
            continue
        if op.expect is None and ways.is_way(op.rule):
            sentences.append(
                _("A way of deciding that is new: %(reads)s")
                % {"reads": queries.worded(op.rule, {**rule, "value": op.set}, language)}
            )
            continue
        after = {**rule, **({"value": op.set} if op.sets else {}), **({"text": op.text} if op.text else {})}
        old, new = (queries.worded(op.rule, one, language) for one in ({**rule, "value": op.expect}, after))
        if old != new:
            sentences.append(_("Now: %(old)s Then: %(new)s") % {"old": old, "new": new})
        if op.procedure:
            sentences.append(
                _("Who may change it: until now “%(old)s”, then “%(new)s”.") % {"old": rule["procedure"], "new": op.procedure}
            )
    return sentences


def _adopting(op: Op, language: str) -> str:
    entry = {**(op.adopt or {}), "value": op.set, "text": op.text or {}}
    words = _("A rule that our bylaws do not have yet: %(reads)s Who may change it later: “%(guard)s”.")
    return words % {"reads": queries.worded(op.rule, entry, language), "guard": op.procedure}


def enact(*, payload: Payload, decision: str, passed_by: str, by: Principal, at: datetime) -> None:
    services.enact(patch=Patch.read(payload), decision=decision, passed_by=passed_by, by=by, at=at)


CHANGE = decisions.Kind(
    name="patch",
    label=gettext_lazy("Change a rule"),
    about=gettext_lazy("The bylaws say something else from a day on."),
    fields=(
        Field(name="base", label=gettext_lazy("Version of the bylaws it is written on"), type="int"),
        Field(name="ops", label=gettext_lazy("Which rules, from what, to what"), type="json"),
    ),
    procedure=procedure,
    check=check,
    describe=describe,
    enact=enact,
    delay_days=delay_days,
)
