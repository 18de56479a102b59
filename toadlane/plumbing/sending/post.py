"""The port to the outside: SMTP for e-mail, an HTTP gateway for text messages, the log where neither is set."""

from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

import httpx
import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, get_connection

from toadlane.plumbing.sending.models import Letter

log = structlog.get_logger(__name__)
PATIENCE = 20  # seconds


class WillNeverArrive(Exception):
    """The post refused the address itself; trying again would not help."""


class Post(Protocol):
    def deliver(self, letter: Letter) -> None: ...


class Log:
    """Write that there was a letter, never what it said: letters hold codes."""

    def deliver(self, letter: Letter) -> None:
        log.info("letter", channel=letter.channel, template=letter.template, letter=letter.pk)


class Smtp:
    """`smtp://user:password@host:587` turns to TLS before it says who it is; `smtps://` speaks TLS from the first byte.

    Without a password, as to a server on the same machine, nothing is encrypted; `?tls=1` or `?tls=0` says otherwise.
    """

    def __init__(self, url: str) -> None:
        where, options = urlsplit(url), parse_qs(urlsplit(url).query)
        starts_tls = options.get("tls", ["1" if where.password else "0"])[0] == "1"
        self.settings: dict[str, Any] = {
            "host": where.hostname, "port": where.port or (465 if where.scheme == "smtps" else 25),
            "username": unquote(where.username or ""), "password": unquote(where.password or ""),
            "use_ssl": where.scheme == "smtps", "use_tls": starts_tls and where.scheme == "smtp", "timeout": PATIENCE,
        }  # fmt: skip

    def deliver(self, letter: Letter) -> None:
        connection = get_connection("django.core.mail.backends.smtp.EmailBackend", **self.settings)
        mail = EmailMultiAlternatives(
            letter.subject, letter.text, settings.TOADLANE_EMAIL_FROM, [letter.address], connection=connection,
            headers={"Auto-Submitted": "auto-generated", "Content-Language": letter.language},
        )  # fmt: skip
        mail.attach_alternative(letter.html, "text/html")
        mail.send()


class Gateway:
    """`https://user:password@gateway.example/messages?from=Quay`: a JSON post of `to`, `text` and what the query says."""

    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        self.auth = (unquote(where.username), unquote(where.password or "")) if where.username else None
        self.extra = {key: values[0] for key, values in parse_qs(where.query).items()}
        host = (where.hostname or "") + (f":{where.port}" if where.port else "")
        self.url = urlunsplit((where.scheme, host, where.path, "", ""))

    def deliver(self, letter: Letter) -> None:
        body = {**self.extra, "to": letter.address, "text": letter.text}
        # The key lets a gateway that knows it drop what we send twice.
        headers = {"Idempotency-Key": f"letter-{letter.pk}"}
        answer = httpx.post(self.url, json=body, auth=self.auth, headers=headers, timeout=PATIENCE)
        if answer.status_code in (400, 404, 410, 422):
            raise WillNeverArrive(f"the gateway answered {answer.status_code}")
        answer.raise_for_status()


KINDS: dict[str, dict[str, Callable[[str], Post]]] = {
    "email": {"smtp": Smtp, "smtps": Smtp, "log": lambda url: Log(), "": lambda url: Log()},
    "sms": {"http": Gateway, "https": Gateway, "log": lambda url: Log(), "": lambda url: Log()},
}


def of(channel: str) -> Post:
    """Return the post for a channel, as the operator set it."""
    url = settings.TOADLANE_EMAIL_URL if channel == Letter.Channel.EMAIL else settings.TOADLANE_SMS_URL
    scheme = urlsplit(url).scheme
    if scheme not in KINDS[channel]:
        known = ", ".join(sorted(kind for kind in KINDS[channel] if kind))
        raise ImproperlyConfigured(f"{scheme}:// is no way to send {channel}; known are {known}")
    return KINDS[channel][scheme](url)
