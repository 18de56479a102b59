"""Two people, or one with two keys, keep the books at the same moment: with real threads and real transactions."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from tests.money.payments.cards import euro
from tests.money.payments.test_races import at_once
from tests.ownership.bookkeeping.test_bookkeeping import bill, second
from toadlane.kernel.errors import Expected
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.models import ClosedUntil, JournalEntry
from toadlane.money.ledger.services import Leg
from toadlane.ownership.bookkeeping import queries, services
from toadlane.ownership.bookkeeping.models import Closing, Draft
from toadlane.plumbing.access.principals import Channel

__all__ = ["second"]
pytestmark = pytest.mark.django_db(transaction=True)


def by_key(who):
    """Return the same person, who comes with a token of the API."""
    return replace(who, channel=Channel.API)


def late(by, when, n=1):
    legs = [Leg("1000", euro(5)), Leg("4900", euro(-5))]
    return ledger.post(key=f"late:{n}", narration="x", postings=legs, by=by, at=when)


def test_whoever_entered_a_bill_does_not_book_it_with_another_key(inside, board, second, at):
    draft = bill(board, at)

    def book(by):
        return lambda: services.approve(draft=Draft.objects.get(pk=draft.pk), by=by, at=at)

    own = at_once(*[book(by) for by in (board, by_key(board)) * 2])
    assert {type(said) for said in own} == {services.SecondPersonNeeded} and not JournalEntry.objects.exists()
    results = at_once(*[book(by) for by in (second, by_key(second), board, by_key(board))])
    assert sorted(type(said).__name__ for said in results) == ["Decided", "Draft", *["SecondPersonNeeded"] * 2]
    assert books.balance("6610", "EUR").minor == 10_000 and queries.drafts_are_booked().faults == []


def test_whoever_asked_to_close_days_does_not_close_them_with_another_key(inside, board, second, at):
    last = at.date() - timedelta(days=1)
    asked = at_once(*[lambda by=by: services.ask_to_close(until_on=last, by=by, at=at) for by in (board, by_key(board))])
    assert {said.pk for said in asked} == {Closing.objects.get().pk}

    def close(by):
        return lambda: services.confirm_close(closing=Closing.objects.get(), by=by, at=at)

    results = at_once(*[close(by) for by in (board, by_key(board), second, by_key(second))])
    assert sum(isinstance(said, services.SecondPersonNeeded) for said in results) == 2
    assert sum(isinstance(said, Closing) for said in results) == 1 and ClosedUntil.objects.count() == 1


def test_a_bill_is_not_credited_twice(inside, board, second, at):
    whole = services.approve(draft=bill(board, at), by=second, at=at)

    def credit(net, by):
        return lambda: services.credit_bill(
            bill=Draft.objects.get(pk=whole.pk), net_minor=net, text="Back", on=at.date(), by=by, at=at
        )

    results = at_once(*[credit(10_000, by) for by in (board, second, by_key(board), by_key(second))])
    drafts = [said for said in results if isinstance(said, Draft)]
    assert len(drafts) == 1 and all(isinstance(said, Draft | services.NotAnEntry) for said in results), results
    other = second if drafts[0].made_by == board.person_id else board
    booked = at_once(*[lambda: services.approve(draft=Draft.objects.get(pk=drafts[0].pk), by=other, at=at)] * 4)
    assert sorted(type(said).__name__ for said in booked) == [*["Decided"] * 3, "Draft"]
    assert [books.balance(code, "EUR").minor for code in ("6610", "2310", "2010")] == [0, 0, 0]


def test_days_are_not_closed_over_an_entry_that_is_still_being_written(inside, board, second, at):
    """What is posted for a day and not yet committed comes first, or the days stay open a moment longer."""
    last, when = at.date() - timedelta(days=1), at - timedelta(days=2)
    closing = services.ask_to_close(until_on=last, by=board, at=at)
    late(board, at)  # The accounts are open, and their opening keeps nobody waiting.
    written, over = threading.Event(), threading.Event()

    def post():
        with transaction.atomic():
            late(board, when, 2)
            written.set()
            over.wait(0.5)

    def close():
        written.wait(10)
        try:
            services.confirm_close(closing=closing, by=second, at=at)
            return JournalEntry.objects.filter(key="late:2").exists()
        finally:
            over.set()

    posted, was_seen = at_once(post, close)
    assert posted is None and (was_seen is True or isinstance(was_seen, Expected)), was_seen


def test_an_entry_waits_for_days_that_are_being_closed_and_is_refused(inside, board, second, at):
    last, when = at.date() - timedelta(days=1), at - timedelta(days=2)
    closing = services.ask_to_close(until_on=last, by=board, at=at)
    late(board, at)
    closed, over = threading.Event(), threading.Event()

    def close():
        with transaction.atomic():
            services.confirm_close(closing=closing, by=second, at=at)
            closed.set()
            over.wait(0.5)

    def post():
        closed.wait(10)
        return late(board, when, 2)

    done, said = at_once(close, post)
    assert done is None and isinstance(said, ledger.BooksClosed), said
    assert not JournalEntry.objects.filter(posted_at__lt=ClosedUntil.objects.get().until).exists()


def test_while_something_is_booked_for_long_closing_says_so_and_can_be_tried_again(inside, board, second, at, monkeypatch):
    monkeypatch.setattr("toadlane.money.ledger.services.closing.TRIES", 2)
    last, when = at.date() - timedelta(days=1), at - timedelta(days=2)
    closing = services.ask_to_close(until_on=last, by=board, at=at)
    late(board, at)
    written, over = threading.Event(), threading.Event()

    def post():
        with transaction.atomic():
            late(board, when, 2)
            written.set()
            over.wait(3)

    def close():
        written.wait(10)
        try:
            return services.confirm_close(closing=closing, by=second, at=at)
        finally:
            over.set()

    _posted, said = at_once(post, close)
    if isinstance(said, Expected):  # SQLite has one writer, who is waited for.
        assert isinstance(said, ledger.BooksBusy) and not ClosedUntil.objects.exists()
        services.confirm_close(closing=Closing.objects.get(), by=second, at=at)
    assert ClosedUntil.objects.exists() and JournalEntry.objects.filter(key="late:2").exists()
