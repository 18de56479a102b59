"""What members do with a proposal: support it, speak, amend, take it back."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toadlane.democracy.proposals import services
from toadlane.democracy.proposals.forms import ReasonForm, ReplyForm, SayForm
from toadlane.democracy.proposals.models import Amendment, Support
from toadlane.democracy.proposals.queries import talks
from toadlane.democracy.proposals.views.common import add_error, proposal_of
from toadlane.democracy.proposals.views.reading import talk_page
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.deeds import deed
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.access.requests import CoopRequest

DETAIL = "proposals:detail"


@login_required
@require_POST
def support(request: CoopRequest, number: int) -> HttpResponse:
    proposal, as_sponsor = proposal_of(request, number), "as_sponsor" in request.POST
    return deed(
        request,
        lambda: services.support(proposal=proposal, as_sponsor=as_sponsor, by=request.by, at=request.now),
        _("Your name is under it."),
        DETAIL,
        number,
    )


@login_required
@require_POST
def take_back_support(request: CoopRequest, number: int) -> HttpResponse:
    proposal = proposal_of(request, number)
    return deed(
        request,
        lambda: services.take_back_support(proposal=proposal, by=request.by, at=request.now),
        _("Your name is no longer under it."),
        DETAIL,
        number,
    )


@login_required
@require_POST
def withdraw(request: CoopRequest, number: int) -> HttpResponse:
    proposal, reason = proposal_of(request, number), request.POST.get("reason", "")
    return deed(
        request,
        lambda: services.withdraw(proposal=proposal, reason=reason, by=request.by, at=request.now),
        _("You have taken it back."),
        DETAIL,
        number,
    )


@login_required
@require_POST
def rebase(request: CoopRequest, number: int) -> HttpResponse:
    proposal = proposal_of(request, number)
    return deed(
        request,
        lambda: services.rebase(proposal=proposal, by=request.by, at=request.now),
        _("It is written on what the rules say today."),
        DETAIL,
        number,
    )


@login_required
@require_POST
def use_procedure(request: CoopRequest, number: int) -> HttpResponse:
    proposal, procedure = proposal_of(request, number), request.POST.get("procedure", "")
    return deed(
        request,
        lambda: services.use_procedure(proposal=proposal, procedure=procedure, by=request.by, at=request.now),
        _("It is decided in the stricter way."),
        DETAIL,
        number,
    )


@login_required
@require_POST
def add_author(request: CoopRequest, number: int, pk: int) -> HttpResponse:
    proposal = proposal_of(request, number)
    support: Support = get_object_or_404(proposal.supports, pk=pk)
    return deed(
        request,
        lambda: services.add_author(proposal=proposal, support=support, by=request.by, at=request.now),
        _("%(name)s is one of its authors now.") % {"name": support.name},
        DETAIL,
        number,
    )


@login_required
@require_POST
def say(request: CoopRequest, number: int) -> HttpResponse:
    proposal, form = proposal_of(request, number), SayForm(request.POST)
    if form.is_valid():
        side, text = form.cleaned_data["side"], form.cleaned_data["text"]
        try:
            said = services.say(proposal=proposal, side=side, text=text, by=request.by, at=request.now)
        except Refused:
            raise
        except Expected as error:
            add_error(form, error)
        else:
            return redirect(f"{reverse('proposals:talk', args=[number])}#said-{said.pk}")
    return talk_page(request, proposal, form=form)


@login_required
@require_POST
def reply(request: CoopRequest, number: int, pk: int) -> HttpResponse:
    proposal, form = proposal_of(request, number), ReplyForm(request.POST)
    to = talks.contribution(proposal, pk)
    if to is None:
        raise Http404
    if form.is_valid():
        text = form.cleaned_data["text"]
        try:
            said = services.say(proposal=proposal, side="plain", text=text, reply_to=to, by=request.by, at=request.now)
        except Refused:
            raise
        except Expected as error:
            add_error(form, error)
        else:
            return redirect(f"{reverse('proposals:talk', args=[number])}#said-{said.pk}")
    return talk_page(request, proposal, form=form, wrong=pk)


@login_required
@require_POST
def hide(request: CoopRequest, number: int, pk: int) -> HttpResponse:
    found = talks.contribution(proposal_of(request, number), pk)
    if found is None:
        raise Http404
    because = request.POST.get("because", "")
    return deed(
        request,
        lambda: services.hide(contribution=found, because=because, by=request.by, at=request.now),
        _("It is taken down; your reasons stand in its place."),
        "proposals:talk",
        number,
    )


@login_required
@require_POST
def summarise(request: CoopRequest, number: int) -> HttpResponse:
    proposal, form = proposal_of(request, number), ReasonForm(request.POST, auto_id="id_s_%s")
    text = form["text"].value() or ""
    return deed(
        request,
        lambda: services.summarise(proposal=proposal, text=text, by=request.by, at=request.now),
        _("Your summary stands above the talk."),
        "proposals:talk",
        number,
    )


@login_required
@require_POST
def answer_amendment(request: CoopRequest, number: int, amendment: int) -> HttpResponse:
    """Accept, decline or take back: which, the button says."""
    proposal = proposal_of(request, number)
    found: Amendment = get_object_or_404(talks.amendments(proposal), number=amendment)
    answer, which = request.POST.get("answer", ""), request.POST.get("deed", "")
    ask: dict[str, Any] = {"by": request.by, "at": request.now}
    works = {
        "accept": (
            lambda: services.accept_amendment(amendment=found, answer=answer, **ask),
            _("It is part of the proposal now."),
        ),
        "decline": (lambda: services.decline_amendment(amendment=found, answer=answer, **ask), _("You have declined it.")),
        "take_back": (lambda: services.take_back_amendment(amendment=found, **ask), _("You have taken it back.")),
    }
    if which not in works:
        raise Http404
    work, done = works[which]
    return deed(request, work, done, "proposals:versions", number)
