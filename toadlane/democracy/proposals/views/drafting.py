"""Bringing something forward, one question a page. What was typed is kept, and can be taken up again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toadlane.democracy.proposals import services
from toadlane.democracy.proposals.forms import AmendForm, ReviewForm, WhyForm
from toadlane.democracy.proposals.models import Draft
from toadlane.democracy.proposals.permissions import DRAFT, has_right
from toadlane.democracy.proposals.queries import drafts, shown
from toadlane.democracy.proposals.views import part_pages
from toadlane.democracy.proposals.views.common import add_error, proposal_of
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.deeds import status_of
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import decisions, ways
from toadlane.ui.shapes import Option, Step


def language() -> str:
    return (get_language() or "en").split("-")[0]


@login_required
@require_http_methods(["GET", "POST"])
def new(request: CoopRequest) -> HttpResponse:
    """What shall the members decide?"""
    request.by.must(DRAFT)
    kinds = drafts.kinds()
    if request.method == "POST":
        name = request.POST.get("kind", "")
        if name == "patch":
            return redirect("bylaws:rules")
        if name in kinds:
            part = {"kind": name, "payload": {}}
            draft = services.begin_draft(part=part, by=request.by, at=request.now)
            return redirect("proposals:draft_part", draft.pk, 0, "what")
    missing, chosen = request.method == "POST", request.GET.get("kind", "")
    rare = [kind for kind in kinds.values() if kind.name not in drafts.USUAL]
    return render(request, "proposals/new.html", {
        "usual": [kind for kind in kinds.values() if kind.name in drafts.USUAL],
        "rare": rare, "opens": any(kind.name == chosen for kind in rare),
        "missing": missing, "drafts": drafts.of(request.by), "chosen": chosen,
    }, status=422 if missing else 200)  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def change(request: CoopRequest, rule: str) -> HttpResponse:
    """What shall this rule say? The first page of a change, reached from the rule itself."""
    request.by.must(DRAFT)
    book = bylaws.book()
    if book.find(rule) is None:
        raise Http404
    step = "guard" if request.GET.get("what") == "guard" and not ways.is_way(rule) else "what"
    return _begun(request, drafts.first_op(book, rule), step, reverse("bylaws:rule", args=[rule]))


@login_required
@require_http_methods(["GET", "POST"])
def new_way(request: CoopRequest) -> HttpResponse:
    """How else could something be decided? A way of deciding that the bylaws do not have."""
    request.by.must(DRAFT)
    return _begun(request, {"rule": ways.PREFIX, "expect": None}, "what", f"{reverse('bylaws:rules')}#deciding")


def _begun(request: CoopRequest, op: dict[str, Any], step: str, back: str) -> HttpResponse:
    """Ask the first question about a change of the bylaws, and keep the answer as a draft."""
    book = bylaws.book()
    part = {"kind": "patch", "payload": {"base": book.number, "ops": [op]}}
    done = part_pages.answered(request, part, step, book)
    if isinstance(done, HttpResponse):
        return done
    part, form = done
    if form.is_bound and not form.errors:
        draft = services.begin_draft(part=part, by=request.by, at=request.now)
        return redirect(*onwards(draft, 0, step))
    return render(request, "proposals/part.html", part_pages.frame(request, part, step, form, steps=_stages(None, "what"),
                  back=back), status=status_of(form))  # fmt: skip


def onwards(draft: Draft, place: int, step: str) -> tuple[Any, ...]:
    """Return the page that comes after one of a part."""
    order = part_pages.steps(draft.parts[place])
    if step in order and order.index(step) + 1 < len(order):
        return ("proposals:draft_part", draft.pk, place, order[order.index(step) + 1])
    return ("proposals:draft_review" if _has_its_words(draft) else "proposals:draft_why", draft.pk)


def _has_its_words(draft: Draft) -> bool:
    """Say whether all that is asked on the page of the words was answered: an amendment owes its reasons as well."""
    return bool(draft.words.get("title")) and (not draft.words.get("amends") or bool(draft.words.get("why")))


def _draft(request: CoopRequest, pk: int) -> Draft:
    return get_object_or_404(drafts.of(request.by), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def part(request: CoopRequest, pk: int, place: int, step: str) -> HttpResponse:
    """One question about one part of what would happen."""
    draft = _draft(request, pk)
    if place >= len(draft.parts) or step not in (*part_pages.steps(draft.parts[place]), "guard"):
        raise Http404
    done = part_pages.answered(request, draft.parts[place], step, bylaws.book())
    if isinstance(done, HttpResponse):
        return done
    answer, form = done
    if form.is_bound and not form.errors:
        services.keep_part(draft=draft, place=place, part=answer, by=request.by, at=request.now)
        return redirect(*onwards(draft, place, step))
    return render(request, "proposals/part.html", part_pages.frame(request, answer, step, form, steps=_stages(draft, step),
                  back=reverse("proposals:draft_review", args=[pk]) if draft.words.get("title") else "", draft=draft),
                  status=status_of(form))  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def why(request: CoopRequest, pk: int) -> HttpResponse:
    """What is it called, and what for?"""
    draft = _draft(request, pk)
    kind = AmendForm if draft.words.get("amends") else WhyForm
    initial = {"title": drafts.suggested_title(draft), **draft.words}
    form = kind(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.keep_words(draft=draft, words=form.cleaned_data, by=request.by, at=request.now)
        return redirect("proposals:draft_review", pk)
    return render(request, "proposals/why.html", {
        "draft": draft, "form": form, "steps": _stages(draft, "why"), "parts": shown.parts(draft.parts, is_draft=True),
    }, status=status_of(form))  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def review(request: CoopRequest, pk: int) -> HttpResponse:
    """All of it once more, with how it is decided and when it would hold; and then it is brought forward."""
    draft = _draft(request, pk)
    if not _has_its_words(draft):
        return redirect("proposals:draft_why", pk)
    look = drafts.look(draft.parts, request.now)
    must_petition = not has_right(request.by, "propose")
    choices = [(name, Option(drafts.procedure_label(name), words)) for name, words in look.procedures]
    initial = {"procedure": draft.words.get("procedure") or (choices[0][0] if choices else ""), "is_petition": must_petition}
    about = drafts.about(draft)
    form = ReviewForm(
        request.POST or None, procedures=choices, asks=about is None, must_petition=must_petition, initial=initial
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            services.keep_words(draft=draft, words=form.cleaned_data, by=request.by, at=request.now)
            proposal = services.bring_draft(draft=draft, by=request.by, at=request.now)
        except Refused:
            raise
        except Expected as error:
            add_error(form, error)
        else:
            return _brought(request, draft, proposal)
    return render(request, "proposals/review.html", {
        "draft": draft, "form": form, "steps": _stages(draft, "review"), "look": look,
        "parts": shown.parts(draft.parts, is_draft=True),
        "must_petition": must_petition, "about": about, "ops": drafts.ops(draft),
    }, status=status_of(form))  # fmt: skip


def _brought(request: CoopRequest, draft: Draft, proposal: Any) -> HttpResponse:
    if draft.words.get("amends"):
        messages.success(request, _("Your amendment is offered. Its authors decide on it."))
        return redirect("proposals:versions", proposal.number)
    messages.success(request, _("It is brought forward as proposal %(number)s.") % {"number": proposal.number})
    return redirect("proposals:detail", proposal.number)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: CoopRequest, pk: int) -> HttpResponse:
    """Put another change with it: both pass together, by the stricter way and after the longer delay."""
    draft, book = _draft(request, pk), bylaws.book()
    if request.method == "POST":
        rule, kind = request.POST.get("rule", ""), request.POST.get("kind", "")
        if book.find(rule) is not None:
            ops = [drafts.first_op(book, rule)]
            another: dict[str, Any] = {"kind": "patch", "payload": {"base": book.number, "ops": ops}}
        elif kind in drafts.kinds() and kind != "patch":
            another = {"kind": kind, "payload": {}}
        else:
            raise Http404
        draft = services.keep_part(draft=draft, place=len(draft.parts), part=another, by=request.by, at=request.now)
        return redirect("proposals:draft_part", pk, len(draft.parts) - 1, "what")
    return render(request, "proposals/add.html", {
        "draft": draft, "articles": _choices(book), "steps": _stages(draft, "what"),
        "kinds": [kind for kind in drafts.kinds().values() if kind.name != "patch"],
    })  # fmt: skip


def _choices(book: bylaws.Book) -> list[tuple[str, list[bylaws.Article]]]:
    """Return every rule that can be put with it, those that nobody has decided last."""
    undecided = bylaws.undecided(book, language())
    return [*bylaws.articles(book, language()), *([(_("Not yet decided by the members"), undecided)] if undecided else [])]


@login_required
@require_POST
def take_out(request: CoopRequest, pk: int, place: int) -> HttpResponse:
    draft = _draft(request, pk)
    if place >= len(draft.parts) or len(draft.parts) == 1:
        raise Http404
    services.keep_part(draft=draft, place=place, part=None, by=request.by, at=request.now)
    return redirect("proposals:draft_review", pk)


@login_required
@require_POST
def drop(request: CoopRequest, pk: int) -> HttpResponse:
    services.drop_draft(draft=_draft(request, pk), by=request.by, at=request.now)
    messages.success(request, _("The draft is gone."))
    return redirect("proposals:new")


@login_required
@require_POST
def begin_amendment(request: CoopRequest, number: int) -> HttpResponse:
    """Offer other words: the same pages, beginning with what stands there now."""
    return _begin(request, number, "amends")


@login_required
@require_POST
def begin_revision(request: CoopRequest, number: int) -> HttpResponse:
    return _begin(request, number, "revises")


def _begin(request: CoopRequest, number: int, what: str) -> HttpResponse:
    proposal = proposal_of(request, number)
    words = {"title": proposal.title, "summary": proposal.summary, "text": proposal.text, what: number}
    if what == "amends":
        words["why"] = ""
    parts = drafts.split(proposal.contents)
    draft = services.begin_draft(part=parts[0], more=parts[1:], words=words, by=request.by, at=request.now)
    return redirect("proposals:draft_part", draft.pk, 0, "what")


@login_required
@require_GET
def mine(request: CoopRequest) -> HttpResponse:
    return redirect("proposals:new")


def _stages(draft: Draft | None, step: str) -> list[Step]:
    first = draft.parts[0] if draft and draft.parts else None
    kind = decisions.kind(first["kind"]) if first else decisions.kind("patch")
    said = [("what", _("What changes"), str(kind.label) if kind else ""), ("when", _("From when"), ""), ("why", _("Why"), ""),
            ("review", _("Look it over"), "")]  # fmt: skip
    if first is not None and first["kind"] != "patch":
        said.pop(1)
    at = [name for name, _label, _note in said].index(step if step in ("when", "why", "review") else "what")
    return [
        Step(label, note, "done" if n < at else "current" if n == at else "to_come")
        for n, (_name, label, note) in enumerate(said)
    ]
