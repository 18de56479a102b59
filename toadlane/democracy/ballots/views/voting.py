"""What a voter does: casts, changes, speaks, and lets somebody else vote."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from toadlane.democracy.ballots import queries, services
from toadlane.democracy.ballots.forms import MemberForm, PaperForm, WordsForm
from toadlane.democracy.ballots.queries import others, pages
from toadlane.democracy.ballots.views.common import ballot_of, crumbs, place_in
from toadlane.democracy.ballots.views.reading import page_of
from toadlane.democracy.proposals import queries as proposals
from toadlane.democracy.proposals.permissions import READ
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.deeds import deed, done, status_of
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.access.requests import CoopRequest


def _entry(request: CoopRequest, ballot: Any) -> Any:
    place = place_in(request.POST.get("entry"))
    entry = next((one for one in queries.my_entries(ballot, request.by) if one.place == place), None)
    if entry is None:
        raise Http404
    return entry


@require_POST
def vote(request: CoopRequest, number: int) -> HttpResponse:
    ballot = ballot_of(request, number)
    entry = _entry(request, ballot)
    form = PaperForm(request.POST, ballot=ballot)
    if not form.is_valid():
        return page_of(request, ballot, form=form)
    said = {"choice": form.choice(), "reason": form.cleaned_data.get("reason", "")}
    try:
        receipt = services.cast(ballot=ballot, entry=entry, by=request.by, at=request.now, **said)
    except Refused:
        raise
    except Expected as error:
        form.refuse(error)
        return page_of(request, ballot, form=form)
    if receipt is None:
        messages.success(request, _("Your paper is in the box."))
        return redirect("ballots:detail", ballot.number)
    # Shown in the answer to this very request: a redirect would have to keep the number somewhere meanwhile.
    answer = render(
        request, "ballots/stub.html", {"ballot": ballot, "receipt": receipt, "crumbs": crumbs(ballot, _("In the box"))}
    )
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def say(request: CoopRequest, number: int) -> HttpResponse:
    ballot = ballot_of(request, number)
    typed = request.POST.copy()
    typed["about"] = typed.get("expert", "").strip() or typed.get("about", "")
    form = WordsForm(typed)
    said = lambda: services.say(ballot=ballot, by=request.by, at=request.now, **form.cleaned_data)  # noqa: E731
    if done(request, form, said, _("It is written down.")):
        return redirect("ballots:detail", number)
    return page_of(request, ballot, words=form)


@require_http_methods(["GET", "HEAD", "POST"])
def carry(request: CoopRequest, number: int) -> HttpResponse:
    """Give a proxy for this ballot, or let somebody vote for one from now on."""
    ballot = ballot_of(request, number)
    found = pages.carried(ballot, request.by, at=request.now)
    if found is None:
        raise Http404
    form = MemberForm(request.POST if request.method == "POST" else None)
    way = request.POST.get("way") or found["ways"][0][0]

    def give() -> None:
        other = others.other_called(ballot, form.cleaned_data["member"])
        if way == "proxy":
            services.give_proxy(giver=found["entry"], holder=other.entry, by=request.by, at=request.now)
        else:
            services.delegate(
                giver=found["entry"].membership,
                receiver=other.membership,
                ballot=None if way == "all" else ballot,
                by=request.by,
                at=request.now,
            )

    if done(request, form, give, _("Given. You can take it back until the ballot closes, and your own vote always comes first.")):
        return redirect("ballots:detail", number)
    context = {
        "ballot": ballot,
        "form": form,
        "ways": found["ways"],
        "others": others.names(ballot),
        "way": way,
        "crumbs": crumbs(ballot, _("Let somebody vote for you")),
    }
    return render(request, "ballots/carry.html", context, status=status_of(form))


@require_POST
def end_proxy(request: CoopRequest, number: int) -> HttpResponse:
    ballot = ballot_of(request, number)
    proxy = pages.proxy_of(_entry(request, ballot))
    if proxy is None:
        raise Http404
    return deed(
        request,
        lambda: services.end_proxy(proxy=proxy, by=request.by, at=request.now),
        _("Taken back."),
        "ballots:detail",
        number,
    )


@require_POST
def take_back(request: CoopRequest, pk: int) -> HttpResponse:
    found = pages.delegation_of(pk, request.by)
    if found is None:
        raise Http404
    back = request.POST.get("ballot", "")
    work = lambda: services.take_back(delegation=found, by=request.by, at=request.now)  # noqa: E731
    return deed(request, work, _("Taken back."), *(("ballots:detail", int(back)) if place_in(back) else ("ballots:index",)))


@require_POST
def ask_secret(request: CoopRequest, proposal: int) -> HttpResponse:
    found = proposals.find(proposal)
    if found is None or not request.by.may(READ, found):
        raise Http404
    work = lambda: services.ask_secret(proposal=found, by=request.by, at=request.now)  # noqa: E731
    return deed(request, work, _("You have asked for a secret vote."), "proposals:detail", proposal)


@require_POST
def vote_as(request: CoopRequest) -> HttpResponse:
    chosen = request.POST.get("member_class", "")
    return deed(
        request, lambda: services.vote_as(member_class=chosen, by=request.by, at=request.now),
        _("Kept. It counts for ballots that open from now on."),
        "ballots:index",
    )  # fmt: skip
