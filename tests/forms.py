"""Every form of every page, filled in as nobody expected, with what became of it; and nothing of it stays.

`TOADLANE_DATA=... python -m tests.forms` walks the co-ops that are there and prints one JSON object.

A page is found by links, as people find it. Each of its forms is sent several times inside a transaction that is undone: what
was typed has to be stored as it was typed, or the page has to come back with all of it, or to say it again.
"""

import contextlib
import itertools
import json
import re
import sys
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from tests.reading import Form, Reader, clean, filled

DEEPEST = 12
LEAVES = re.compile(r"/(media|static|api)/|sign-out|\.(ics|csv|json|svg|webp|avif|jpg|txt|xml|pdf|zip)$")
NUMBERS = re.compile(r"\d+")
IN_COOP = re.compile(r"^/c/[^/]+/")
# A rule, a page or a kind of listing is called by a name.
NAMED = re.compile(r"((?:/pages|/rules|/listings|/kinds|/proposals/change)/)[^/#]+/")
ALIKE = 6
NUMBER = re.compile(r"(?<=/)(\d[\d-]*|[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]{20,})(?=/|$)")
# A short name is made of what is typed; an account's number and one for VAT are written without spaces and in capitals.
MADE_OF = ("slug", "payee_account", "vat_number")
# Forms whose business is who somebody is, or what time it is: the walk would end there.
APART = re.compile(r"sign-out|/close/$|/sandbox/|reauthenticate")


@dataclass
class Walk:
    """One visitor's walk through the pages that links lead to, and what was found wrong on the way."""

    who: str
    client: Any
    origin: str
    strings: Iterator[str]
    day: str
    rounds: int = 3
    seen: set[Any] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    pages: set[str] = field(default_factory=set)
    sent: Counter[str] = field(default_factory=Counter)
    # By form and field: whether anything that was typed there and taken was found again.
    found_again: dict[tuple[str, str], bool] = field(default_factory=dict)

    def along(self, starts: list[str]) -> None:
        waiting, known, asked = deque(starts), set(starts), Counter()
        while waiting:
            address = waiting.popleft()
            kind = kind_of(address)
            if asked[kind] >= ALIKE or LEAVES.search(urlsplit(address).path):
                continue
            asked[kind] += 1
            answer = self._follow(self.client.get(address), f"GET {address}")
            if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
                continue
            here = address_of(answer)
            page = Reader(answer.content.decode())
            self.pages.add(kind)
            for form in page.forms:
                self._try(here, form)
            for link in page.links:
                there = urlsplit(urljoin(self.origin + here, link))
                path = there.path + (f"?{there.query}" if there.query else "")
                if f"{there.scheme}://{there.netloc}" == self.origin and path not in known:
                    known.add(path)
                    waiting.append(path)
        for (form, name), again in self.found_again.items():
            if not again:
                self._fault("lost", f"{name} of {form} is taken, and is nowhere afterwards")

    def _fault(self, kind: str, what: str) -> None:
        self.faults.append(f"{self.who}: {kind}: {what}")

    def _follow(self, answer: Any, what: str) -> Any:
        """Go where an answer leads, on this server."""
        for _hop in range(5):
            if answer.status_code >= 500:
                self._fault(str(answer.status_code), f"{address_of(answer)} at {what}")
            there = urlsplit(answer.get("Location", ""))
            if answer.status_code not in (301, 302, 303) or f"{there.scheme}://{there.netloc}" not in (self.origin, "://"):
                break
            answer = self.client.get(there.path + (f"?{there.query}" if there.query else ""))
        return answer

    def _try(self, page: str, form: Form, deep: int = 0) -> None:
        action = urljoin(page, form.action)
        buttons = {(name, NUMBERS.sub("#", value), NUMBERS.sub("#", to)): (name, value, to) for name, value, to in form.buttons}
        shape = (
            IN_COOP.sub("/c/*/", kind_of(action)),
            form.method,
            frozenset(one.name for one in form.controls),
            frozenset(buttons),
        )
        if shape in self.seen or APART.search(action):
            return
        self.seen.add(shape)
        pressed = list(buttons.values()) or [("", "", "")]
        # First as it is meant, each button once: what comes after is walked too, while it is there.
        for button in pressed if deep < DEEPEST else ():
            self._send(page, form, button, {}, deep)
        for number in range(self.rounds if form.typed else 0):
            # Now what is free text only, which may go through, now everything that can be typed.
            targets = form.typed if number % 3 == 2 or not form.free else form.free
            typed = {one.name: next(self.strings) for one in targets}
            self._send(page, form, pressed[number % len(pressed)], typed, deep, is_first=number % len(pressed) == 0)

    def _send(
        self,
        page: str,
        form: Form,
        button: tuple[str, str, str],
        typed: dict[str, str],
        deep: int,
        *,
        is_first: bool = True,
    ) -> None:
        from django.core.cache import cache
        from django.db import connection, transaction

        data = filled(form, self.day) | {name: [text] for name, text in typed.items()}
        # "A value of my own" is said by a choice, and then typed.
        data |= {one.name: [one.value] for one in form.controls if one.kind == "radio" and one.value in typed}
        if button[0]:
            data[button[0]] = [button[1]]
        action, written = urljoin(page, button[2] or form.action), Written()
        cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}
        what = f"{form.method.upper()} {action} with {typed!r:.300}"
        self.sent[f"{form.method} {IN_COOP.sub('/c/*/', kind_of(action))}"] += 1
        cache.clear()
        block = transaction.atomic()
        block._from_testcase = True  # type: ignore[attr-defined]  # It is undone anyhow, and no transaction of anybody's.
        with block:
            try:
                with connection.execute_wrapper(written):
                    answer = (self.client.get if form.method == "get" else self.client.post)(action, data)
                self._judge(answer, form, action, typed, written, what, deep, is_first=is_first)
            except Exception as error:  # Whatever it is, somebody would have met it.
                self._fault(type(error).__name__, f"{error!s:.200} at {what}")
            transaction.set_rollback(True)
        cache.clear()
        self.client.cookies.clear()
        for name, value in cookies.items():
            self.client.cookies[name] = value

    def _judge(
        self,
        first: Any,
        form: Form,
        action: str,
        typed: dict[str, str],
        written: "Written",
        what: str,
        deep: int,
        *,
        is_first: bool,
    ) -> None:
        answer = self._follow(first, what)
        is_page = not answer.streaming and "html" in answer.get("Content-Type", "")
        html = answer.content.decode() if is_page else ""
        for text in typed.values():
            if re.search(r"<[a-zA-Z/!]", text) and text in html:
                self._fault("unescaped", f"{text!r} after {what}")
        if not is_page:
            return
        page = Reader(html)
        if not typed:
            went_on = answer is not first or form.method == "get"
            for found in page.forms if went_on and answer.status_code == 200 else ():
                self._try(address_of(answer), found, deep + 1)
            return
        if answer is not first or form.method == "get" or any(written.holds(text) for text in typed.values() if clean(text)):
            for name, text in typed.items():
                again = written.holds(text) or page.holds(text)
                # What the first button takes is found again; another may mean to leave it.
                if clean(text) and name not in MADE_OF and (again or is_first):
                    key = (f"{form.method} {IN_COOP.sub('/c/*/', kind_of(action))}", name)
                    self.found_again[key] = self.found_again.get(key, False) or again
        else:
            self._kept(answer.status_code, page, urljoin(address_of(answer), form.action), typed, what)

    def _kept(self, status: int, page: Reader, action: str, typed: dict[str, str], what: str) -> None:
        """Look for the form, with all of it."""
        known = [one for one in page.forms if typed.keys() <= {control.name for control in one.controls}]
        ways = [{one.name: one.value for one in form.controls} for form in known]
        if not any(all(same(way[name], text) for name, text in typed.items()) for way in ways):
            missing = {name: text for name, text in typed.items() if clean(text) and not page.holds(text)}
            if missing:
                self._fault("not kept", f"{status} {missing!r:.200} at {what}")


