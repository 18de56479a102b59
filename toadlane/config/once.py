"""`Idempotency-Key`: a POST that is sent again with the same key is done once, and answered as it was the first time."""

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from toadlane.config.problems import API, problem
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.once import services as once

HEADER, LONGEST = "Idempotency-Key", 100
# Orders, payments and refunds carry the key all the way to the provider, and keep it themselves.
OF_THEIR_OWN = re.compile(r"/api/v1/coops/[^/]+/orders(/checkouts/[^/]+/pay|/carts/[^/]+/orders|/\d+/refunds)?")
# Whoever knows the address of a card page may pay there, and its client answers a quote at its own: the address says who asks.
BY_ADDRESS = re.compile(r"/api/v1/(pay|coops/[^/]+/(activities/quotes|benefits/claim))/.+")
# What was sent and answered here would join a voter to a secret vote. It is cast once anyway.
NEVER_KEPT = re.compile(r"/api/v1/coops/[^/]+/(ballots/\d+/(votes|boxes(/\d+/agree)?)|meetings/\d+/items/\d+/hands)")


def answer(request: CoopRequest, get_response: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """Answer a request, once for each key of whoever sends it. Without a key, or without a name, it is simply answered."""
    key, address = request.headers.get(HEADER, ""), request.path_info
    nameless = address if BY_ADDRESS.fullmatch(address) else request.headers.get("Order-Token", "")
    who = str(request.by.person_id or nameless)
    if not (key and who and request.method == "POST" and address.startswith(API)):
        return get_response(request)
    if OF_THEIR_OWN.fullmatch(address) or NEVER_KEPT.fullmatch(address):
        return get_response(request)
    if len(key) > LONGEST:
        return problem(422, "invalid", _("This key is too long."), field=HEADER)
    # No header holds a line break: whose key it is cannot be mistaken.
    taken, intent = f"{who}\n{key}", _digest(address, request.META.get("QUERY_STRING", ""), *_sent(request))
    try:
        known = once.begin(key=taken, intent=intent, by=request.by, at=request.now)
    except Expected as error:
        return problem(error.status, error.code, error, hint=error.hint, field=error.field)
    if known:
        again = HttpResponse(known.body, status=known.status, content_type="application/json")
        again.headers["Idempotency-Replayed"] = "true"
        return again
    mine: dict[str, Any] = {"key": taken, "by": request.by, "at": request.now}
    with once.watching(**mine):
        response = get_response(request)
    if 200 <= response.status_code < 300:
        once.keep(**mine, status=response.status_code, body=response.content.decode())
    elif response.status_code >= 500:
        once.close(**mine)
    else:
        once.drop(**mine)
    return response


def _sent(request: CoopRequest) -> Iterator[str | bytes]:
    """Yield what was sent. Of a form with files it is the parts: what stands between them is drawn anew each time."""
    if request.content_type != "multipart/form-data":
        yield request.body
        return
    for name, values in sorted(request.POST.lists()):
        yield from (name, str(len(values)), *values)
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest = hashlib.sha256()
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
            yield from (name, file.name or "", file.content_type or "", digest.digest())


def _digest(*parts: str | bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        told = part.encode() if isinstance(part, str) else part
        digest.update(len(told).to_bytes(8, "big") + told)
    return digest.hexdigest()
