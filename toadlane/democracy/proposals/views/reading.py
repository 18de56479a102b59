"""What is under way, and one proposal: what would change, what members say, how far it has come."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from toadlane.democracy.proposals.forms import ReasonForm, ReplyForm, SayForm
from toadlane.democracy.proposals.models import OPEN, Proposal, Stage, Support
from toadlane.democracy.proposals.permissions import AMEND, HIDE, LIST, SPEAK, SUMMARISE, SUPPORT, WRITE
from toadlane.democracy.proposals.queries import drafts, lent, procedures, proposals, shown, stories, talks
from toadlane.democracy.proposals.queries.decisions import may_read_talk
from toadlane.democracy.proposals.views.common import proposal_of, simulated
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.ui.shapes import Crumb


@require_GET
def index(request: CoopRequest) -> HttpResponse:
    """What is being talked about, what is announced, and what is voted on."""
    request.by.must(LIST)
    rows = proposals.under_way() if may_read_talk(request.by) else proposals.none()
    found = page(rows, cursor=request.GET.get("cursor"), order=("-number",))
    return render(request, "proposals/index.html", {
        "page": found, "may_propose": "member" in request.by.roles, "may_read": may_read_talk(request.by),
        "crumbs": [Crumb(_("Decisions"), reverse("proposals:decisions")), Crumb(_("Under way"))],
    })  # fmt: skip


@require_GET
def detail(request: CoopRequest, number: int) -> HttpResponse:
    return render(request, "proposals/detail.html", frame(request, proposal_of(request, number)))


def frame(request: CoopRequest, proposal: Proposal) -> dict[str, Any]:
    """Return what the page of a proposal shows, for this reader."""
    book, by = bylaws.book(), request.by
    procedure = procedures.procedure_of(proposal, book)
    panels = lent.filled(proposal, by, request.now)
    due = shown.expected(proposal, procedure, book)
    mine = proposal.supports.filter(membership_id__in=by.memberships).exclude(role=Support.Role.SUSPEND).first()
    is_open = proposal.stage in OPEN
    may_write = bool(by.may(WRITE, proposal))
    stricter = [name for name in procedures.stricter(proposal.procedure, book) if name != proposal.procedure]
    return {
        "proposal": proposal, "steps": shown.steps(proposal, due), "due": due, "bringers": talks.bringers(proposal),
        "parts": shown.parts(proposal.contents), "guard": shown.in_words(procedures.as_asked(procedure, proposal.contents), book),
        "procedure": procedure,
        "course": shown.course(proposal.contents, procedure, book, request.now) if is_open else None,
        "stricter": [(name, drafts.procedure_label(name)) for name in stricter] if may_write and is_open else [],
        "retry_months": book.maybe("gov.retry_months"), "decision": shown.decision_of(proposal),
        "enactment": shown.enactment_of(proposal), "story": stories.timeline(proposal),
        **simulated(proposal, by),
        "sides": talks.sides(proposal) if may_read_talk(by) else None, "summary": talks.summary(proposal),
        "amendments": list(talks.amendments(proposal)[:5]), "is_open": is_open,
        "backing": proposals.backing(proposal, book) if proposal.stage == Stage.IDEA else [],
        "stuck": _stuck(proposal, book, request.now) if is_open else [],
        "has_no_roll": proposal.stage == Stage.PROPOSAL and not proposals.eligible(proposal).exists(),
        "class_names": shown.class_names(), "mine": mine,
        "main": [one for one in panels if one.place == "main"], "aside": [one for one in panels if one.place == "aside"],
        "may": {
            "write": may_write, "support": bool(by.may(SUPPORT, proposal)) and mine is None and is_open,
            "amend": bool(by.may(AMEND, proposal)) and is_open and not proposal.is_petition,
            "speak": bool(by.may(SPEAK, proposal)) and proposal.ended_at is None,
        },
        "crumbs": [
            Crumb(_("Decisions"), reverse("proposals:decisions")), Crumb(_("Under way"), reverse("proposals:index")),
            Crumb(_("Proposal %(number)s") % {"number": proposal.number}),
        ],
    }  # fmt: skip


def _stuck(proposal: Proposal, book: bylaws.Book, at: datetime) -> list[str]:
    """Return what has moved under it in the words of whoever reads: what was written down is in those of a job."""
    if not proposal.stuck_because:
        return []
    return [str(fault.words) for fault in procedures.faults(proposal.contents, book, at)] or [proposal.stuck_because]


@require_GET
def talk(request: CoopRequest, number: int) -> HttpResponse:
    """Everything that was said, in the order in which it was said."""
    return talk_page(request, proposal_of(request, number))


def talk_page(request: CoopRequest, proposal: Proposal, *, form: Any = None, wrong: int = 0) -> HttpResponse:
    rows = page(talks.said(proposal), cursor=request.GET.get("cursor"), order=("said_at", "pk"))
    by = request.by
    status = 422 if form is not None and form.errors else 200
    return render(request, "proposals/talk.html", {
        "proposal": proposal, "page": rows, "summaries": proposal.summaries.all()[:10], "wrong": wrong,
        "form": form if form is not None and not wrong else SayForm(initial={"side": request.GET.get("side", "plain")}),
        "reply": form if wrong else ReplyForm(), "summary_form": ReasonForm(label=_("Where the talk stands"), auto_id="id_s_%s"),
        "may_speak": bool(by.may(SPEAK, proposal)) and proposal.ended_at is None, "may_hide": bool(by.may(HIDE, proposal)),
        "may_sum_up": bool(by.may(SUMMARISE, proposal)) and proposal.ended_at is None,
        "crumbs": _crumbs(proposal, _("What members say")),
    }, status=status)  # fmt: skip


@require_GET
def versions(request: CoopRequest, number: int) -> HttpResponse:
    """How it read at each time, and what was offered to its authors."""
    proposal = proposal_of(request, number)
    rows = list(talks.revisions(proposal))
    return render(request, "proposals/versions.html", {
        "proposal": proposal, "versions": [(row, shown.parts(row.contents)) for row in rows],
        "amendments": [(row, shown.parts(row.contents)) for row in talks.amendments(proposal)],
        "may_write": bool(request.by.may(WRITE, proposal)) and proposal.stage in OPEN,
        "mine": request.by.memberships, "crumbs": _crumbs(proposal, _("Versions and amendments")),
    })  # fmt: skip


def _crumbs(proposal: Proposal, here: str) -> list[Crumb]:
    return [
        Crumb(_("Decisions"), reverse("proposals:decisions")),
        Crumb(_("Proposal %(number)s") % {"number": proposal.number}, reverse("proposals:detail", args=[proposal.number])),
        Crumb(here),
    ]
