"""Pages of oneself, and the way between the server's door and a co-op's own host."""

import io
import json
import secrets
import zipfile
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.paging import page
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.audit import permissions as audit_permissions
from toadlane.plumbing.audit import queries as audit
from toadlane.plumbing.audit import services as audit_services
from toadlane.plumbing.clock import queries as clock
from toadlane.society.people import policies, queries, services
from toadlane.society.people.forms import SCOPES, CloseAccount, MakeToken, OpenStaffSession, Preferences, count_guess

# What a co-op's own host gives a browser on its way to the server's door, and wants to see when it comes back.
STATE_COOKIE, STATE_AGE = "toadlane_way_back", 15 * 60


# ------------------------------------------------------------------------------------------------------------ oneself
@login_required
@require_GET
def me(request: CoopRequest) -> HttpResponse:
    pk = request.user.pk
    return render(request, "people/me.html", {"homes": queries.homes_of(pk), "visited": queries.visited_by(pk)})


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: CoopRequest) -> HttpResponse:
    person = request.user
    initial = {"name": person.name, "language": person.language, "time_zone": person.time_zone}
    form = Preferences(request.POST or None, person=person, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = {field: form.cleaned_data[field] for field in ("name", "language", "time_zone")}
        services.save_preferences(person=person, notices=form.notices(), by=request.by, **chosen)
        messages.success(request, _("Saved."))
        answer = redirect("people:preferences")
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen["language"], max_age=31_536_000, samesite="Lax")
        return answer
    return render(request, "people/preferences.html", {"form": form})


@login_required
@require_GET
def security(request: CoopRequest) -> HttpResponse:
    steps = queries.second_steps(request.user)
    devices = [{"session": session, "name": policies.device(session.user_agent)} for session in queries.sessions_of(request.user)]
    return render(request, "people/security.html", {"steps": steps, "devices": devices})


@login_required
@require_POST
def sessions(request: CoopRequest) -> HttpResponse:
    """Sign out one other device, or all of them."""
    only = request.POST.get("session", "")
    ended = services.end_sessions(
        person=request.user, keep=request.session.session_key or "", only=int(only) if only.isdigit() else None, by=request.by
    )
    messages.success(request, _("Signed out there.") if ended else _("Nothing was open there any more."))
    return redirect("people:security")


@login_required
@require_http_methods(["GET", "POST"])
@reauthentication_required
def tokens(request: CoopRequest) -> HttpResponse:
    homes = [(str(home.coop_id), home.name) for home in queries.homes_of(request.user.pk)]
    form = MakeToken(request.POST or None, coops=homes)
    secret = ""
    if request.method == "POST" and form.is_valid():
        days, coop = form.cleaned_data["days"], form.cleaned_data["coop"]
        _token, secret = services.issue_token(
            person=request.user, name=form.cleaned_data["name"], scopes=[form.cleaned_data["scope"]],
            expires_at=request.now + timedelta(days=int(days)) if days else None, coop_id=int(coop) if coop else None,
            by=request.by, at=request.now,
        )  # fmt: skip
        form = MakeToken(coops=homes)
    # Shown in the answer to the POST and nowhere again: neither the session nor a cookie holds it.
    found: list[Any] = list(queries.tokens_of(request.user.pk))
    for token in found:
        token.may = [label for scope, label in SCOPES if scope in token.scopes][-1:]
        token.where = dict(homes).get(str(token.coop_id), "") if token.coop_id else ""
        token.is_over = token.expires_at is not None and token.expires_at <= request.now
    return never_stored(render(request, "people/tokens.html", {"form": form, "secret": secret, "tokens": found}))


