"""Visits that come again: each becomes an order of its own when its day comes near."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.dates import in_utc
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.trade.orders.models import Quote, Series
from toadlane.trade.orders.permissions import KEEP_SERIES, PLACE
from toadlane.trade.orders.services.errors import ChooseATime
from toadlane.trade.orders.services.quoting import must_be_near

# How long before its day a visit becomes an order: long enough for a member co-op to plan its week.
AHEAD = timedelta(days=7)


class NotAVisit(Expected):
    words = lazy("No visit is planned on this day.")
    status = 422
    field = "visit_on"


class SeriesEnded(Expected):
    words = lazy("These visits have ended.")


def begin(*, quote: Quote, contact: dict[str, Any], until: date | None, by: Principal) -> tuple[Series, date]:
    """Begin a series with its first visit; return it and the day of that visit."""
    by.must(PLACE)
    if quote.starts_at is None or quote.ends_at is None:
        raise ChooseATime
    local = quote.starts_at.astimezone(_zone())
    first = local.date()
    series = Series.objects.create(
        every_weeks=quote.every_weeks, spec=quote.spec | {"listing": quote.listing_id}, contact=contact, customer_id=by.person_id,
        first_at=quote.starts_at, next_on=first + timedelta(weeks=quote.every_weeks), local_time=local.time(),
        minutes=(quote.ends_at - quote.starts_at) // timedelta(minutes=1), until=until,
    )  # fmt: skip
    return series, first


@transaction.atomic
def skip(*, series: Series, visit_on: date, by: Principal) -> Series:
    """Leave one visit out. One that is an order already is cancelled there instead.

    :raises NotAVisit: when none is planned on that day
    """
    by.must(KEEP_SERIES, series)
    series = _open(series)
    _must_be_planned(series, visit_on)
    series.skipped = sorted({*series.skipped, visit_on.isoformat()})
    series.save(update_fields=["skipped"])
    return series


@transaction.atomic
def move_visit(*, series: Series, visit_on: date, starts: datetime, by: Principal, at: datetime) -> Series:
    """Have one visit at another time; those after it stay where they are."""
    by.must(KEEP_SERIES, series)
    series = _open(series)
    _must_be_planned(series, visit_on)
    starts = in_utc(starts)
    if starts <= at:
        raise NotAVisit(_("This time is over already."), field="starts")
    must_be_near(starts, None, at)
    series.moved = {**series.moved, visit_on.isoformat(): starts.isoformat()}
    series.save(update_fields=["moved"])
    return series


@transaction.atomic
def pause(*, series: Series, by: Principal) -> Series:
    by.must(KEEP_SERIES, series)
    return _turn(series, Series.State.PAUSED)


@transaction.atomic
def resume(*, series: Series, by: Principal, at: datetime) -> Series:
    """Go on, with the first day of the rhythm that lies ahead."""
    by.must(KEEP_SERIES, series)
    series = _open(series)
    today = at.astimezone(_zone()).date()
    while series.next_on <= today:
        series.next_on += timedelta(weeks=series.every_weeks)
    series.state, series.trouble = Series.State.RUNNING, ""
    series.save(update_fields=["state", "next_on", "trouble"])
    return series


@transaction.atomic
def end(*, series: Series, by: Principal) -> Series:
    """Order no more visits. Those that are orders already stay; each is cancelled by itself."""
    by.must(KEEP_SERIES, series)
    return _turn(series, Series.State.ENDED)


def _open(series: Series) -> Series:
    series = Series.objects.select_for_update(of=("self",)).get(pk=series.pk)
    if series.state == Series.State.ENDED:
        raise SeriesEnded
    return series


def _turn(series: Series, state: Series.State) -> Series:
    series = _open(series)
    series.state = state
    series.save(update_fields=["state"])
    return series


def _must_be_planned(series: Series, visit_on: date) -> None:
    days = (visit_on - series.next_on).days
    if days < 0 or days % (7 * series.every_weeks) or (series.until and visit_on > series.until):
        raise NotAVisit(hint=_("The next one is on %(day)s.") % {"day": series.next_on.isoformat()})


def _zone() -> ZoneInfo:
    return ZoneInfo(coops.of_scope(current_coop_id()).time_zone)
