"""Only what is free for the whole of the asked dates is found, in two statements however many listings there are."""

from datetime import UTC, datetime, time, timedelta

import pytest

from tests.conftest import run_jobs
from toadlane.plumbing.access.principals import Principal
from toadlane.trade.booking.models import Allocation, PlanException, PlanWindow, Resource
from toadlane.trade.booking.queries import availability
from toadlane.trade.catalog import services
from toadlane.trade.catalog.models import Listing

FROM, TO = datetime(2027, 5, 10, 14, tzinfo=UTC), datetime(2027, 5, 12, 8, tzinfo=UTC)


@pytest.fixture
def drill(maker: Principal, at: datetime) -> Listing:
    said = {"title": "Hammer drill", "text": "Goes through brick.", "price_minor": 600}
    listing = services.create(kind="rental", said=said, provider_id=maker.membership_id, by=maker, at=at)
    services.submit(listing=listing, by=maker, at=at)
    run_jobs()
    return listing


@pytest.fixture
def calendar(drill: Listing) -> Resource:
    """The calendar that opened by itself when the drill went into the window."""
    Resource.objects.filter(listing_id=drill.pk).update(time_zone="Europe/Madrid")
    return Resource.objects.get(listing_id=drill.pk)


def is_free(listing: Listing, units: int = 1) -> bool:
    return availability([listing.pk], FROM, TO, units) == {listing.pk}


def take(calendar: Resource, starts: datetime, ends: datetime) -> None:
    Allocation.objects.create(resource=calendar, unit=0, kind="block", starts_at=starts, ends_at=ends)


def test_what_is_lent_has_a_calendar_as_soon_as_it_is_in_the_window(drill):
    calendar = Resource.objects.get()
    assert (calendar.listing_id, calendar.name, calendar.unit, calendar.capacity) == (drill.pk, "Hammer drill", "day", 1)
    assert calendar.membership_id == drill.provider_id, "whoever lends it keeps it"
    services.pause(listing=drill, by=Principal.job(drill.coop_id), at=calendar_day())
    services.resume(listing=drill, by=Principal.job(drill.coop_id), at=calendar_day())
    run_jobs()
    assert Resource.objects.count() == 1, "only once"


def calendar_day() -> datetime:
    return FROM - timedelta(days=90)


def test_without_a_calendar_it_is_not_free(drill):
    Resource.objects.all().delete()
    assert not is_free(drill)


@pytest.mark.parametrize(
    ("starts", "ends", "free"),
    [
        (FROM - timedelta(days=1), FROM, True),
        (FROM - timedelta(days=1), FROM + timedelta(seconds=1), False),
        (TO, TO + timedelta(days=1), True),
        (FROM + timedelta(hours=1), FROM + timedelta(hours=2), False),
    ],
)
def test_what_touches_is_free_and_what_overlaps_is_not(drill, calendar, starts, ends, free):
    take(calendar, starts, ends)
    assert is_free(drill) is free


def test_two_of_three_are_left(drill, calendar):
    Resource.objects.filter(pk=calendar.pk).update(capacity=3)
    take(calendar, FROM, TO)
    assert is_free(drill, 2) and not is_free(drill, 3)


def test_time_to_clear_up_counts(drill, calendar):
    take(calendar, TO, TO + timedelta(days=1))
    Resource.objects.filter(pk=calendar.pk).update(after_minutes=1)
    assert not is_free(drill)


def test_a_closed_day_closes_it_and_another_one_does_not(drill, calendar):
    PlanException.objects.create(
        resource=calendar, first_on=FROM.date() + timedelta(days=9), last_on=FROM.date() + timedelta(days=9)
    )
    assert is_free(drill)
    PlanException.objects.create(resource=calendar, first_on=TO.date(), last_on=TO.date())
    assert not is_free(drill)


def test_a_week_has_to_be_open_all_along(drill, calendar):
    Resource.objects.filter(pk=calendar.pk).update(is_always_open=False)
    for weekday in (0, 1):
        PlanWindow.objects.create(resource=calendar, weekday=weekday, opens=time(0), closes=time(0))
    assert not is_free(drill)
    PlanWindow.objects.create(resource=calendar, weekday=2, opens=time(0), closes=time(0))
    assert is_free(drill)


def test_the_page_asks_at_most_six_times(drill, calendar, client, django_assert_max_num_queries):
    asked = {"q": "drill", "starts": "2027-05-10", "ends": "2027-05-12"}
    with django_assert_max_num_queries(6):
        assert "Hammer drill" in client.get("/c/wheels/listings/", asked).text
    take(calendar, FROM, TO)
    assert "Hammer drill" not in client.get("/c/wheels/listings/", asked).text
