"""Meetings before and after: the list, one meeting, preparing it, asking for one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from toadlane.democracy.circles import queries as circles
from toadlane.democracy.meetings import forms, permissions, queries, services
from toadlane.democracy.meetings.models import Item, Meeting
from toadlane.kernel import digits
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws import queries as bylaws
from toadlane.ui import nav
from toadlane.ui.shapes import Crumb, Option

BIG = 2**31


def crumbs(*more: Crumb) -> list[Crumb]:
    return [Crumb(_("Meetings"), reverse("meetings:meetings")), *more]


def readable(request: CoopRequest, number: int) -> Meeting:
    """Return a meeting that somebody may read; others do not learn that it is there."""
    found = queries.find(number) if 0 < number < BIG else None
    if found is None or not request.by.may(permissions.READ, found):
        raise Http404
    return found


def attempt(request: CoopRequest, deed: Callable[[], Any], told: str, form: Any = None) -> bool:
    """Do something and say so; or leave the form, or the page, with what is wrong."""
    if form is not None and not form.is_valid():
        return False
    try:
        deed()
    except Expected as error:
        words = f"{error} {error.hint}".strip()
        if form is None:
            messages.error(request, words)
        else:
            form.add_error(error.field if error.field in form.fields else None, words)
        return False
    messages.success(request, told)
    return True


def one_of(meeting: Meeting, said: str) -> Any:
    """Return the invitation that a name or a number in the register means, if it means one."""
    said = said.strip()
    rows = queries.invitations(meeting).filter(is_entitled=True)
    if said.isascii() and said.isdigit() and len(said) < 9:
        return rows.filter(membership__number=int(said)).first()
    found = []
    for field in ("membership__person__name", "membership__organisation__name", "person__name"):
        found += list(rows.filter(**{f"{field}__iexact": said})[:2])
    return found[0] if len(found) == 1 else None


@require_GET
def meetings(request: CoopRequest) -> HttpResponse:
    """Meetings to come and those that were, and what members ask for."""
    request.by.must(permissions.LIST)
    page = paging.page(queries.meetings(), cursor=request.GET.get("cursor"), limit=30, order=("-starts_at", "-pk"))
    rows = [one for one in page.items if request.by.may(permissions.READ, one)]
    coming = [one for one in rows if one.state in ("draft", "called", "open")]
    return render(request, "meetings/meetings.html", {
        "page": page, "coming": coming[::-1], "past": [one for one in rows if one not in coming],
        "demands": list(queries.demands().filter(closes_at__gt=request.now, answered_at=None)[:20]),
        "may_convene": bool(_offices(request)), "may_ask": bool(request.by.may(permissions.DEMAND)), "crumbs": crumbs(),
        "rule": bylaws.book().decided("meetings.call_share"),
    })  # fmt: skip


def _offices(request: CoopRequest) -> list[tuple[str, Option]]:
    """Return for whom somebody may call a meeting."""
    found = []
    if request.by.may(permissions.CONVENE, ""):
        found.append(("", Option(_("Everybody’s: a general meeting"), more=_("Called in time, with a quorum and minutes."))))
    for one in circles.everyone():
        if request.by.may(permissions.CONVENE, one.slug):
            found.append((one.slug, Option(circles.name(one), more=_("For those who sit in it."))))
    return found


def new(request: CoopRequest) -> HttpResponse:
    """Prepare a meeting: nobody hears of it before it is called."""
    asked = request.GET.get("demand", "")
    demand = queries.demand(number) if (number := digits.number(asked)) is not None else None
    offices = _offices(request) if demand is None else []
    if not offices and (demand is None or not request.by.may(permissions.CONVENE, permissions.Whose(demand=demand))):
        raise Http404
    initial = {"office": offices[0][0] if offices else "", "title": demand.title if demand else ""}
    form = forms.MeetingForm(request.POST or None, initial=initial, offices=offices or None)
    made: list[Meeting] = []

    def deed() -> None:
        made.append(services.draft_meeting(demand=demand, by=request.by, at=request.now, **form.cleaned_data))

    if form.is_bound and attempt(request, deed, _("Prepared. Put the agenda together, then call it."), form):
        return redirect("meetings:meeting", made[0].number)
    context = {"form": form, "demand": demand, "window": _window(request, form), "crumbs": crumbs(Crumb(_("Prepare a meeting")))}
    return render(request, "meetings/edit.html", context, status=422 if form.errors else 200)


def _window(request: CoopRequest, form: Form) -> Any:
    said = form.data if form.is_bound else {}
    draft = Meeting(kind="general", is_urgent=bool(said.get("is_urgent")))
    return {"general": queries.window(draft, at=request.now), "rule": bylaws.book().decided("meetings.notice_days")}


def edit(request: CoopRequest, number: int) -> HttpResponse:
    one = readable(request, number)
    request.by.must(permissions.CONVENE, one)
    initial = {name: getattr(one, name) for name in forms.MeetingForm.base_fields if name != "office"}
    form = forms.MeetingForm(request.POST or None, initial=initial)
    deed = lambda: services.change_draft(meeting=one, by=request.by, at=request.now, **form.cleaned_data)  # noqa: E731
    if form.is_bound and attempt(request, deed, _("Changed."), form):
        return redirect("meetings:meeting", number)
    here = crumbs(Crumb(one.title, reverse("meetings:meeting", args=[number])), Crumb(_("Change")))
    context = {"form": form, "meeting": one, "window": _window(request, form), "crumbs": here}
    return render(request, "meetings/edit.html", context, status=422 if form.errors else 200)


def meeting(request: CoopRequest, number: int) -> HttpResponse:
    """One meeting: when, where, what about, who is told, what can be done, and its story."""
    one = readable(request, number)
    typed = request.POST if request.method == "POST" else None
    deed = request.POST.get("deed", "")
    item_form = forms.ItemForm(typed if deed == "add_item" else None)
    proxy_form = forms.ProxyForm(typed if deed == "give_proxy" else None)
    reason_form = forms.ReasonForm(typed if deed == "cancel" else None)
    chosen = {"add_item": item_form, "give_proxy": proxy_form, "cancel": reason_form}
    if typed is not None and _change(request, one, deed, chosen.get(deed)):
        return redirect("meetings:meeting", number)
    may_convene = bool(request.by.may(permissions.CONVENE, one))
    mine, most = queries.mine(request.by, one), queries.proxies_max(one)
    asked = one.demands.filter(answered_at=None, closes_at__gt=request.now).order_by("pk")
    return render(request, "meetings/meeting.html", {
        "meeting": one, "items": [_shown(request, item) for item in queries.items(one)], "story": queries.story(one),
        "quorums": _quorums(one), "told": queries.delivery(one) if one.called_at else None, "may_convene": may_convene,
        "is_draft": one.state == Meeting.State.DRAFT, "window": queries.window(one, at=request.now), "item_form": item_form,
        "reason_form": reason_form, "proxy_form": proxy_form, "mine": mine, "office": queries.office_name(one), "most": most,
        "proxies": [row for row in queries.proxies(one) if row.giver in mine or row.holder in mine],
        "may_ask": _may_ask(request, one), "asked": list(asked), "helpers": list(queries.helpers(one)),
        "approved": queries.approved(one), "draft": queries.minutes_of(one),
        "crumbs": crumbs(Crumb(one.title)), "rule": queries.book_of(one).decided("meetings.notice_days"),
        "may_give": bool(mine) and most > 0 and one.state in ("called", "open"),
    }, status=422 if any(form.errors for form in chosen.values()) else 200)  # fmt: skip


def _may_ask(request: CoopRequest, one: Meeting) -> bool:
    in_time = one.items_until is not None and request.now < one.items_until
    return one.is_general and one.state == "called" and in_time and bool(request.by.may(permissions.DEMAND))


def _quorums(one: Meeting) -> list[tuple[int, int, int]]:
    """Return for each call how many it takes, of how many."""
    whole = queries.entitled(one) if one.called_at else queries.told_members(one).count()
    calls = (1, 2) if one.is_general else (1,)
    return [(call, queries.rule_of(one, call).needed(whole), whole) for call in calls]


def _shown(request: CoopRequest, item: Item) -> dict[str, Any]:
    name, _colon, number = item.subject.partition(":")
    pages = {"proposal": "proposals:detail", "election": "circles:election"}
    url = nav.address(pages[name], request, number) if name in pages and number else None
    return {"item": item, "url": url, "number": number}


def _change(request: CoopRequest, one: Meeting, deed: str, form: Any) -> bool:
    """Do what a button of the page says. Wrong input is shown in its form, everything else on top of the page."""
    who: dict[str, Any] = {"by": request.by, "at": request.now}
    if deed == "add_item":
        return attempt(request, lambda: services.add_item(meeting=one, **form.said(), **who), _("On the agenda."), form)
    if deed == "call":
        attempt(request, lambda: services.call_meeting(meeting=one, **who), _("Called. Everybody is being told."))
    elif deed == "cancel":
        told = _("Called off. Everybody is being told why.")
        return attempt(request, lambda: services.cancel_meeting(meeting=one, **form.cleaned_data, **who), told, form)
    elif deed == "give_proxy":
        return attempt(request, lambda: _give_proxy(one, form, **who), _("Written down. You can take it back at any time."), form)
    elif deed.partition(":")[0] in ("remove", "up", "down", "revoke"):
        _small_deed(request, one, deed, who)
    return True


def _small_deed(request: CoopRequest, one: Meeting, deed: str, who: dict[str, Any]) -> None:
    name, _colon, text = deed.partition(":")
    pk = digits.number(text, most=11) or 0
    if name == "revoke":
        proxy = queries.proxies(one).filter(pk=pk).first()
        if proxy is not None:
            attempt(request, lambda: services.revoke_proxy(proxy=proxy, **who), _("Taken back."))
        return
    item = queries.item(one, pk)
    if item is None:
        raise Http404
    if name == "remove":
        attempt(request, lambda: services.remove_item(item=item, **who), _("Off the agenda."))
    else:
        attempt(request, lambda: services.move_item(item=item, up=1 if name == "up" else -1, **who), _("Moved."))


def _give_proxy(one: Meeting, form: Any, **who: Any) -> Any:
    holder = one_of(one, form.cleaned_data["holder"])
    mine = queries.mine(who["by"], one)
    if holder is None or not mine:
        raise services.Missing(_("Write the name as it stands in the register, or the number."), field="holder")
    return services.give_proxy(meeting=one, giver=mine[0], holder=holder, text=form.cleaned_data["text"], **who)


@require_GET
def told(request: CoopRequest, number: int) -> HttpResponse:
    """The log of delivery: who was told what, when, by which way."""
    one = readable(request, number)
    request.by.must(permissions.DOOR, one)
    page = paging.page(queries.told(one), cursor=request.GET.get("cursor"), limit=50)
    here = crumbs(Crumb(one.title, reverse("meetings:meeting", args=[number])), Crumb(_("Who was told")))
    return render(request, "meetings/told.html", {"meeting": one, "page": page, "crumbs": here})


@require_GET
def calendar(request: CoopRequest, number: int) -> HttpResponse:
    one = readable(request, number)
    text = queries.calendar_text(one, at=request.now)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="meeting-{number}.ics"'
    return answer


def ask(request: CoopRequest, number: int = 0) -> HttpResponse:
    """Ask for a general meeting, or for an item on the agenda of one: with enough others it is a right."""
    request.by.must(permissions.DEMAND)
    one = readable(request, number) if number else None
    form = forms.DemandForm(request.POST or None)
    own = queries.voters().filter(pk__in=request.by.memberships).first()
    if own is None:
        raise Http404
    made: list[Any] = []

    def deed() -> None:
        said = form.cleaned_data
        made.append(services.demand(meeting=one, membership=own, by=request.by, at=request.now, **said))

    if form.is_bound and attempt(request, deed, _("You ask for it. Every member sees it on the desk."), form):
        return redirect("meetings:demand", made[0].pk)
    what = "items" if one else "call"
    whole = queries.voters().count()
    here = crumbs(*([Crumb(one.title, reverse("meetings:meeting", args=[number]))] if one else []), Crumb(_("Ask for it")))
    context = {
        "form": form, "meeting": one, "needed": queries.threshold(what).needed(whole), "whole": whole, "crumbs": here,
        "rule": bylaws.book().decided(f"meetings.{what}_share"),
    }  # fmt: skip
    return render(request, "meetings/ask.html", context, status=422 if form.errors else 200)


def demand(request: CoopRequest, pk: int) -> HttpResponse:
    """What members ask for, how many, and asking for it too."""
    request.by.must(permissions.LIST)
    one = queries.demand(pk)
    if one is None:
        raise Http404
    own = queries.voters().filter(pk__in=request.by.memberships).first()
    if request.method == "POST" and own is not None:
        deed = lambda: services.support(demand=one, membership=own, by=request.by, at=request.now)  # noqa: E731
        attempt(request, deed, _("You ask for it too."))
        return redirect("meetings:demand", pk)
    supports = list(one.supports.select_related("membership__person", "membership__organisation").order_by("pk")[:200])
    is_open = one.reached_at is None and request.now < one.closes_at
    asked_already = any(row.membership_id in request.by.memberships for row in supports)
    draft = permissions.Whose(demand=one)
    may_call = one.meeting_id is None and one.reached_at is not None and one.answered_at is None
    is_time = "board" in request.by.roles or (one.answer_by is not None and request.now >= one.answer_by)
    return render(request, "meetings/demand.html", {
        "demand": one, "supports": supports, "count": one.supports.count(), "is_open": is_open,
        "may_support": is_open and own is not None and not asked_already and bool(request.by.may(permissions.DEMAND)),
        "asked_already": asked_already, "may_call": may_call and is_time and bool(request.by.may(permissions.CONVENE, draft)),
        "is_owed": may_call, "crumbs": crumbs(Crumb(one.title)), "today": timezone.localdate(request.now),
    })  # fmt: skip
