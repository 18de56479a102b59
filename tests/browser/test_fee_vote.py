"""In a browser: two delegates of each member co-op vote the fee from 5 % to 6 % from 1 July, and receipts follow the day."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Server, Visit

COOP, API = "/c/quay", "/api/v1/coops/quay"
RULE = f"{COOP}/rules/fees.commission/"


@dataclass
class Quay:
    """The co-op, and the process that moves its clock."""

    board: str
    delegates: list[str]
    process: subprocess.Popen[str]

    def until(self, instant: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{instant}\n")
        self.process.stdin.flush()
        assert _read(self.process, "it is ") == instant


def _read(process: "subprocess.Popen[str]", start: str) -> str:
    """Return the rest of the next line that begins so; what is logged in between is nobody's answer."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(start):
            return line.removeprefix(start).strip()
    raise AssertionError("it ended")


@pytest.fixture(scope="module")
def quay(server: Server) -> Iterator[Quay]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.quay"], cwd=ROOT, env=server.environment, stdin=-1, stdout=-1, text=True
    )
    told = json.loads("{" + _read(process, "{"))
    yield Quay(told["board"], told["delegates"], process)
    process.terminate()
    process.wait(90)


def first_of_july() -> datetime:
    today = datetime.now(UTC).date()
    return datetime(today.year if today < date(today.year, 5, 1) else today.year + 1, 7, 1, tzinfo=UTC)


def go_on(page: Page, name: str = "Keep and go on") -> None:
    page.get_by_role("button", name=name, exact=True).click()


def order(page: Page, key: str, starts: datetime) -> str:
    """Book a visit as a guest would; return the address of the receipt."""
    wish = {"size": "two", "level": "top_to_bottom", "starts": starts.isoformat()}
    quote = page.request.post(f"{API}/orders/quotes", data=wish).json()
    body = {"quotes": [quote["id"]], "contact": {"name": "Nuala", "email": f"{key}@quay.example", "address": "9 Mill Lane"},
            "card": {"number": "4242424242424242"}}  # fmt: skip
    placed = page.request.post(f"{API}/orders", data=body, headers={"Idempotency-Key": key})
    assert placed.ok, placed.text()
    return f"{COOP}/orders/g/{placed.json()['orders'][0]['token']}/"


def test_the_fee_goes_up_on_its_day_and_not_before(visit: Visit, quay: Quay):
    july, delegates = first_of_july(), quay.delegates

    # Beside the rule is the door.
    page = visit(RULE, login=delegates[0])
    page.get_by_role("link", name="Propose a change").click()
    page.locator("#id_value").fill("6")
    go_on(page)
    page.locator("#id_effective").fill(july.date().isoformat())
    go_on(page)
    page.get_by_label("In one line").fill("Raise the fee from 5 % to 6 % from 1 July")
    page.locator("main form button").first.click()
    go_on(page, "Bring it forward")
    expect(page.locator("main")).to_contain_text("Raise the fee from 5 % to 6 % from 1 July")
    number = page.url.rstrip("/").rpartition("/")[2]

    for when in ("talk_until", "vote_from"):
        quay.until(page.request.get(f"{API}/proposals/{number}").json()[when])
    [ballot] = page.request.get(f"{API}/ballots").json()["items"]
    for login in delegates:
        paper = visit(f"{COOP}/ballots/{ballot['number']}/", login=login)
        paper.locator("#ballot").get_by_text("Yes", exact=True).click()
        paper.get_by_role("button", name="Put it in the box").click()
        expect(paper.locator("#ballot")).to_contain_text("In the box.")
    expect(paper.locator("main")).to_contain_text("4 of 5")
    quay.until(ballot["closes_at"])

    quay.until((july - timedelta(minutes=1)).isoformat())
    page.goto(RULE)
    expect(page.locator("main")).to_contain_text("A change has passed and waits for its day.")
    guest = visit(RULE)
    june = order(guest, "june", july + timedelta(days=3, hours=9))
    quay.until(july.isoformat())
    later = order(guest, "july", july + timedelta(days=3, hours=13))

    guest.goto(later)
    expect(guest.locator("main")).to_contain_text("keeps 6%")
    guest.goto(june)
    expect(guest.locator("main")).to_contain_text("keeps 5%")
    expect(guest.locator("main")).not_to_contain_text("keeps 6%")
    guest.goto(later)
    mark = guest.locator("details.decided").filter(has_text="members’ vote of").first
    mark.locator("summary").click()
    mark.get_by_role("link", name="Read the decision").click()
    expect(guest.locator("h1")).to_contain_text("Raise the fee from 5 % to 6 % from 1 July")


def test_the_board_is_shown_the_door(visit: Visit, quay: Quay):
    page = visit(RULE, login=quay.board)
    for method in ("put", "patch", "post", "delete"):
        assert getattr(page.request, method)(f"{API}/rules/fees.commission", data={"value": "0.06"}).status in (403, 405)
    for path in ("/admin/", f"{COOP}/admin/"):
        assert page.request.get(path).status == 404
    expect(page.get_by_role("link", name="Propose a change")).to_be_visible()
