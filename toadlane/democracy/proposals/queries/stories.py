"""The dated story of a proposal and of what was decided: who did what, each line as people read it."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext_lazy

from toadlane.democracy.proposals.models import Moment, Outcome, Proposal, Stage
from toadlane.democracy.proposals.queries import procedures
from toadlane.democracy.proposals.queries.shown import enactment_of
from toadlane.ui import formats, shapes

# What a line says; the names in it are facts of the deed. Lazy, since the language is the reader's.
_LINES: dict[str, Any] = {
    "made": lazy("brought it forward."),
    "brought": lazy("Brought by what happened before: decision %(about)s."),
    "opened": lazy("It has its support. Talked about until %(until)s."),
    "sponsored": lazy("stands for it as well."),
    "author": lazy("became one of its authors."),
    "revised": lazy("Version %(revision)s."),
    "amended": lazy("offered amendment %(number)s, and the authors accepted it."),
    "amendment_offered": lazy("offered amendment %(number)s."),
    "amendment_declined": lazy("offered amendment %(number)s, and the authors declined it."),
    "summarised": lazy("summed up the talk."),
    "hidden": lazy("A contribution was taken down."),
    "procedure": lazy("It is decided in a stricter way: %(procedure)s."),
    "stuck": lazy("The rules have moved under it, and it went back to its authors."),
    "announced": lazy("The vote was announced to everybody who has one. It begins on %(vote_from)s."),
    "voting_began": lazy("The ballot opened. It closes on %(until)s."),
    "voting_extended": lazy("The ballot stays open until %(until)s."),
    "decided": lazy("Decided: %(outcome)s."),
    "enacted": lazy("In force."),
    "paused": lazy("It was to take effect, and is paused until %(until)s."),
    "pause_put_on": lazy("paused it, as guardians, until %(until)s."),
    "pause_extended": lazy("The members made the pause longer, until %(until)s: decision %(decision)s."),
    "appeal_lapsed": lazy("The appeals committee did not decide in time."),
    "pause_lifted": lazy("The pause was lifted."),
    "enactment_failed": lazy("It could not be carried out. Nothing of it was done."),
    "suspension_asked": lazy("asked to suspend it: %(names)s of %(needed)s."),
    "suspended": ngettext_lazy(
        "Suspended by %(names)s member. Everybody votes again: proposal %(again)s.",
        "Suspended by %(names)s members. Everybody votes again: proposal %(again)s.",
        "names",
    ),
    "appealed": lazy("appealed. It does not take effect before the committee has looked at it."),
    "appeal_upheld": lazy("The appeals committee upheld the appeal."),
    "appeal_dismissed": lazy("The appeals committee dismissed the appeal."),
    "annulled": lazy("Annulled. It never takes effect."),
    "repaired": lazy("Brought again, written on what the rules say today: proposal %(again)s."),
    "withdrawn": lazy("took it back."),
}
_DAYS, _DETAILS = ("until", "vote_from"), ("because", "reason", "reasons", "why")


def moments(proposal: Proposal) -> QuerySet[Moment]:
    return proposal.moments.order_by("at", "pk")


def timeline(proposal: Proposal) -> list[shapes.Moment]:
    """Return what happened, oldest first, and what is to come."""
    found = [_told(row) for row in proposal.moments.all()]
    to_come: list[tuple[datetime | None, str]] = []
    if proposal.stage == Stage.DISCUSSION:
        to_come.append((proposal.talk_until, _("The talk ends, and the vote is announced.")))
    if proposal.stage == Stage.PROPOSAL:
        to_come.append((proposal.vote_from, _("The ballot opens.")))
    if proposal.stage == Stage.VOTING:
        to_come.append((proposal.voting_until, _("The ballot closes and is counted.")))
    enactment = enactment_of(proposal)
    if proposal.stage == Stage.COOLING and enactment:
        to_come.append((enactment.due_at, _("It takes effect.")))
    return found + [shapes.Moment(at, text, is_to_come=True) for at, text in to_come if at]


def _told(row: Moment) -> shapes.Moment:
    facts: defaultdict[str, Any] = defaultdict(lambda: "–", row.facts)
    for name in _DAYS:
        if row.facts.get(name):
            facts[name] = formats.day(procedures.day_of(datetime.fromisoformat(row.facts[name])))
    if "outcome" in row.facts:
        facts["outcome"] = Outcome(row.facts["outcome"]).label
    detail = next((str(row.facts[name]) for name in _DETAILS if row.facts.get(name)), "")
    return shapes.Moment(row.at, _LINES.get(row.deed, row.deed) % facts, who=row.name, detail=detail)
