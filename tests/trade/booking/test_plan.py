"""When something is open: local time, exceptions, nights, and clocks that change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toadlane.kernel.dates import wall_time
from toadlane.trade.booking import policies, queries, services
from toadlane.trade.booking.models import Booking, PlanWindow, Resource

ZURICH = ZoneInfo("Europe/Zurich")
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


def at(*parts: int) -> datetime:
    """Return an instant by Zurich's clocks."""
    return datetime(*parts, tzinfo=ZURICH)


def hold(resource: Resource, starts: datetime, ends: datetime, job, key: str = "k", **more) -> Booking:
    more.setdefault("until", starts - timedelta(hours=1))
    return services.hold(resource=resource, starts=starts, ends=ends, key=key, by=job, at=NOW, **more)


def test_inside_the_week_it_can_be_booked_and_outside_not(room, job):
    hold(room, at(2027, 3, 8, 9), at(2027, 3, 8, 18), job)
    with pytest.raises(services.Closed):
        hold(room, at(2027, 3, 9, 8, 59), at(2027, 3, 9, 10), job, "early")
    with pytest.raises(services.Closed):
        hold(room, at(2027, 3, 13, 10), at(2027, 3, 13, 11), job, "a Saturday")


def test_weekly_slots_keep_their_local_time_when_the_clocks_change(room):
    # Friday 26 March and Monday 29 March 2027 lie on both sides of the change.
    found = queries.slots(room, at(2027, 3, 26), at(2027, 3, 30), at=NOW)
    local = [wall_time(slot.starts, ZURICH) for slot in found]
    assert [moment.time() for moment in local if moment.date() == date(2027, 3, 29)] == [time(hour) for hour in range(9, 18)]
    assert {slot.starts.astimezone(UTC).hour for slot in found if wall_time(slot.starts, ZURICH).hour == 9} == {8, 7}


def test_a_night_over_the_change_ends_at_the_same_local_hour(flat):
    starts, ends = queries.stay(flat, date(2027, 3, 27), date(2027, 3, 28))
    assert (wall_time(starts, ZURICH).hour, wall_time(ends, ZURICH).hour, ends - starts) == (15, 11, timedelta(hours=19))


def test_a_window_may_run_past_midnight_and_join_the_next(inside, job):
    bar = Resource.objects.create(name="Bar", time_zone="Europe/Zurich")
    PlanWindow.objects.create(resource=bar, weekday=4, opens=time(20), closes=time(2))
    PlanWindow.objects.create(resource=bar, weekday=5, opens=time(2), closes=time(0))
    hold(bar, at(2027, 3, 5, 22), at(2027, 3, 6, 5), job)
    with pytest.raises(services.Closed):
        hold(bar, at(2027, 3, 6, 22), at(2027, 3, 7, 0, 1), job, "too long")


def test_closed_days_are_closed_and_other_hours_replace_the_week(room, board, job):
    services.add_exception(resource=room, first_on=date(2027, 3, 8), last_on=date(2027, 3, 9), note="Carnival", by=board, at=NOW)
    services.add_exception(
        resource=room, first_on=date(2027, 3, 13), last_on=date(2027, 3, 13), opens=time(10), closes=time(12), by=board, at=NOW
    )
    with pytest.raises(services.Closed):
        hold(room, at(2027, 3, 9, 17), at(2027, 3, 9, 18), job)
    hold(room, at(2027, 3, 10, 9), at(2027, 3, 10, 10), job, "the day after")
    hold(room, at(2027, 3, 13, 10), at(2027, 3, 13, 12), job, "that Saturday")


def test_an_always_open_flat_is_closed_on_its_closed_days_only(flat, board):
    services.add_exception(resource=flat, first_on=date(2027, 5, 1), last_on=date(2027, 5, 1), by=board, at=NOW)
    before, touching = (
        queries.stay(flat, date(2027, 4, 28), date(2027, 4, 30)),
        queries.stay(flat, date(2027, 4, 30), date(2027, 5, 2)),
    )
    assert queries.free([flat.pk], *before, at=NOW) == {flat.pk}
    assert queries.free([flat.pk], *touching, at=NOW) == set()


def test_preparation_counts_as_taken_and_touching_is_free(flat, job):
    first = queries.stay(flat, date(2027, 4, 1), date(2027, 4, 3))
    held = hold(flat, *first, job, units=2)
    taken = held.allocations.first()
    assert taken.ends_at - held.ends_at == timedelta(hours=2) and taken.starts_at == held.starts_at
    gone, ready = first[1] + timedelta(minutes=119), first[1] + timedelta(minutes=120)
    assert queries.free([flat.pk], gone, gone + timedelta(days=1), at=NOW) == set()
    assert queries.free([flat.pk], ready, ready + timedelta(days=1), at=NOW) == {flat.pk}


