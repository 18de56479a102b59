"""How errors are told over the API, and what is turned away before anybody looks at it."""

import ipaddress
import json
import math
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from toadlane.config import sorry

API = "/api/"
LARGEST = 1024 * 1024  # Bytes of a document.
# What banks, sellers and election servers write travels in a document whole: a year of a bank account is larger than that. It is
# read for whoever shows a token or a session, and for nobody else.
WITH_A_FILE = re.compile(
    r"/api/v1/coops/[^/]+/(bank/statements|invoices/received|arrivals/drafts|ballots/\d+/elsewhere(/confirm)?)"
)
LARGEST_WITH_A_FILE = 12 * LARGEST
# Bytes of whatever is sent. Django bounds what it keeps in memory, and would write files to the disk until that is full.
MOST_AT_ONCE = settings.TOADLANE_UPLOAD_BYTES
ESCAPED = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
# What may be no number: JSON has none of these, and what is beyond all measure is infinity to a computer.
NO_NUMBER = re.compile(rb"NaN|Infinity|[eE]\+?\d{3}|(?<!\d)\d{300}")
WRITES = ("POST", "PUT", "PATCH", "DELETE")
A_RULE = re.compile(r"/api/v1/coops/(?P<coop>[\w-]+)/rules/(?P<rule>[\w.]+)")


def problem(status: int, code: str, title: object, **more: object) -> HttpResponse:
    """Answer as RFC 9457 says: what is wrong, where, and what to do next."""
    body = {"type": f"{settings.TOADLANE_ORIGIN}/problems/{code}", "title": str(title), "status": status, "code": code}
    body |= {key: value if isinstance(value, list) else str(value) for key, value in more.items() if value}
    return JsonResponse(body, status=status, content_type="application/problem+json")


# What PostgreSQL calls a row that is there already, two that wait for each other, and one that was changed meanwhile.
RIVALS = ("23505", "40P01", "40001")


def is_of_a_rival(error: Exception) -> bool:
    """Whether the database refused something because somebody else did it, or something beside it, at the same moment."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state in RIVALS if state else str(error).startswith(("UNIQUE constraint failed", "database is locked"))


class Door:
    """Turn away what no room can mean to answer, and let no error of the API leave in another form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.visits = Visits(per_minute=120)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        of_api = request.path_info.startswith(API)
        if "\x00" in request.path_info or b"\x00" in unquote_to_bytes(request.META.get("QUERY_STRING", "")):
            if of_api:
                return problem(400, "bad_request", _nul())
            # A person may have pasted it unseen: their page comes without it.
            request.path_info = request.path_info.replace("\x00", "")
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "").replace("\x00", "")
        if request.META.get("QUERY_STRING", "").count("&") >= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
            # Whoever reads such an address breaks over it, the page that says so included. It is told without what it asks for.
            request.META["QUERY_STRING"] = ""
            return problem(400, "bad_request", _("This request cannot be read.")) if of_api else sorry.page(request, "400")
        if refusal := self._refusal(request) if of_api else self._refusal_of_page(request):
            return refusal
        response = self.get_response(request)
        if request.method in WRITES and not _is_known(request):
            self.visits.note_nameless(request)
        if not of_api:
            return response
        told = response.headers.get("Content-Type", "").startswith("application/problem+json")
        return response if response.status_code < 400 or told else _as_problem(response, request)

    def _refusal_of_page(self, request: HttpRequest) -> HttpResponse | None:
        """Refuse what is too much before a room hears of it: what a stranger sends makes rows, and letters to others."""
        if _length(request) > MOST_AT_ONCE:
            return sorry.page(request, "413")
        may_enter = request.method not in WRITES or self.visits.may_enter(request)
        return None if may_enter else sorry.page(request, "429")

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        if request.method not in WRITES:
            return None
        if not self.visits.may_enter(request):
            return problem(429, "too_many", _("This was too often."), hint=_("Wait a minute, or send a token."))
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal():
            return problem(400, "bad_request", _("This request cannot be read."))
        if request.content_type == "multipart/form-data":
            return problem(413, "too_large", _("This is too large.")) if _length(request) > MOST_AT_ONCE else None
        return _fault_of_document(request) if _length(request) else None


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal():
        return 0
    return int(length) if len(length) < 20 else MOST_AT_ONCE + 1


def _is_known(request: HttpRequest) -> bool:
    """Say whether whoever asked turned out to be somebody: a person, or a guest with a signed link to an order."""
    by = getattr(request, "by", None)
    return by is not None and bool(by.person_id or by.order_id)


def _shows_something(request: HttpRequest) -> bool:
    """Say whether somebody shows a token or a session; whether it is a good one, the next door asks."""
    return "Authorization" in request.headers or settings.SESSION_COOKIE_NAME in request.COOKIES


