"""What somebody is writing, and what it would come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from toadlane.democracy.proposals import policies
from toadlane.democracy.proposals.models import Draft, Proposal
from toadlane.democracy.proposals.queries import procedures, proposals, shown
from toadlane.kernel import canonical
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book
from toadlane.society.bylaws.rules import decisions, reading, undecided, ways
from toadlane.society.bylaws.rules.decisions import Fault, Kind
from toadlane.society.bylaws.rules.patches import NotAllowed
from toadlane.society.members import queries as members
from toadlane.society.members.models import MEMBERS
from toadlane.ui import formats

# Values that one box, or one row of buttons, can ask for.
SIMPLE = ("rate", "money", "int", "duration", "flag", "enum", "text")
MOST_PEOPLE = 300


def ops(draft: Draft) -> str:
    """Return the changes of rules in a draft as text, to be tried on last year's orders; nothing where it has none."""
    found = [
        one["payload"]["ops"] for one in policies.merged(draft.parts) if one["kind"] == "patch" and one["payload"].get("ops")
    ]
    # How things are decided changes nothing about last year's orders.
    return canonical.text(found[0]) if found and not all(ways.is_way(op["rule"]) for op in found[0]) else ""


def of(by: Principal) -> QuerySet[Draft]:
    return Draft.objects.filter(person_id=by.person_id or 0).order_by("-kept_at", "-pk")


# What members bring most: a rule, money, anything in their own words, a choice.
USUAL = ("patch", "spend", "resolution", "choose")


def kinds() -> dict[str, Kind]:
    """Return what somebody can bring forward on a page: what is brought most first; what needs a page of its own has one."""
    asked = {
        name: kind
        for name, kind in decisions.kinds().items()
        if name == "patch" or not any(one.type == "json" and one.sheet is None for one in kind.fields)
    }
    place = {name: n for n, name in enumerate(USUAL)}
    order = sorted(asked, key=lambda name: (place.get(name, len(place)), str(asked[name].label)))
    return {name: asked[name] for name in order}


def first_op(book: Book, rule_id: str) -> dict[str, Any]:
    """Return what a change of a rule begins with: what it says now, or that it is adopted just as it holds."""
    if book.is_decided(rule_id):
        return {"rule": rule_id, "expect": book.rule(rule_id)["value"]}
    return undecided.adoption(book.document, rule_id)


def split(contents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the parts of a proposal with one rule each, as the pages ask about them."""
    found: list[dict[str, Any]] = []
    for one in contents:
        if one["kind"] == "patch":
            base = one["payload"]["base"]
            found += [{"kind": "patch", "payload": {"base": base, "ops": [op]}} for op in one["payload"]["ops"]]
        else:
            found.append(dict(one))
    return found


def about(draft: Draft) -> Proposal | None:
    """Return the proposal that a draft would amend or rewrite."""
    number = draft.words.get("amends") or draft.words.get("revises")
    return proposals.find(number) if number else None


def suggested_title(draft: Draft) -> str:
    """Return a title to begin with: the rule, from what to what."""
    for part in shown.parts(draft.parts, is_draft=True):
        for change in part.changes:
            old = "".join(one.text for one in change.words if one.kind == "del").strip()
            new = "".join(one.text for one in change.words if one.kind == "ins").strip()
            if old and new and len(old) + len(new) < 60:
                return _("%(rule)s From %(old)s to %(new)s") % {"rule": change.title, "old": old, "new": new}
            return change.title
        return part.lines[0][:160] if part.lines else ""
    return ""


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a draft comes to as things stand: what is wrong with it, how it can be decided, and when it would hold."""

    faults: list[Fault]
    procedures: list[tuple[str, str]]
    course: shown.Course | None
    support: str


def look(contents: list[dict[str, Any]], at: datetime) -> Look:
    book = bylaws.book()
    parts, found = procedures.readable(contents)
    if found := found or procedures.faults(parts, book, at):
        return Look(faults=found, procedures=[], course=None, support="")
    try:
        needed = procedures.procedure_for(parts, book)
    except NotAllowed as error:
        return Look(faults=[Fault("not_allowed", str(error))], procedures=[], course=None, support="")
    names = procedures.stricter(needed, book)
    share = formats.percent(book.value("gov.support_share"))
    asked = [(name, procedures.as_asked(procedures.named(name, book), parts)) for name in names]
    return Look(
        faults=[], procedures=[(name, shown.in_words(procedure, book)) for name, procedure in asked],
        course=shown.course(parts, procedures.hurried(procedures.named(needed, book), parts), book, at), support=share,
    )  # fmt: skip


def all_procedures(book: Book) -> list[tuple[str, str]]:
    """Return every way of deciding there is, the mildest first, and how each goes."""
    table = book.document["procedures"]
    names = sorted((name for name, one in table.items() if one["kind"] != "never"), key=lambda name: (table[name]["rank"], name))
    return [(name, shown.in_words(procedures.named(name, book), book)) for name in names]


def procedure_label(name: str) -> str:
    """Return what people call a way of deciding, in their language where the bylaws say it."""
    language = (get_language() or "en").split("-")[0]
    return reading.label(name, bylaws.book().document["procedures"].get(name, {}), language)


def affix(rule: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands before or after the box: a currency, per cent, days."""
    if rule["type"] == "money":
        return formats.affix(rule["unit"])
    if rule["type"] == "rate":
        return {"suffix": "%"}
    words = {"days": _("days"), "hours": _("hours"), "minutes": _("minutes"), "months": _("months"), "years": _("years"),
             "weeks": _("weeks"), "working days": _("working days"), "credits": _("credits"), "members": _("members"),
             "proxies": _("proxies"), "times": _("times"), "values": _("values")}  # fmt: skip
    unit = str(rule.get("unit") or "")
    return {"suffix": words.get(unit, unit)} if unit and rule["type"] in ("int", "duration") else {}


def people() -> list[tuple[str, str]]:
    """Return members to choose one from; with more than fit a list, the kind's own page leads here."""
    rows = members.register().filter(standing__in=MEMBERS)[:MOST_PEOPLE]
    return [(str(row.pk), row.name) for row in rows]
