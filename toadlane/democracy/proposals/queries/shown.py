"""A proposal as people read it: what would change, word by word, how far it has come, and what happens next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from toadlane.democracy.counting.policies import wording
from toadlane.democracy.counting.policies.majorities import Quorum
from toadlane.democracy.counting.policies.procedures import Procedure
from toadlane.democracy.proposals import policies
from toadlane.democracy.proposals.models import LOST, Amendment, Decision, Enactment, Proposal, Stage
from toadlane.democracy.proposals.queries import procedures
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book
from toadlane.society.bylaws.rules import articles, decisions, packs, patches, reading, ways
from toadlane.society.bylaws.rules.patches import still
from toadlane.society.members import queries as members
from toadlane.ui import formats
from toadlane.ui.shapes import Change, Step


@dataclass(frozen=True, kw_only=True)
class RuleChange:
    """One rule, as it reads and as it would."""

    rule: str
    number: int
    title: str
    tier: str
    tier_label: str
    words: list[Change]
    rows: list[articles.Moved] = field(default_factory=list)
    guard_before: str = ""
    guard_after: str = ""
    floor: tuple[str, str] | None = None
    cap: tuple[str, str] | None = None
    only: tuple[str, str] | None = None
    # Set where the rule is not what it was when this was written.
    now_reads: str = ""
    # Whether this makes a rule of the bylaws of what only the software knew.
    is_adopted: bool = False
    # Whether there is a page of it: a way of deciding that is only proposed has none.
    is_there: bool = True


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of what would happen."""

    kind: str
    label: str
    lines: list[str] = field(default_factory=list)
    changes: list[RuleChange] = field(default_factory=list)


def parts(contents: Any, *, book: Book | None = None, is_draft: bool = False) -> list[Part]:
    """Say what would happen, part by part.

    :param is_draft: some of it may have been left before it was answered: what that would say is not known yet
    """
    book, language = book or bylaws.book(), (get_language() or "en").split("-")[0]
    found = []
    for one in contents:
        kind = decisions.kind(one["kind"])
        label = str(kind.label) if kind else one["kind"]
        if one["kind"] == "patch":
            changes = [change for op in one["payload"]["ops"] if (change := _change(op, book, language))]
            found.append(Part(kind="patch", label=label, changes=changes))
        else:
            is_told = kind is not None and not (is_draft and _waits_for_an_answer(kind, one["payload"]))
            lines = kind.describe(one["payload"], language) if kind and is_told else []
            found.append(Part(kind=one["kind"], label=label, lines=lines))
    return found


def _waits_for_an_answer(kind: decisions.Kind, payload: Mapping[str, Any]) -> bool:
    return any(asked.required and asked.name not in payload for asked in kind.fields)


def _change(op: Mapping[str, Any], book: Book, language: str) -> RuleChange | None:
    rule = book.find(op["rule"]) or patches.rule_of(book.document, op["rule"], op.get("set"))
    if rule is None:
        return None
    if ways.is_way(op["rule"]):
        return _way(op, rule, book, language)
    if "adopt" in op and not book.is_decided(op["rule"]):
        op = {**op, "expect": rule["value"]}  # Until now it reads as the software starts with it.
    article = bylaws.article(book, op["rule"], language)
    before = bylaws.worded(op["rule"], {**rule, "value": op.get("expect")}, language)
    more = {key: op[name] for key, name in (("value", "set"), ("text", "text")) if name in op}
    after = bylaws.worded(op["rule"], {**rule, "value": op.get("expect"), **more}, language)
    has_moved = not (still(rule, op.get("expect")) or still(rule, op.get("set")))
    guards: dict[str, Any] = {}
    if op.get("procedure") and op["procedure"] != rule["procedure"]:
        guards = {
            "guard_before": in_words(procedures.named(rule["procedure"], book), book),
            "guard_after": in_words(procedures.named(op["procedure"], book), book),
        }  # fmt: skip
    return RuleChange(
        rule=op["rule"], number=article.number, title=article.title, tier=article.tier, tier_label=article.tier_label,
        words=articles.changes(before, after), rows=_rows(op, rule, book, language),
        floor=article.floor, cap=article.cap, only=article.only,
        now_reads=article.text if has_moved else "", is_adopted="adopt" in op, **guards,
    )  # fmt: skip


