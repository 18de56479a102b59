"""Many at once, with real threads and real transactions: never an overlap, never anything but “taken”."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.trade.booking import services as booking
from toadlane.trade.booking.models import Allocation, Booking, Resource

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2027, 6, 1, tzinfo=UTC)
UNTIL = START - timedelta(days=1)
NOW = START - timedelta(days=30)


def together(coop_id: int, deeds: list) -> list[BaseException]:
    """Start every deed at the same moment, each on its own connection; return what went wrong unexpectedly."""
    barrier, faults = Barrier(len(deeds)), []

    def run(deed):
        try:
            with scope(coop_id):
                barrier.wait()
                deed(Principal.job(coop_id))
        except BaseException as error:
            faults.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    [thread.start() for thread in threads]
    [thread.join(timeout=120) for thread in threads]
    return faults


def overlaps() -> list[tuple[Allocation, Allocation]]:
    rows = list(Allocation.objects.order_by("resource_id", "unit", "starts_at"))
    return [(a, b) for a, b in pairwise(rows) if (a.resource_id, a.unit) == (b.resource_id, b.unit) and a.ends_at > b.starts_at]


def test_random_nights_hours_and_blocks_never_overlap(inside):
    resources = [
        Resource.objects.create(name="Room", time_zone="Europe/Zurich", is_always_open=True, after_minutes=15),
        Resource.objects.create(name="Flat", time_zone="Europe/Zurich", is_always_open=True, unit="night", capacity=2),
        Resource.objects.create(name="Bus", time_zone="Europe/Zurich", is_always_open=True, capacity=5),
    ]
    outcome: Counter = Counter()

    def guest(number: int):
        dice = random.Random(number)

        def deed(by: Principal) -> None:
            for turn in range(25):
                resource = dice.choice(resources)
                starts = START + timedelta(hours=dice.randrange(0, 96))
                length = dice.choice([timedelta(hours=1), timedelta(hours=3), timedelta(days=1), timedelta(days=2)])
                key, units = f"{number}:{turn}", dice.randint(1, resource.capacity)
                try:
                    if dice.random() < 0.2:
                        booking.block(resource=resource, starts=starts, ends=starts + length, note="", by=by, at=NOW)
                    else:
                        held = booking.hold(resource=resource, starts=starts, ends=starts + length, units=units,
                                            until=UNTIL, key=key, by=by, at=NOW)  # fmt: skip
                        if dice.random() < 0.3:
                            booking.release(booking=held, by=by, at=NOW)
                        elif dice.random() < 0.5:
                            booking.confirm(booking=held, by=by, at=NOW)
                    outcome["had"] += 1
                except booking.Taken:
                    outcome["taken"] += 1

        return deed

    assert together(inside.pk, [guest(number) for number in range(5)]) == []
    assert overlaps() == []
    assert outcome["had"] >= 1 and outcome["taken"] >= 1
    for held in Booking.objects.all():
        assert held.allocations.count() == (held.units if held.state in Booking.TAKING else 0)


def test_of_ten_who_want_the_last_slot_one_has_it(inside):
    room = Resource.objects.create(name="Room", time_zone="Europe/Zurich", is_always_open=True)
    had = []

    def guest(number: int):
        def deed(by: Principal) -> None:
            try:
                had.append(booking.hold(resource=room, starts=START, ends=START + timedelta(hours=1), until=UNTIL,
                                        key=f"guest:{number}", by=by, at=NOW))  # fmt: skip
            except booking.Taken as error:
                assert error.hint

        return deed

    assert together(inside.pk, [guest(number) for number in range(10)]) == []
    assert len(had) == 1 and Allocation.objects.count() == 1


def test_one_intent_sent_five_times_books_once(inside):
    room = Resource.objects.create(name="Room", time_zone="Europe/Zurich", is_always_open=True, capacity=5)
    had = []

    def deed(by: Principal) -> None:
        had.append(
            booking.hold(resource=room, starts=START, ends=START + timedelta(hours=1), until=UNTIL, key="same", by=by, at=NOW).pk
        )

    assert together(inside.pk, [deed] * 5) == []
    assert len(set(had)) == 1 and len(had) == 5 and Allocation.objects.count() == 1


def test_two_accepted_requests_for_one_slot_the_second_is_refused(inside):
    room = Resource.objects.create(name="Room", time_zone="Europe/Zurich", is_always_open=True)
    by = Principal.job(inside.pk)
    asked = [
        booking.request(resource=room, starts=START, ends=START + timedelta(hours=2), key=f"ask:{n}", by=by, at=NOW)
        for n in range(2)
    ]
    outcome: Counter = Counter()

    def accepting(one: Booking):
        def deed(by: Principal) -> None:
            try:
                booking.accept(booking=one, by=by, at=NOW)
                outcome["accepted"] += 1
            except booking.Taken:
                outcome["refused"] += 1

        return deed

    assert together(inside.pk, [accepting(one) for one in asked]) == []
    assert outcome == {"accepted": 1, "refused": 1}
    assert sorted(b.state for b in Booking.objects.all()) == ["confirmed", "requested"]


def test_baskets_that_share_items_in_opposite_order_do_not_deadlock(inside):
    rooms = [Resource.objects.create(name=f"Room {n}", time_zone="UTC", is_always_open=True, capacity=40) for n in range(4)]

    def basket(number: int):
        order = rooms if number % 2 else rooms[::-1]

        def deed(by: Principal) -> None:
            for turn in range(8):
                wants = [booking.Want(resource=r, starts=START, ends=START + timedelta(hours=1)) for r in order]
                keys = [f"{number}:{turn}:{r.pk}" for r in order]
                booking.hold_all(wants=wants, until=UNTIL, keys=keys, by=by, at=NOW)

        return deed

    assert together(inside.pk, [basket(number) for number in range(5)]) == []
    assert Allocation.objects.count() == 4 * 5 * 8 and overlaps() == []


def test_the_database_refuses_an_overlap_that_no_service_made(inside):
    from django.db import IntegrityError, transaction

    room = Resource.objects.create(name="Room", time_zone="UTC", is_always_open=True)
    block = {"resource": room, "unit": 0, "kind": "block"}
    Allocation.objects.create(**block, starts_at=START, ends_at=START + timedelta(hours=2))
    Allocation.objects.create(
        **block, starts_at=START + timedelta(hours=2), ends_at=START + timedelta(hours=3)
    )  # Touching is free.
    third = Allocation.objects.create(**block, starts_at=START + timedelta(hours=5), ends_at=START + timedelta(hours=6))
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.create(**block, starts_at=START + timedelta(hours=1), ends_at=START + timedelta(hours=4))
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.filter(pk=third.pk).update(starts_at=START + timedelta(hours=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.create(**(block | {"unit": 1}), starts_at=START, ends_at=START + timedelta(hours=1))
    assert connection.vendor in ("sqlite", "postgresql")
