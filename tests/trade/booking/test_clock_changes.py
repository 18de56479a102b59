"""The days on which clocks skip or repeat an hour, in zones that do it differently: what is open, booked, and paid."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from toadlane.kernel.dates import at_wall_time, wall_time
from toadlane.kernel.money import Money
from toadlane.trade.booking import queries, services
from toadlane.trade.booking.models import PlanWindow, Resource
from toadlane.trade.catalog.policies import PRICING, Choices, Terms

NOW = datetime(2027, 1, 5, 9, tzinfo=UTC)
# Zone, the day on which the clocks change, and by how much that day is longer than others.
CHANGES = [
    ("Europe/Zurich", date(2027, 3, 28), timedelta(hours=-1)),
    ("Europe/Zurich", date(2027, 10, 31), timedelta(hours=1)),
    ("America/New_York", date(2027, 3, 14), timedelta(hours=-1)),
    ("America/New_York", date(2027, 11, 7), timedelta(hours=1)),
    # Half an hour only.
    ("Australia/Lord_Howe", date(2027, 4, 4), timedelta(minutes=30)),
    ("Australia/Lord_Howe", date(2027, 10, 3), timedelta(minutes=-30)),
    # At midnight: the day begins at one o'clock.
    ("Africa/Cairo", date(2027, 4, 30), timedelta(hours=-1)),
    ("Asia/Beirut", date(2027, 3, 28), timedelta(hours=-1)),
    # Never.
    ("Asia/Kathmandu", date(2027, 3, 28), timedelta(0)),
]
each_change = pytest.mark.parametrize(("zone", "day", "longer"), CHANGES)


def local(zone: str, day: date, *clock: int) -> datetime:
    return at_wall_time(datetime.combine(day, time(*clock)), ZoneInfo(zone))


def hold(resource, starts, ends, job, key):
    return services.hold(resource=resource, starts=starts, ends=ends, key=key, until=NOW + timedelta(days=1), by=job, at=NOW)


@each_change
def test_nights_touch_and_each_ends_by_the_local_clock(inside, job, zone, day, longer):
    flat = Resource.objects.create(
        name="Flat", time_zone=zone, unit="night", is_always_open=True, check_in=time(15), check_out=time(11)
    )
    days = [day + timedelta(days=n) for n in range(-2, 3)]
    stays = [queries.stay(flat, first, last) for first, last in pairwise(days)]
    for n, ((starts, ends), (first, last)) in enumerate(zip(stays, pairwise(days), strict=True)):
        assert wall_time(starts, ZoneInfo(zone)) == datetime.combine(first, time(15))
        assert wall_time(ends, ZoneInfo(zone)) == datetime.combine(last, time(11))
        assert ends - starts == timedelta(hours=20) + (longer if last == day else timedelta(0))
        hold(flat, starts, ends, job, f"night:{n}")
    for n, (starts, ends) in enumerate(stays):
        with pytest.raises(services.Taken):
            hold(flat, starts, ends, job, f"again:{n}")
    with pytest.raises(services.Taken):
        hold(flat, *queries.stay(flat, days[0], days[-1]), job, "all of them")


@each_change
def test_an_hour_that_comes_twice_is_two_hours_and_one_that_is_skipped_is_none(inside, job, zone, day, longer):
    room = Resource.objects.create(name="Room", time_zone=zone, is_always_open=True, slot_minutes=30)
    begins, is_over = local(zone, day, 0), local(zone, day + timedelta(days=1), 0)
    assert is_over - begins == timedelta(days=1) + longer
    slots = queries.slots(room, begins, is_over, at=NOW)
    assert len(slots) == 48 + longer / timedelta(minutes=30)
    assert all(first.ends == second.starts for first, second in pairwise(slots)), "they touch, and none is left out"
    for n, slot in enumerate(slots):
        hold(room, slot.starts, slot.ends, job, f"slot:{n}")
    assert not any(slot.is_free for slot in queries.slots(room, begins, is_over, at=NOW))


@each_change
def test_the_week_opens_and_closes_by_the_local_clock(inside, zone, day, longer):
    bar = Resource.objects.create(name="Bar", time_zone=zone, slot_minutes=30)
    PlanWindow.objects.bulk_create(PlanWindow(resource=bar, weekday=n, opens=time(9), closes=time(17)) for n in range(7))
    for n in (-7, -1, 0, 1, 7):
        there = day + timedelta(days=n)
        slots = queries.slots(bar, local(zone, there, 0), local(zone, there + timedelta(days=1), 0), at=NOW)
        assert wall_time(slots[0].starts, ZoneInfo(zone)) == datetime.combine(there, time(9))
        assert wall_time(slots[-1].ends, ZoneInfo(zone)) == datetime.combine(there, time(17)) and len(slots) == 16


def test_a_window_over_the_change_is_as_long_as_it_is(inside):
    club = Resource.objects.create(name="Club", time_zone="Europe/Zurich", slot_minutes=30)
    PlanWindow.objects.create(resource=club, weekday=6, opens=time(1), closes=time(4))
    for day, slots in ((date(2027, 3, 21), 6), (date(2027, 3, 28), 4), (date(2027, 10, 31), 8), (date(2027, 11, 7), 6)):
        begins = local("Europe/Zurich", day, 0)
        assert len(queries.slots(club, begins, begins + timedelta(hours=12), at=NOW)) == slots, day


# ---------------------------------------------------------------------------------------------------------- what it costs
TERMS = Terms(currency="EUR", price=Money(1000, "EUR"))


def price(policy: str, starts: datetime, ends: datetime, zone: str) -> int:
    return sum(line.total.minor for line in PRICING[policy](TERMS, Choices(starts=starts, ends=ends, time_zone=zone)))


@each_change
@pytest.mark.parametrize("is_by_offset", [True, False])
def test_hours_are_paid_as_long_as_they_are_and_nights_by_the_calendar(zone, day, longer, is_by_offset):
    def said(when: date, *clock: int) -> datetime:
        instant = local(zone, when, *clock)
        return instant if is_by_offset else instant.astimezone(ZoneInfo(zone))

    before, after = day - timedelta(days=1), day + timedelta(days=1)
    hours = int((timedelta(hours=24) + longer) / timedelta(minutes=30))
    assert price("per_hour", said(before, 12), said(day, 12), zone) == hours * 500
    assert price("per_night", said(before, 15), said(day, 11), zone) == 1000
    assert price("per_night", said(before, 15), said(after, 11), zone) == 2000
    assert price("per_day", said(day, 9), said(after, 9), zone) == 2000


def test_what_is_written_without_an_offset_means_the_local_clock():
    with timezone.override(ZoneInfo("Europe/Zurich")):
        starts, ends = (timezone.make_aware(datetime(2027, 10, 31, hour)) for hour in (1, 4))  # noqa: DTZ001
    assert price("per_hour", starts, ends, "Europe/Zurich") == 4000, "the hour from two comes twice"
