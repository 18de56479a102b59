"""A real server over data of its own, and a real browser: Debian's Chromium.

visit("/c/bright-early/")                                      # a guest, 1280 wide
visit("/me/", login="maeve@bright-early.test", width=360)      # signed in
visit("/", javascript=False, dark=True)
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import httpx
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page

from tests import needs
from tests.town import PASSWORD

# Playwright keeps an event loop in this thread; these tests touch no rows but those of the server next door.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
ROOT = Path(__file__).parents[2]
# Only what is wrong is told: what is right is a hundred times as much, and takes longer to tell than to find.
ASK_AXE = """asked => axe.run(document, {...asked, resultTypes: ["violations"]}).then(told => told.violations.map(
    one => ({id: one.id, help: one.help, nodes: one.nodes.slice(0, 3).map(node => node.html)})))"""
# Best practices as well as WCAG: what axe can find, it finds nothing of.
RUN = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# What width and colors can change.
SHIFTING = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "region"]
# What a thumb presses on a phone and is lower than 44 px. A stamp is small to look at, and larger to press.
SMALL = """() => [...document.querySelectorAll(".btn, summary:not(.decided > summary), .choice, .slot")]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44).map(one => one.outerHTML.slice(0, 140))"""


@dataclass
class Server:
    url: str
    town: dict[str, Any]
    environment: dict[str, str]
    signed_in: dict[str, Any] = field(default_factory=dict)

    def command(self, *arguments: str) -> dict[str, Any]:
        """Run the `toadlane` command on this server's data and return what it tells programs."""
        run = subprocess.run(
            [sys.executable, "-m", "toadlane.config.cli", *arguments, "--json"],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        told = json.loads(run.stdout)
        assert isinstance(told, dict)
        return told

    def login_of(self, about: str, coop: str = "") -> str:
        """Return the login of somebody, by what the demo says of them."""
        return next(
            str(one["login"])
            for one in self.town["logins"]
            if about.lower() in one["about"].lower() and coop in ("", one["coop"])
        )


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "TOADLANE_DATA": str(tmp_path_factory.mktemp("town")), "TOADLANE_SANDBOX": "1", "TOADLANE_ORIGIN": url,
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    database = _own_database(environment)
    town = json.loads(
        subprocess.run([sys.executable, "-m", "tests.town"], cwd=ROOT, env=environment, stdout=-1, check=True).stdout
    )
    command = [sys.executable, "-m", "toadlane.config.cli", "serve", "--no-prepare", "--port", str(port), "--workers", "1"]
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"{url}/healthz")
        yield Server(url, town, environment)
    finally:
        running.terminate()
        running.wait(90)
        _drop(database)


def _own_database(environment: dict[str, str]) -> tuple[str, str] | None:
    """On PostgreSQL make a database for the town, and name it in the environment."""
    address = environment.get("TOADLANE_DATABASE_URL")
    if not address:
        return None
    import psycopg

    name = f"town_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    environment["TOADLANE_DATABASE_URL"] = urlsplit(address)._replace(path=f"/{name}").geturl()
    return address, name


def _drop(database: tuple[str, str] | None) -> None:
    if database:
        import psycopg

        with psycopg.connect(database[0], autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {database[1]} WITH (FORCE)")


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            with urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{url} does not answer")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {
        "executable_path": needs.chromium(),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-dev-shm-usage",
            # A co-op at a host name of its own is on this machine too.
            "--host-resolver-rules=MAP *.test 127.0.0.1",
            "--no-proxy-server",
        ],
    }


Visit = Callable[..., Page]


@pytest.fixture
def visit(server: Server, browser: Browser) -> Iterator[Visit]:
    """Open a page as somebody: in a fresh window, closed at the end, where nothing went wrong out of sight."""
    windows: list[BrowserContext] = []
    broken: list[str] = []

    def _visit(
        path: str, *, login: str = "", width: int = 1280, dark: bool = False, javascript: bool = True, language: str = "en"
    ) -> Page:
        if login:
            sign_in(server, browser, login)
        context = browser.new_context(
            base_url=server.url, viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light",
            java_script_enabled=javascript, locale=language, reduced_motion="reduce",
            storage_state=server.signed_in.get(login) if login else None,
        )  # fmt: skip
        windows.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: broken.append(f"{page.url}: {error}"))
        page.on("response", lambda answer: broken.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None)
        page.goto(path)
        return page

    yield _visit
    for window in windows:
        window.close()
    assert not broken, "\n".join(broken)


def sign_in(server: Server, browser: Browser, login: str) -> None:
    """Sign in by the page, once for each person; the cookies are kept."""
    if login in server.signed_in:
        return
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    page.goto("/sign-in/")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    server.signed_in[login] = context.storage_state()
    context.close()


def signed_in(server: Server, login: str) -> httpx.Client:
    """Sign somebody in by the page, without a browser."""
    client = httpx.Client(base_url=server.url, follow_redirects=False, trust_env=False, timeout=30)
    client.get("/sign-in/")
    form = {"login": login, "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
    answer = client.post("/sign-in/", data=form, headers={"Referer": f"{server.url}/sign-in/"})
    assert answer.status_code == 302, answer.text[:500]
    assert client.get("/api/v1/me").status_code == 200, answer.headers["Location"]
    return client


def axe_faults(page: Page) -> list[str]:
    """Return what axe finds on a page, each with where it is: narrow and wide, light and dark.

    Everything is asked once; again in each other size and scheme only what these can change, which takes a tenth of the time.
    """
    faults = []
    page.evaluate(AXE_SCRIPT)
    for width, scheme in ((360, "light"), (360, "dark"), (1440, "light"), (1440, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        options = RUN if (width, scheme) == (360, "light") else {"runOnly": {"type": "rule", "values": SHIFTING}}
        faults += [
            f"{width} {scheme} {page.url} {one['id']}: {one['help']}: {html[:140]}"
            for one in page.evaluate(ASK_AXE, options)
            for html in one["nodes"]
        ]
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if sideways > 0:
            faults.append(f"{width} {page.url} scrolls sideways by {sideways} px")
        if (width, scheme) == (360, "light"):
            faults += [f"{width} {page.url} is too small for a thumb: {html}" for html in page.evaluate(SMALL)]
    return faults


@pytest.fixture
def axe_clean() -> Callable[[Page], None]:
    """Assert that axe finds nothing on a page."""

    def check(page: Page) -> None:
        faults = axe_faults(page)
        assert not faults, "\n".join(faults)

    return check
