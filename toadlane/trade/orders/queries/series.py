"""When the visits of a series are."""

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
