"""The story of a home-cleaning co-op of co-ops, through its pages alone: booked, taken on, cleaned, confirmed, shared out.

The visits here are told apart by the part of town they are in.
"""

import re
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server, Visit
from tests.browser.waiting import until
from tests.town import PASSWORD

COOP = "/c/bright-early"
# Who speaks for each of the three co-ops, and somebody who cleans with it.
TEAMS = {
    "Clean Slate": ("maeve@bright-early.example", "Pavel Novotny", "pavel@bright-early.example"),
    "Larkspur": ("oksana@bright-early.example", "Mirela Dobre", "mirela@bright-early.example"),
    "Harbour Hands": ("tunde@bright-early.example", "Jin Park", "jin@bright-early.example"),
}
MEDIATOR = "tunde@bright-early.example"
PHONE = {"width": 360, "javascript": False}


@dataclass
class Booked:
    """A visit: the page of its guest, when it begins, and the team that does it."""

    page: Page
    area: str
    starts: datetime
    team: str = ""

    @property
    def boss(self) -> str:
        return TEAMS[self.team][0]

    @property
    def order(self) -> str:
        """Return the order's number."""
        return re.search(r"/g/(\d+)~", self.page.url)[1]  # type: ignore[index]

    @property
    def link(self) -> str:
        """Return the signed part of the guest's link."""
        return re.search(r"/g/([^/]+)/", self.page.url)[1]  # type: ignore[index]


def share(page: Page, name: str) -> Locator:
    """Return the line of a split that says what somebody gets."""
    return page.locator("section[aria-labelledby=h-split] .shares > li", has=page.get_by_text(name, exact=True))


def book(visit: Visit, area: str, *, oven: bool = False, often: str = "Just this once", last: bool = True) -> Booked:
    """Book and pay a visit as a guest with a phone; the last free time of the week, or one that is still free to cancel."""
    page = visit(f"{COOP}/?lang=en", width=360)
    page.get_by_label("Your home").select_option("two")
    page.get_by_label("How thorough").select_option("top_to_bottom")
    page.get_by_role("button", name="Choose a day").click()
    if oven:
        page.get_by_label("Inside the oven").check()
    page.get_by_label(often).check()
    times = page.locator("input[name=slot]:enabled")
    starts = [datetime.fromisoformat(one.get_attribute("value") or "") for one in times.all()]
    chosen = len(starts) - 1 if last else next(n for n, start in enumerate(starts) if start >= starts[0] + timedelta(days=2))
    one = times.nth(chosen)
    one.check(force=True)
    page.get_by_role("button", name="Continue to the address").click()
    page.get_by_label("Address", exact=True).fill("9 Mill Lane")
    page.get_by_label("Part of town").fill(area)
    page.get_by_label("Your name").fill("Fionn Daly")
    page.get_by_label("E-mail").fill("fionn@ardmullen.example")
    page.get_by_role("button", name="Continue to the payment").click()
    page.get_by_role("button", name="Book and pay").click()
    return Booked(page, area, starts[chosen])


def pay(page: Page, number: str) -> None:
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Good until").fill("04/49")
    page.get_by_label("Security code").fill("123")
    page.get_by_role("button", name="Pay").click()


def take_on(visit: Visit, booked: Booked, *, passing: str = "") -> Page:
    """Find the co-op whose turn it is, and take the job on for it; return its delegate's page of the job.

    :param passing: a co-op that passes it on, if it is their turn
    """
    desks = {team: visit(f"{COOP}/work/?lang=en", login=boss, width=360) for team, (boss, _, _) in TEAMS.items()}
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for team, page in desks.items():
            page.goto(f"{COOP}/work/")
            offer = page.locator("li.ticket", has_text=booked.area)
            if offer.count():
                offer.get_by_role("link").click()
                if team == passing:
                    page.get_by_role("button", name="Pass it on").click()
                    continue
                booked.team = team
                page.get_by_role("button", name="Take the job on").click()
                expect(page.locator("main")).to_contain_text("Who goes?")
                return page
    raise AssertionError(f"nobody is offered the visit to {booked.area}")


