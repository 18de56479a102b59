"""The books as members, strangers and programs read them."""

from uuid import uuid4

import pytest
from django.test import Client

from tests.conftest import browser
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.plumbing.tenancy.scope import outside
from toadlane.society.bylaws import queries as bylaws


def euro(minor):
    return Money(minor, "EUR")


@pytest.fixture
def entry(inside, board, alice, at):
    holder = f"membership:{board.membership_id}"
    version = bylaws.book().number
    legs = [
        Leg("2100", euro(14_642)), Leg("2110", euro(-13_997), holder=holder),
        Leg("4100", euro(-645), rule="fees.commission", rule_version=version),
    ]  # fmt: skip
    paid = [Leg("1100", euro(14_642), holder="sandbox"), Leg("2100", euro(-14_642))]
    ledger.post(key="paid", narration="Paid", postings=paid, by=board, at=at, subject="order:2291")
    posted = ledger.post(key="settled", narration="Settled", postings=legs, by=board, at=at, subject="order:2291")
    ledger.seal(by=board, at=at)
    with outside():
        yield posted


def test_everybody_sees_the_totals_and_members_the_entries(entry, bob):
    text = Client().get("/c/sparkle/books/").content.decode()
    assert "Balanced, 2 entries" in text
    assert "€139.97" in text
    assert "/accounts/" not in text
    text = browser(bob).get("/c/sparkle/books/").content.decode()
    assert "/c/sparkle/books/accounts/2110/EUR/" in text


def test_an_account_is_read_by_month_and_by_holder(entry, bob, board):
    page = browser(bob).get("/c/sparkle/books/accounts/2110/EUR/").content.decode()
    assert "Bob" in page
    assert "+€139.97" in page
    assert f"/c/sparkle/books/entries/{entry.pk}/" in page
    url = f"/c/sparkle/books/accounts/2110/EUR/?holder=membership:{board.membership_id}&month=2027-03"
    assert "+€139.97" in browser(bob).get(url).content.decode()
    assert "+€139.97" in browser(bob).get("/c/sparkle/books/accounts/2110/EUR/?month=1900-01").content.decode()


def test_one_entry_opens_to_its_rule_and_its_proof(entry, bob):
    page = browser(bob).get(f"/c/sparkle/books/entries/{entry.pk}/").content.decode()
    assert "The proof holds" in page
    assert "Entry 2" in page
    assert "the platform keeps 5%" in page
    assert page.count("€146.42") == 3


def test_strangers_read_no_entries(entry, charlie):
    for path in ("accounts/2110/EUR/", f"entries/{entry.pk}/"):
        assert Client().get(f"/c/sparkle/books/{path}").status_code == 404
        assert browser(charlie).get(f"/c/sparkle/books/{path}").status_code == 404
        assert browser(charlie).get(f"/c/wheels/books/{path}").status_code == 404


def test_what_is_not_there_is_404(entry, bob):
    for path in ("accounts/9999/EUR/", "accounts/2110/XXX/", f"entries/{uuid4()}/"):
        assert browser(bob).get(f"/c/sparkle/books/{path}").status_code == 404


def test_the_api_gives_a_proof_that_can_be_checked_elsewhere(entry, bob, charlie):
    api, root = browser(bob), "/api/v1/coops/sparkle/ledger"
    told = api.get(f"{root}/entries/{entry.pk}").json()
    assert queries.proof_holds(queries.Proof(**told["proof"]))
    assert sum(p["amount"]["minor"] for p in told["postings"]) == 0
    assert [row["number"] for row in api.get(f"{root}/seals").json()["items"]] == [1]
    first = api.get(f"{root}/entries?limit=1").json()
    rest = api.get(f"{root}/entries?limit=1&cursor={first['next']}").json()
    assert {first["items"][0]["id"], rest["items"][0]["id"]} >= {str(entry.pk)}
    assert rest["next"] is None
    assert {row["code"] for row in Client().get(f"{root}/accounts").json()} == {"1100", "2100", "2110", "4100"}
    for path in ("entries", f"entries/{entry.pk}", "accounts/2110/EUR/holders"):
        assert browser(charlie).get(f"{root}/{path}").status_code == 404


def test_the_number_of_statements_does_not_grow_with_the_page(entry, bob, inside, board, at, django_assert_max_num_queries):
    reader, url = browser(bob), "/c/sparkle/books/accounts/2100/EUR/"
    reader.get(url)
    with django_assert_max_num_queries(40) as first:
        reader.get(url)
    from toadlane.plumbing.tenancy.scope import scope

    with scope(inside.pk):
        for n in range(20):
            ledger.post(key=f"n:{n}", narration="n", postings=[Leg("1100", euro(1)), Leg("2100", euro(-1))], by=board, at=at,
                        subject=f"order:{n}")  # fmt: skip
    with django_assert_max_num_queries(len(first)):
        reader.get(url)
