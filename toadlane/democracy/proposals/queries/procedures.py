"""How a proposal is decided: which procedure, on which days, by whom not, on which question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from toadlane.democracy.counting.policies.procedures import Procedure
from toadlane.democracy.counting.policies.terms import COUNTED
from toadlane.democracy.proposals import policies
from toadlane.democracy.proposals.models import Decision, Proposal
from toadlane.kernel import canonical
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book
from toadlane.society.bylaws.rules import decisions, lawful, packs, patches, ways
from toadlane.society.bylaws.rules.decisions import Fault, Kind
from toadlane.society.bylaws.rules.patches import NotAllowed
from toadlane.society.coops import queries as coops

MOST = 12  # Parts of one proposal: more than that nobody reads.
Contents = Iterable[Mapping[str, Any]]
AT_ONCE = {"discussion_days": 0, "notice_days": 0, "min_days": 1, "delay_days": 0}


def zone() -> ZoneInfo:
    """Return the co-op's legal time: deadlines are its civil dates, wherever the reader is."""
    return ZoneInfo(coops.of_scope(current_coop_id()).time_zone)


def day_of(at: datetime) -> date:
    return timezone.localdate(at, zone())


def procedure_of(proposal: Proposal, book: Book | None = None) -> Procedure:
    """Return the procedure that decides a proposal, as the bylaws in force have it.

    What is urgent is not talked about for days first: it is announced at once, and voted on for a day.
    """
    return hurried(named(proposal.procedure, book), proposal.contents)


def hurried(found: Procedure, contents: Contents) -> Procedure:
    """Return how a procedure decides these contents: at once where all of them are urgent."""
    if not policies.is_urgent(contents) or found.kind not in COUNTED:
        return found
    return replace(Procedure.thaw(found.name, {**found.frozen, **AT_ONCE}), at_once=True)


def named(name: str, book: Book | None = None) -> Procedure:
    return Procedure.read(name, (book or bylaws.book()).completed)


def procedure_for(contents: Contents, book: Book) -> str:
    """Return the weakest procedure that may pass all parts: the strictest of what each needs.

    :raises NotAllowed: when no vote can decide one of them
    """
    procedures = book.document["procedures"]
    try:
        names = [kind.procedure(one["payload"], book) for one in contents if (kind := decisions.kind(one["kind"]))]
    except LookupError as error:
        raise NotAllowed(_("The bylaws have no way of deciding that is strict enough.")) from error
    if missing := [name for name in names if name not in procedures]:
        raise NotAllowed(_("The bylaws have no way of deciding “%(name)s”.") % {"name": missing[0]})
    return policies.strictest(names, procedures)


def stricter(name: str, book: Book) -> list[str]:
    """Return the procedures at least as strict as one, the weakest first: a proposal may ask for more than it must."""
    procedures = book.document["procedures"]
    # By what people are chosen by, nothing else is decided; and a lot says neither yes nor no to anything.
    fits = (*ways.OF_RULES, *({procedures[name]["kind"]} - {"sortition"}))
    asked = [one for one in ways.names(book.document) if procedures[one]["kind"] in fits]
    found = [(procedures[other]["rank"], other != name, other) for other in asked]
    return [other for rank, _own, other in sorted(found) if rank >= procedures[name]["rank"]]


def readable(contents: Contents) -> tuple[list[dict[str, Any]], list[Fault]]:
    """Return the parts as they are stored and hashed, and why they cannot be, if they cannot."""
    try:
        parts = policies.merged(contents)
        canonical.text(parts)
    except (TypeError, KeyError, AttributeError, ValueError):
        return [], [Fault("unreadable", _("This is not a proposal as the server reads it."), "contents")]
    if not 1 <= len(parts) <= MOST:
        words = _("Say what would happen: between one and %(most)s parts.") % {"most": MOST}
        return [], [Fault("empty", words, "contents")]
    return parts, []


def faults(contents: Contents, book: Book, at: datetime) -> list[Fault]:
    """Say everything that keeps this from being decided, or from being carried out, as things stand."""
    found: list[Fault] = []
    for one in contents:
        kind = decisions.kind(one["kind"])
        if kind is None:
            found.append(Fault("unknown_kind", _("Nobody decides on this here: %(kind)s.") % {"kind": one["kind"]}, "kind"))
        else:
            found += _asked(kind, one["payload"], book, at)
    return found


def changes_the_bylaws(contents: Contents, book: Book) -> bool:
    """Say whether something is a change of what is bylaws to the law, and not only of a rule below them."""
    changes = (patches.Patch.read(one["payload"]) for one in contents if one["kind"] == "patch")
    return any(lawful.changes_the_bylaws(book.document, one) for one in changes)


