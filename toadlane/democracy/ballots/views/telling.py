"""For those who count: papers out of boxes, a tie, who is here, a result from elsewhere, and whom to call."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toadlane.democracy.ballots import services
from toadlane.democracy.ballots.forms import BoxForm, DigestForm, PresentForm, ResultForm, TieForm
from toadlane.democracy.ballots.permissions import CALL, COUNT_HEADS, SETTLE, TELL
from toadlane.democracy.ballots.policies import belenios
from toadlane.democracy.ballots.queries import is_talked, pages, results
from toadlane.democracy.ballots.views.common import ballot_of, crumbs
from toadlane.plumbing.access.deeds import deed, done, status_of
from toadlane.plumbing.access.requests import CoopRequest

any_method = require_http_methods(["GET", "HEAD", "POST"])


def _ballot(request: CoopRequest, number: int, permission: Any = TELL) -> Any:
    ballot = ballot_of(request, number)
    if not request.by.may(permission, ballot):
        raise Http404
    return ballot


def _page(request: CoopRequest, ballot: Any, title: str, form: Any = None, **more: Any) -> HttpResponse:
    context = {"ballot": ballot, "form": form, "title": title, "crumbs": crumbs(ballot, title), **more}
    return render(request, "ballots/tell.html", context, status=status_of(form))


def _typed(request: CoopRequest) -> Any:
    return request.POST if request.method == "POST" else None


@any_method
def boxes(request: CoopRequest, number: int) -> HttpResponse:
    """Type in papers, a first time."""
    ballot = _ballot(request, number)
    form = BoxForm(_typed(request), ballot=ballot, initial={"label": request.GET.get("label", "")[:120]})

    def enter() -> None:
        papers = form.cleaned_data["papers"]
        services.enter_papers(
            ballot=ballot, label=form.cleaned_data["label"], places=[place for place, _choice in papers],
            choices=[choice for _place, choice in papers], by=request.by, at=request.now,
        )  # fmt: skip

    if done(request, form, enter, _("Typed in. It counts once a second person has typed in the same.")):
        return redirect("ballots:boxes", number)
    intro = [_("Papers count only where two people, apart from each other, have typed in the same.")]
    if ballot.is_secret:
        intro.append(_("In a secret ballot only the box as a whole has to agree: whose paper was which, nobody writes down."))
    return _page(
        request, ballot, _("Papers out of a box"), form, intro=intro, batches=pages.batches(ballot)[:100], button=_("Keep it"),
        numbered=list(results.option_labels(ballot).values()),
    )  # fmt: skip


@any_method
def agree(request: CoopRequest, number: int, pk: int) -> HttpResponse:
    """Type the same box in a second time."""
    ballot = _ballot(request, number)
    batch = pages.batch(ballot, pk)
    if batch is None or batch.state != "once":
        raise Http404
    form = BoxForm(_typed(request), ballot=ballot, again=True)

    apart: list[str] = []

    def enter() -> None:
        papers = form.cleaned_data["papers"]
        try:
            services.agree_papers(
                batch=batch, places=[place for place, _choice in papers], choices=[choice for _place, choice in papers],
                by=request.by, at=request.now,
            )  # fmt: skip
        except services.Differs as error:
            apart.append(f"{error} {error.hint}".strip())

    if done(request, form, enter):
        if not apart:
            messages.success(request, _("Both of you read the same: the papers are counted."))
            return redirect("ballots:boxes", number)
        # This box is over: what comes next is typing it in anew, from the beginning.
        messages.error(request, apart[0])
        return redirect(f"{reverse('ballots:boxes', args=[number])}?{urlencode({'label': batch.label})}")
    intro = [
        ngettext(
            "%(label)s, %(count)s paper. Do not look at what the first person typed.",
            "%(label)s, %(count)s papers. Do not look at what the first person typed.",
            batch.count,
        )
        % {"label": batch.label, "count": batch.count}
    ]
    return _page(request, ballot, _("The same box again"), form, intro=intro, button=_("Compare and count"),
                 numbered=list(results.option_labels(ballot).values()))  # fmt: skip


@require_POST
def drop(request: CoopRequest, number: int, pk: int) -> HttpResponse:
    """Take back what was typed in and not agreed on."""
    ballot = _ballot(request, number)
    batch = pages.batch(ballot, pk)
    if batch is None:
        raise Http404
    work = lambda: services.drop_papers(batch=batch, by=request.by, at=request.now)  # noqa: E731
    return deed(request, work, _("Taken back."), "ballots:boxes", number)


@any_method
def present(request: CoopRequest, number: int) -> HttpResponse:
    ballot = _ballot(request, number, COUNT_HEADS)
    form = PresentForm(_typed(request), initial={"present": ballot.present})
    note = lambda: services.note_present(ballot=ballot, by=request.by, at=request.now, **form.cleaned_data)  # noqa: E731
    if done(request, form, note, _("Noted.")):
        return redirect("ballots:detail", number)
    return _page(request, ballot, _("How many are here"), form, button=_("Note it"))


@any_method
def tie(request: CoopRequest, number: int) -> HttpResponse:
    ballot = _ballot(request, number, SETTLE)
    if ballot.awaits != "chair":
        raise Http404
    form = TieForm(_typed(request))

    def settle() -> None:
        said = form.cleaned_data
        services.settle_tie(ballot=ballot, passed=said["passed"] == "yes", reason=said["reason"], by=request.by, at=request.now)

    if done(request, form, settle, _("Settled. The result is signed.")):
        return redirect("ballots:detail", number)
    intro = [_("As many were for it as against it. That the chair settles a tie was announced before the vote.")]
    return _page(request, ballot, _("Settle the tie"), form, intro=intro, button=_("Settle it so"))


@any_method
def elsewhere(request: CoopRequest, number: int) -> HttpResponse:
    """The voters' list goes out; the result is brought by one person and confirmed by another."""
    ballot = _ballot(request, number)
    if not ballot.is_elsewhere or ballot.state != "open":
        raise Http404
    brought = pages.brought(ballot)
    by, at = request.by, request.now
    form: Any
    if brought is None or brought.brought_by == by.person_id:
        form = ResultForm(_typed(request), request.FILES or None)

        def bring() -> None:
            text = form.cleaned_data["file"].read(belenios.LARGEST + 1).decode(errors="replace")
            services.bring_result(ballot=ballot, text=text, by=by, at=at)

        work: Any = bring
        button, told = _("Bring it"), _("Brought. It counts once a second person has confirmed it.")
    else:
        form = DigestForm(_typed(request))
        work = lambda: services.confirm_result(ballot=ballot, by=by, at=at, **form.cleaned_data)  # noqa: E731
        button, told = _("Confirm it"), _("Confirmed. It is counted now.")
    if done(request, form, work, told):
        return redirect("ballots:elsewhere" if pages.brought(ballot) else "ballots:detail", number)
    intro = [
        _("Give the list of voters to the other system: %(url)s")
        % {"url": request.build_absolute_uri(reverse("ballots:voters", args=[number]))}
    ]
    if brought:
        mine = brought.brought_by == by.person_id
        text = (
            _("A result was brought. Its fingerprint: %(digest)s") if mine else _("Somebody brought a result. Is yours the same?")
        )
        intro.append(text % {"digest": brought.digest})
    return _page(request, ballot, _("The vote elsewhere"), form, intro=intro, button=button)


@require_GET
def silent(request: CoopRequest, number: int) -> HttpResponse:
    """Who has not voted, for those who can still call them."""
    ballot = _ballot(request, number, CALL)
    if ballot.state != "open":
        raise Http404
    names, count = pages.silent(ballot)
    intro = [_("Call them while there is time, and do not ask how they will vote.")]
    title = _("Who has not spoken yet") if is_talked(ballot) else _("Who has not voted yet")
    intro = [_("Call them while there is time.")] if is_talked(ballot) else intro
    return _page(request, ballot, title, intro=intro, silent=names, silent_count=count)
