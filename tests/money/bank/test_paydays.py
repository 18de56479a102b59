"""A payout file is made for a day on which banks pay, and approved before it is over."""

import re
from datetime import date, timedelta

import pytest

from tests.conftest import browser
from tests.money.bank.test_bank import DANA, OWN, owed  # noqa: F401
from toadlane.kernel.dates import is_bank_day
from toadlane.money.bank import services


@pytest.mark.parametrize(
    ("day", "next_day"),
    [
        ("2027-03-01", None), ("2027-02-28", ""), ("2028-03-01", None), ("2028-03-02", ""), ("2027-03-06", "2027-03-08"),
        ("2027-03-26", "2027-03-30"), ("2027-03-29", "2027-03-30"), ("2027-12-25", "2027-12-27"), ("2027-05-01", "2027-05-03"),
        ("0001-01-01", ""), ("9999-12-31", ""),
    ],
)  # fmt: skip
def test_a_file_is_paid_on_a_day_on_which_banks_pay(owed, board, worker, at, day, next_day):  # noqa: F811
    """Not yesterday, a weekend, Good Friday, Easter Monday, Christmas or the first of May, and not in more than a year."""
    membership, _payout = owed
    services.give(membership=None, name="Sparkle", iban=OWN, by=board, at=at)
    services.give(membership=membership, name="Alice A.", iban=DANA, by=worker, at=at)
    on = date.fromisoformat(day)
    if next_day is None:
        assert services.make(pays_on=on, by=board, at=at).pays_on == on
        return
    with pytest.raises(services.NoPayDay) as said:
        services.make(pays_on=on, by=board, at=at)
    assert said.value.field == "pays_on" and next_day in said.value.hint


def test_the_page_says_on_which_day_instead_and_offers_one(owed, bob, board, worker, at):  # noqa: F811
    (membership, _payout), long_ago = owed, at.replace(year=2020)  # Pages know no other day than today's.
    services.give(membership=None, name="Sparkle", iban=OWN, by=board, at=long_ago)
    services.give(membership=membership, name="Alice A.", iban=DANA, by=worker, at=long_ago)
    page = browser(bob)
    wrong = page.post("/c/sparkle/bank/batches/", {"pays_on": "2001-01-01"})
    assert wrong.status_code == 422 and "Choose a day that is not over" in wrong.content.decode()
    offered = re.search(r'name="pays_on" value="([0-9-]+)"', page.get("/c/sparkle/bank/").content.decode())
    assert offered and is_bank_day(date.fromisoformat(offered[1]))


@pytest.mark.parametrize(("days", "is_over"), [(2, False), (3, True)])
def test_a_file_whose_day_is_over_is_not_approved(owed, board, worker, second, at, days, is_over):  # noqa: F811
    membership, _payout = owed
    services.give(membership=None, name="Sparkle", iban=OWN, by=board, at=at)
    services.give(membership=membership, name="Alice A.", iban=DANA, by=worker, at=at)
    batch = services.make(pays_on=date(2027, 3, 3), by=board, at=at)
    when = at + timedelta(days=days)
    if not is_over:
        assert services.approve(batch=batch, by=second, at=when).approved_at == when
        return
    with pytest.raises(services.NoPayDay):
        services.approve(batch=batch, by=second, at=when)
    assert services.drop(batch=batch, by=board, at=when).dropped_at == when