def _fault_of_document(request: HttpRequest) -> HttpResponse | None:
    if _length(request) > LARGEST:
        if not (WITH_A_FILE.fullmatch(request.path_info) and _shows_something(request)):
            return problem(413, "too_large", _("This is too large."), hint=_("A document has one megabyte at most."))
        if _length(request) > LARGEST_WITH_A_FILE:
            return problem(413, "too_large", _("This is too large."))
    if request.content_type not in ("", "application/json"):
        return problem(415, "unsupported_type", _("Send JSON."), hint="Content-Type: application/json")
    if ESCAPED.search(request.body) and not _is_text(request.body):
        return problem(422, "invalid", _nul())
    if NO_NUMBER.search(request.body) and not _are_numbers(request.body):
        return problem(
            422, "invalid", _("There is a number in it that is none."), hint=_("Neither NaN nor Infinity can be kept.")
        )
    return None


class Visits:
    """Count what nameless visitors send, by address and minute. Each web process counts for itself.

    Whoever shows a token or a session is let in, and counted afterwards where it named nobody: a false one opens no door twice.
    """

    def __init__(self, *, per_minute: int) -> None:
        self.per_minute = per_minute
        self._seen: OrderedDict[tuple[str, str, int], int] = OrderedDict()
        self._lock = Lock()

    def may_enter(self, request: HttpRequest) -> bool:
        if _shows_something(request):
            return self._count("false", request, 0) < self.per_minute
        return self._count("nameless", request, 1) <= self.per_minute

    def note_nameless(self, request: HttpRequest) -> None:
        """Count a request that showed a token or a session which named nobody."""
        if _shows_something(request):
            self._count("false", request, 1)

    def _count(self, what: str, request: HttpRequest, more: int) -> int:
        address = self._address(request)
        if address is None:
            return 0
        visit = (what, address, int(time.monotonic() // 60))
        with self._lock:
            count = self._seen.get(visit, 0) + more
            if more:
                self._seen[visit] = count
            while len(self._seen) > 10_000:
                self._seen.popitem(last=False)
            return count

    @staticmethod
    def _address(request: HttpRequest) -> str | None:
        """Return where a request comes from; None for this machine itself, which is nobody's visitor."""
        address = str(request.META.get("REMOTE_ADDR", ""))
        if settings.SECURE_PROXY_SSL_HEADER:
            # The last one is what our own proxy saw; what stands before it, anybody may write.
            address = request.headers.get("X-Forwarded-For", address).rsplit(",", 1)[-1].strip()
        try:
            known = ipaddress.ip_address(address)
        except ValueError:
            return address or None
        if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is None and not known.is_loopback:
            # One visitor has a whole network of them.
            return str(ipaddress.ip_network((known, 64), strict=False))
        return None if known.is_loopback else address


def _as_problem(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    titles = {
        404: ("not_found", _("There is nothing here, or nothing that you may see.")),
        405: ("method_not_allowed", _("This cannot be done here.")),
        413: ("too_large", _("This is too large.")),
    }
    broken = ("broken", _("Something broke on our side. It has been noted."))
    code, title = titles.get(
        response.status_code, broken if response.status_code >= 500 else ("bad_request", _("Not like this."))
    )
    hint = ""
    if response.status_code == 405 and (rule := A_RULE.fullmatch(request.path_info)):
        coop, name = rule["coop"], rule["rule"]
        way = f"POST /api/v1/coops/{coop}/proposals, /c/{coop}/proposals/change/{name}/"
        hint = _("Only a decision of the members changes the rules. Propose the change: %(way)s") % {"way": way}
    told = problem(response.status_code, code, title, hint=hint)
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if name in response.headers:
            told.headers[name] = response.headers[name]
    told.cookies = response.cookies
    return told


def _nul() -> str:
    return _("There is a sign in it that no text can hold.")


def _is_text(body: bytes) -> bool:
    """Return whether every string of a document can be kept: neither NUL nor half a sign is in it."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return True  # Not for us to say: the operation tells what is wrong with it.
    return all(_can_be_kept(text) for text in _texts(document))


def _are_numbers(body: bytes) -> bool:
    def finite(text: str) -> float:
        if not math.isfinite(number := float(text)):
            raise OverflowError(text)
        return number

    try:
        json.loads(body, parse_constant=finite, parse_float=finite)
    except OverflowError:
        return False
    except (ValueError, RecursionError):
        return True  # The operation tells what is wrong with it.
    return True


def _can_be_kept(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _texts(node: Any) -> Iterator[str]:
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            waiting += [*node, *node.values()]
        elif isinstance(node, list):
            waiting += node
