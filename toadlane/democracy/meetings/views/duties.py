"""What the law asks of us by a day: for every member to read, and for the board to do."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from toadlane.democracy.meetings import permissions, services
from toadlane.democracy.meetings.forms import DutyForm
from toadlane.democracy.meetings.queries import duties as known
from toadlane.democracy.meetings.views.pages import crumbs
from toadlane.democracy.proposals.queries.procedures import day_of
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Refused
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.ui.shapes import Crumb


@require_http_methods(["GET", "HEAD", "POST"])
def duties(request: CoopRequest) -> HttpResponse:
    request.by.must(permissions.LIST)
    key = request.POST.get("key", "")
    form = DutyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.do_duty(key=key, note=form.cleaned_data["note"], by=request.by, at=request.now)
        except Refused:
            raise
        except Expected as error:
            form.add_error("note", f"{error} {error.hint}".strip())
        else:
            messages.success(request, _("It is noted, with your name."))
            return redirect("meetings:duties")
    may_do = bool(request.by.may(permissions.DUTY))
    # Each has a form of its own; what was typed and is wrong stays with the one that it was typed for.
    rows = [
        (one, one.is_late(day_of(request.now)), form if one.key == key else DutyForm(auto_id=f"id_{n}_%s"))
        for n, one in enumerate(known.owed(request.now))
    ]
    wrong = request.method == "POST"
    return render(request, "meetings/duties.html", {
        "owed": rows, "done": known.done()[:100], "may_do": may_do, "law": known.law_of_form(),
        "crumbs": crumbs(Crumb(_("What the law asks for"))),
    }, status=422 if wrong else 200)  # fmt: skip
