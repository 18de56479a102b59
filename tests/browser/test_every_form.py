"""Every form of every page, filled in with what has broken software before: nothing breaks, and nothing typed is lost."""

import json
import subprocess
import sys

import pytest

from tests import samples
from tests.browser.conftest import ROOT, Server, Visit
from tests.reading import Reader, expected, filled

# One word without a place to break it.
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2


def walked(server: Server, login: str) -> dict[str, object]:
    """Walk as somebody, in a process of its own on the town's data."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.forms", login], cwd=ROOT, env=server.environment, capture_output=True, text=True, check=True
    )
    told = json.loads(run.stdout)[login]
    assert isinstance(told, dict)
    return told


def is_clean(told: dict[str, object], *, forms: int) -> None:
    faults = told["faults"]
    assert isinstance(faults, list) and not faults, f"{len(faults)} faults\n" + "\n".join(faults)
    assert told["forms"] >= forms, told


# Whoever is signed in meets more forms, and takes minutes.
@pytest.mark.parametrize("who", ["guest", pytest.param("customer", marks=pytest.mark.every_page)])
def test_a_stranger_types_whatever_and_nothing_breaks_or_is_lost(server: Server, who: str):
    is_clean(walked(server, "guest" if who == "guest" else server.login_of("customer")), forms=30)


@pytest.mark.every_page
# Whoever holds no office meets fewer forms; how many are under way in a small town differs a little from day to day.
@pytest.mark.parametrize(("about", "forms"), [("board", 150), ("treasurer", 150), ("potter", 150), ("cleans", 130)])
def test_members_type_whatever_and_nothing_breaks_or_is_lost(server: Server, about: str, forms: int):
    is_clean(walked(server, server.login_of(about)), forms=forms)


def test_one_long_word_is_broken_on_a_phone_and_not_the_page(server: Server, visit: Visit):
    shed = server.town["coops"][2]["slug"]
    page = visit("/me/preferences/", login=server.login_of("customer", shed), width=360)
    sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

    def called(name: str) -> str:
        page.goto("/me/preferences/")
        field = page.locator("main input[name=name]")
        before = field.input_value()
        field.fill(name)
        field.press("Enter")
        page.wait_for_load_state()
        return before

    before = called(LONG[:120])
    for path in ("/me/", "/me/preferences/", f"/c/{shed}/members/desk/", f"/c/{shed}/listings/?q={LONG}"):
        page.goto(path)
        assert page.evaluate(sideways) == 0, path
    assert called(before) == LONG[:120]
    page.goto(f"/c/{server.town['coops'][0]['slug']}/orders/book/?size=two&tip={LONG}")
    assert page.locator("#tip").input_value() == LONG and page.evaluate(sideways) == 0


def test_the_walk_reads_a_page_as_a_browser_does():
    html = """<form method="post" action="there/"><input name="a" value="1 &amp; 2"><textarea name="b">
line</textarea><select name="c"><option value="">-<option value="x" selected>X</select><input type="radio" name="d" value="y">
<button name="go" value="on">Go</button></form><a href="/next/">Next</a>"""
    [form] = Reader(html).forms
    assert filled(form, "2027-01-01") == {"a": ["1 & 2"], "b": ["line"], "c": ["x"], "d": ["y"]}
    assert form.buttons == [("go", "on", "")] and Reader(html).links == ["/next/"]
    assert Reader(html).holds("1  &\n2") and not Reader(html).holds("3")
    assert expected(Reader('<form><input type="number" name="n" min="3"></form>').forms[0].controls[0], "") == "3"
    assert len(set(samples.naughty())) > 10
