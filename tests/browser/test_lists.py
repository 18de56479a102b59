"""A rule that is a list, changed by a member in a real browser: row by row, with a script and without, from both sides."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit, axe_faults

CHANGE = "/c/bright-early/proposals/change/fees.late_cancel/"


@pytest.mark.parametrize(("javascript", "language"), [(True, "en"), (False, "ar")])
def test_somebody_who_cannot_program_changes_a_list(server: Server, visit: Visit, javascript: bool, language: str) -> None:
    login = server.login_of("Board member", "bright-early")
    page = visit(CHANGE, login=login, width=360, javascript=javascript, language=language)
    rows = page.locator(".rowed")
    expect(rows).to_have_count(2)
    rows.nth(1).locator("[name$='-rate']").fill("forty")
    page.locator("[value='add:']").click()
    expect(rows).to_have_count(3)
    expect(rows.nth(1).locator("[name$='-rate']")).to_have_value("forty")
    expect(rows.nth(2).locator("input:not([type=hidden])").first).to_be_focused()
    # Enter keeps and goes on, as in any form: it takes nothing out.
    rows.nth(1).locator("[name$='-rate']").press("Enter")
    expect(rows).to_have_count(3)
    expect(page.locator(".errors a")).to_have_attribute("href", "#id_value-1-rate")
    page.locator(".errors a").click()
    expect(rows.nth(1).locator("[name$='-rate']")).to_be_focused()
    assert not axe_faults(page) if javascript else True
    rows.nth(1).locator("[name$='-rate']").fill("40")
    rows.nth(2).locator("[value='drop:2']").click()
    expect(rows).to_have_count(2)
    page.locator("form button.btn:not(.compact)").first.click()
    expect(page).to_have_url(re.compile(r"/proposals/drafts/\d+/0/when/"))