class Written:
    """What was written into the database, as text."""

    def __init__(self) -> None:
        self.texts: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE"):
            for row in params if many else [params]:
                for value in row.values() if isinstance(row, dict) else row or ():
                    self._note(value)
        return execute(sql, params, many, context)

    def _note(self, value: Any) -> None:
        value = getattr(value, "obj", value)
        if isinstance(value, dict):
            for one in (*value.values(), *value):
                self._note(one)
        elif isinstance(value, list | tuple):
            for one in value:
                self._note(one)
        elif isinstance(value, str):
            self.texts.add(clean(value))
            if value[:1] in "[{":
                with contextlib.suppress(ValueError):
                    self._note(json.loads(value))

    def holds(self, text: str) -> bool:
        wanted = clean(text).lower()
        return any(wanted in one.lower() for one in self.texts)


def same(one: str, other: str) -> bool:
    """Say whether two texts are the same, or the same number."""
    with contextlib.suppress(ValueError):
        return clean(one) == clean(other) or float(one) == float(other)
    return False


def address_of(answer: Any) -> str:
    asked = answer.request
    return asked["PATH_INFO"] + (f"?{asked['QUERY_STRING']}" if asked["QUERY_STRING"] else "")


def kind_of(url: str) -> str:
    """Return the same for addresses that differ in numbers and in what is asked."""
    parts = urlsplit(url)
    path = NAMED.sub(r"\1*/", NUMBER.sub("#", parts.path))
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)} - {"lang"})
    return f"{path}?{','.join(names)}"


def main(who: list[str]) -> dict[str, Any]:
    """Walk as each of these, and tell what was wrong."""
    from django.conf import settings
    from django.test import Client
    from django.test.utils import override_settings

    from tests import samples
    from toadlane.blueprints.demo import queries
    from toadlane.society.people.models import Person

    stream, told = itertools.cycle(samples.naughty()), {}
    starts = ["/", "/found/", *(f"/c/{shop.slug}/" for shop in queries.shops())]
    memory = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    with override_settings(CACHES=memory, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        for login in who:
            client = Client(headers={"host": urlsplit(settings.TOADLANE_ORIGIN).netloc, "accept-language": "en"})
            if login != "guest":
                client.force_login(Person.objects.get(email=login))
            walk = Walk(login, client, settings.TOADLANE_ORIGIN, stream, "2027-06-01")
            walk.along([*starts, *([] if login == "guest" else ["/me/"])])
            told[login] = {"faults": walk.faults, "sent": walk.sent, "forms": len(walk.seen), "pages": sorted(walk.pages)}
    return told


if __name__ == "__main__":
    from toadlane.config.cli.common import wake

    wake()
    print(json.dumps(main(sys.argv[1:])))