def clean(visit: Visit, server: Server, booked: Booked, job: Page) -> None:
    """Send somebody, who does it on its day, on a phone without JavaScript."""
    _, name, login = TEAMS[booked.team]
    job.get_by_label(name).check()
    job.get_by_role("button", name="Send them").click()
    expect(job.locator("main")).to_contain_text(f"{name} goes.")
    page = visit(f"{COOP}/work/?lang=en", login=login, **PHONE)
    page.locator(".week li", has_text=booked.area).get_by_role("link").click()
    expect(page.locator("main")).to_contain_text("9 Mill Lane")
    expect(page.locator("main")).to_contain_text("You can start the work from")
    forward(server, booked.starts)
    page.reload()
    page.get_by_role("button", name="Start the work").click()
    page.get_by_role("button", name=re.compile("Tick: ")).first.click()
    expect(page.locator("main")).to_contain_text(re.compile(r"Checklist 1/\d+"))
    page.get_by_role("button", name="Finish with 1 of").click()
    expect(page.locator("main")).to_contain_text("Done. The customer is told.")


def forward(server: Server, to: datetime) -> None:
    """Move the sandbox's clock to the hour before an instant."""
    now = datetime.fromisoformat(server.command("clock", "--coop", "bright-early")["now"])
    server.command("clock", "--coop", "bright-early", "--hours", str(int((to - now) / timedelta(hours=1))))


def totals(page: Page) -> dict[str, int]:
    """Return the totals of the public books, in cents."""
    page.goto(f"{COOP}/books/")
    rows = [row.inner_text() for row in page.locator("main table tr", has=page.locator("td")).all()]
    found = (re.fullmatch(r"(.+?)\s+([-−]?)€([\d,]+)\.(\d\d)", row) for row in rows)
    return {row[1]: int(f"{'-' if row[2] else ''}{row[3].replace(',', '')}{row[4]}") for row in found if row}


def at_rest(page: Page) -> dict[str, int]:
    """Return the totals once the worker has done what the days that were skipped brought."""
    found, same = totals(page), 0
    while same < 3:
        page.wait_for_timeout(1500)
        again = totals(page)
        found, same = again, same + 1 if again == found else 0
    return found


def test_a_visit_is_booked_cleaned_confirmed_and_shared_out_to_the_cent(visit: Visit, server: Server):
    fionn = book(visit, "Story Quay", oven=True, often="Every other week")
    page, stranger = fionn.page, visit(f"{COOP}/books/?lang=en")
    pay(page, "4000 0000 0000 0002")
    expect(page.locator("main")).to_contain_text("The card was declined, and nothing was charged.")
    pay(page, "4242 4242 4242 4242")
    # 81 + 32 + 16, and 3 % less for coming back every other week; 13.5 % VAT.
    expect(page.locator("#h-split")).to_have_text("Where the €142.02 goes")
    expect(page.locator("aside .ticket")).to_contain_text("−€3.87")
    clean(visit, server, fionn, take_on(visit, fionn))
    until(page, "It waits for a word from you")
    before = at_rest(stranger)
    page.get_by_role("button", name="All was well").click()
    expect(page.locator("#h-split")).to_have_text("Where the €142.02 went")
    for name, amount in ((fionn.team, "€118.87"), ("The platform", "€6.26"), ("VAT", "€16.89")):
        expect(share(page, name)).to_contain_text(amount)
    # Everybody sees it in the books: what the co-op of the worker is owed, with its VAT, and what the platform keeps.
    after = totals(stranger)
    assert after["Owed to providers"] - before.get("Owed to providers", 0) == 13576
    assert after["The result so far"] - before["The result so far"] == 626

    page.reload()
    page.get_by_role("link", name="Write a review").click()
    page.get_by_role("button", name="Put it in").click()
    expect(page.locator("#errors")).to_be_visible()
    page.get_by_label("4: good").check()
    page.get_by_label("In your words").fill("Every corner shone.")
    page.get_by_role("button", name="Put it in").click()
    expect(page.locator("main")).to_contain_text("Your review is in.")
    theirs = visit(f"{COOP}/reviews/orders/{fionn.order}/?lang=en", login=fionn.boss)
    expect(theirs.locator("main")).not_to_contain_text("Every corner shone.")
    theirs.get_by_label("5: could not be better").check()
    theirs.get_by_role("button", name="Put it in").click()
    expect(theirs.locator("main")).to_contain_text("Every corner shone.")


