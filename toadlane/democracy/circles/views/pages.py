from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.democracy.circles import forms, permissions, queries, services
from toadlane.democracy.circles.models import Election
from toadlane.democracy.circles.queries import draws
from toadlane.kernel import digits
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import queries as members
from toadlane.ui import nav
from toadlane.ui.shapes import Crumb, Moment, Option


def _language() -> str:
    return get_language() or "en"


def class_names() -> dict[str, str]:
    return {name: one.name(_language()) for name, one in members.member_classes().items()}


def crumbs(*more: Crumb) -> list[Crumb]:
    return [Crumb(_("Circles and offices"), reverse("circles:circles")), *more]


@require_GET
def circles(request: CoopRequest) -> HttpResponse:
    """Every circle, for what it is there, and who sits in it."""
    request.by.must(permissions.READ)
    found = queries.everyone()
    rows = [(one, queries.name(one), queries.sitting(one.slug, at=request.now), queries.vacancies(one)) for one in found[:100]]
    may_read = bool(request.by.may(permissions.READ_ELECTIONS))
    return render(request, "circles/circles.html", {
        "rows": [(one, name, held, sum(left.values())) for one, name, held, left in rows],
        "ended": [(one, queries.name(one)) for one in queries.ended()[:50]],
        "elections": [(one, queries.name_of(one.office)) for one in queries.running()[:20]] if may_read else [],
        "draws": [(one, queries.name_of(one.office)) for one in draws.draws_under_way()[:20]] if may_read else [],
        "propose_url": nav.address("proposals:new", request), "crumbs": crumbs(), "may_read": may_read,
    })  # fmt: skip


@require_GET
def circle(request: CoopRequest, slug: str) -> HttpResponse:
    """One circle: its purpose, its seats, and how it came to be as it is."""
    request.by.must(permissions.READ)
    one = queries.row(slug) or queries.organ(slug)
    if one is None:
        raise Http404
    may_read = bool(request.by.may(permissions.READ_ELECTIONS))
    held = queries.sitting(slug, at=request.now)
    return render(request, "circles/circle.html", {
        "circle": one, "name": queries.name(one), "held": held, "past": queries.sat(slug, at=request.now),
        "seats": queries.seats_in_words(one.seats, _language()),
        "vacant": queries.seats_in_words(queries.vacancies(one), _language()),
        "story": _story(one), "children": [(child, queries.name(child)) for child in queries.children(one)],
        "parent": (one.parent, queries.name(one.parent)) if one.parent else None, "class_names": class_names(),
        "links": {held.via: queries.name_of(held.via) for held in held if held.via},
        "elections": list(queries.running(slug)) if may_read else [],
        "draws": list(draws.draws_under_way(slug)) if may_read else [],
        "may_open": not one.ended_on and bool(request.by.may(permissions.CALL_ELECTION, slug)),
        "crumbs": crumbs(Crumb(queries.name(one))), "propose_url": nav.address("proposals:new", request),
    })  # fmt: skip


def _story(one: Any) -> list[Moment]:
    told = [
        Moment(
            charter.from_on,
            _("What it is for, and its seats, by decision %(name)s.") % {"name": charter.decision}
            if charter.decision != "founding" else _("There since the founding act."),
            detail=str(charter.terms.get("purpose", "")),
        )
        for charter in queries.charters(one)
    ]  # fmt: skip
    if one.ended_on:
        told.insert(0, Moment(one.ended_on, _("Ended by decision %(name)s.") % {"name": one.ended_by}))
    return told


def elections(request: CoopRequest) -> HttpResponse:
    """Elections: those under way, and those that were."""
    request.by.must(permissions.READ_ELECTIONS)
    page = paging.page(queries.elections(), cursor=request.GET.get("cursor"), limit=30, order=("-opened_at", "-pk"))
    rows = [(one, queries.name_of(one.office)) for one in page.items]
    return render(request, "circles/elections.html", {"page": page, "rows": rows, "crumbs": crumbs(Crumb(_("Elections")))})


