from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.desk import registry as desk_registry
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.rules import lent
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries, services
from toadlane.society.members.forms import ApplyForm, DeclineForm, DelegateForm, WorkerForm
from toadlane.society.members.models import OVER, Application, Membership, Standing
from toadlane.society.members.permissions import DECIDE, DESK, ORGANISE, OWN, REGISTER, SEE
from toadlane.ui import nav


def _language() -> str:
    return get_language() or "en"


def sign_in_first(request: CoopRequest) -> HttpResponse | None:
    """Send somebody who has not signed in to the door, and back here afterwards."""
    if request.by.person_id:
        return None
    return redirect(f"{reverse('people:sign_in')}?next={request.get_full_path()}")


def register(request: CoopRequest) -> HttpResponse:
    """The register of members: a legal book that members may read."""
    request.by.must(REGISTER)
    wanted = request.GET.get("class", "")
    rows = queries.register().exclude(number=None)
    rows = rows.filter(member_class=wanted) if wanted else rows
    found = page(rows, cursor=request.GET.get("cursor"), limit=50, order=("number", "pk"))
    known = queries.member_classes()
    row: Any
    for row in found.items:
        row.class_name = known[row.member_class].name(_language()) if row.member_class in known else row.member_class
    return render(request, "members/register.html", {
        "page": found, "classes": [(one.id, one.name(_language())) for one in known.values()], "wanted": wanted,
        "officers": queries.officers(), "is_board": bool(request.by.may(DECIDE)),
        "waiting": queries.open_applications().count(),
    })  # fmt: skip


def join(request: CoopRequest) -> HttpResponse:
    """Who can join, said before anybody has to sign in."""
    book = bylaws.book()
    classes = [(one.id, one.name(_language()), one) for one in queries.member_classes().values()]
    names = {id: name for id, name, _one in classes}
    here = [row for row in queries.of_person(request.by.person_id or 0) if row.standing not in OVER]
    return render(request, "members/join.html", {
        "ours": [f"{row.name} ({names.get(row.member_class, row.member_class)})" for row in here],
        "address": coops.address(coops.of_scope(request.by.coop_id or 0), "members:join") if request.by.may(DECIDE) else "",
        "classes": classes, "decide_days": book.value("members.decide_days"), "decided": book.decided("members.classes"),
    })  # fmt: skip


def apply(request: CoopRequest, member_class: str) -> HttpResponse:
    wanted = queries.member_classes().get(member_class)
    if wanted is None:
        raise Http404
    if door := sign_in_first(request):
        return door
    form = ApplyForm(request.POST or None, wanted=wanted, language=_language())
    if request.method == "POST" and form.is_valid():
        try:
            services.apply(
                person=request.user, member_class=member_class, answers=form.answers(), by=request.by, at=request.now,
                organisation=form.cleaned_data.get("organisation", ""),
            )  # fmt: skip
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Your application has arrived."))
            return redirect("members:mine")
    return render(request, "members/apply.html", {
        "form": form, "wanted": wanted, "name": wanted.name(_language()),
        "decide_days": bylaws.book().value("members.decide_days"),
    }, status=422 if form.errors else 200)  # fmt: skip


def mine(request: CoopRequest) -> HttpResponse:
    if door := sign_in_first(request):
        return door
    rows: list[Any] = list(queries.of_person(request.by.person_id or 0))
    known = queries.member_classes()
    for row in rows:
        row.class_name = known[row.member_class].name(_language()) if row.member_class in known else row.member_class
        row.may_leave = row.standing in (Standing.ACTIVE, Standing.PROBATION, Standing.SUSPENDED)
        row.last_day = timezone.localdate(request.now) + timedelta(days=bylaws.book().value("members.notice_days"))
        row.appeal_open = _appeal_open(row, request)
    return render(request, "members/mine.html", {"memberships": rows, "book": bylaws.book()})


def _appeal_open(row: Any, request: CoopRequest) -> bool:
    until = getattr(getattr(row, "application", None), "appeal_until", None)
    return row.standing == Standing.DECLINED and until is not None and timezone.localdate(request.now) <= until


def applications(request: CoopRequest) -> HttpResponse:
    request.by.must(DECIDE)
    found = page(queries.applications(), cursor=request.GET.get("cursor"), limit=30)
    return render(request, "members/applications.html", {"page": found})