def _way(op: Mapping[str, Any], rule: Mapping[str, Any], book: Book, language: str) -> RuleChange:
    """Return how a way of deciding goes, and would go."""
    article = bylaws.article(book, op["rule"], language, rule)
    old, new = ({**rule, "value": op.get(key)} for key in ("expect", "set"))
    before, after = (bylaws.worded(op["rule"], one, language) for one in (old, new))
    names, table = ways.name_of(op["rule"]), op.get("set")
    has_moved = rule["value"] is not None and not (still(rule, op.get("expect")) or still(rule, table))
    return RuleChange(
        rule=op["rule"], number=0, title=reading.label(names, table if isinstance(table, Mapping) else {}, language),
        tier=article.tier, tier_label=article.tier_label, words=articles.changes(before, after),
        rows=articles.moved(*(reading.lines(one, language) for one in (old, new))),
        now_reads=article.text if has_moved else "", is_there=rule["value"] is not None,
    )  # fmt: skip


def _rows(op: Mapping[str, Any], rule: Mapping[str, Any], book: Book, language: str) -> list[articles.Moved]:
    """Return how a list would change, row by row: its words say nothing of that. Of one that can no longer be read, nothing."""
    if "set" not in op:
        return []
    known = book.completed["rules"]
    try:
        before, after = (
            articles.lines(op["rule"], {**known, op["rule"]: {**rule, "value": value}}, language)
            for value in (op.get("expect"), op["set"])
        )
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
        return []
    return articles.moved(before, after)


def in_words(procedure: Procedure, book: Book | None = None) -> str:
    """Say in a sentence how something is decided: by how many, of whom, with how many taking part, after which notice.

    :param book: whose law may ask for a longer notice than the procedure does
    """
    said = [_by_whom(procedure)]
    rule = procedure.majority
    if procedure.kind in ("consent", "lazy"):
        said.append(_("nobody objects"))
    elif procedure.kind == "selection":
        said.append(_("everybody names somebody, and all consent to one of them"))
    elif procedure.kind == "advice":
        said.append(_("one person decides, after asking for advice"))
    elif rule.threshold is not None:
        said.append(_share(rule.threshold, rule.op, rule.of))
    for quorum in rule.quorums:
        said.append(_quorum(quorum))
    if procedure.chambers is not None:
        said.append(_("counted college by college"))
    if rule.blocks:
        said.append(_("and nobody’s block stands"))
    if procedure.is_secret:
        said.append(_("a secret ballot"))
    elif procedure.secrecy == "named":
        said.append(_("votes stand in the minutes by name"))
    if days := _notice_days(procedure, book):
        said.append(ngettext("%(days)s day’s notice", "%(days)s days’ notice", days) % {"days": days})
    words = formats.listed(one for one in said if one)
    return words[:1].upper() + words[1:]


def _notice_days(procedure: Procedure, book: Book | None) -> int:
    if book is None:
        return procedure.notice_days
    any_day = date(2027, 1, 1)
    return (policies.first_day_of_vote(any_day, procedure, packs.load(book.pack)) - any_day).days


def _by_whom(procedure: Procedure) -> str:
    place, _colon, name = procedure.roll.who.partition(":")
    if place == "meeting":
        return _("those who have come to the general meeting")
    if place == "office":
        known = {"board": _("the board"), "coordinator": _("the coordinators")}
        return known.get(name, name)
    if place == "circle":
        return _("the circle “%(name)s”") % {"name": name}
    return ""


def _share(threshold: Fraction, op: str, of: str) -> str:
    whom = {
        "cast": _("the votes cast"), "cast_block": _("the votes cast"), "present": _("those present"),
        "eligible": _("all who may vote"), "all": _("all members"),
    }[of]  # fmt: skip
    share = wording.part(threshold)
    if op == "gt":
        return _("more than %(share)s of %(whom)s") % {"share": share, "whom": whom}
    return _("at least %(share)s of %(whom)s") % {"share": share, "whom": whom}


def _quorum(quorum: Quorum) -> str:
    if quorum.fraction:
        return _("at least %(share)s of the members taking part") % {"share": wording.part(quorum.fraction)}
    if quorum.number:
        return ngettext("at least %(n)s member taking part", "at least %(n)s members taking part", quorum.number) % {
            "n": quorum.number
        }
    return ""


