"""One request to the outside: to a public address only, never inside a transaction, and never followed elsewhere."""

import socket
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from toadlane.kernel.deadlines import within
from toadlane.kernel.networks import is_public

TIMEOUT, SECONDS = httpx.Timeout(10.0, connect=5.0), 15.0
HOME = ("127.0.0.1", "localhost", "::1")
NOT_PUBLIC = "the address is not on the public network"


class Unreachable(Exception):
    """There was no answer, or none that counts; the job is tried again."""


def address_fault(url: str) -> str:
    """Return what is wrong with an address before anything is sent to it, or ""."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return "it is no address"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "it does not begin with https://"
    if parts.username or parts.password:
        return "it carries a name or password"
    if parts.scheme == "http" and not settings.TOADLANE_SANDBOX:
        return "it is not encrypted"
    try:
        public = is_public(parts.hostname)
    except ValueError:
        private = parts.hostname == "localhost" or "." not in parts.hostname or parts.hostname.endswith((".local", ".internal"))
        return NOT_PUBLIC if private and not _is_at_home() else ""
    return "" if public or _is_at_home() else NOT_PUBLIC


def _is_at_home() -> bool:
    """Whether this is a sandbox on somebody's own machine, whose own services they may try.

    One that others reach has a network behind it, and passwords that everybody knows.
    """
    return settings.TOADLANE_SANDBOX and settings.TOADLANE_HOST in HOME


def send(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Post the body and return the status of the answer.

    :raises Unreachable: when there was no answer, or the name leads into a private network
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    address = _public_address(host, port)
    # Connect to the address that was checked: a name that is asked twice may answer twice.
    shown = f"[{address}]" if ":" in address else address
    target = parts._replace(netloc=f"{shown}:{port}").geturl()
    try:
        # A time-out is of each read: whoever sends a letter now and then would hold up all that others are to be told.
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client, within(SECONDS, client.close):
            request = client.build_request(
                "POST", target, content=body, headers=headers | {"Host": parts.netloc}, extensions={"sni_hostname": host}
            )
            answer = client.send(request, stream=True)
            answer.close()
            return answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, OSError, RuntimeError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}"[:200]) from error


def _public_address(host: str, port: int) -> str:
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"the name is not known: {host}") from error
    for address in found:
        if _is_at_home() or is_public(address):
            return address
    raise Unreachable(NOT_PUBLIC)
