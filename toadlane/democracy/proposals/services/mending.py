"""When the law has moved and a rule breaks it, the members are asked to mend it: nobody else may."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from toadlane.democracy.proposals import policies
from toadlane.democracy.proposals.models import OPEN, Proposal, Stage
from toadlane.democracy.proposals.permissions import RUN
from toadlane.democracy.proposals.queries import past
from toadlane.democracy.proposals.services.writing import bring
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book
from toadlane.society.bylaws.rules import packs
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries as members
from toadlane.society.members.models import MEMBERS, Membership
from toadlane.ui import formats


@transaction.atomic
def look_at_law(*, by: Principal, at: datetime) -> Proposal | None:
    """Open a proposal that brings every rule which the law forbids by now to the nearest value that it allows.

    Asked every day; once such a proposal is under way, or was voted down not long ago, there is no second one.
    """
    by.must(RUN)
    book = bylaws.book()
    outside = bylaws.outside_the_law(book.document)
    under_way = {
        rule
        for row in Proposal.objects.filter(stage__in=(*OPEN, Stage.VOTING, Stage.COOLING, Stage.HALTED))
        for rule, _expected, _set in policies.touched(row.contents)
    }
    ops = [op for rule in outside if rule not in under_way and (op := _lawful(book, rule)) is not None]
    author = _somebody()
    if not ops or author is None:
        return None
    contents = [{"kind": "patch", "payload": {"base": book.number, "ops": ops}}]
    if past.voted_down(contents, book, at):
        return None
    laws = formats.listed(sorted({str(_bound(book, op["rule"])[1]) for op in ops}))
    # It stays as it is written, and a job speaks no language of its own.
    with translation.override(coops.of_scope(current_coop_id()).language):
        title, summary = _("What the law asks for"), _("The law has changed (%(laws)s). The rules have to follow it.")
    return bring(title=title, contents=contents, author=author, by=by, at=at, summary=summary % {"laws": laws})


def _bound(book: Book, rule_id: str) -> tuple[Any, str]:
    """Return the nearest value that the law allows, and where it says so; None where no single value is nearest."""
    bounds = packs.load(book.pack).bounds.get(rule_id, {})
    why = bylaws.outside_the_law(book.document)[rule_id]
    if why == "below_legal_floor":
        return bounds["floor"]["min"], bounds["floor"]["law"]
    if why == "above_legal_cap":
        return bounds["cap"]["max"], bounds["cap"]["law"]
    if why == "not_allowed_by_law":
        return bounds["only"]["values"][0], bounds["only"]["law"]
    return None, ""


def _lawful(book: Book, rule_id: str) -> dict[str, Any] | None:
    value, _law = _bound(book, rule_id)
    return None if value is None else {"rule": rule_id, "expect": book.rules[rule_id]["value"], "set": value}


def _somebody() -> Membership | None:
    """Return who answers for it: a member of the board, else whoever has been a member the longest."""
    board = members.officers().filter(office="board").values("person_id")
    rows = Membership.objects.filter(standing__in=MEMBERS).order_by("number", "pk")
    return rows.filter(person_id__in=board).first() or rows.filter(person__isnull=False).first()
