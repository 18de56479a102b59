"""What members decide with: axe on ballots of every way of choosing, lists to fill in, pauses, appeals and draws of lots.

The walk through all pages finds what the town happens to have; of these there is one each, narrow and wide, light and dark.
"""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.browser.conftest import ROOT, Server, Visit, axe_faults

SLUG = "bright-early"
DRAFTED = ("choose", "circle", "elect")


@pytest.fixture(scope="module")
def board(server: Server) -> str:
    return server.login_of("Board member", SLUG)


@pytest.fixture(scope="module")
def made(server: Server) -> dict[str, list[str]]:
    command = [sys.executable, "-m", "tests.town_decides", SLUG]
    run = subprocess.run(command, cwd=ROOT, env=server.environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    found: dict[str, list[str]] = json.loads(run.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("what", ["votes", "proposals", "stopping", "draws"])
def test_axe_finds_nothing_on_what_members_decide_with(made: dict[str, list[str]], board: str, visit: Visit, what: str) -> None:
    page, faults = visit(made[what][0], login=made["login"][0] if what == "stopping" else board), []
    for path in made[what]:
        answer = page.goto(path)
        assert answer is not None and answer.status == 200, f"{path} answers {answer and answer.status}"
        faults += axe_faults(page)
    assert not faults, "\n".join(dict.fromkeys(faults))


@pytest.mark.parametrize("kind", DRAFTED)
def test_axe_finds_nothing_on_a_form_that_is_a_list_empty_or_with_what_is_wrong(board: str, visit: Visit, kind: str) -> None:
    page: Any = visit(f"/c/{SLUG}/proposals/new/?kind={kind}", login=board)
    assert page.locator("input[name=kind]:checked").get_attribute("value") == kind
    page.locator("main form button.btn").first.click()
    faults = axe_faults(page)
    page.locator("main form button.btn:not(.compact)").first.click()
    assert page.locator(".errors").count(), "nothing was filled in"
    faults += axe_faults(page)
    assert not faults, "\n".join(dict.fromkeys(faults))