@dataclass(frozen=True, kw_only=True)
class Course:
    """When things would happen at the earliest, if it found its support on a day."""

    talk_until: date
    vote_from: date
    vote_until: date
    effective_on: date


def course(contents: Any, procedure: Procedure, book: Book, at: datetime) -> Course:
    today = procedures.day_of(at)
    talk_until = today + timedelta(days=procedure.discussion_days)
    vote_from = policies.first_day_of_vote(talk_until, procedure, packs.load(book.pack))
    vote_until = vote_from + timedelta(days=max(procedure.min_days, 1))
    wait = procedures.wait_days(contents, procedure, book)
    earliest = vote_until + timedelta(days=wait)
    named = policies.named_day(contents)
    return Course(
        talk_until=talk_until, vote_from=vote_from, vote_until=vote_until, effective_on=max(earliest, named or earliest)
    )


def expected(proposal: Proposal, procedure: Procedure, book: Book) -> date | None:
    """Return the day from which it would hold if it passed, once the vote has its dates."""
    if proposal.stage == Stage.VOTING and proposal.voting_until:
        counted = procedures.day_of(proposal.voting_until)
    elif proposal.stage == Stage.PROPOSAL and proposal.vote_from:
        counted = procedures.day_of(proposal.vote_from) + timedelta(days=max(procedure.min_days, 1))
    else:
        return None
    wait = procedures.wait_days(proposal.contents, procedure, book)
    named = policies.named_day(proposal.contents)
    return max(counted + timedelta(days=wait), named or counted)


def enactment_of(proposal: Proposal) -> Enactment | None:
    decision = decision_of(proposal)
    return getattr(decision, "enactment", None) if decision else None


def decision_of(proposal: Proposal) -> Decision | None:
    return getattr(proposal, "decision", None)


def steps(proposal: Proposal, due: date | None = None) -> list[Step]:
    """Return the progress line: what is behind it, where it is, and what is to come.

    :param due: when it would hold if it passed, as `expected` says
    """
    order = {Stage.IDEA: 0, Stage.DISCUSSION: 1, Stage.PROPOSAL: 3, Stage.VOTING: 4}
    at = order.get(Stage(proposal.stage), 6)
    decision, enactment = decision_of(proposal), enactment_of(proposal)
    amended = proposal.amendments.filter(state=Amendment.State.ACCEPTED).count()
    found = [
        (0, _("Idea"), _day(proposal.made_at)),
        (1, _("Talk"), _("to %(day)s") % {"day": _day(proposal.talk_until)} if proposal.talk_until else ""),
    ]
    if amended:
        found.append((2, _("Amended"), ngettext("once", "%(n)s times", amended) % {"n": amended}))
    found += [(3, _("Announced"), _day(proposal.noticed_at)), (4, _("Voting"), _voting(proposal))]
    if proposal.stage == Stage.WITHDRAWN:
        done = [step for step in found if step[2]]
        return [Step(label, note, "done") for _n, label, note in done] + [
            Step(_("Withdrawn"), _day(proposal.ended_at), "current")
        ]
    found.append((5, _("Count"), _day(decision.decided_at) if decision else _day(proposal.voting_until)))
    due = enactment.effective_on if enactment else due
    last = (6, _("In force"), formats.day(due) if due else "")
    if proposal.stage in (*LOST, Stage.HALTED, Stage.FAILED, Stage.ANNULLED):
        last = (6, proposal.get_stage_display(), _day(proposal.ended_at))
    found.append(last)
    return [Step(label, note, _state(n, at, proposal.stage)) for n, label, note in found]


def _state(n: int, at: int, stage: str) -> Any:
    if n == 6 and stage == Stage.IN_FORCE:
        return "done"
    return "done" if n < at else "current" if n == at else "to_come"


def _voting(proposal: Proposal) -> str:
    if proposal.voting_from and proposal.voting_until:
        return _("%(from)s to %(to)s") % {"from": _day(proposal.voting_from), "to": _day(proposal.voting_until)}
    return _("from %(day)s") % {"day": _day(proposal.vote_from)} if proposal.vote_from else ""


def _day(at: datetime | None) -> str:
    return formats.day(procedures.day_of(at)) if at else ""


def class_names() -> dict[str, str]:
    language = get_language() or "en"
    return {one.id: one.name(language) for one in members.member_classes().values()}
