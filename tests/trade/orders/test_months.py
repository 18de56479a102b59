"""Choosing days from a month: what is free, what is taken, and where each choice leads."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests.trade.orders import market
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.trade.booking import services as booking
from toadlane.trade.booking.models import Resource
from toadlane.trade.orders.queries import months

pytestmark = pytest.mark.django_db


@pytest.fixture
def drill(at):
    coop = market.found(at)
    with scope(coop.pk):
        hana = market.maker(coop, "hana", at)
        listing = market.room(hana, "Drill", 600, at)
        Resource.objects.all().delete()
        listing.unit, listing.pricing = "day", "per_day"
        listing.save()
        calendar = booking.open_for_listing(listing_id=listing.pk, by=Principal.job(coop.pk), at=at)
        yield coop, listing, calendar


def day_of(at: datetime, days: int) -> date:
    return (at + timedelta(days=days)).date()


def states(found) -> dict[date, str]:
    return {day.on: day.state for month in found for week in month.weeks for day in week if day}


def shown(calendar, at, first=None, last=None):
    return months.ahead(calendar, at.date(), first=first, last=last, address=lambda a, b: f"{a}/{b}", at=at)


def test_a_taken_day_is_struck_out_and_its_neighbors_are_not(drill, at):
    coop, _listing, calendar = drill
    gone = day_of(at, 4)
    starts, ends = months.span(calendar, gone, gone)
    booking.block(resource=calendar, starts=starts, ends=ends, by=Principal.job(coop.pk), at=at)
    found = states(shown(calendar, at))
    assert found[gone] == "taken" and found[day_of(at, 3)] == found[day_of(at, 5)] == "free"
    assert all(state == "past" for day, state in found.items() if day < at.date())


def test_a_later_day_makes_it_longer_and_an_earlier_one_begins_anew(drill, at):
    calendar = drill[2]
    first, later, earlier = day_of(at, 6), day_of(at, 8), day_of(at, 5)
    found = {day.on: day for month in shown(calendar, at, first, first) for week in month.weeks for day in week if day}
    assert found[later].url == f"{first}/{later}" and found[earlier].url == f"{earlier}/{earlier}"
    assert found[first].state == "chosen" and found[later].state == "free"
    chosen = states(shown(calendar, at, first, later))
    assert [day for day, state in chosen.items() if state == "chosen"] == [first, day_of(at, 7), later]


def test_a_month_costs_no_more_statements_however_full_it_is(drill, at, django_assert_max_num_queries):
    coop, _listing, calendar = drill
    for days in range(2, 20):
        starts, ends = months.span(calendar, day_of(at, days), day_of(at, days))
        booking.block(resource=calendar, starts=starts, ends=ends, by=Principal.job(coop.pk), at=at)
    with django_assert_max_num_queries(3):
        shown(calendar, at)


def test_a_guest_chooses_two_days_and_sees_the_price(drill, at):
    _coop, listing, calendar = drill
    page = f"/c/market/orders/request/{listing.pk}/"
    client, first, last = Client(), day_of(at, 6), day_of(at, 7)
    assert f"?first={first}&amp;last={first}" in client.get(page).content.decode()
    priced = client.get(f"{page}?first={first}&last={last}").content.decode()
    assert "€14.40" in priced and "2 days" in priced and "Cancelling and moving are free until" in priced
    assert priced.count('id="id_first"') == 1, "what is sent along has no name of its own"
    wrong = client.get(f"{page}?first={last}&last={first}").content.decode()
    assert "The last day comes after the first." in wrong
    assert months.span(calendar, first, last)[1].astimezone(ZoneInfo(calendar.time_zone)).hour == 19
