"""When the visits of a series are."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from toadlane.kernel.dates import at_wall_time
from toadlane.trade.orders.models import Series


def when(series: Series, visit_on: date, *, zone: ZoneInfo) -> datetime:
    """Return the instant of a visit: the agreed wall time on its day, or where it was moved to."""
    if moved := series.moved.get(visit_on.isoformat()):
        return datetime.fromisoformat(moved)
    return at_wall_time(datetime.combine(visit_on, series.local_time), zone)


def ahead(series: Series, count: int = 4) -> list[date]:
    """Return the days of the next visits that are not orders yet, skipped ones included."""
    if series.state == Series.State.ENDED:
        return []
    days = [series.next_on + timedelta(weeks=n * series.every_weeks) for n in range(count)]
    return [day for day in days if series.until is None or day <= series.until]


@dataclass(frozen=True)
class Visit:
    """A visit that is not an order yet.

    :param moved_to: when it is instead, where it was moved
    """

    on: date
    is_skipped: bool
    moved_to: datetime | None


def visits(series: Series) -> list[Visit]:
    """Return the next visits as their customer reads them: none while they are paused."""
    if series.state != Series.State.RUNNING:
        return []
    moved = {day: datetime.fromisoformat(to) for day, to in series.moved.items()}
    return [Visit(day, day.isoformat() in series.skipped, moved.get(day.isoformat())) for day in ahead(series)]


def kept(series: Series) -> list[date]:
    """Return the days of the next visits that are not left out."""
    return [one.on for one in visits(series) if not one.is_skipped]