def _election(request: CoopRequest, pk: int) -> Election:
    request.by.must(permissions.READ_ELECTIONS)
    found = queries.elections().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def election(request: CoopRequest, pk: int) -> HttpResponse:
    """Who stands, and putting somebody forward: the others, or oneself."""
    one = _election(request, pk)
    is_open = one.state == Election.State.OPEN and request.now < one.closes_at
    other = forms.NominateForm(request.POST if request.POST.get("deed") == "other" else None, prefix="other")
    own = forms.StatementForm(request.POST if request.POST.get("deed") == "self" else None, prefix="self")
    for form, deed in ((other, _put_forward), (own, _put_oneself_forward)):
        if form.is_bound and form.is_valid() and deed(request, one, form):
            return redirect("circles:election", pk)
    rows = list(queries.nominations(one))
    mine = [row for row in rows if row.person_id == request.by.person_id]
    return render(request, "circles/election.html", {
        "election": one, "name": queries.name_of(one.office), "is_open": is_open, "other": other, "own": own,
        "standing": [row for row in rows if row.stands], "asked": [row for row in rows if not row.stands and not row.declined_at],
        "mine": mine[0] if mine else None,
        "statement": forms.StatementForm(initial={"statement": mine[0].statement} if mine else None),
        "class_name": class_names().get(one.member_class, ""), "method": _method(one.method),
        "decided": bylaws.book().decided("circles.method"),
        "may_nominate": is_open and bool(request.by.may(permissions.NOMINATE)),
        "may_stand_oneself": not mine and _own_membership(request, one) is not None,
        "known": list(queries.standing_members(one.member_class)[:200]), "may_cancel": _may_cancel(request, one),
        "reason": forms.ReasonForm(), "proposal_url": _proposal_url(request, one),
        "crumbs": crumbs(Crumb(queries.name_of(one.office), reverse("circles:circle", args=[one.office])), Crumb(_("Election"))),
    }, status=422 if other.errors or own.errors else 200)  # fmt: skip


def _proposal_url(request: CoopRequest, one: Election) -> str | None:
    return nav.address("proposals:detail", request, int(one.proposal)) if one.proposal.isdigit() else None


def _may_cancel(request: CoopRequest, one: Election) -> bool:
    return one.state in (Election.State.OPEN, Election.State.CLOSED) and bool(request.by.may(permissions.CALL_ELECTION, one))


def _method(name: str) -> str:
    from toadlane.democracy.circles.rules import RULES

    options = next(rule for rule in RULES if rule.id == "circles.method").options
    return str(options.get(name, name))


def _own_membership(request: CoopRequest, one: Election) -> Any:
    rows = queries.standing_members(one.member_class).filter(pk__in=request.by.memberships)
    return next((row for row in rows if queries.who_would_sit(row, request.by.person_id)), None)


def _put_oneself_forward(request: CoopRequest, one: Election, form: Any) -> bool:
    membership = _own_membership(request, one)
    if membership is None:
        form.add_error(None, _("You are not of a class that may stand for these seats."))
        return False
    return _nominate(request, one, form, membership, person_id=request.by.person_id)


def _put_forward(request: CoopRequest, one: Election, form: Any) -> bool:
    said = form.cleaned_data["membership"].strip()
    rows = queries.standing_members(one.member_class)
    number = digits.number(said)
    found = list((rows.filter(person__name__iexact=said) if number is None else rows.filter(number=number))[:2])
    found = found or list(rows.filter(organisation__name__iexact=said)[:2])
    if len(found) != 1:
        form.add_error("membership", _("Write the name as it stands in the register, or the number.")
                       if not found else _("There are several of this name. Write the number."))  # fmt: skip
        return False
    return _nominate(request, one, form, found[0])


