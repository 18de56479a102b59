"""The story of a freelancers' co-op through its pages alone: founded, quoted, confirmed by a client, worked, and paid in time."""

from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.waiting import until

FOUNDER, HOUSE = "maeve@bright-early.example", "/c/quill-house"
CLIENT = "office@gate-theater.example"


def found(page: Page) -> None:
    """Answer the first questions of founding, keep what the blueprint suggests, and sign."""
    page.get_by_label("Freelancers’ co-op").check()
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Name of the co-op").fill("Quill House")
    page.get_by_label("Only try it out").check()
    page.get_by_role("button", name="Keep and go on").click()
    page.get_by_label("Town").fill("Cork")
    page.get_by_label("Country").select_option("IE")
    page.get_by_role("button", name="Keep and go on").click()
    page.get_by_label("No legal form yet").check()
    page.get_by_role("button", name="Keep and go on").click()
    page.get_by_role("button", name="Keep and go on").click()
    expect(page.locator("h1")).to_contain_text("What part of each invoice does the co-op keep")
    page.get_by_role("link", name="Keep all that the blueprint suggests").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Keep and go on").click()
    page.get_by_role("button", name="Sign and found the co-op").click()
    expect(page.locator("h1")).to_contain_text("The founding act")


def make_ready(page: Page) -> None:
    """Say what stands on the co-op's invoices, and put money into the guarantee fund."""
    page.goto(f"{HOUSE}/invoices/")
    for label, text in (("Name", "Quill House SC"), ("Street and number", "1 Quay"), ("Town", "Cork"), ("Country", "IE")):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("VAT number").fill("IE6388047V")
    page.get_by_role("button", name="Note it").click()
    page.goto(f"{HOUSE}/activities/office/")
    page.get_by_label("Amount").fill("2000")
    page.get_by_role("button", name="Put money in").click()
    expect(page.locator("aside")).to_contain_text("€2,000.00")


def write_quote(page: Page, day: str) -> None:
    page.goto(f"{HOUSE}/activities/")
    page.get_by_label("What is it called?").fill("Posters")
    page.get_by_role("button", name="Open it").click()
    page.get_by_role("link", name="Write a quote").click()
    page.get_by_label("What is it?").fill("Spring posters")
    page.get_by_label("Trade").select_option(label="Any other work")
    page.get_by_label("First day of work").fill(day)
    page.get_by_label("Last day of work").fill(day)
    page.get_by_label("Line 1", exact=True).fill("Ten posters")
    page.get_by_label("Amount of line 1, before VAT").fill("1000")
    page.get_by_label("Name of the client").fill("Gate Theater")
    page.get_by_label("E-mail address of the client").fill(CLIENT)
    page.get_by_label("Country").fill("IE")
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("aside")).to_contain_text("€65.00")
    expect(page.locator("aside")).to_contain_text("€935.00")
    page.get_by_role("button", name="Send the quote").click()


def confirm(visit: Visit) -> Page:
    """Open the address in the letter, without an account and without JavaScript, and say yes."""
    page = visit(f"{HOUSE}/sent/?to={CLIENT}&lang=en", width=360, javascript=False)
    page.get_by_role("link", name="Quote from Quill House").click()
    page.locator("a[href*='/activities/q/']").click()
    expect(page.locator("main")).to_contain_text("€1,210.00")
    page.get_by_label("Your name").fill("Gabriel Gate")
    page.get_by_role("button", name="Confirm the order").click()
    expect(page.locator("main")).to_contain_text("Gabriel Gate confirmed this order")
    return page


def forward(page: Page, days: int) -> None:
    page.goto(f"{HOUSE}/sandbox/")
    page.locator("#id_days").select_option(str(days))
    page.get_by_role("button", name="Move the clock on").click()
    expect(page.locator("main, body").first).to_contain_text("The clock moves on.")
    for _look in range(120):
        if page.get_by_role("button", name="Move the clock on").count():
            break
        page.wait_for_timeout(1000)
        page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("button", name="Move the clock on")).to_be_visible()


def test_a_client_does_not_pay_and_the_wage_leaves_in_time(visit: Visit):
    page = visit("/found/?lang=en", login=FOUNDER)
    found(page)
    make_ready(page)
    write_quote(page, f"{datetime.now(UTC):%Y-%m-%d}")
    order = page.url
    client = confirm(visit)
    # Sixty a day is refused, with the floor and both ways out; what the order leaves is not.
    page.reload()
    page.get_by_role("link", name="Sign one").click()
    page.get_by_label("the gross wage").check()
    page.get_by_label("Amount for all days").fill("60")
    page.get_by_role("button", name="Sign it").click()
    expect(page.locator("main")).to_contain_text("at least €71.97 gross")
    expect(page.locator("main")).to_contain_text("part-time")
    page.get_by_label("all that it may cost").check()
    page.get_by_label("Amount for all days").fill("935")
    page.get_by_role("button", name="Sign it").click()
    expect(page.locator("main")).to_contain_text("to be paid by")
    page.get_by_role("button", name="Have it invoiced").click()
    client.reload()
    expect(client.locator("main")).to_contain_text("Please transfer €1,210.00")
    forward(page, 7)
    forward(page, 7)
    page.goto(order)
    until(page, "The guarantee fund advanced it.")
    until(page, "Reminder 1 was sent.")
    expect(page.locator("aside")).to_contain_text("Advanced by the guarantee fund")
    page.goto(f"{HOUSE}/activities/office/")
    expect(page.locator("main")).to_contain_text("Gate Theater")
    expect(page.locator("aside")).to_contain_text("€935.00")
