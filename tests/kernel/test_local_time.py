"""Clocks that skip and clocks that repeat."""
# Wall times have no zone of their own.
# ruff: noqa: DTZ001

import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import samples
from toadlane.kernel.dates import at_wall_time, wall_time

ZURICH, NEW_YORK, APIA = ZoneInfo("Europe/Zurich"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_an_ordinary_time_is_itself():
    assert at_wall_time(datetime(2027, 1, 5, 9), ZURICH) == utc(2027, 1, 5, 8)
    assert at_wall_time(datetime(2027, 7, 5, 9), ZURICH) == utc(2027, 7, 5, 7)


def test_a_skipped_time_moves_forward_by_what_was_skipped():
    # 28 March 2027: the clocks go from 02:00 to 03:00.
    moved = at_wall_time(datetime(2027, 3, 28, 2, 30), ZURICH)
    assert wall_time(moved, ZURICH) == datetime(2027, 3, 28, 3, 30)
    assert at_wall_time(datetime(2027, 3, 28, 2, 30), ZURICH, second=True) == moved
    assert at_wall_time(datetime(2027, 3, 28, 1, 59), ZURICH) == utc(2027, 3, 28, 0, 59)
    assert at_wall_time(datetime(2027, 3, 28, 3, 0), ZURICH) == utc(2027, 3, 28, 1, 0)


def test_a_day_that_never_was_moves_to_the_next():
    assert wall_time(at_wall_time(datetime(2011, 12, 30, 12), APIA), APIA) == datetime(2011, 12, 31, 12)


def test_a_repeated_time_is_the_first_unless_the_second_is_asked_for():
    # 31 October 2027: the hour from 02:00 comes twice.
    assert at_wall_time(datetime(2027, 10, 31, 2, 30), ZURICH) == utc(2027, 10, 31, 0, 30)
    assert at_wall_time(datetime(2027, 10, 31, 2, 30), ZURICH, second=True) == utc(2027, 10, 31, 1, 30)
    assert at_wall_time(datetime(2027, 10, 31, 3, 0), ZURICH, second=True) == utc(2027, 10, 31, 2, 0)


def test_a_night_is_as_long_as_it_is():
    def night(day: date, zone: ZoneInfo) -> timedelta:
        come, go = datetime.combine(day, time(15)), datetime.combine(day + timedelta(days=1), time(11))
        return at_wall_time(go, zone) - at_wall_time(come, zone)

    assert night(date(2027, 3, 26), ZURICH) == timedelta(hours=20)
    assert night(date(2027, 3, 27), ZURICH) == timedelta(hours=19)
    assert night(date(2027, 10, 30), ZURICH) == timedelta(hours=21)
    assert night(date(2027, 3, 13), NEW_YORK) == timedelta(hours=19)


# A busy machine is no fault of the code.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)), st.sampled_from([ZURICH, NEW_YORK, APIA]))
def test_a_later_instant_never_shows_as_the_same_wall_time_asked_for(local, zone):
    shown = wall_time(at_wall_time(local, zone), zone)
    assert shown >= local  # Only a skipped time shows differently, and then later.


@pytest.mark.skipif(not samples.EDGES.is_file(), reason=samples.ABSENT)
def test_the_vectors_of_the_time_zone_database():
    for vector in json.loads(samples.EDGES.read_text())["vectors"]:
        local, zone = datetime.fromisoformat(vector["local"]), ZoneInfo(vector["zone"])
        found = at_wall_time(local, zone, second=bool(vector["fold"]))
        assert found == datetime.fromisoformat(vector["utc"]), vector
