"""What was decided, for everybody whom the bylaws let read it; and how a decision is stopped on its way."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toadlane.democracy.proposals import services
from toadlane.democracy.proposals.forms import PauseForm, ReasonForm
from toadlane.democracy.proposals.models import Appeal, Decision, Enactment, Outcome
from toadlane.democracy.proposals.permissions import APPEAL, DEMAND, GUARD, JUDGE, READ, WRITE
from toadlane.democracy.proposals.queries import decisions, lent, pauses, proposals, shown, stories, talks
from toadlane.democracy.proposals.views.common import add_error, simulated
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.deeds import deed, status_of
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws.rules import decisions as kinds
from toadlane.society.bylaws.rules.patches import PAUSABLE
from toadlane.ui.shapes import Crumb

# The act by which a co-op was founded is the decision behind its first rules, and stands on a page of its own.
FOUNDING = "founding"


def _decision(request: CoopRequest, name: str) -> Decision:
    found = decisions.named(name)
    if found is None or not request.by.may(READ, found.proposal):
        raise Http404
    return found


@require_GET
def index(request: CoopRequest) -> HttpResponse:
    """Every decision, the latest first."""
    if not request.by.may(READ, None):
        raise Http404
    wanted = {name: request.GET.get(name, "") for name in ("outcome", "kind", "year")}
    rows = page(decisions.filtered(**wanted), cursor=request.GET.get("cursor"), order=("-number",))
    return render(request, "proposals/decisions.html", {
        "page": rows, "wanted": wanted, "outcomes": Outcome.choices, "years": decisions.years(),
        "kinds": [(kind.name, kind.label) for kind in kinds.kinds().values()],
        "under_way": proposals.under_way()[:5] if decisions.may_read_talk(request.by) else [],
        "may_propose": "member" in request.by.roles, "is_filtered": any(wanted.values()),
    })  # fmt: skip


@require_GET
def detail(request: CoopRequest, name: str) -> HttpResponse:
    if name == FOUNDING:
        return redirect("bylaws:founding_act")
    return render(request, "proposals/decision.html", frame(request, _decision(request, name)))


def frame(request: CoopRequest, decision: Decision) -> dict[str, Any]:
    by, proposal = request.by, decision.proposal
    enactment = getattr(decision, "enactment", None)
    panels = lent.filled(proposal, by, request.now)
    is_on_its_way = enactment is not None and enactment.state == Enactment.State.SCHEDULED and request.now < enactment.due_at
    in_time = enactment is not None and enactment.appeal_until is not None and request.now < enactment.appeal_until
    told = decisions.appeals(decision, by)
    appeals = [(one, bool(by.may(JUDGE, one)) and one.state == Appeal.State.OPEN) for one in told]
    return {
        "decision": decision, "proposal": proposal, "enactment": enactment, "steps": shown.steps(proposal),
        "parts": shown.parts(decision.contents, book=decisions.book_before(decision)),
        "bringers": talks.bringers(proposal), "story": stories.timeline(proposal), "figures": decisions.figures(decision),
        "lines": decision.result.get("lines", []), "guard": decisions.guard(decision),
        **simulated(proposal, by), "sides": talks.sides(proposal) if decisions.may_read_talk(by) else None,
        "main": [one for one in panels if one.place == "main"], "aside": [one for one in panels if one.place == "aside"],
        "is_told": any(one.tells_result for one in panels),
        "demand": proposals.demand(proposal) if is_on_its_way and by.memberships else None,
        "has_demanded": proposal.supports.filter(role="suspend", membership_id__in=by.memberships).exists(),
        "may_demand": is_on_its_way and bool(by.may(DEMAND, decision)),
        "may_appeal": in_time and bool(by.may(APPEAL, decision)), "appeals": appeals,
        "moved": decisions.moved(decision) if enactment and enactment.state == Enactment.State.FAILED else [],
        "may_repair": enactment is not None and enactment.state == "failed" and bool(by.may(WRITE, proposal)),
        "again": proposals.brought_again(decision),
        "pauses": pauses.of_cause(f"decision:{decision.name}"), "may_guard": bool(by.may(GUARD)) and is_on_its_way,
        "crumbs": [Crumb(_("Decisions"), reverse("proposals:decisions")), Crumb(decision.name)],
    }  # fmt: skip


@require_GET
def document(request: CoopRequest, name: str) -> HttpResponse:
    """A decision as it is hashed, so that anybody can check the chain by themselves."""
    decision = _decision(request, name)
    body = {"hash": decision.hash, "hashed": decision.hashed()}
    return JsonResponse(body, json_dumps_params={"indent": 2, "ensure_ascii": False}, encoder=json.JSONEncoder)


@login_required
@require_POST
def demand(request: CoopRequest, name: str) -> HttpResponse:
    decision = _decision(request, name)
    return deed(
        request,
        lambda: services.demand_suspension(decision=decision, by=request.by, at=request.now),
        _("Your name is under the demand."),
        "proposals:decision",
        name,
    )


@login_required
@require_POST
def repair(request: CoopRequest, name: str) -> HttpResponse:
    decision = _decision(request, name)
    return deed(
        request,
        lambda: services.repair(decision=decision, by=request.by, at=request.now),
        _("It is brought again, written on what the rules say today."),
        "proposals:decision",
        name,
    )


@login_required
@require_http_methods(["GET", "POST"])
def appeal(request: CoopRequest, name: str) -> HttpResponse:
    """Say what is wrong with a decision about oneself."""
    decision = _decision(request, name)
    request.by.must(APPEAL, decision)
    form = ReasonForm(request.POST or None, label=_("What is wrong with it"))
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        return deed(
            request,
            lambda: services.appeal(decision=decision, text=text, by=request.by, at=request.now),
            _("Your appeal lies before the committee. Until it has decided, nothing takes effect."),
            "proposals:decision",
            name,
        )
    return render(request, "proposals/appeal.html", {"decision": decision, "form": form}, status=status_of(form))


@login_required
@require_http_methods(["GET", "POST"])
def judge(request: CoopRequest, name: str, pk: int) -> HttpResponse:
    """The committee decides an appeal, with reasons."""
    decision = _decision(request, name)
    found: Appeal = get_object_or_404(decision.appeals, pk=pk)
    request.by.must(JUDGE, found)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reasons, upheld = form.cleaned_data["text"], request.POST.get("deed") == "uphold"
        return deed(
            request,
            lambda: services.judge(appeal=found, upheld=upheld, reasons=reasons, by=request.by, at=request.now),
            _("Decided. Everybody concerned reads your reasons."),
            "proposals:decision",
            name,
        )
    return render(request, "proposals/judge.html", {"decision": decision, "appeal": found, "form": form}, status=status_of(form))


@require_http_methods(["GET", "POST"])
def guardians(request: CoopRequest) -> HttpResponse:
    """What is paused and was, by whom and why; and where guardians ask each other to pause something."""
    if not request.by.may(READ, None):
        raise Http404
    may_guard = bool(request.by.may(GUARD))
    # From the page of a decision they come for this one, and have little time.
    initial = {"action": PAUSABLE[0], "cause": request.GET["cause"]} if "cause" in request.GET else None
    form = None
    if may_guard:
        form = PauseForm(request.POST or None, initial=initial, actions=pauses.actions(), causes=pauses.causes())
    if request.method == "POST":
        request.by.must(GUARD)
        if form is not None and form.is_valid():
            data = form.cleaned_data
            cause = data["cause"] or data["other_cause"].strip()
            try:
                services.ask_pause(action=data["action"], cause=cause, reasons=data["reasons"], by=request.by, at=request.now)
            except Refused:
                raise
            except Expected as error:
                add_error(form, error)
            else:
                return deed(request, lambda: None, _("Your signature is under it."), "proposals:guardians")
    rows = pauses.told(list(pauses.every()[:100]), request.now)
    return render(request, "proposals/guardians.html", {
        "pauses": rows, "guardians": pauses.guardians(), "form": form, "may_guard": may_guard,
        "me": request.by.person_id, "needed": pauses.needed(), "crumbs": [
            Crumb(_("Decisions"), reverse("proposals:decisions")), Crumb(_("Guardians"))],
    }, status=status_of(form) if form else 200)  # fmt: skip


@login_required
@require_POST
def sign_pause(request: CoopRequest, pk: int) -> HttpResponse:
    pause = pauses.find(pk)
    if pause is None:
        raise Http404
    return deed(
        request,
        lambda: services.sign_pause(pause=pause, by=request.by, at=request.now),
        _("Your signature is under it."),
        "proposals:guardians",
    )


@login_required
@require_POST
def drop_pause(request: CoopRequest, pk: int) -> HttpResponse:
    pause, because = pauses.find(pk), request.POST.get("because", "")
    if pause is None:
        raise Http404
    return deed(
        request,
        lambda: services.drop_pause(pause=pause, because=because, by=request.by, at=request.now),
        _("It has ended."),
        "proposals:guardians",
    )
