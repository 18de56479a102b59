"""Every page that links lead to, as a guest, as a member and as the board: axe, the HTML checker, no sideways scrolling."""

import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests import needs
from tests.browser.conftest import Server, Visit, _sign_in, axe_faults

NUMBER = re.compile(r"(?<=/)(\d+|[0-9a-f]{8}-[0-9a-f-]{27})(?=/|$)")
LEAVES = re.compile(r"/(media|static|api)/|sign-out|\.(ics|csv|json|svg|webp|avif|jpg|txt|xml)$")
MOST = 90


def kind_of(url: str) -> str:
    """Return the same for pages that differ in what they show and not in what they are."""
    parts = urlsplit(url)
    path = re.sub(r"^/c/[^/]+/", "/c/*/", NUMBER.sub("#", parts.path))
    path = re.sub(r"^(/c/\*/(?:pages|rules|listings)/)[^/#]+/", r"\1*/", path)
    keys = ",".join(sorted(pair.split("=")[0] for pair in parts.query.split("&") if pair))
    return f"{path}?{keys}"


def crawl(page: Page, starts: list[str]) -> dict[str, str]:
    """Follow links breadth first; return one address, with its HTML, for each kind of page."""
    waiting, seen, found = list(starts), set(), {}
    while waiting and len(found) < MOST:
        address = waiting.pop(0)
        if kind_of(address) in seen or LEAVES.search(address):
            continue
        seen.add(kind_of(address))
        answer = page.goto(address)
        if not answer or "text/html" not in answer.headers.get("content-type", "") or answer.status >= 400:
            assert not answer or answer.status < 400, f"{answer.status} {address}, linked from a page"
            continue
        found[address] = answer.text()
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        waiting += [
            link.split("#")[0] for link in links if link.startswith(page.url.split("/", 3)[0] + "//" + urlsplit(page.url).netloc)
        ]
    return found


ROLES = ("guest", "board", "customer")


@pytest.fixture(scope="module")
def pages(server: Server, browser: Browser) -> dict[str, dict[str, str]]:
    """Return the HTML of each page, by role."""
    shops = [f"{server.url}/c/{coop['slug']}/" for coop in server.town["coops"]]
    found = {}
    for role in ROLES:
        login = "" if role == "guest" else server.login_of(role)
        if login:
            _sign_in(server, browser, login)
        context = browser.new_context(storage_state=server.signed_in.get(login), java_script_enabled=True)
        found[role] = crawl(
            context.new_page(), [f"{server.url}/", *shops, f"{server.url}/me/"] if login else [f"{server.url}/", *shops]
        )
        context.close()
    return found


def only_new(pages: dict[str, dict[str, str]], role: str) -> list[str]:
    """Return the addresses a role sees; what is the same for a guest is looked at once."""
    known = {kind_of(url) for url in pages["guest"]} if role != "guest" else set()
    return [url for url in pages[role] if kind_of(url) not in known]


@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing_narrow_or_wide_light_or_dark(pages, server: Server, browser: Browser, role):
    login = "" if role == "guest" else server.login_of(role)
    context = browser.new_context(storage_state=server.signed_in.get(login), reduced_motion="reduce")
    page, faults = context.new_page(), []
    for url in only_new(pages, role):
        page.goto(url)
        for width, scheme in ((360, "light"), (360, "dark"), (1440, "light"), (1440, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            faults += [f"{width} {scheme} {fault}" for fault in axe_faults(page)]
            sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if sideways > 0:
                faults.append(f"{width} {url} scrolls sideways by {sideways} px")
    context.close()
    assert not faults, f"{len(faults)} faults\n" + "\n".join(dict.fromkeys(faults))


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
