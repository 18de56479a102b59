"""Conversations: the list, and one of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.files import services as files
from toadlane.society.messaging import queries, services
from toadlane.society.messaging.forms import Say
from toadlane.society.messaging.models import Thread


@login_required
@require_GET
def threads(request: CoopRequest) -> HttpResponse:
    rows = page(queries.threads_of(request.by), cursor=request.GET.get("cursor"), order=("-last_said_at", "-pk"))
    return render(request, "messaging/threads.html", {"page": rows})


@login_required
@require_http_methods(["GET", "POST"])
def thread(request: CoopRequest, pk: int) -> HttpResponse:
    found = _thread(request, pk)
    form = Say(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            attached = []
            if upload := form.cleaned_data["file"]:
                attached = [
                    files.add_document(file=upload, name=upload.name, subject=f"thread:{pk}", by=request.by, at=request.now)
                ]
            services.say(thread=found, text=form.cleaned_data["text"], files=attached, by=request.by, at=request.now)
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return redirect("messaging:thread", pk)
    if request.method == "GET":
        services.read(thread=found, by=request.by, at=request.now)
    said = queries.messages(found, by=request.by)
    voice = queries.voice_of(request.by, found)
    others = [side for side in queries.sides(found) if side.left_at is None and side != voice]
    return render(request, "messaging/thread.html", {
        "thread": found, "said": said, "form": form, "voice": voice, "others": others,
        "contacts_are_open": queries.contacts_are_open(found), "anything_hidden": any(one.hidden for one in said),
    })  # fmt: skip


@login_required
@require_GET
def notices(request: CoopRequest) -> HttpResponse:
    """What I was told, and when."""
    rows = page(queries.notices_of(request.by), cursor=request.GET.get("cursor"))
    return render(request, "messaging/notices.html", {"page": rows, "told": queries.told(rows.items)})


@login_required
@require_GET
def notice(request: CoopRequest, pk: int) -> HttpResponse:
    """Lead from the desk to what it is about; having opened it, one knows of it."""
    found = get_object_or_404(queries.notices_of(request.by), pk=pk)
    services.open_notice(notice=found, by=request.by, at=request.now)
    return redirect(queries.told([found])[0].url)


@login_required
@require_POST
def share(request: CoopRequest, pk: int) -> HttpResponse:
    services.share_contact(thread=_thread(request, pk), by=request.by, at=request.now)
    messages.success(request, _("You share your contacts here. They are shown once the others do the same."))
    return redirect("messaging:thread", pk)


def _thread(request: CoopRequest, pk: int) -> Thread:
    try:
        return queries.thread(pk, by=request.by)
    except Thread.DoesNotExist as error:
        raise Http404 from error