def _nominate(request: CoopRequest, one: Election, form: Any, membership: Any, *, person_id: int | None = None) -> bool:
    words = {name: form.cleaned_data[name] for name in ("reason", "statement") if name in form.cleaned_data}
    try:
        made = services.nominate(election=one, membership=membership, person_id=person_id, by=request.by, at=request.now, **words)
    except Expected as error:
        form.add_error(error.field if error.field in form.fields else None, f"{error} {error.hint}".strip())
        return False
    messages.success(request, _("You stand.") if made.stands else _("They have been asked. They stand when they say yes."))
    return True


@require_POST
def nomination(request: CoopRequest, pk: int) -> HttpResponse:
    """Answer a nomination: yes, with a statement, or no."""
    one = queries.nomination(pk)
    if one is None or not request.by.may(permissions.STAND, one):
        raise Http404
    try:
        if request.POST.get("deed") == "decline":
            services.decline_nomination(nomination=one, by=request.by, at=request.now)
            messages.success(request, _("You do not stand."))
        else:
            statement = request.POST.get("statement", "")[:4000]
            services.accept_nomination(nomination=one, statement=statement, by=request.by, at=request.now)
            messages.success(request, _("You stand."))
    except Expected as error:
        messages.error(request, str(error))
    return redirect("circles:election", one.election_id)


@require_POST
def cancel(request: CoopRequest, pk: int) -> HttpResponse:
    one = _election(request, pk)
    try:
        services.cancel_election(election=one, reason=request.POST.get("reason", "")[:2000], by=request.by, at=request.now)
        messages.success(request, _("The election is called off."))
    except Expected as error:
        messages.error(request, str(error))
    return redirect("circles:election", pk)


def open_election(request: CoopRequest, slug: str) -> HttpResponse:
    """Open nominations for the seats of a circle."""
    one = queries.find(slug)
    if one is None:
        raise Http404
    request.by.must(permissions.CALL_ELECTION, slug)
    days = bylaws.book().value("circles.nomination_days")
    earliest = timezone.localdate(request.now) + timedelta(days=days)
    form = forms.OpenForm(
        request.POST or None, seats=_seats(one), is_numbered=any(one.seats.values()),
        initial={"closes_on": earliest + timedelta(days=1)},
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            made = services.open_election(office=slug, closes_at=form.closes_at(), by=request.by, at=request.now, **form.chosen())
        except Expected as error:
            field = {"closes_at": "closes_on"}.get(error.field, error.field)
            form.add_error(field if field in form.fields else None, f"{error} {error.hint}".strip())
        else:
            messages.success(request, _("Nominations are open. Every member sees it on the desk."))
            return redirect("circles:election", made.pk)
    return render(request, "circles/open_election.html", {
        "form": form, "circle": one, "name": queries.name(one), "decided": bylaws.book().decided("circles.nomination_days"),
        "crumbs": crumbs(Crumb(queries.name(one), reverse("circles:circle", args=[slug])), Crumb(_("Open nominations"))),
    }, status=422 if form.errors else 200)  # fmt: skip


def _seats(one: Any) -> list[tuple[str, Option]]:
    names = class_names()
    found = [] if one.chosen == "lot" else [
        (f"seat:{key}", Option(
            _("Seats of this class: %(name)s") % {"name": names.get(key, key)} if key else _("Seats open to all"),
            more=ngettext("%(n)s seat", "%(n)s seats", number) % {"n": number},
        ))
        for key, number in sorted(one.seats.items()) if number
    ] or [("seat:", Option(_("Seats open to all"), more=_("The bylaws do not say how many: say it below.")))]  # fmt: skip
    if one.parent:
        found += [
            ("lead:", Option(_("The link from the circle above"), more=_("Sits in both, and sees the aim through."))),
            ("representative:", Option(_("The link to the circle above"), more=_("Sits in both, and speaks for this one."))),
        ]
    return found
