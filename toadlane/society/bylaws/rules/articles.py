"""The bylaws as people read them: articles, guards in words, and what changed between two texts."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from toadlane.kernel.rates import rate
from toadlane.society.bylaws.rules.declared import table_of
from toadlane.society.bylaws.rules.sheets import context_of, sheet_of
from toadlane.society.bylaws.rules.undecided import currency_of
from toadlane.society.bylaws.rules.values import shown
from toadlane.ui import formats
from toadlane.ui.shapes import Change
from toadlane.ui.sheets import tell

# Which sections stand under which heading, in this order.
ARTICLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (gettext_noop("Joining and leaving"), ("members",)),
    (gettext_noop("Work and pay"), ("trade", "work", "pay", "guarantee")),
    (gettext_noop("Money"), ("fees", "shares", "surplus", "community", "officers")),
    (gettext_noop("Deciding"), ("votes", "gov", "circles", "meetings", "halt")),
    (gettext_noop("When things go wrong"), ("moderation", "ranking")),
    (gettext_noop("Data"), ("data",)),
)
OTHER = gettext_noop("Other rules")
TIERS = {
    "operational": gettext_noop("Operational"),
    "policy": gettext_noop("Policy"),
    "constitutional": gettext_noop("Constitutional"),
    "entrenched": gettext_noop("Entrenched"),
}


def heading_of(rule_id: str) -> tuple[int, str]:
    section = rule_id.partition(".")[0]
    for place, (heading, sections) in enumerate(ARTICLES):
        if section in sections:
            return place, heading
    return len(ARTICLES), OTHER


# Of whom a share is, as a procedure says it.
WHOSE = {
    "cast": gettext_noop("of the votes"),
    "cast_block": gettext_noop("of the votes"),
    "present": gettext_noop("of those who take part"),
    "eligible": gettext_noop("of all who may vote"),
    "all": gettext_noop("of all members"),
}


TIES = {
    "chair": gettext_noop("The chair settles a tie."), "lot": gettext_noop("A lot settles a tie."),
    "runoff": gettext_noop("A tie is voted on again."),
}  # fmt: skip


def guard(procedure: Mapping[str, Any], rules: Mapping[str, Mapping[str, Any]], delay_days: int | None = None) -> str:
    """Say in a sentence or two who may change a rule, whatever kind of procedure guards it.

    :param delay_days: from passing to taking effect; None where that is not of interest
    """
    if procedure["kind"] == "never":
        return _("No vote can change it.")
    sentences = list(_talking(procedure) if procedure["kind"] in TALKING else _voting(procedure))
    if quorum := _quorum(procedure, rules):
        sentences.append(quorum)
    elif procedure["kind"] not in TALKING and not procedure.get("chambers"):
        sentences.append(_("It counts however few take part."))
    if delay_days is not None:
        later = ngettext("It takes effect %(days)s day later.", "It takes effect %(days)s days later.", delay_days)
        sentences.append(later % {"days": delay_days} if delay_days else _("It takes effect at once."))
    return " ".join(sentences)


TALKING = ("consent", "lazy", "advice", "selection", "sortition")


def _talking(procedure: Mapping[str, Any]) -> Iterator[str]:
    if procedure["kind"] == "lazy":
        yield ngettext(
            "It changes when nobody objects within %(hours)s hour.",
            "It changes when nobody objects within %(hours)s hours.",
            procedure["hours"],
        ) % {"hours": procedure["hours"]}
    elif procedure["kind"] == "advice":
        yield _("Whoever changes it asks everybody concerned for advice first.")
    elif procedure["kind"] in ("selection", "sortition"):
        yield _("People are chosen in this way, not rules.")
    elif procedure.get("circle"):
        yield _("The circle “%(circle)s” may change it when none of them objects.") % {"circle": procedure["circle"]}
    elif procedure.get("roll") == "coordinators":
        yield _("The coordinators may change it when none of them objects, and must tell everyone.")
    else:
        yield _("It may be changed when nobody objects.")


def _voting(procedure: Mapping[str, Any]) -> Iterator[str]:
    share, op, of = (str(procedure.get(key, usual)) for key, usual in (("threshold", ""), ("op", "gt"), ("of", "cast")))
    if share and of == "cast":
        if op == "ge":
            yield _("At least %(share)s of the votes.") % {"share": _part(share)}
        elif share == "1/2":
            yield _("More than half of the votes.")
        else:
            yield _("More than %(share)s of the votes.") % {"share": _part(share)}
    elif share:
        words = _("At least %(share)s %(of_whom)s.") if op == "ge" else _("More than %(share)s %(of_whom)s.")
        yield words % {"share": _part(share), "of_whom": _(WHOSE[of])}
    if "max_opposed" in procedure or "max_opposed_fraction" in procedure:
        most = procedure.get("max_opposed", 0)
        yield ngettext("At most %(count)s may be opposed.", "At most %(count)s may be opposed.", most) % {"count": most}
    if chambers := procedure.get("chambers"):
        if chambers["mode"] == "double_majority":
            yield _("Each of these groups has to agree: %(groups)s.") % {"groups": formats.listed(chambers["each"])}
        else:
            yield _("Each group of members carries a fixed part of the decision.")
    if block := procedure.get("block"):
        yield _("One member can block it, with reasons.")
        if share := block.get("override"):
            words = _("More than %(share)s in favor go over that.") if block.get("op") == "gt" else _(
                "At least %(share)s in favor go over that.")  # fmt: skip
            yield words % {"share": _part(share)}
    if settles := TIES.get(str(procedure.get("tie"))):
        yield _(settles)


def _quorum(procedure: Mapping[str, Any], rules: Mapping[str, Mapping[str, Any]]) -> str:
    asked = rules[procedure["quorum_rule"]]["value"] if procedure.get("quorum_rule") in rules else procedure.get("quorum")
    if isinstance(asked, list):
        asked = asked[0] if asked else None
    if isinstance(asked, Mapping):
        asked = asked.get("fraction", asked.get("number"))
    if isinstance(asked, str):
        return _("At least %(share)s of the members take part.") % {"share": _part(asked)} if rate(asked) else ""
    return (
        ngettext("At least %(count)s member takes part.", "At least %(count)s members take part.", asked) % {"count": asked}
        if asked
        else ""
    )


def _part(share: str) -> str:
    words = {"1/3": _("one third"), "1/2": _("half"), "2/3": _("two thirds"), "3/4": _("three quarters"), "4/5": _("four fifths")}
    return words.get(share) or formats.percent(rate(share))


def bound(rule: Mapping[str, Any], end: str, language: str) -> tuple[str, str] | None:
    """Return the law's floor or cap as it reads, and where it is written; of the only values there may be, just where."""
    if end not in rule:
        return None
    limit = rule[end]
    if end == "only":
        return "", limit["law"]
    return shown({**rule, "value": limit["min" if end == "floor" else "max"]}, language), limit["law"]