def test_seats_are_given_until_none_is_left_and_the_refusal_says_what_is_free(flat, job):
    night = queries.stay(flat, date(2027, 4, 1), date(2027, 4, 2))
    hold(flat, *night, job, "one")
    hold(flat, *night, job, "two")
    with pytest.raises(services.Taken) as refused:
        hold(flat, *night, job, "three")
    assert "Apr, " in str(refused.value.hint)


def test_a_booking_over_several_slots_blocks_them_all_and_one_that_spans_another_is_refused(room, job):
    hold(room, at(2027, 3, 8, 10), at(2027, 3, 8, 13), job)
    taken = [slot for slot in queries.slots(room, at(2027, 3, 8), at(2027, 3, 9), at=NOW) if not slot.is_free]
    assert [wall_time(slot.starts, ZURICH).hour for slot in taken] == [10, 11, 12]
    with pytest.raises(services.Taken):
        hold(room, at(2027, 3, 8, 9), at(2027, 3, 8, 17), job, "around it")


def test_a_hold_ends_by_itself_and_until_then_it_holds(room, job):
    span = at(2027, 3, 8, 10), at(2027, 3, 8, 11)
    held = hold(room, *span, job, until=NOW + timedelta(minutes=15))
    with pytest.raises(services.Taken):
        services.hold(resource=room, starts=span[0], ends=span[1], until=NOW + timedelta(hours=1), key="b", by=job,
                      at=NOW + timedelta(minutes=14))  # fmt: skip
    other = services.hold(resource=room, starts=span[0], ends=span[1], until=NOW + timedelta(hours=1), key="b", by=job,
                          at=NOW + timedelta(minutes=15))  # fmt: skip
    held.refresh_from_db()
    assert (held.state, other.state) == ("expired", "held")
    # Paid too late: the time is gone, and nothing is booked twice.
    with pytest.raises(services.Taken):
        services.confirm(booking=held, by=job, at=NOW + timedelta(minutes=16))


def test_the_sweep_gives_back_what_lapsed_and_a_late_confirmation_takes_it_again(room, job):
    held = hold(room, at(2027, 3, 8, 10), at(2027, 3, 8, 11), job, until=NOW + timedelta(minutes=15))
    assert services.expire_holds(by=job, at=NOW + timedelta(minutes=14)) == 0
    assert services.expire_holds(by=job, at=NOW + timedelta(minutes=15)) == 1
    assert held.allocations.count() == 0
    confirmed = services.confirm(booking=held, by=job, at=NOW + timedelta(minutes=20))
    assert confirmed.state == "confirmed" and held.allocations.count() == 1
    assert services.expire_holds(by=job, at=NOW + timedelta(days=365)) == 0


def test_released_time_is_free_again_and_a_used_key_is_told(room, job):
    held = hold(room, at(2027, 3, 8, 10), at(2027, 3, 8, 11), job)
    with pytest.raises(services.KeyReused):
        hold(room, at(2027, 3, 8, 12), at(2027, 3, 8, 13), job)
    services.release(booking=held, by=job, at=NOW)
    services.release(booking=held, by=job, at=NOW)
    with pytest.raises(services.AlreadyOver):
        services.confirm(booking=held, by=job, at=NOW)
    hold(room, at(2027, 3, 8, 10), at(2027, 3, 8, 11), job, "again")


def test_searching_many_calendars_costs_the_same_as_searching_one(inside, job, django_assert_num_queries):
    many = [Resource.objects.create(name=f"Room {n}", time_zone="Europe/Zurich", is_always_open=n % 2 == 0) for n in range(30)]
    hold(many[0], at(2027, 3, 8, 10), at(2027, 3, 8, 11), job)
    with django_assert_num_queries(4):
        found = queries.free([one.pk for one in many], at(2027, 3, 8, 10), at(2027, 3, 8, 11), at=NOW)
    assert found == {one.pk for one in many[2::2]}


ranges = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 40)).map(lambda r: (r[0], r[0] + r[1])), max_size=12)


# A busy machine is no fault of the code.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ranges, ranges)
def test_what_is_left_is_what_was_there_and_is_not_taken(whole, taken):
    def instants(pairs):
        return [(NOW + timedelta(minutes=s), NOW + timedelta(minutes=e)) for s, e in pairs]

    def minutes(pairs):
        return {m for s, e in pairs for m in range(s, e)}

    left = policies.without(instants(whole), instants(taken))
    found = {m for s, e in left for m in range(int((s - NOW).total_seconds() // 60), int((e - NOW).total_seconds() // 60))}
    assert found == minutes(whole) - minutes(taken)
    assert all(a[1] < b[0] for a, b in pairwise(left))