def application(request: CoopRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(queries.applications(), pk=pk)
    request.by.must(SEE, one.membership)
    may_decide = bool(request.by.may(DECIDE)) and one.membership.standing in (Standing.APPLICANT, Standing.WAITING)
    form = DeclineForm(request.POST or None)
    deed = request.POST.get("deed", "")
    if request.method == "POST":
        try:
            if deed == "decline" and form.is_valid():
                services.decline(application=one, reason=form.cleaned_data["reason"], by=request.by, at=request.now)
                messages.success(request, _("They have been told, with your reason."))
                return redirect("members:application", pk)
            if deed == "accept":
                services.accept(application=one, by=request.by, at=request.now)
                messages.success(request, _("Accepted. They will be asked to agree to the bylaws."))
                return redirect("members:application", pk)
            if deed == "wait":
                services.put_on_waiting_list(application=one, by=request.by, at=request.now)
                messages.success(request, _("Put on the waiting list."))
                return redirect("members:application", pk)
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    known = queries.member_classes().get(one.membership.member_class)
    return render(request, "members/application.html", {
        "application": one, "form": form, "may_decide": may_decide, "class_name": known.name(_language()) if known else "",
        "propose": lent.begin() if request.by.may(DECIDE) else "",
        "speakers": [delegate.person.name for delegate in queries.delegates_of(one.membership)],
    }, status=422 if form.is_bound and form.errors else 200)  # fmt: skip


def _application_of(membership: Membership) -> Application:
    """Return what somebody applied with; founders and those let in by name never did."""
    try:
        return membership.application
    except Application.DoesNotExist:
        raise Http404 from None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _deed(act: Callable[..., Any], done: Any) -> Callable[..., HttpResponse]:
    """Make a view of a deed that is one button: do it, say so, go back."""

    @require_POST
    def view(request: CoopRequest, pk: int) -> HttpResponse:
        try:
            act(request, get_object_or_404(queries.register(), pk=pk))
            messages.success(request, done)
        except Expected as error:
            if isinstance(error, Refused) and not request.by.memberships:
                raise  # A stranger does not learn that this membership is there.
            messages.error(request, str(error))
        back = request.POST.get("back", "")
        # Only to a page of ours: a form may have been made elsewhere.
        return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else reverse("members:mine"))

    return view


agree = _deed(
    lambda request, membership: services.agree_to_bylaws(
        membership=membership, version=_number(request.POST.get("version", "")), by=request.by, at=request.now
    ),
    lazy("You have agreed to the bylaws. Welcome."),
)
leave = _deed(
    lambda request, membership: services.give_notice(
        membership=membership, reason=request.POST.get("reason", ""), by=request.by, at=request.now
    ),
    lazy("You have given notice."),
)
stay = _deed(
    lambda request, membership: services.take_back_notice(membership=membership, by=request.by, at=request.now),
    lazy("You stay a member."),
)
withdraw = _deed(
    lambda request, membership: services.withdraw(application=_application_of(membership), by=request.by, at=request.now),
    lazy("Your application is withdrawn."),
)
appeal = _deed(
    lambda request, membership: services.appeal(
        application=_application_of(membership), text=request.POST.get("text", ""), by=request.by, at=request.now
    ),
    lazy("Your appeal is on record."),
)
end_probation = _deed(
    lambda request, membership: services.end_probation(membership=membership, by=request.by, at=request.now),
    lazy("Probation is over."),
)
suspend = _deed(
    lambda request, membership: services.suspend(
        membership=membership, reason=request.POST.get("reason", ""), by=request.by, at=request.now
    ),
    lazy("Suspended. The member reads the reason."),
)
lift = _deed(
    lambda request, membership: services.lift_suspension(membership=membership, by=request.by, at=request.now),
    lazy("The suspension is lifted."),
)


@require_POST
def charge(request: CoopRequest, pk: int) -> HttpResponse:
    """Open a hearing: the first step before members decide whether somebody stays."""
    one = get_object_or_404(queries.register(), pk=pk)
    request.by.must(REGISTER)
    try:
        text = request.POST.get("charges", "")
        hearing = services.open_hearing(membership=one, charges=text, by=request.by, at=request.now)
    except Expected as error:
        messages.error(request, str(error))
        return redirect("members:member", pk)
    return redirect("members:hearing", hearing.pk)


def hearing(request: CoopRequest, pk: int) -> HttpResponse:
    """Charges and answer, side by side: for whoever is charged, and for all who will decide."""
    one = get_object_or_404(queries.hearings(), pk=pk)
    is_mine = bool(request.by.may(OWN, one.membership))
    if not is_mine:
        request.by.must(REGISTER)
    text, failed = request.POST.get("text", one.answer), ""
    if request.method == "POST":
        try:
            services.answer_charges(hearing=one, text=text, by=request.by, at=request.now)
            messages.success(request, _("Your answer is on record."))
            return redirect("members:hearing", pk)
        except Expected as error:
            failed = str(error)
    is_open = not one.settled_by and timezone.localtime(request.now).date() <= one.answer_until
    return render(request, "members/hearing.html", {
        "hearing": one, "is_mine": is_mine, "is_open": is_open, "text": text, "failed": failed,
    }, status=422 if failed else 200)  # fmt: skip


