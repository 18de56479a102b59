"""Meetings and circles in a browser: by keyboard, without JavaScript, on a phone, in every language; axe finds nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit

COOP = "/c/bright-early"
LANGUAGES = ("en", "es", "fr", "ar")


@pytest.fixture
def board(server: Server) -> str:
    return server.login_of("board", "bright-early")


def sideways(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


PAGES = ("/meetings/", "/meetings/new/", "/meetings/ask/", "/meetings/book/", "/circles/", "/circles/board/",
         "/circles/elections/", "/circles/board/election/")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit: Visit, board: str, axe_clean, path: str):
    axe_clean(visit(f"{COOP}{path}", login=board))


def test_axe_finds_nothing_on_a_meeting_its_room_and_its_door(visit: Visit, board: str, axe_clean):
    page = visit(f"{COOP}/meetings/", login=board)
    page.locator("main h3 a").first.click()
    axe_clean(page)
    address = page.url
    for part in ("room/", "door/", "told/"):
        page.goto(address + part)
        axe_clean(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_meeting_is_read_on_a_phone_without_javascript(visit: Visit, board: str, language: str):
    page = visit(f"{COOP}/meetings/?lang={language}", login=board, width=360, javascript=False, language=language)
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    page.locator("main h3 a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/meetings/*/")
    assert page.locator("h1").count() == 1 and page.locator("main ol li h3").count() >= 2
    page.goto(page.url + "room/")
    assert page.locator("#live").count() == 1 and page.locator("noscript a").count() <= 1


def test_a_meeting_is_prepared_and_called_by_keyboard_alone(visit: Visit, board: str):
    # A language that is picked is remembered of the person, and the test above picks others.
    page = visit(f"{COOP}/meetings/new/?lang=en", login=board, width=360, javascript=False)
    page.locator("#id_title").focus()
    page.keyboard.type("Keys and sheds")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.locator("#id_starts_at").fill("2099-01-15T18:30")
    page.locator("#id_place").focus()
    page.keyboard.type("The shed")
    page.keyboard.press("Enter")
    page.wait_for_url("**/meetings/*/")
    expect(page.locator("h1")).to_contain_text("Keys and sheds")
    page.locator("main form #id_title").focus()
    page.keyboard.type("Who has which key")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("1. Who has which key")
    page.locator("button[value=call]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main .badge").first).to_contain_text("called", ignore_case=True)