@dataclass(frozen=True)
class Line:
    """A row of a rule whose value is a table."""

    label: str
    text: str


@dataclass(frozen=True)
class Moved:
    """A row of a list that stays, comes or goes."""

    kind: str
    label: str
    text: str


def lines(rule_id: str, rules: Mapping[str, Mapping[str, Any]], language: str) -> list[Line]:
    """Return the value of a rule that no single number can say: classes, a schedule, a price list.

    :param rules: all rules of the document: amounts are in the currency of its other rules
    """
    kind, value = rules[rule_id]["type"], rules[rule_id]["value"]
    if table := table_of(rule_id):
        return [Line(label, text) for label, text in table(value, currency_of(rules))]
    if kind == "classes":
        return [Line(_word(one["names"], language), _rights(one)) for one in value]
    # The words of parts name each of them already.
    sheet = sheet_of(rule_id) if kind not in ("weights", "rates") else None
    return [Line(line.label, line.text) for line in tell(sheet, value, context_of(rules))] if sheet else []


def _word(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or words.get("en") or next(iter(words.values()), "")


def _rights(one: Mapping[str, Any]) -> str:
    who = {"person": _("people"), "organisation": _("organisations")}
    rights = {
        "vote": _("vote"), "propose": _("propose"), "stand": _("stand for office"), "offer": _("offer work or goods"),
        "see_books": _("read the books"),
    }  # fmt: skip
    for_whom = formats.listed(who.get(name, name) for name in one["who"])
    may = formats.listed(rights.get(name, name) for name in one.get("rights", []))
    return _("For %(who)s. They may: %(rights)s.") % {"who": for_whom, "rights": may}


def moved(before: list[Line], after: list[Line]) -> list[Moved]:
    """Return what was taken out and put in, row by row, with the rows around it that stay."""
    found: list[Moved] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Moved("same", line.label, line.text) for line in before[a:b]]
            continue
        found += [Moved("del", line.label, line.text) for line in before[a:b]]
        found += [Moved("ins", line.label, line.text) for line in after[c:d]]
    return found if any(one.kind != "same" for one in found) else []


def changes(before: str, after: str) -> list[Change]:
    """Return what was taken out and put in, word by word."""
    old, new = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", after)
    found: list[Change] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Change("same", "".join(old[a:b])))
            continue
        if b > a:
            found.append(Change("del", "".join(old[a:b])))
        if d > c:
            found.append(Change("ins", "".join(new[c:d])))
    return found
