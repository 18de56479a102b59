"""Fetching an address that somebody typed: within a size, within a time, and never from our own network."""

import socket
import time
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx
from django.utils.translation import gettext as _

from toadlane.kernel.deadlines import within
from toadlane.kernel.errors import Expected
from toadlane.kernel.networks import is_public

SECONDS, REDIRECTS = 10.0, 3


class CannotFetch(Expected):
    """The address did not give what we need."""

    status = 422
    field = "address"


def fetch(address: str, *, most_bytes: int) -> str:
    """Return the text at a public address.

    The name is resolved once and the connection goes to what it resolved to: an address that answers differently the second
    time cannot lead us into the network that this server stands in.

    :raises CannotFetch: with the reason in words
    """
    deadline = time.monotonic() + SECONDS
    if address.lower().startswith("webcal://"):
        address = f"https{address[6:]}"
    for _hop in range(REDIRECTS + 1):
        try:
            answer = _once(address, most_bytes, deadline)
            if isinstance(answer, str):
                return answer
            address = urljoin(address, answer.url)
        except (ValueError, httpx.InvalidURL) as error:
            raise CannotFetch(_("There is no such address.")) from error
    raise CannotFetch(_("The address sends us on and on."))


class _Elsewhere:
    def __init__(self, url: str) -> None:
        self.url = url


def _once(address: str, most_bytes: int, deadline: float) -> str | _Elsewhere:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CannotFetch(_("The address begins with https:// or webcal://."))
    port = parts.port or (443 if parts.scheme == "https" else 80)
    ip = public_address(parts.hostname, port)
    host = f"[{ip}]" if ":" in ip else ip
    there = urlunsplit((parts.scheme, f"{host}:{port}", parts.path or "/", parts.query, ""))
    headers = {
        "Host": parts.netloc.rpartition("@")[2],
        "Accept": "text/calendar, text/plain;q=0.5",
        "User-Agent": "Toadlane calendar",
    }
    try:
        with (
            httpx.Client(timeout=SECONDS, trust_env=False) as client,
            within(max(0.0, deadline - time.monotonic()), client.close),
            client.stream("GET", there, headers=headers, extensions={"sni_hostname": parts.hostname}) as answer,
        ):
            if answer.is_redirect:
                return _Elsewhere(answer.headers.get("location", ""))
            if answer.status_code != 200:
                raise CannotFetch(_("The address answered with error %(status)s.") % {"status": answer.status_code})
            content = b""
            for chunk in answer.iter_bytes():
                content += chunk
                if len(content) > most_bytes:
                    raise CannotFetch(_("This calendar is too large."))
                if time.monotonic() > deadline:
                    raise CannotFetch(_("The address takes too long to answer."))
    except (httpx.HTTPError, OSError, RuntimeError) as error:
        raise CannotFetch(_("The address does not answer.")) from error
    return content.decode("utf-8", errors="replace")


def public_address(host: str, port: int) -> str:
    """Return an address of a host on the public internet.

    :raises CannotFetch: when it has none, or when any of its addresses is private
    """
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise CannotFetch(_("There is no such address.")) from error
    for ip in found:
        if not is_public(str(ip)):
            raise CannotFetch(_("This address is not on the public internet."))
    return str(min(found))
