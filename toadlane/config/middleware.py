"""Where, who and when: settled once, at the door."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from allauth.core.exceptions import RateLimited
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from ninja.utils import check_csrf

from toadlane.config import once, sorry
from toadlane.config.problems import is_of_a_rival, problem
from toadlane.democracy.proposals import services as proposals
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.audit import queries as audit
from toadlane.plumbing.audit import services as trail
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.clock.services import OnItsWay
from toadlane.plumbing.outbox import walking
from toadlane.plumbing.tenancy.prepared import Param, Prepared
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.society.coops.models import Coop
from toadlane.society.members import queries as members
from toadlane.society.people import queries as persons
from toadlane.society.people import services as people
from toadlane.society.people.models import ApiToken
from toadlane.society.people.views import LEADS_TO
from toadlane.ui import typed

IN_PATH = re.compile(r"^/c/(?P<slug>[-a-z0-9]+)(?P<rest>/.*)?$")
# Where somebody proves who they are, step by step.
DOORS = ("/sign-in/", "/sign-up/", "/me/steps/")
SAFE = ("GET", "HEAD", "OPTIONS")
# What can be done to a sandbox that walks through time: send it on, or let it stay.
MOVES = re.compile(r"/(sandbox|clock)/(forward|stay)/?$")
# What is about a person and not about one co-op: their account, their wallets everywhere, what they found.
OF_ALL_COOPS = re.compile(r"^/api/v1/(me|wallets|found)(/|$)")
IN_API = re.compile(r"^/api/v1/coops/(?P<slug>[-a-z0-9]+)/")

log = structlog.get_logger()
Next = Callable[[HttpRequest], HttpResponse]


# What every request asks first, worked out once: only the address differs, and addresses are unique.
_DOORS = {
    "slug": Prepared(lambda: bylaws.beside(coops.doors()).filter(slug=Param("slug")), of_coop=False),
    "host": Prepared(lambda: bylaws.beside(coops.doors()).filter(host=Param("host")), of_coop=False),
    "pk": Prepared(lambda: bylaws.beside(coops.doors()).filter(pk=Param("pk")), of_coop=False),
}


def _found(**address: str | int) -> Coop | None:
    [name] = address
    return next(iter(_DOORS[name](**address)), None)


def _with_rules_of_today(coop: Coop, at: datetime) -> Coop:
    """Put into force what members decided for this day: nobody is served by the old rule because the worker is behind."""
    with scope(coop.pk):
        proposals.enact_due(by=Principal.job(coop.pk), at=at)
    return _found(pk=coop.pk) or coop


def _has_to_wait(request: CoopRequest, coop: Coop) -> bool:
    """Say whether something is to be done in a sandbox that walks through time: a day later it would be put in afterwards."""
    on_its_way = request.method not in SAFE and clock.bound_for(coop.tenant) is not None
    return on_its_way and not MOVES.search(request.path_info)


class CoopMiddleware:
    """Find the co-op that an address belongs to, and enter its scope before anything else is asked."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: CoopRequest) -> HttpResponse:
        before = get_script_prefix()
        try:
            return self._answer(request)
        finally:
            # It lasts as long as the thread: the next request must not find itself inside this co-op.
            set_script_prefix(before)

    def _answer(self, request: CoopRequest) -> HttpResponse:
        coop, found = self._coop_of(request)
        if not found:
            return render(request, "404.html", status=404)
        if coop and _has_to_wait(request, coop):
            walking.wait_for(coop.pk)
            coop = _found(pk=coop.pk)
        request.now = clock.now(coop.tenant) if coop else clock.machine_time()
        if coop and (due_at := bylaws.next_change(coop)) and request.now >= due_at:
            coop = _with_rules_of_today(coop, request.now)
        request.coop = coop
        if coop is None:
            return self.get_response(request)
        # Whoever changes something reads anew: its name, its clock, or its place may be what is changed.
        at_hand = coops.at_hand(coop) if request.method in ("GET", "HEAD") else nullcontext()
        with scope(coop.pk), bylaws.in_force(coop), at_hand, timezone.override(ZoneInfo(coop.time_zone)):
            return self.get_response(request)

    def _coop_of(self, request: CoopRequest) -> tuple[Coop | None, bool]:
        """Return the co-op (or None on the server's own pages), and whether the address makes sense at all."""
        request.token = None
        request.coop, request.by, request.now = None, Principal(coop_id=None, channel=Channel.WEB), clock.machine_time()
        if match := IN_API.match(request.path_info):
            coop = _found(slug=match["slug"])
            return coop, coop is not None
        if match := IN_PATH.match(request.path_info):
            coop = _found(slug=match["slug"])
            if coop:
                prefix = f"/c/{match['slug']}/"
                set_script_prefix(prefix)
                request.path_info = match["rest"] or "/"
                request.urlconf = coops.COOP_URLS
            return coop, coop is not None
        host = request.get_host().rsplit(":", 1)[0]
        if host not in (settings.TOADLANE_HOST, "127.0.0.1", "localhost", "testserver"):
            coop = _found(host=host)
            if coop and not request.path_info.startswith(("/api/", "/static/", "/media/")):
                request.urlconf = coops.COOP_URLS
            return coop, True
        return None, True


