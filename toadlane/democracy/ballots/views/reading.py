"""Ballots to look at: open ones with the paper, counted ones with all that is needed to count again."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.forms import PaperForm, ReceiptForm, WordsForm
from toadlane.democracy.ballots.permissions import CALL, COUNT_HEADS, LIST, ROLL, SEE_LINES, SETTLE, TELL
from toadlane.democracy.ballots.queries import asking, exports, logs, pages, results, talking
from toadlane.democracy.ballots.views.common import ballot_of, crumbs, place_in
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.ui.shapes import Crumb

LINES = 500


@require_GET
def index(request: CoopRequest) -> HttpResponse:
    if not request.by.may(LIST):
        raise Http404
    page = paging.page(queries.readable(request.by), cursor=request.GET.get("cursor"), order=("-number",))
    context = {
        "page": page, "outcomes": pages.outcomes(), "classes": pages.classes_of(request.by),
        "votes_as": pages.votes_as(request.by),
        "crumbs": [Crumb(_("Decisions"), reverse("proposals:decisions")), Crumb(_("Ballots"))],
    }  # fmt: skip
    return render(request, "ballots/index.html", context)


@require_GET
def detail(request: CoopRequest, number: int) -> HttpResponse:
    return page_of(request, ballot_of(request, number))


def page_of(request: CoopRequest, ballot: Any, *, form: Any = None, words: Any = None) -> HttpResponse:
    """Show a ballot, with whatever was typed and what is wrong with it."""
    place = place_in(request.POST.get("entry") or request.GET.get("paper"))
    context = pages.context(ballot, request.by, at=request.now, place=place)
    shown = context["shown"]
    if form is None and shown.chosen is not None and shown.chosen.may_cast:
        form = PaperForm(ballot=ballot, text=shown.chosen.choice)
    context |= {
        "form": form, "crumbs": crumbs(ballot), "guard": pages.guard(ballot), "outcome": pages.outcomes().get(_outcome(ballot),
        ""),
        "colleges": results.names_of_colleges(ballot), "duties": _duties(request, shown), "may_see_roll": request.by.may(ROLL,
        ballot),
        "secret": asking.shown(ballot.proposal, request.by, request.now), "number": ballot.proposal.number,
        "carry": pages.carried(ballot, request.by, at=request.now),
    }  # fmt: skip
    if shown.is_talked:
        context["talk"] = talking.talk(ballot, request.by, at=request.now) | {"form": words or WordsForm()}
    wrong = any(one is not None and one.is_bound and one.errors for one in (form, words))
    return render(request, "ballots/detail.html", context, status=422 if wrong else 200)


def _outcome(ballot: Any) -> str:
    return str((ballot.result or {}).get("outcome", ""))


def _duties(request: CoopRequest, shown: Any) -> list[tuple[str, str]]:
    """Return what this reader can do for the count, with the page on which they do it."""
    ballot, by = shown.ballot, request.by
    told, waits = bool(by.may(TELL, ballot)), ballot.state == "open"
    found = [
        (_("Type in papers"), "boxes", told and shown.is_open and not ballot.is_elsewhere and not shown.is_talked),
        (_("Note how many are here"), "present", shown.is_open and bool(by.may(COUNT_HEADS, ballot))),
        (
            _("Who has not spoken yet") if shown.is_talked else _("Who has not voted yet"),
            "silent",
            shown.is_open and not ballot.is_elsewhere and bool(by.may(CALL, ballot)),
        ),
        (_("The vote elsewhere"), "elsewhere", told and ballot.is_elsewhere and waits),
        (_("Settle the tie"), "tie", ballot.awaits == "chair" and bool(by.may(SETTLE, ballot))),
    ]
    return [(label, reverse(f"ballots:{name}", args=[ballot.number])) for label, name, may in found if may]


@require_GET
def time(request: CoopRequest, number: int) -> HttpResponse:
    """The time left and the turnout alone, for a page that looks again without touching a half-filled paper."""
    ballot = ballot_of(request, number)
    return render(request, "ballots/_time.html", pages.context(ballot, request.by, at=request.now))


@require_GET
def board(request: CoopRequest, number: int) -> HttpResponse:
    """The board, and a voter's own line on it."""
    ballot = ballot_of(request, number)
    if ballot.state != "closed" or queries.is_talked(ballot):
        raise Http404
    form = ReceiptForm(request.GET if "code" in request.GET else None)
    asked = form.is_bound and form.is_valid()
    lines = ballot.board.lines() if request.by.may(SEE_LINES, ballot) else []
    context = {
        "ballot": ballot, "lined": ballot.board, "lines": lines[:LINES], "more": max(len(lines) - LINES, 0), "form": form,
        "asked": asked,
        "found": exports.line_of(ballot, form.cleaned_data["code"], request.by) if asked else None, "files": _files(ballot),
        "command": pages.command(ballot), "crumbs": crumbs(ballot, pgettext("of receipts", "Board")),
    }  # fmt: skip
    return render(request, "ballots/board.html", context, status=422 if form.is_bound and form.errors else 200)


def _files(ballot: Any) -> list[tuple[str, str, str]]:
    found = [
        (_("The papers, as BLT"), "blt", _("for any program that counts rankings")),
        (_("The papers, as a table"), "csv", _("for a spreadsheet")),
        (pgettext("of receipts", "The board"), "board_file", _("every line, and the root")),
        (_("The result"), "result", _("with the server’s signature")),
    ]
    return [(label, reverse(f"ballots:{name}", args=[ballot.number]), more) for label, name, more in found]


@require_GET
def rounds(request: CoopRequest, number: int) -> HttpResponse:
    ballot = ballot_of(request, number)
    log = logs.log_of(ballot)
    if log is None:
        raise Http404
    context = {"ballot": ballot, "crumbs": crumbs(ballot, _("Round by round")), **logs.shown(ballot, log)}
    return render(request, "ballots/rounds.html", context)


@require_GET
def roll(request: CoopRequest, number: int) -> HttpResponse:
    """The roll, for members; where the vote is not secret and over, with how each of them voted."""
    ballot = ballot_of(request, number)
    if not request.by.may(ROLL, ballot):
        raise Http404
    named = ballot.state == "closed" and not ballot.is_secret and not queries.is_talked(ballot)
    page = paging.page(pages.roll_of_ballot(ballot), cursor=request.GET.get("cursor"), limit=100, order=("place",))
    if named:
        pages.tell_votes(ballot, page.items)
    context = {
        "ballot": ballot,
        "page": page,
        "named": named,
        "classes": results.class_names(),
        "crumbs": crumbs(ballot, _("Roll")),
    }
    return render(request, "ballots/roll.html", context)
