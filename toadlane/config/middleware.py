"""Where, who and when: settled once, at the door."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import set_script_prefix
from django.utils import timezone, translation

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.coops import queries as coops
from toadlane.society.coops.models import Coop
from toadlane.society.members import queries as members

IN_PATH = re.compile(r"^/c/(?P<slug>[-a-z0-9]+)(?P<rest>/.*)?$")
IN_API = re.compile(r"^/api/v1/coops/(?P<slug>[-a-z0-9]+)/")

Next = Callable[[HttpRequest], HttpResponse]


class CoopMiddleware:
    """Find the co-op that an address belongs to, and enter its scope before anything else is asked."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: CoopRequest) -> HttpResponse:
        coop, found = self._coop_of(request)
        if not found:
            return render(request, "404.html", status=404)
        request.coop = coop
        request.now = clock.now(coop.tenant) if coop else clock.machine_time()
        with scope(coop.pk) if coop else nullcontext():
            zone = ZoneInfo(coop.time_zone) if coop else None
            with timezone.override(zone) if zone else nullcontext():
                return self.get_response(request)

    def _coop_of(self, request: CoopRequest) -> tuple[Coop | None, bool]:
        """Return the co-op (or None on the server's own pages), and whether the address makes sense at all."""
        request.coop, request.by, request.now = None, Principal(coop_id=None, channel=Channel.WEB), clock.machine_time()
        if match := IN_API.match(request.path_info):
            coop = coops.at_slug(match["slug"])
            return coop, coop is not None
        if match := IN_PATH.match(request.path_info):
            coop = coops.at_slug(match["slug"])
            if coop:
                prefix = f"/c/{match['slug']}/"
                set_script_prefix(prefix)
                request.path_info = match["rest"] or "/"
                request.urlconf = coops.COOP_URLS
            return coop, coop is not None
        host = request.get_host().rsplit(":", 1)[0]
        if host not in (settings.TOADLANE_HOST, "127.0.0.1", "localhost", "testserver"):
            coop = coops.at_host(host)
            if coop and not request.path_info.startswith(("/api/", "/static/", "/media/")):
                request.urlconf = coops.COOP_URLS
            return coop, True
        return None, True


class WhoMiddleware:
    """Say who asks and in which language, and show refusals kindly."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: CoopRequest) -> HttpResponse:
        channel = Channel.API if request.path_info.startswith("/api/") else Channel.WEB
        person_id = request.user.pk if request.user.is_authenticated else None
        if request.coop:
            request.by = members.principal(person_id=person_id, channel=channel)
        else:
            request.by = Principal(coop_id=None, channel=channel, person_id=person_id)
        with translation.override(self._language(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        if wanted := self._wanted(request):
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=31_536_000, samesite="Lax")
        return response

    @staticmethod
    def _wanted(request: CoopRequest) -> str | None:
        wanted = request.GET.get("lang")
        return wanted if wanted in dict(settings.LANGUAGES) else None

    def _language(self, request: CoopRequest) -> str:
        known = dict(settings.LANGUAGES)
        if wanted := self._wanted(request) or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
            return wanted if wanted in known else "en"
        if request.user.is_authenticated and request.user.language in known:
            return str(request.user.language)
        if request.headers.get("Accept-Language"):
            return translation.get_language_from_request(request)
        return request.coop.language if request.coop and request.coop.language in known else "en"

    def process_exception(self, request: CoopRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Expected) or request.path_info.startswith("/api/"):
            return None
        if isinstance(error, Refused) and not request.by.memberships:
            # A stranger does not learn what is there; somebody signed out is shown the door to sign in.
            return render(request, "404.html", status=404)
        return render(request, "ui/refusal.html", {"error": error}, status=error.status)