def never_stored(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_POST
def revoke_token(request: CoopRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(queries.tokens_of(request.user.pk), pk=pk)
    services.revoke_token(token=token, by=request.by, at=request.now)
    messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": token.name})
    return redirect("people:tokens")


@login_required
@require_http_methods(["GET", "POST"])
def my_data(request: CoopRequest) -> HttpResponse:
    """Say what is in the download; the POST is the download."""
    if request.method == "GET":
        return render(request, "people/my_data.html")
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in queries.everything_about(request.user).items():
            archive.writestr(f"{name}.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
    answer = HttpResponse(bundle.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="my-data-{request.now:%Y-%m-%d}.zip"'
    return never_stored(answer)


@login_required
@require_http_methods(["GET", "POST"])
def close(request: CoopRequest) -> HttpResponse:
    if request.method == "POST":
        count_guess(request)
    form = CloseAccount(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.close_account(person=request.user, by=request.by, at=request.now)
        except services.CannotClose as error:
            form.add_error(None, str(error))
        else:
            logout(request)
            return render(request, "people/closed.html")
    return render(request, "people/close.html", {"form": form, "homes": queries.homes_of(request.user.pk)})


# ------------------------------------------------------------------------------------- between the server and a co-op
def _own_host(request: CoopRequest) -> str:
    """Return the co-op's own host with its port, or "" where the page is served under the server's."""
    host = request.get_host()
    return host if host.rsplit(":", 1)[0] == (request.coop.host or "").lower() else ""


def _inside(request: CoopRequest, target: str) -> str:
    """Return a path of this very host, or its front page: nobody is led elsewhere."""
    home = request.build_absolute_uri("/") if _own_host(request) else f"/c/{request.coop.slug}/"
    safe = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if safe else urlsplit(home).path


@never_cache
@require_GET
def to_the_door(request: CoopRequest) -> HttpResponse:
    """Lead to the server's sign-in, and remember in this browser that it set out from here."""
    target = _inside(request, request.GET.get("next", ""))
    host = _own_host(request)
    if not host:
        return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': target})}")
    state = secrets.token_urlsafe(24)
    back = urlencode({"next": f"{request.scheme}://{host}{target}", "state": state})
    answer = redirect(f"{settings.TOADLANE_ORIGIN}/sign-in/to/?{back}")
    answer.set_cookie(STATE_COOKIE, state, max_age=STATE_AGE, httponly=True, secure=request.is_secure(), samesite="Lax")
    return answer


# Where the door of the server leads on to: a browser follows a form to another host only if the page names it.
LEADS_TO = "leads_to"


@never_cache
@require_GET
def hand_over(request: CoopRequest) -> HttpResponse:
    """Give somebody who is signed in here a ticket for a co-op's own host. Any other host is no address of ours."""
    state = request.GET.get("state", "")
    try:
        where = urlsplit(request.GET.get("next", ""))
        port = f":{where.port}" if where.port else ""
    except ValueError:
        raise Http404 from None
    if where.scheme not in ("http", "https") or not where.hostname or not state or not queries.is_home_host(where.hostname):
        raise Http404
    # Its name and port alone: what else may stand before a path would go into the page's policy, and onto the ticket.
    host = f"{where.hostname}{port}"
    if not request.user.is_authenticated:
        request.session[LEADS_TO] = f"{where.scheme}://{host}"
        return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
    path = where.path + (f"?{where.query}" if where.query else "")
    ticket = services.begin_handover(person=request.user, host=host, path=path or "/", state=state, by=request.by, at=request.now)
    scheme = "https" if settings.IS_SECURE else where.scheme
    return redirect(f"{scheme}://{host}/sign-in/ticket/?{urlencode({'ticket': ticket})}")


@never_cache
@require_GET
def arrive(request: CoopRequest) -> HttpResponse:
    """Take the ticket and sign its person in, on this host."""
    try:
        handover = services.redeem_handover(
            ticket=request.GET.get("ticket", ""), host=request.get_host(), state=request.COOKIES.get(STATE_COOKIE, ""),
            by=request.by, at=clock.machine_time(),
        )  # fmt: skip
    except services.TicketRefused as error:
        return render(request, "people/ticket.html", {"error": error}, status=error.status)
    # They proved at the server's door who they are, second step and all.
    get_adapter().login(request, handover.person)
    UserSession.objects.create_from_request(request)
    answer = redirect(_inside(request, handover.path))
    answer.delete_cookie(STATE_COOKIE)
    return answer


@require_http_methods(["GET", "POST"])
def leave(request: CoopRequest) -> HttpResponse:
    """Sign out of this host."""
    if request.method == "GET":
        return render(request, "people/leave.html")
    logout(request)
    messages.success(request, _("Signed out."))
    return redirect(_inside(request, ""))


@require_GET
def to_my_page(request: CoopRequest) -> HttpResponse:
    return redirect(f"{settings.TOADLANE_ORIGIN}/me/")


# --------------------------------------------------------------------------------------------- the trail of one co-op
@require_GET
def trail(request: CoopRequest) -> HttpResponse:
    request.by.must(audit_permissions.READ_TRAIL)
    marks = page(audit.trail(subject=request.GET.get("subject", "")), cursor=request.GET.get("cursor"))
    names = queries.names({mark.person_id for mark in marks.items if mark.person_id})
    rows = [{"mark": mark, "who": names.get(mark.person_id or 0, "")} for mark in marks.items]
    at = clock.machine_time()
    visits = audit.staff_sessions()[:20] if not request.GET.get("cursor") else []
    return render(request, "people/trail.html", {"rows": rows, "page": marks, "visits": visits, "real_time": at})


@require_POST
def end_staff(request: CoopRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(audit.staff_sessions(), pk=pk)
    audit_services.end_staff_session(session=session, by=request.by, at=request.now, real_time=clock.machine_time())
    messages.success(request, _("The visit is over."))
    return redirect("people:trail" if request.by.may(audit_permissions.READ_TRAIL) else "directory:home")


@login_required
@require_http_methods(["GET", "POST"])
@reauthentication_required
def staff(request: CoopRequest) -> HttpResponse:
    """Let an operator into a co-op, for a reason and a time. To anybody else there is no such page."""
    if not request.user.is_operator:
        raise Http404
    form = OpenStaffSession(request.POST or None)
    if request.method == "POST" and form.is_valid():
        coop = form.home
        until = clock.machine_time() + timedelta(hours=form.cleaned_data["hours"])
        try:
            audit_services.open_staff_session(
                coop_id=coop.coop_id, name=request.user.name, reason=form.cleaned_data["reason"], until=until,
                by=request.by, at=request.now, real_time=clock.machine_time(),
            )  # fmt: skip
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return redirect(coop.url)
    return render(request, "people/staff.html", {"form": form})
