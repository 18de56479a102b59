"""Where the bylaws ask for it, somebody looks before a listing stands in the window, and gives a reason."""

from dataclasses import replace
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from tests.conftest import browser
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.tenancy.scope import scope
from toadlane.trade.catalog import services
from toadlane.trade.catalog.models import Listing, State
from toadlane.trade.catalog.services import listings


@pytest.fixture
def curated(monkeypatch):
    """The members decided that curators look first."""
    real = listings.bylaws.book

    class Curated:
        def __init__(self, book):
            self.book = book

        def value(self, rule):
            return True if rule == "trade.curation" else self.book.value(rule)

        def maybe(self, rule):
            return self.book.maybe(rule)

    monkeypatch.setattr(listings.bylaws, "book", lambda: Curated(real()))


@pytest.fixture
def waiting(mug, maker, at, curated):
    return services.submit(listing=mug, by=maker, at=at)


@pytest.fixture
def curator(maker):
    return replace(maker, roles=frozenset({"member", "curator"}), membership_id=None, delegate_of=frozenset())


@pytest.fixture
def other_member(curator):
    return replace(curator, roles=frozenset({"member"}))


def test_it_waits_for_the_curators(waiting):
    assert waiting.state == State.PENDING


def test_the_curator_lets_it_in(waiting, curator, at):
    assert services.accept(listing=waiting, by=curator, at=at).state == State.LIVE


def test_a_declined_one_comes_back_as_a_draft_with_the_reason(waiting, curator, maker, at):
    draft = services.decline(listing=waiting, reason="We already have nine mugs.", by=curator, at=at)
    assert (draft.state, draft.reason) == (State.DRAFT, "We already have nine mugs.")
    assert services.submit(listing=draft, by=maker, at=at).state == State.PENDING


@pytest.mark.parametrize("reason", ["", "   ", "\x00"])
def test_a_no_needs_a_reason(waiting, curator, at, reason):
    with pytest.raises(services.NoReason):
        services.decline(listing=waiting, reason=reason, by=curator, at=at)


def test_an_ordinary_member_decides_nothing(waiting, other_member, at):
    with pytest.raises(Refused):
        services.accept(listing=waiting, by=other_member, at=at)


def test_it_is_decided_once(waiting, curator, at):
    services.accept(listing=waiting, by=curator, at=at)
    with pytest.raises(services.NotNow):
        services.accept(listing=waiting, by=curator, at=at)


def test_what_was_taken_down_its_keeper_cannot_put_back(mug, maker, curator, at):
    services.submit(listing=mug, by=maker, at=at)
    hidden = services.hide(listing=mug, reason="It is stolen.", by=curator, at=at) if curator.roles & {"board"} else None
    hidden = hidden or services.hide(listing=mug, reason="It is stolen.", by=curator, at=at)
    for deed in (services.submit, services.resume, services.pause):
        with pytest.raises(services.NotNow):
            deed(listing=hidden, by=maker, at=at)
    assert services.restore(listing=hidden, by=curator, at=at).state == State.PAUSED


def test_another_member_changes_nothing_of_mine(mug, other_member, at):
    with pytest.raises(Refused):
        services.edit(listing=mug, said={"title": "Theirs"}, by=other_member, at=at)


def test_the_queue_is_for_curators(waiting, charlie, client):
    assert "Stoneware mug" in browser(charlie).get("/c/wheels/listings/queue/").text  # The founder is on the board.
    assert client.get("/c/wheels/listings/queue/").status_code == 404


# ---------------------------------------------------------------------------------------------------------------- stock


def test_the_same_thing_twice_counts_as_a_sum(mug, maker):
    with pytest.raises(services.SoldOut) as error:
        services.take_stock(items={mug.pk: 2 + 2}, by=maker)
    assert error.value.field == f"listing:{mug.pk}"
    services.take_stock(items={mug.pk: 3}, by=maker)
    assert Listing.objects.get(pk=mug.pk).is_sold_out


def test_all_or_none_are_taken(mug, maker, at):
    bowl = services.create(kind="goods", said={"title": "Bowl", "stock": 1}, provider_id=maker.membership_id, by=maker, at=at)
    with pytest.raises(services.SoldOut):
        services.take_stock(items={mug.pk: 1, bowl.pk: 2}, by=maker)
    assert Listing.objects.get(pk=mug.pk).stock == 3


def test_what_is_returned_can_be_taken_again(mug, maker):
    services.take_stock(items={mug.pk: 3}, by=maker)
    services.return_stock(items={mug.pk: 1}, by=maker)
    services.take_stock(items={mug.pk: 1}, by=maker)
    assert Listing.objects.get(pk=mug.pk).stock == 0


def test_the_database_keeps_stock_from_falling_below_zero(mug):
    with pytest.raises(IntegrityError), transaction.atomic():
        Listing.objects.filter(pk=mug.pk).update(stock=-1)


@pytest.mark.django_db(transaction=True)
def test_of_five_who_reach_for_three_mugs_three_get_one(mug, maker: Principal, market):
    gate, got = Barrier(5), []

    def reach():
        try:
            with scope(market.pk):
                gate.wait()
                services.take_stock(items={mug.pk: 1}, by=maker)
                got.append(True)
        except services.SoldOut:
            got.append(False)
        finally:
            connection.close()

    threads = [Thread(target=reach) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False, False, True, True, True]
    assert Listing.objects.get(pk=mug.pk).stock == 0