def below_the_law(decision: Decision, book: Book) -> list[Fault]:
    """Say which law asks for more votes than passed a change of the bylaws: they may be older than what the law says today."""
    words = _("%(law)s asks for more votes to change this.")
    changes = (patches.Patch.read(one["payload"]) for one in decision.contents if one["kind"] == "patch")
    found = (lawful.falls_short(book.document, one, terms=decision.terms, figures=decision.figures) for one in changes)
    return [Fault("below_the_law", words % {"law": law["law"]}) for law in found if law]


def _asked(kind: Kind, payload: Mapping[str, Any], book: Book, at: datetime) -> list[Fault]:
    """Ask a kind what is wrong. What it stumbles over is not what it asks for."""
    try:
        return kind.check(payload, book, at)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return [Fault("unreadable", _("This is not what “%(kind)s” asks for.") % {"kind": kind.label}, "payload")]


def describe(contents: Contents, language: str) -> list[str]:
    """Say what would change, in plain sentences."""
    return [
        words for one in contents if (kind := decisions.kind(one["kind"])) for words in kind.describe(one["payload"], language)
    ]


def delay_days(contents: Contents, book: Book) -> int:
    """Return the longest delay of the parts."""
    found = [kind.delay_days(one["payload"], book) for one in contents if (kind := decisions.kind(one["kind"]))]
    return max(found, default=0)


def appeal_days(contents: Contents, procedure: Procedure, book: Book) -> int:
    """Return for how long whoever a decision is about may appeal; nobody, where it is about nobody and the procedure has none."""
    return max(procedure.appeal_days, book.value("gov.appeal_days") if policies.concerned(contents) else 0)


def wait_days(contents: Contents, procedure: Procedure, book: Book) -> int:
    """Return the days from the count to the effect: the longest delay, and not before whoever is concerned could appeal."""
    return max(delay_days(contents, book), procedure.delay_days, appeal_days(contents, procedure, book))


def earliest_vote(at: datetime, procedure: Procedure, book: Book) -> datetime:
    """Return when a vote may begin that is announced now; what needs no notice may begin at once."""
    told_on = day_of(at)
    day = policies.first_day_of_vote(told_on, procedure, packs.load(book.pack))
    return policies.start_of(day, zone()) if day > told_on else at


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the ballot asks."""

    text: str
    options: list[dict[str, str]]
    method: str = "majority"
    params: dict[str, Any] = field(default_factory=dict)


def question(proposal: Proposal, book: Book | None = None) -> Question:
    """Return the question of a proposal and what can be answered: between candidates, or yes and no."""
    procedure = procedure_of(proposal, book)
    for one in proposal.contents:
        payload = one["payload"]
        if rows := payload.get("candidates") or payload.get("options"):
            options = [
                {"id": str(row.get("person", row.get("id"))), "label": str(row["name"]), "text": str(row.get("statement", ""))}
                for row in rows
            ]
            method = str(payload.get("method") or procedure.method or "approval")
            return Question(text=proposal.title, options=options, method=method, params=_params(payload, procedure, method))
    options = [
        {"id": "for", "label": _("Yes"), "text": ""}, {"id": "against", "label": _("No"), "text": _("Nothing changes")},
        {"id": "abstain", "label": _("Abstain"), "text": _("Counts for the quorum only")},
    ]  # fmt: skip
    if procedure.majority.blocks:
        options.append({"id": "block", "label": _("Block"), "text": _("A reasoned, paramount objection")})
    return Question(text=proposal.title, options=options, method=procedure.kind)


def as_asked(procedure: Procedure, contents: Contents) -> Procedure:
    """Return a procedure as it judges what is asked: between several, nobody is for or against."""
    among = any(one["payload"].get("candidates") or one["payload"].get("options") for one in contents)
    return procedure.among_several() if among and procedure.kind == "majority" else procedure


def asked_of(proposal: Proposal) -> Procedure:
    return as_asked(procedure_of(proposal), proposal.contents)


def _params(payload: Mapping[str, Any], procedure: Procedure, method: str) -> dict[str, Any]:
    """Return the settings of a count: those of the procedure where it is by its method, and those of what is chosen."""
    params = dict(procedure.params) if procedure.method in ("", method) else {}
    if "budget" in payload:
        return params | {"budget": payload["budget"], "costs": {str(row["id"]): row["cost"] for row in payload["options"]}}
    return params | {"seats": int(payload.get("seats", procedure.seats))}


def content(proposal: Proposal) -> dict[str, Any]:
    """Return what the vote is on, whole; its hash is `proposal.content_hash`."""
    return {"title": proposal.title, "text": proposal.text, "contents": proposal.contents}


def excluded(proposal: Proposal) -> set[int]:
    """Return the memberships that have no vote on this, because it is about them."""
    return set(policies.concerned(proposal.contents))