def test_a_complaint_is_decided_by_the_mediator_and_each_share_gives_back_its_part(visit: Visit, server: Server):
    fionn = book(visit, "Grumble Row")
    page = fionn.page
    pay(page, "4242 4242 4242 4242")
    # The mediator speaks for the third co-op, and nobody decides about their own.
    clean(visit, server, fionn, take_on(visit, fionn, passing="Harbour Hands"))
    page.reload()
    page.get_by_role("link", name="Something was wrong? Complain").click()
    page.get_by_role("button", name="Send the complaint").click()
    expect(page.locator("#errors")).to_be_visible()
    page.get_by_label("What went wrong?").fill("The bathroom was left out.")
    page.get_by_role("button", name="Send the complaint").click()
    expect(page.locator("main")).to_contain_text("Your complaint is with the other side.")
    number = re.search(r"/complaints/(\d+)/", page.url)[1]  # type: ignore[index]

    theirs = visit(f"{COOP}/reviews/?lang=en", login=fionn.boss, width=360)
    theirs.locator(f"main a[href$='/complaints/{number}/']").click()
    theirs.get_by_label("In your words").fill("The key to it was missing.")
    theirs.get_by_role("button", name="Send your answer").click()
    expect(theirs.locator("main")).to_contain_text("Your side is told.")

    desk = visit(f"{COOP}/reviews/?lang=en", login=MEDIATOR)
    desk.locator(f"section[aria-labelledby=h-decide] a[href$='/complaints/{number}/']").click()
    desk.get_by_label("a part of the price goes back").check()
    desk.get_by_label("How much, if a part").fill("25")
    desk.get_by_role("button", name="Decide it so").click()
    expect(desk.locator("#errors")).to_be_visible()
    expect(desk.get_by_label("How much, if a part")).to_have_value("25")
    desk.get_by_label("Your reasons").fill("A room that was paid for was not cleaned.")
    desk.get_by_role("button", name="Decide it so").click()
    expect(desk.locator("main")).to_contain_text("Decided. Both sides have been told.")
    page.goto(f"{COOP}/orders/g/{fionn.link}/")
    expect(page.locator("main")).to_contain_text("€25.00 of it went back.")
    # 81 + 32, and 13.5 % VAT: 128.26.
    expect(share(page, "Back to the customer")).to_contain_text("€25.00")


def test_a_visit_comes_again_and_who_cancels_late_pays_whoever_kept_the_time_free(visit: Visit, server: Server):
    fionn = book(visit, "Sickbed Lane", often="Every week", last=False)
    page = fionn.page
    pay(page, "4242 4242 4242 4242")
    expect(page.locator("section[aria-labelledby=h-series]")).to_contain_text("Every week.")
    take_on(visit, fionn)
    page.reload()
    expect(page.locator("main")).to_contain_text("Cancelling and moving are free until")
    expect(page.get_by_role("button", name="Cancel")).to_be_hidden()

    # Five hours before it begins: half of the price before VAT, and a week before the next one, which is placed now.
    forward(server, fionn.starts - timedelta(hours=5))
    sent = visit(f"{COOP}/sent/?to=fionn@ardmullen.example&lang=en", width=360)
    sent.get_by_role("link", name="Top to Bottom is booked").first.click()
    again = fionn.starts + timedelta(weeks=1)
    expect(sent.locator("main")).to_contain_text(f"{again.day} {again:%B %Y}, {again:%H:%M}")
    page.reload()
    page.locator("summary", has_text="Cancel").click()
    # 113, less 5 %: 107.35; and 13.5 % VAT.
    expect(page.locator("main")).to_contain_text("€68.16 goes back to you, €53.68 to whoever kept the time free.")
    page.get_by_label("In a word, why").fill("Fever")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("main")).to_contain_text("Cancelled.")
    expect(share(page, fionn.team)).to_contain_text("€53.68")


def test_at_its_own_host_one_signs_in_and_comes_back(visit: Visit, server: Server):
    board, own = server.login_of("board", "bright-early"), server.url.replace("127.0.0.1", "bright-early.test")
    settings = visit(f"{COOP}/settings/?lang=en", login=board)
    settings.get_by_label("Host name").fill("bright-early.test")
    settings.get_by_role("button", name="Keep the address").click()
    try:
        page = visit(f"{own}/?lang=en", width=360)
        page.get_by_role("link", name="Sign in").click()
        page.get_by_label("E-mail address or phone number").fill("ana@bright-early.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        # A browser follows a form to another host only where the page it stood on says so.
        page.wait_for_url(f"{own}/**")
        expect(page.get_by_role("link", name="My desk")).to_be_visible()
    finally:
        settings.goto(f"{COOP}/settings/")
        settings.get_by_label("Host name").fill("")
        settings.get_by_role("button", name="Keep the address").click()
        expect(settings.get_by_label("Host name")).to_have_value("")