def member(request: CoopRequest, pk: int) -> HttpResponse:
    """One membership, for the member and the board; an organisation's delegates and workers with it."""
    one = get_object_or_404(queries.register(), pk=pk)
    request.by.must(REGISTER)
    may_organise = one.organisation_id is not None and bool(request.by.may(ORGANISE, one))
    forms: dict[str, Any] = {"worker": WorkerForm(prefix="worker"), "delegate": DelegateForm(prefix="delegate")}
    if request.method == "POST" and may_organise:
        faulty = _change_organisation(request, one, forms)
        if not faulty:
            return redirect("members:member", pk)
    known = queries.member_classes().get(one.member_class)
    return render(request, "members/member.html", {
        "membership": one, "class_name": known.name(_language()) if known else one.member_class, "may_organise": may_organise,
        "is_board": bool(request.by.may(DECIDE)), "is_mine": bool(request.by.may(OWN, one)), "forms": forms,
        "hearing": queries.open_hearing_of(one.pk),
        "delegates": queries.delegates_of(one), "workers": queries.workers_of(one),
    }, status=422 if any(form.errors for form in forms.values()) else 200)  # fmt: skip


def _change_organisation(request: CoopRequest, one: Any, forms: dict[str, Any]) -> bool:
    """Do what a button of the organisation's page says; return whether a form has to be shown again."""
    deed = request.POST.get("deed", "")
    try:
        if deed == "add_worker":
            form: Any
            form = forms["worker"] = WorkerForm(request.POST, prefix="worker")
            contact = form.cleaned_data.pop("contact") if form.is_valid() else ""
            person = queries.person_at(contact) if contact else None
            if contact and person is None:
                form.add_error("contact", _("Nobody has signed up here with this address or number."))
            if form.errors:
                return True
            services.add_worker(membership=one, person=person, by=request.by, at=request.now, **form.cleaned_data)
            messages.success(request, _("%(name)s is on the list.") % {"name": form.cleaned_data["name"]})
        elif deed == "name_delegate":
            form = forms["delegate"] = DelegateForm(request.POST, prefix="delegate")
            person = queries.person_at(form.cleaned_data["contact"]) if form.is_valid() else None
            if person is None:
                form.add_error("contact", _("Nobody has signed up here with this address or number."))
                return True
            services.name_delegate(membership=one, person=person, by=request.by, at=request.now)
            messages.success(request, _("%(name)s speaks for you now.") % {"name": person.name})
        elif deed == "end_worker":
            worker = get_object_or_404(queries.workers_of(one), pk=request.POST.get("worker"))
            services.end_worker(worker=worker, by=request.by, at=request.now)
            messages.success(request, _("%(name)s is no longer on the list.") % {"name": worker.name})
        elif deed == "end_delegate":
            delegate = get_object_or_404(queries.delegates_of(one), pk=request.POST.get("delegate"))
            services.end_delegation(delegate=delegate, by=request.by, at=request.now)
            messages.success(request, _("%(name)s no longer speaks for you.") % {"name": delegate.person.name})
    except Expected as error:
        messages.error(request, str(error))
    return False


def desk(request: CoopRequest) -> HttpResponse:
    """What waits for somebody here, and their way to everything of theirs."""
    if door := sign_in_first(request):
        return door
    request.by.must(DESK)
    waiting = desk_registry.waiting(request.by, request.now)
    name = request.user.name.split(" ")[0]
    many = ngettext("One thing waits for you.", "%(count)s things wait for you.", len(waiting)) % {"count": _count(len(waiting))}
    return render(request, "members/desk.html", {
        "waiting": waiting, "greeting": _greeting(request, name), "many": many if waiting else _("Nothing waits for you."),
        "main": desk_registry.parts(request.by, request.now, "main"),
        "aside": desk_registry.parts(request.by, request.now, "aside"),
        "news": desk_registry.news(request.by, request.now),
        "memberships": queries.of_person(request.by.person_id or 0), "menu": nav.grouped(nav.boards(request, "desk")["desk"]),
    })  # fmt: skip


def _count(number: int) -> str:
    words = [_("No"), _("One"), _("Two"), _("Three"), _("Four"), _("Five"), _("Six"), _("Seven"), _("Eight"), _("Nine")]
    return words[number] if number < len(words) else str(number)


def _greeting(request: CoopRequest, name: str) -> str:
    hour = timezone.localtime(request.now).hour
    if hour < 12:
        return _("Good morning, %(name)s.") % {"name": name}
    return (_("Good afternoon, %(name)s.") if hour < 18 else _("Good evening, %(name)s.")) % {"name": name}
