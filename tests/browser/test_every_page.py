"""Every page that links lead to, as a guest, as a member and as the board: axe, the HTML checker, no sideways scrolling."""

import re
import subprocess
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser

from tests import needs
from tests.browser.conftest import Server, Visit, axe_faults, sign_in, signed_in

NUMBER = re.compile(r"(?<=/)(\d+|[0-9a-f]{8}-[0-9a-f-]{27})(?=/|$)")
LEAVES = re.compile(r"/(media|static|api)/|sign-out|\.(ics|csv|json|svg|webp|avif|jpg|txt|xml)$")
# A sandbox shows everybody's letters; what a letter links to is for whom it was written to.
LETTER = re.compile(r"/sent/\d+/$")
HREF = re.compile(r"<a\b[^>]*?\bhref=\"([^\"#]+)")
MOST = 90


def kind_of(url: str) -> str:
    """Return the same for pages that differ in what they show and not in what they are."""
    parts = urlsplit(url)
    path = re.sub(r"^/c/[^/]+/", "/c/*/", NUMBER.sub("#", parts.path))
    path = re.sub(r"^(/c/\*/(?:pages|rules|listings)/)[^/#]+/", r"\1*/", path)
    keys = ",".join(sorted(pair.split("=")[0] for pair in parts.query.split("&") if pair))
    return f"{path}?{keys}"


@dataclass
class Crawl:
    """One address, with its HTML, for each kind of page; and the links that led nowhere, with where they stand."""

    pages: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


def crawl(client: httpx.Client, starts: list[str]) -> Crawl:
    """Follow links breadth first."""
    waiting, seen, found = [(start, "") for start in starts], set(), Crawl()
    while waiting and len(found.pages) < MOST:
        address, whence = waiting.pop(0)
        if kind_of(address) in seen or LEAVES.search(address):
            continue
        seen.add(kind_of(address))
        answer = client.get(address)
        if answer.status_code >= 400:
            found.broken.append(f"{answer.status_code} {address}, linked from {whence}")
        elif "text/html" in answer.headers.get("content-type", "") and answer.url.host == urlsplit(address).hostname:
            found.pages[str(answer.url)] = answer.text
            links = (urljoin(str(answer.url), unescape(link)).split("#")[0] for link in HREF.findall(answer.text))
            if not LETTER.search(address):
                waiting += [(link, address) for link in links if urlsplit(link).netloc == urlsplit(address).netloc]
    return found


ROLES = ("guest", "board", "customer")


@pytest.fixture(scope="module")
def crawls(server: Server) -> dict[str, Crawl]:
    """Walk the town in each role."""
    shops = [f"{server.url}/c/{coop['slug']}/" for coop in server.town["coops"]]
    found = {}
    for role in ROLES:
        client = (
            httpx.Client(base_url=server.url, trust_env=False) if role == "guest" else signed_in(server, server.login_of(role))
        )
        client.follow_redirects, client.timeout = True, httpx.Timeout(30)
        found[role] = crawl(client, [f"{server.url}/", *shops, *([] if role == "guest" else [f"{server.url}/me/"])])
        client.close()
    return found


@pytest.fixture
def pages(crawls: dict[str, Crawl]) -> dict[str, dict[str, str]]:
    return {role: crawl.pages for role, crawl in crawls.items()}


@pytest.mark.parametrize("role", ROLES)
def test_no_link_leads_nowhere(crawls: dict[str, Crawl], role: str):
    assert not crawls[role].broken, "\n".join(crawls[role].broken)
    assert len(crawls[role].pages) > 20


def only_new(pages: dict[str, dict[str, str]], role: str) -> list[str]:
    """Return the addresses a role sees; what is the same for a guest is looked at once."""
    known = {kind_of(url) for url in pages["guest"]} if role != "guest" else set()
    return [url for url in pages[role] if kind_of(url) not in known]


@pytest.mark.every_page
@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing_narrow_or_wide_light_or_dark(pages, server: Server, browser: Browser, role):
    login = "" if role == "guest" else server.login_of(role)
    if login:
        sign_in(server, browser, login)
    context = browser.new_context(storage_state=server.signed_in.get(login), reduced_motion="reduce")
    page, faults = context.new_page(), []
    for url in only_new(pages, role):
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
