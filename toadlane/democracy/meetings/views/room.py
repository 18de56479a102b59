"""While the meeting is open: one page for everybody, and one for the door."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from toadlane.democracy.meetings import forms, permissions, policies, queries, services
from toadlane.democracy.meetings.models import Helper, Meeting
from toadlane.democracy.meetings.views.pages import attempt, crumbs, one_of, readable
from toadlane.kernel import digits
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.ui.shapes import Crumb

DOOR_MODES = ("room", "remote")


def room(request: CoopRequest, number: int) -> HttpResponse:
    """The meeting as it happens. Without a script it is looked at again by a link; with one it renews itself."""
    one = readable(request, number)
    if one.state == Meeting.State.DRAFT:
        raise Http404
    bound: dict[str, Any] = {}
    if request.method == "POST":
        deed = request.POST.get("deed", "")
        form = _form_of(deed, request, one)
        if form is not None:
            # Notes are typed in one form, whether they are noted or close their item.
            bound[deed.partition(":")[0].replace("close_item", "notes")] = form
        if _do(request, one, deed, form):
            return redirect("meetings:room", number)
    context = _scene(request, one, bound)
    template = "meetings/room.html#live" if getattr(request, "htmx", False) else "meetings/room.html"
    return render(request, template, context, status=422 if any(form.errors for form in bound.values()) else 200)


def _form_of(deed: str, request: CoopRequest, one: Meeting) -> Any:
    makers: dict[str, Callable[[], Any]] = {
        "check_in": lambda: forms.CheckInForm(request.POST), "helper": lambda: forms.HelperForm(request.POST),
        "motion": lambda: forms.MotionForm(request.POST), "count": lambda: forms.CountForm(request.POST),
        "remark": lambda: forms.RemarkForm(request.POST), "notes": lambda: forms.NotesForm(request.POST),
        "close_item": lambda: forms.NotesForm(request.POST),
        "floor": lambda: forms.FloorForm(request.POST, matters=_matters(one)), "vote": lambda: forms.VoteForm(request.POST),
        "hands": lambda: _hands_form(one, queries.open_item(one), request.POST),
    }  # fmt: skip
    maker = makers.get(deed.partition(":")[0])
    return maker() if maker else None


def _hands_form(one: Meeting, item: Any, typed: Any = None) -> Any:
    ballot = queries.ballot_of(item) if item is not None and item.ballot else None
    if ballot is None:
        raise Http404
    return forms.HandsForm(typed, here=queries.not_yet_voted(one, ballot), ballot=ballot)


def _matters(one: Meeting) -> list[tuple[str, str]]:
    listed = policies.listed_matters(queries.pack_of(one)) if one.is_general else tuple(services.MATTERS)
    return [(name, capfirst(str(services.MATTERS[name]()))) for name in listed if name in services.MATTERS]


def _number(text: str) -> int:
    return digits.number(text, most=11) or 0


def _do(request: CoopRequest, one: Meeting, deed: str, form: Any) -> bool:
    """Do what a button says; return whether to show the page anew."""
    name, _colon, text = deed.partition(":")
    who: dict[str, Any] = {"by": request.by, "at": request.now}
    mine = queries.mine(request.by, one)
    said = form.cleaned_data if form is not None and form.is_valid() else {}
    item = queries.item(one, _number(text)) or queries.open_item(one)
    helper = queries.helpers(one).filter(pk=_number(text)).first() if name == "end_task" else None
    motion = queries.motions(one).filter(pk=_number(text)).first() if name == "count" else None
    deeds: dict[str, tuple[Callable[[], Any], str]] = {
        "check_in": (
            lambda: services.check_in(meeting=one, invitation=_own(mine, text), mode=said["mode"], **who), _("You are in."),
        ),
        "leave": (lambda: services.leave(meeting=one, invitation=_own(mine, text), **who), _("You have left.")),
        "helper": (lambda: _name_helper(one, said, who), _("Named.")),
        "end_task": (lambda: services.end_task(helper=_there(helper), **who), _("Their task is over.")),
        "open": (lambda: services.open_meeting(meeting=one, **who), _("The meeting is open.")),
        "close": (lambda: services.close_meeting(meeting=one, **who), _("The meeting is closed.")),
        "open_item": (lambda: services.open_item(item=_there(item), **who), _("Taken up.")),
        "close_item": (lambda: _close_item(_there(item), said, who), _("Done.")),
        "notes": (lambda: services.write_notes(item=_there(item), **said, **who), _("Noted.")),
        "floor": (lambda: services.take_up(meeting=one, **said, **who), _("On the agenda.")),
        "raise": (lambda: services.raise_hand(meeting=one, **who), _("You are on the list.")),
        "lower": (lambda: services.lower_hand(meeting=one, **who), _("You are off the list.")),
        "next": (lambda: services.next_speaker(meeting=one, **who), _("Next.")),
        "done": (lambda: services.end_speech(meeting=one, **who), _("Done.")),
        "motion": (lambda: services.put_motion(item=_there(item), **said, **who), _("Put to the room. The tellers count.")),
        "count": (lambda: services.count_hands(motion=_there(motion), **said, **who), _("Counted.")),
        "vote": (lambda: services.open_vote(item=_there(item), **said, **who), _("The vote is open.")),
        "hands": (lambda: services.hand_in(item=_there(item), **form.said(), **who), _("Entered.")),
        "remark": (lambda: services.remark(meeting=one, item=queries.open_item(one), **said, **who), _("Recorded.")),
    }  # fmt: skip
    if name not in deeds:
        raise Http404
    act, told = deeds[name]
    done = attempt(request, act, told, form)
    return done or form is None


def _there(row: Any) -> Any:
    if row is None:
        raise services.Missing(_("That is no longer there."))
    return row


def _own(mine: list[Any], text: str) -> Any:
    """Return the invitation that somebody comes for: the one named, or the only one there is."""
    return next((one for one in mine if one.pk == _number(text)), None) or (mine[0] if mine else _there(None))


def _close_item(item: Any, said: dict[str, Any], who: dict[str, Any]) -> None:
    if item.notes != said.get("notes", ""):
        services.write_notes(item=item, notes=said.get("notes", ""), **who)
    services.close_item(item=item, conclusion=said.get("conclusion", ""), **who)


def _name_helper(one: Meeting, said: dict[str, Any], who: dict[str, Any]) -> None:
    found = one_of(one, said["who"])
    persons = queries.persons_of(found) if found else []
    if not persons:
        raise services.Missing(_("Write the name as it stands in the register, or the number."), field="who")
    services.name_helper(meeting=one, person=persons[0], task=said["task"], **who)


def _scene(request: CoopRequest, one: Meeting, bound: dict[str, Any]) -> dict[str, Any]:
    by, mine = request.by, queries.mine(request.by, one)
    tasks, current = permissions.tasks_of(by, one), queries.open_item(one)
    here = [(row, queries.is_there(row), queries.name_of(row)) for row in mine]
    is_in = any(now and now.mode != "proxy" for _row, now, _name in here)
    notes = forms.NotesForm(initial={"notes": current.notes, "conclusion": current.conclusion} if current else None)
    form = {
        "check_in": forms.CheckInForm(), "helper": forms.HelperForm(), "motion": forms.MotionForm(), "count": forms.CountForm(),
        "remark": forms.RemarkForm(), "notes": notes, "floor": forms.FloorForm(matters=_matters(one)), "vote": forms.VoteForm(),
    } | bound  # fmt: skip
    motions = [(row, queries.counts_of(row)) for row in queries.motions(one)]
    vote = queries.voting(current, at=request.now) if current and current.ballot else None
    counts = Helper.Task.TELLER in tasks
    if vote and vote.is_open and counts and "hands" not in form:
        form["hands"] = _hands_form(one, current)
    return {
        "meeting": one, "items": queries.items(one), "current": current, "here": here, "is_in": is_in, "form": form,
        "quorum": queries.quorum(one, at=request.now), "hint": queries.hint_of_quorum(one, at=request.now),
        "queue": queries.queue(one), "speaking": queries.speaking(one), "hand": queries.hand_of(by, one),
        "motions": motions, "open_motions": [pair for pair in motions if pair[0].counted_at is None],
        "helpers": list(queries.helpers(one)), "runs": bool(by.may(permissions.RUN, one)),
        "counts": counts, "vote": vote, "is_entered": _is_entered(request, current, vote),
        "door": bool(by.may(permissions.DOOR, one)),
        "remote": queries.book_of(one).value("meetings.remote"), "remarks": queries.remarks(one),
        "may_open": one.state == "called" and request.now >= one.starts_at,
        "crumbs": crumbs(Crumb(one.title, reverse("meetings:meeting", args=[one.number])), Crumb(_("In the room"))),
        "is_over": one.state in ("closed", "cancelled"), "now": request.now,
    }  # fmt: skip


def _is_entered(request: CoopRequest, item: Any, vote: Any) -> str:
    """Say whether the papers of the room wait for a second teller: `mine` where this teller was the first."""
    batch = queries.batch_waiting(item, vote.ballot) if vote and vote.is_open else None
    return "" if batch is None else "mine" if batch.first_by == request.by.person_id else "theirs"


def door(request: CoopRequest, number: int) -> HttpResponse:
    """Somebody with the list stands at the door, and writes down who comes."""
    one = readable(request, number)
    request.by.must(permissions.DOOR, one)
    if request.method == "POST":
        deed, _colon, text = request.POST.get("deed", "").partition(":")
        row = queries.invitations(one).filter(pk=_number(text)).first()
        if row is None:
            raise Http404
        who: dict[str, Any] = {"by": request.by, "at": request.now}
        name = queries.name_of(row)
        if deed == "leave":
            attempt(request, lambda: services.leave(meeting=one, invitation=row, **who), _("%(name)s has left.") % {"name": name})
        elif deed in DOOR_MODES:
            chosen = _number(request.POST.get("person", ""))
            persons = queries.persons_of(row)
            person = next((one for one in persons if one.pk == chosen), None) or (persons[0] if persons else None)
            act = lambda: services.let_in(meeting=one, invitation=row, person=_there(person), mode=deed, **who)  # noqa: E731
            attempt(request, act, _("%(name)s is in.") % {"name": name})
        return redirect(f"{reverse('meetings:door', args=[number])}?q={request.POST.get('q', '')[:80]}")
    asked = request.GET.get("q", "").strip()[:80]
    page = paging.page(queries.looked_up(one, asked), cursor=request.GET.get("cursor"), limit=50, order=("pk",))
    rows = [(row, queries.name_of(row), queries.is_there(row), queries.persons_of(row)) for row in page.items]
    here = crumbs(Crumb(one.title, reverse("meetings:meeting", args=[number])), Crumb(_("At the door")))
    return render(request, "meetings/door.html", {
        "meeting": one, "rows": rows, "page": page, "q": asked, "crumbs": here,
        "quorum": queries.quorum(one, at=request.now), "hint": queries.hint_of_quorum(one, at=request.now),
        "remote": queries.book_of(one).value("meetings.remote"),
    })  # fmt: skip
