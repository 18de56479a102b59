from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.ownership.arrivals import forms, permissions, queries, services
from toadlane.ownership.arrivals.policies.checking import openable
from toadlane.ownership.arrivals.policies.reading import MANY, SHEETS
from toadlane.plumbing.access.requests import CoopRequest


def index(request: CoopRequest) -> HttpResponse:
    """What a co-op brings along from before: tables, which are looked at first."""
    request.by.must(permissions.BRING_IN)
    sent = request.method == "POST"
    form = forms.FilesForm(request.POST, request.FILES) if sent else forms.FilesForm()
    if sent and form.is_valid():
        try:
            made = services.draft(files=form.contents(), by=request.by, at=request.now)
            return redirect("arrivals:draft", made.pk)
        except Expected as error:
            form.add_error(None, f"{error} {error.hint}".strip())
    known = queries.known(request.now)
    return render(request, "arrivals/index.html", {
        "form": form, "done": queries.arrival(), "is_open": queries.is_before_the_books(), "sheets": SHEETS,
        "known": known, "accounts": openable(),
        "share_classes": [(one.id, one.name(get_language() or "en")) for one in known.share_classes.values()],
    }, status=422 if form.errors else 200)  # fmt: skip


@require_GET
def draft(request: CoopRequest, pk: int) -> HttpResponse:
    """What the files come to, and every line that is wrong."""
    request.by.must(permissions.BRING_IN)
    one = queries.draft(pk)
    if one is None:
        raise Http404
    plan, unit = services.look(files=queries.files_of(one), by=request.by, at=request.now), queries.currency()
    return render(request, "arrivals/draft.html", {
        "draft": one, "plan": plan, "faults": plan.faults[:MANY], "more": max(0, len(plan.faults) - MANY),
        "capital": Money(plan.capital, unit), "unpaid": Money(plan.unpaid, unit), "lent": Money(plan.lent, unit),
        "first": plan.members[:20],
    })  # fmt: skip


@require_POST
def take_over(request: CoopRequest, pk: int) -> HttpResponse:
    request.by.must(permissions.BRING_IN)
    one = queries.draft(pk)
    if one is None:
        raise Http404
    try:
        done = services.take_over(draft=one, by=request.by, at=request.now)
    except Expected as error:
        messages.error(request, str(error))
        return redirect("arrivals:draft", pk)
    messages.success(request, _("Taken over: %(count)s members.") % {"count": done.members})
    return redirect("arrivals:index")
