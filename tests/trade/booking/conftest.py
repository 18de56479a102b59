from datetime import UTC, datetime, time

import pytest

from toadlane.plumbing.access.principals import Principal
from toadlane.trade.booking.models import PlanWindow, Resource


@pytest.fixture
def room(inside) -> Resource:
    """A rehearsal room, open on weekdays from nine to six, in Zurich."""
    room = Resource.objects.create(name="Rehearsal room", time_zone="Europe/Zurich")
    PlanWindow.objects.bulk_create(PlanWindow(resource=room, weekday=d, opens=time(9), closes=time(18)) for d in range(5))
    return room


@pytest.fixture
def flat(inside) -> Resource:
    """A flat that takes two parties and is let by the night."""
    return Resource.objects.create(
        name="Flat", time_zone="Europe/Zurich", unit="night", capacity=2, is_always_open=True,
        check_in=time(15), check_out=time(11), after_minutes=120,
    )  # fmt: skip


@pytest.fixture
def job(inside) -> Principal:
    return Principal.job(inside.pk)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)