class WordsMiddleware:
    """Lose nothing of what was written when it is refused."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        typed.keep(request, response)
        return response


class WhoMiddleware:
    """Say who asks and in which language, and show refusals kindly."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: CoopRequest) -> HttpResponse:
        channel = Channel.API if request.path_info.startswith("/api/") else Channel.WEB
        token = None
        if channel is Channel.API:
            token, refusal = self._token_of(request)
            if refusal := refusal or self._forged(request, token):
                return refusal
        request.by = self._principal(request, channel, token)
        if token and token.last_used_on != clock.machine_time().date():
            people.note_use(token=token, by=persons.as_bearer(token), at=clock.machine_time())
        with translation.override(self._language(request)), self._zone(request):
            request.LANGUAGE_CODE = translation.get_language()
            response = once.answer(request, self.get_response)
            if response.status_code == 405 and channel is Channel.WEB:
                response = self._not_so(request, response)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        if "Cache-Control" not in response.headers:
            # A page is for whoever asked, a guest's by its address alone: what stands between keeps what a view says it may.
            response.headers["Cache-Control"] = "private"
            patch_vary_headers(response, ("Accept-Language",))
        self._remember_staff(request, response)
        self._lead_on(request, response)
        if wanted := self._wanted(request):
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=31_536_000, samesite="Lax")
        return response

    @staticmethod
    def _lead_on(request: CoopRequest, response: HttpResponse) -> None:
        """Let the forms at the server's door lead on to the co-op's own host from which somebody came."""
        if request.coop is None and request.path_info.startswith(DOORS) and (to := request.session.get(LEADS_TO)):
            response._csp_update = {"form-action": [to]}  # type: ignore[attr-defined]

    @staticmethod
    def _token_of(request: CoopRequest) -> tuple[ApiToken | None, HttpResponse | None]:
        """Return the token that was sent, or the refusal of it. With a token no session is read at all."""
        kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None, None
        token = persons.bearer(secret.strip(), at=clock.machine_time())
        if token is None:
            hint = _("It may be mistyped, expired or taken back. Make a new one under “My account”.")
            return None, problem(401, "bad_token", _("This token opens nothing."), hint=hint)
        # Only a token of this co-op, or of none, is of use here; any other does not learn that there is something.
        if token.coop_id and request.coop and token.coop_id != request.coop.pk:
            return None, problem(404, "not_found", _("There is nothing here, or nothing that you may see."))
        if token.coop_id and not request.coop and OF_ALL_COOPS.match(request.path_info):
            hint = _("Use one that was made for all of your co-ops.")
            return None, problem(403, "of_one_coop", _("This token opens one co-op and nothing beside it."), hint=hint)
        request.user, request.token = token.person, token
        return token, None

    @staticmethod
    def _forged(request: CoopRequest, token: ApiToken | None) -> HttpResponse | None:
        """Refuse what another site may have made a signed-in browser send; operations open to all are no exception."""
        if token or request.method in SAFE or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if request.user.is_authenticated and check_csrf(request):
            hint = _("Send the header X-CSRFToken with the value of the cookie, or use a token instead of the session.")
            return problem(403, "csrf", _("This request did not come from our own pages."), hint=hint)
        return None

    @staticmethod
    def _principal(request: CoopRequest, channel: Channel, token: ApiToken | None) -> Principal:
        person_id = request.user.pk if request.user.is_authenticated else None
        # Every token reads. What somebody has to hold to be shown a thing is a power of theirs, not of the token.
        scopes = frozenset(token.scopes) if token and request.method not in SAFE else None
        if not request.coop:
            return Principal(
                coop_id=None, channel=channel, person_id=person_id, scopes=scopes, roles=persons.server_roles(request.user)
            )
        by = members.principal(person_id=person_id, channel=channel, scopes=scopes, reads=request.method in SAFE)
        if person_id and request.user.is_operator:
            visit = audit.open_staff_session(person_id=person_id, real_time=clock.machine_time())
            if visit:
                return replace(by, roles=by.roles | {"staff"}, staff_session_id=visit.pk)
        return by

    @staticmethod
    def _zone(request: CoopRequest) -> AbstractContextManager[None]:
        """A co-op's pages tell its own time; the server's pages that of the reader."""
        if request.coop or not request.user.is_authenticated or not request.user.time_zone:
            return nullcontext()
        return timezone.override(ZoneInfo(request.user.time_zone))

    @staticmethod
    def _remember_staff(request: CoopRequest, response: HttpResponse) -> None:
        """Write down whatever an operator does on a visit, beside what each deed records of itself."""
        if request.by.staff_session_id and request.method not in SAFE:
            trail.record(
                action="staff.did", by=request.by, at=request.now, subject=f"staff:{request.by.staff_session_id}",
                detail={"method": request.method, "path": request.path, "status": response.status_code},
            )  # fmt: skip

    @staticmethod
    def _not_so(request: CoopRequest, response: HttpResponse) -> HttpResponse:
        told = sorry.page(request, "405")
        told.headers["Allow"] = response.headers["Allow"]
        return told

    @staticmethod
    def _wanted(request: CoopRequest) -> str | None:
        wanted = request.GET.get("lang")
        return wanted if wanted in dict(settings.LANGUAGES) else None

    def _language(self, request: CoopRequest) -> str:
        """What was just picked; else the person's; else this browser's last pick; else what it asks for; else the co-op's."""
        known = dict(settings.LANGUAGES)
        wanted = self._wanted(request)
        if request.user.is_authenticated:
            if wanted and wanted != request.user.language and request.token is None:
                people.save_language(person=request.user, language=wanted, by=replace(request.by, scopes=None))
            wanted = wanted or request.user.language
        wanted = wanted or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if wanted in known:
            return str(wanted)
        if request.headers.get("Accept-Language"):
            return translation.get_language_from_request(request)
        return request.coop.language if request.coop and request.coop.language in known else "en"

    def process_view(self, request: CoopRequest, *_view: object) -> HttpResponse | None:
        """While a sandbox still walks through time after a while, nobody does anything in it."""
        if request.coop is None or not _has_to_wait(request, request.coop):
            return None
        error = OnItsWay()
        if request.path_info.startswith("/api/"):
            return problem(error.status, error.code, str(error))
        return render(request, "ui/refusal.html", {"error": error}, status=error.status)

    def process_exception(self, request: CoopRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, RateLimited):
            return sorry.page(request, "429")
        if isinstance(error, DatabaseError) and is_of_a_rival(error) and not request.path_info.startswith("/api/"):
            log.error("page.rival", path=request.path, error=repr(error))
            return sorry.page(request, "409")
        if not isinstance(error, Expected) or request.path_info.startswith("/api/"):
            return None
        if isinstance(error, Refused) and not request.by.memberships:
            # A stranger does not learn what is there; somebody signed out is shown the door to sign in.
            return render(request, "404.html", status=404)
        return render(request, "ui/refusal.html", {"error": error}, status=error.status)
