"""A payout that the payee's bank sends back is owed again, waits for another account, and is sent again once."""

from datetime import date, timedelta

import pytest

from tests.conftest import browser, run_jobs
from tests.money.bank.test_bank import DANA, OTHER, OWN, camt, owed, read  # noqa: F401
from tests.money.payments.cards import euro
from toadlane.money.bank import queries, services
from toadlane.money.bank.models import Line
from toadlane.money.ledger import queries as books
from toadlane.money.payments.models import Payout
from toadlane.ownership.surplus.services import note_came_back
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.sending.models import Letter
from toadlane.plumbing.tenancy.scope import outside

DAY = date(2027, 3, 3)


@pytest.fixture
def sent(owed, board, worker, second, at):  # noqa: F811
    """A payout to Alice that left in a file, as the statement says."""
    membership, payout = owed
    services.give(membership=None, name="Sparkle", iban=OWN, by=board, at=at)
    services.give(membership=membership, name="Alice A.", iban=DANA, by=worker, at=at)
    batch = services.approve(batch=services.make(pays_on=DAY, by=board, at=at), by=second, at=at)
    read(camt({"minor": -9_000, "e2e": payout.pk.hex, "ref": "out"}, opening=10_000), board, at)
    return membership, payout, batch


def back(payout, at, minor=9_000, number="S2", ref="back"):
    return camt({"minor": minor, "e2e": payout.pk.hex, "ref": ref}, opening=1_000, number=number)


def state(payout):
    payout.refresh_from_db()
    return payout.state, payout.reason


def test_what_came_back_waits_for_another_account_and_is_sent_again(sent, bob, board, worker, second, at):
    membership, payout, first = sent
    bank, owing = books.balance("1000", "EUR").minor, books.balance("2110", "EUR", membership.holder).minor
    assert read(back(payout, at), board, at + timedelta(hours=1)).matched == 1
    assert (state(payout), Line.objects.latest("pk").subject) == (("unknown", "sent_back"), f"returned:{payout.pk}")
    assert books.balance("1000", "EUR").minor == bank + 9_000 and books.balance("2110", "EUR", membership.holder).minor == -9_000
    assert owing == 0
    with outside():
        run_jobs()
    assert Letter.objects.filter(template="bank/bounced", address="alice@sparkle.test").count() == 1
    assert queries.bounced() == {str(payout.pk)}
    assert "Payouts came back" in browser(bob).get("/c/sparkle/members/desk/").content.decode()
    # To the account that sent it back it is not sent again, and the file that it was in does not pay it either.
    with pytest.raises(services.NothingToPay):
        services.make(pays_on=DAY, by=board, at=at + timedelta(hours=2))
    for by in (board, second):
        services.carried_out(batch=first, by=by, at=at + timedelta(days=(DAY - at.date()).days))
    assert state(payout) == ("unknown", "sent_back")
    services.give(membership=membership, name="Alice A.", iban=OTHER, by=worker, at=at + timedelta(hours=3))
    later = at + timedelta(days=4)
    again = services.approve(batch=services.make(pays_on=later.date(), by=board, at=later), by=second, at=later)
    assert again.payouts == [str(payout.pk)] and OTHER.encode() in bytes(again.file)
    read(camt({"minor": -9_000, "e2e": payout.pk.hex, "ref": "out2"}, opening=1_000, number="S3"), board, later)
    assert state(payout) == ("done", "") and books.balance("2110", "EUR", membership.holder) == euro(0)
    assert books.balance("1000", "EUR").minor == bank
    # It may come back a second time.
    assert read(back(payout, at, number="S4", ref="back2"), board, later + timedelta(days=1)).matched == 1
    assert state(payout) == ("unknown", "sent_back") and books.balance("2110", "EUR", membership.holder) == euro(-9_000)
    assert Line.objects.latest("pk").subject == f"returned:{payout.pk}:2"


def test_what_came_back_in_part_or_was_never_sent_is_seen_by_a_person(sent, owed, board, at):  # noqa: F811
    membership, payout, _batch = sent
    assert read(back(payout, at, minor=8_500), board, at).doubtful == 1
    assert "another amount" in Line.objects.latest("pk").why and state(payout) == ("done", "")
    assert read(back(payout, at, number="S3", ref="whole"), board, at).matched == 1
    # Told twice, by another line, it is one that no payout of ours was sent for.
    assert read(back(payout, at, number="S4", ref="twice"), board, at).doubtful == 1
    assert books.balance("2110", "EUR", membership.holder) == euro(-9_000)


def test_the_same_statement_again_changes_nothing(sent, board, at):
    membership, payout, _batch = sent
    for _time in range(2):
        read(back(payout, at), board, at)
    assert books.balance("2110", "EUR", membership.holder) == euro(-9_000) and Payout.objects.get().reason == "sent_back"
    note_came_back(subject="year:1", by=Principal.job(board.coop_id), at=at)
