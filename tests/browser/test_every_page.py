"""Every page that links lead to, as a guest, as a member and as the board: axe, the HTML checker, no sideways scrolling."""

import re
import subprocess
from collections import Counter, deque
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser

from tests import needs
from tests.browser.conftest import Server, Visit, axe_faults, sign_in, signed_in
from toadlane.society.coops.queries import COOP_URLS

LEAVES = re.compile(r"/(media|static|api)/|sign-out|\.(ics|csv|json|svg|webp|avif|jpg|txt|xml)$")
# A sandbox shows everybody's letters; what a letter links to is for whom it was written to.
LETTER = re.compile(r"/sent/\d+/$")
HREF = re.compile(r"<a\b[^>]*?\bhref=\"([^\"#]+)")
IN_COOP = re.compile(r"^/c/[^/]+(?=/)")
DRAWN = re.compile(r"<(\w+)\b(?:[^>]*?\b(?:class|type)=\"([^\"]*)\")?")
# A language that is picked is remembered of the person: who walks picks none, for the sake of those who come after.
PICKS = re.compile(r"[?&]lang=")
# A co-op has a hundred rules, and each has its page. So many of one kind are asked for, and those looked at that differ.
ALIKE = 8
ROLES = ("guest", "board", "cleans", "potter", "customer")


def kind_of(url: str) -> tuple[str, str]:
    """Return what page an address leads to, and what it is asked: the same for pages that differ in what they show."""
    parts = urlsplit(url)
    inside = IN_COOP.sub("", parts.path)
    try:
        found = resolve(inside, COOP_URLS if inside != parts.path else None)
    except Resolver404:
        return parts.path, ""
    asked = {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    return f"{found.view_name} {'in a co-op' if inside != parts.path else ''}", ",".join(sorted(asked))


def drawn_on(html: str) -> set[str]:
    """Return what a page is made of: its elements, with their classes."""
    return {f"{tag} {' '.join(sorted(names.split()))}" for tag, names in DRAWN.findall(html)}


@dataclass
class Crawl:
    """Addresses with their HTML, of each kind of page those that have something on them that no other of that kind had; which of
    them a browser looks at, which are the first of each kind and those with something that stood nowhere; and the links that
    led nowhere, with where they stand.
    """

    pages: dict[str, str] = field(default_factory=dict)
    looks: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def crawl(client: httpx.Client, starts: list[str], seen: dict[tuple[str, str], set[str]]) -> Crawl:
    """Follow links breadth first.

    :param seen: what was drawn on which kind of page, also by earlier crawls
    """
    waiting, known, found = deque((start, "") for start in starts), set(starts), Crawl()
    asked: Counter[tuple[str, str]] = Counter()
    while waiting:
        address, whence = waiting.popleft()
        kind = kind_of(address)
        if asked[kind] >= ALIKE or LEAVES.search(urlsplit(address).path):
            continue
        asked[kind] += 1
        answer = client.get(address)
        if answer.status_code >= 400:
            found.broken.append(f"{answer.status_code} {address}, linked from {whence}")
        elif "text/html" in answer.headers.get("content-type", "") and answer.url.host == urlsplit(address).hostname:
            here, drawn = str(answer.url), drawn_on(answer.text)
            of_kind, anywhere = seen.setdefault(kind_of(here), set()), seen.setdefault(("", ""), set())
            if not of_kind or drawn - anywhere:
                found.looks.append(here)
            if drawn - of_kind:
                found.pages[here] = answer.text
            of_kind |= drawn
            anywhere |= drawn
            links = (urljoin(str(answer.url), unescape(link)).split("#")[0] for link in HREF.findall(answer.text))
            for link in links if not LETTER.search(address) else ():
                if link not in known and urlsplit(link).netloc == urlsplit(address).netloc and not PICKS.search(link):
                    known.add(link)
                    waiting.append((link, address))
    return found


@pytest.fixture(scope="module")
def crawls(server: Server) -> dict[str, Crawl]:
    """Walk the town in each role. What is the same for a guest and for members is looked at once."""
    shops = [f"{server.url}/c/{coop['slug']}/" for coop in server.town["coops"]]
    found, seen = {}, {}
    for role in ROLES:
        client = (
            httpx.Client(base_url=server.url, trust_env=False) if role == "guest" else signed_in(server, server.login_of(role))
        )
        client.follow_redirects, client.timeout = True, httpx.Timeout(30)
        found[role] = crawl(
            client,
            [f"{server.url}/", f"{server.url}/styleguide/", *shops, *([] if role == "guest" else [f"{server.url}/me/"])],
            seen,
        )
        client.close()
    return found


@pytest.fixture
def pages(crawls: dict[str, Crawl]) -> dict[str, dict[str, str]]:
    return {role: crawl.pages for role, crawl in crawls.items()}


@pytest.mark.parametrize("role", ROLES)
def test_no_link_leads_nowhere(crawls: dict[str, Crawl], role: str):
    assert not crawls[role].broken, "\n".join(crawls[role].broken)


def test_hardly_a_page_is_left_out(crawls: dict[str, Crawl]):
    assert len(crawls["guest"].pages) > 40 and len(crawls["board"].pages) > 80


@pytest.mark.every_page
@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing_narrow_or_wide_light_or_dark(crawls, server: Server, browser: Browser, role):
    login = "" if role == "guest" else server.login_of(role)
    if login:
        sign_in(server, browser, login)
    context = browser.new_context(storage_state=server.signed_in.get(login), reduced_motion="reduce")
    page, faults = context.new_page(), []
    for url in crawls[role].looks:
        page.goto(url)
        faults += axe_faults(page)
    context.close()
    assert not faults, f"{len(faults)} faults\n" + "\n".join(dict.fromkeys(faults))


@pytest.mark.every_page
def test_the_html_checker_finds_nothing(pages, tmp_path: Path):
    command = needs.nu_checker()
    addresses = {}
    for role, of_role in pages.items():
        for number, (url, html) in enumerate(of_role.items()):
            addresses[f"{role}{number}.html"] = url
            (tmp_path / f"{role}{number}.html").write_text(html)
    run = subprocess.run(
        [*command, "--errors-only", "--format", "gnu", str(tmp_path)], capture_output=True, text=True, check=False
    )
    faults = {}
    for line in run.stderr.splitlines():
        name = re.search(r"/(\w+\d+\.html)", line)
        message = line.split(": ", 1)[-1]
        faults.setdefault(message, addresses.get(name[1], "") if name else "")
    assert run.returncode == 0 and not faults, "\n".join(f"{url}: {message}" for message, url in faults.items())


def test_a_page_reads_without_javascript(visit: Visit, server: Server):
    for path in ("/", f"/c/{server.town['coops'][0]['slug']}/"):
        page = visit(path, javascript=False, width=360)
        assert page.locator("h1").count() == 1 and page.locator("main a").count() > 0
