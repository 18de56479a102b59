"""A member offers something, and only a member may."""

import pytest

from tests.trade.catalog.conftest import MUG
from toadlane.plumbing.access.principals import Channel, Principal, Refused
from toadlane.trade.catalog import queries, services
from toadlane.trade.catalog.models import State


def test_a_listing_begins_as_a_draft_and_is_then_in_the_window(mug, maker, at):
    assert mug.state == State.DRAFT
    assert services.submit(listing=mug, by=maker, at=at).state == State.LIVE


def test_a_stranger_cannot_offer(market, at):
    stranger = Principal(coop_id=market.pk, channel=Channel.WEB)
    with pytest.raises(Refused):
        services.create(kind="goods", said=MUG, provider_id=None, by=stranger, at=at)


def test_everything_that_is_wrong_is_said_at_once(market, maker, at):
    wrong = {"title": "", "price_minor": -1, "values": {"material": "moonlight", "colour": "red"}}
    with pytest.raises(services.Incomplete) as error:
        services.create(kind="goods", said=wrong, provider_id=maker.membership_id, by=maker, at=at)
    assert set(error.value.faults) == {"title", "price_minor", "values.material", "values.colour"}


def test_a_draft_without_a_price_cannot_be_submitted(market, maker, at):
    mug = services.create(kind="goods", said={"title": "Mug"}, provider_id=maker.membership_id, by=maker, at=at)
    with pytest.raises(services.Incomplete) as error:
        services.submit(listing=mug, by=maker, at=at)
    assert set(error.value.faults) == {"price_minor", "stock", "text"}


def test_the_public_place_is_the_middle_of_a_hexagon(mug, maker, at):
    there = services.edit(listing=mug, said={"latitude": "45.76912", "longitude": "4.83444"}, by=maker, at=at)
    assert (there.public_latitude, there.public_longitude) != (there.latitude, there.longitude)
    assert abs(there.public_latitude - there.latitude) < 1
    near = services.edit(listing=mug, said={"latitude": "45.76913", "longitude": "4.83445"}, by=maker, at=at)
    assert near.public_latitude == there.public_latitude


def test_the_kinds_come_from_the_blueprint(market):
    assert set(queries.kinds(market)) == {"goods", "rental", "skill"}
