"""Passkeys and codes in a real browser: added, signed in with, refused in words, and the way back in when the phone is lost."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.conftest import Server
from tests.town import PASSWORD

PASSKEY = "Sign in with a passkey"
# No other story signs in as them: what they are asked for from here on would stop it.
SIOBHAN, GRACE, COLM = "siobhan@bright-early.example", "grace@bright-early.example", "colm@ardmullen.example"
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


@dataclass
class Device:
    """A browser with a key in it, as a phone has one."""

    page: Page
    tools: CDPSession
    key: str

    def recognizes(self, whom: bool) -> None:
        self.tools.send("WebAuthn.setUserVerified", {"authenticatorId": self.key, "isUserVerified": whom})

    def forget_session(self) -> None:
        self.page.context.clear_cookies()


@pytest.fixture
def device(server: Server, browser: Browser) -> Iterator[Callable[..., Device]]:
    windows = []

    def _device(host: str = "localhost") -> Device:
        # A browser knows no passkeys for a number: on one's own machine the name is localhost.
        context = browser.new_context(base_url=server.url.replace("127.0.0.1", host), locale="en")
        windows.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        tools = context.new_cdp_session(page)
        tools.send("WebAuthn.enable")
        return Device(page, tools, tools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"])

    yield _device
    for window in windows:
        window.close()


def sign_in(page: Page, login: str) -> None:
    page.goto("/sign-in/?lang=en")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: not url.split("?")[0].endswith("/sign-in/"))


def own_page(page: Page, path: str) -> None:
    """Open a page that asks once more who it is."""
    page.goto(path)
    if "/sign-in/again/" in page.url:
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(f"**{path}")


def add_key(device: Device, *, alone: bool) -> None:
    own_page(device.page, "/me/steps/webauthn/add/")
    device.page.get_by_label("What to call this key").fill("The blue key")
    device.page.get_by_label("Let me sign in with this key alone").set_checked(alone)
    device.page.get_by_role("button", name="Add it").click()


def test_a_passkey_is_added_and_signs_in_by_itself(device: Any):
    phone = device()
    page = phone.page
    sign_in(page, SIOBHAN)
    add_key(phone, alone=True)
    expect(page.locator("main")).to_contain_text("Each opens the account once when the phone or key is lost.")
    page.goto("/me/steps/webauthn/")
    expect(page.locator("main")).to_contain_text("The blue key")
    expect(page.locator("main")).to_contain_text("Signs you in by itself.")

    phone.forget_session()
    page.goto("/sign-in/?lang=en")
    phone.recognizes(False)
    page.get_by_role("button", name=PASSKEY).click()
    expect(page.get_by_role("alert").get_by_text("No passkey was used.")).to_be_visible()
    phone.recognizes(True)
    page.get_by_role("button", name=PASSKEY).click()
    page.wait_for_url("**/me/")
    # After a password it is the second step.
    phone.forget_session()
    sign_in(page, SIOBHAN)
    expect(page.locator("h1")).to_have_text("The second step")
    page.get_by_role("button", name="Use a passkey or security key").click()
    page.wait_for_url("**/me/")

    own_page(page, "/me/steps/webauthn/")
    page.get_by_role("link", name="Remove").click()
    if "/sign-in/again/" in page.url:
        page.get_by_role("button", name="Use a passkey or security key").or_(page.get_by_label("Your password")).first.wait_for()
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator("main")).to_contain_text("No passkey yet")
    phone.forget_session()
    page.goto("/sign-in/?lang=en")
    page.get_by_role("button", name=PASSKEY).click()
    expect(page.locator("body")).to_contain_text("This passkey does not open an account here.")


def test_where_a_browser_keeps_no_passkeys_the_page_says_what_to_do(device: Any):
    number = device("127.0.0.1")
    sign_in(number.page, COLM)
    add_key(number, alone=True)
    expect(number.page.get_by_role("alert").get_by_text("open the page at “localhost”")).to_be_visible()


def test_a_code_from_an_app_is_asked_for_and_a_recovery_code_opens_once(device: Any):
    page, login = device().page, GRACE
    sign_in(page, login)
    own_page(page, "/me/steps/totp/activate/")
    secret = page.locator("dl code").inner_text()

    def code() -> str:
        return format_hotp_value(hotp_value(secret, int(time.time()) // 30))

    page.get_by_label("Code from your app").fill("000000")
    page.get_by_role("button", name="Ask for the code from now on").click()
    expect(page.locator("main")).to_contain_text("That is not the code.")
    page.get_by_label("Code from your app").fill(code())
    page.get_by_role("button", name="Ask for the code from now on").click()
    page.wait_for_url("**/recovery-codes/")
    spare = page.locator("main li code, main code").all_inner_texts()
    assert len(spare) == 10

    for entered, opens in ((spare[0], True), (spare[0], False), (spare[1], True)):
        page.context.clear_cookies()
        sign_in(page, login)
        expect(page.locator("h1")).to_have_text("The second step")
        page.get_by_label("Code from your app").fill(entered)
        page.get_by_role("button", name="Sign in", exact=True).click()
        if opens:
            page.wait_for_url("**/me/")
        else:
            expect(page.locator("main")).to_contain_text("That is not the code.")
    page.goto("/me/security/")
    expect(page.locator("main")).to_contain_text("8 codes left")
