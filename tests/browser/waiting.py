"""Waiting for what a worker or a timer next door does in its own time."""

from playwright.sync_api import Page


def until(page: Page, words: str, where: str = "main") -> None:
    """Look again until the page says so."""
    for _ in range(120):
        if words in page.locator(where).inner_text():
            return
        page.wait_for_timeout(250)
        page.reload()
    raise AssertionError(f"{page.url} does not say: {words}")
