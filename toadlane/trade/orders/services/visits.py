"""Placing the visits of a series when their day comes near."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from toadlane.kernel.errors import Expected
from toadlane.money.payments.services import KeptCard
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.trade.orders.models import Series
from toadlane.trade.orders.permissions import RUN
from toadlane.trade.orders.queries.series import when
from toadlane.trade.orders.services import checkout, letters, quoting
from toadlane.trade.orders.services.series import AHEAD

# A visit that comes again is paid for until a day before it, not within a quarter of an hour.
PAID_BEFORE = timedelta(days=1)


def place_due(*, by: Principal, at: datetime) -> int:
    """Place every visit whose day is near, under the rules of today; return how many."""
    by.must(RUN)
    coop = coops.of_scope(current_coop_id())
    zone = ZoneInfo(coop.time_zone)
    near = (at + AHEAD).astimezone(zone).date()
    due = Series.objects.filter(state=Series.State.RUNNING, next_on__lte=near).order_by("pk")
    return sum(_place(series, zone, by, at) for series in due[:200])


def _place(series: Series, zone: ZoneInfo, by: Principal, at: datetime) -> int:
    day = series.next_on
    if series.until and day > series.until:
        Series.objects.filter(pk=series.pk).update(state=Series.State.ENDED)
        return 0
    placed = 0
    starts = when(series, day, zone=zone)
    if day.isoformat() not in series.skipped and starts > at:
        try:
            made = _order(series, starts, by, at)
            placed = len(made.orders)
            _pay(made, series, by, at)
        except Expected as error:
            # The next visits are not held up by one that cannot be had.
            Series.objects.filter(pk=series.pk).update(trouble=f"{day.isoformat()}: {error}"[:300])
    Series.objects.filter(pk=series.pk, next_on=day).update(next_on=day + timedelta(weeks=series.every_weeks))
    return placed


@transaction.atomic
def _order(series: Series, starts: datetime, by: Principal, at: datetime) -> checkout.Placed:
    spec = series.spec
    wish = quoting.Wish(
        listing_id=spec.get("listing"), size=spec.get("size", ""), level=spec.get("level", ""), addons=spec.get("addons", {}),
        every_weeks=series.every_weeks, starts=starts, area=spec.get("area", ""), latitude=spec.get("latitude"),
        longitude=spec.get("longitude"), chosen=spec.get("chosen"),
    )  # fmt: skip
    quote = quoting.quote(wish=wish, by=by, at=at)
    return checkout.place_visit(
        quote=quote, series=series, contact=checkout.Contact(**series.contact), key=f"series:{series.pk}:{series.next_on}",
        due_at=max(starts - PAID_BEFORE, at + timedelta(hours=1)), by=by, at=at,
    )  # fmt: skip


def _pay(placed: checkout.Placed, series: Series, by: Principal, at: datetime) -> None:
    """Pay a visit with the card that was kept; where that fails, its customer is asked to pay it by the link."""
    if placed.payment is None:
        return
    if series.kept_card:
        placed = checkout.pay(placed=placed, card=KeptCard(series.kept_card), by=by, at=at)
    if not placed.is_paid:
        for order in placed.orders:
            letters.write(order=order, letter="order_placed", by=by, at=at)
