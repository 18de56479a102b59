"""What somebody earned, week by week, and what was paid out of it lately."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.payments.models import EARNED, Errand
from toadlane.money.payments.queries.errands import payouts
from toadlane.money.payments.queries.owed import Owed
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.desk.registry import NEW_FOR, News
from toadlane.society.coops.queries import COOP_URLS
from toadlane.ui import formats
from toadlane.ui.shapes import Chart, Column

WEEKS = 8


def earned(by: Principal, at: datetime) -> dict[str, Any] | None:
    """Return a chart of the last eight weeks for each currency, or nothing for whoever earned nothing in them."""
    if not by.memberships:
        return None
    today = timezone.localtime(at).date()
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    since = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=(today - first).days)
    holders = [f"membership:{pk}" for pk in sorted(by.memberships)]
    earned = books.earned_by_day("2110", holders=holders, since=since)
    charts = [_chart(currency, days, first) for currency, days in earned.items() if any(days.values())]
    return {"charts": charts} if charts else None


def news(by: Principal, at: datetime) -> list[News]:
    """Return what was paid out lately to those somebody speaks for."""
    if not by.memberships:
        return []
    rows = payouts(holders=[f"membership:{pk}" for pk in sorted(by.memberships)])
    text, url = _("%(amount)s was paid out."), reverse("payments:earned", urlconf=COOP_URLS)
    paid = rows.filter(state=Errand.DONE, settled_at__gt=at - NEW_FOR).order_by("-settled_at")[:2]
    return [
        News(row.settled_at, text % {"amount": formats.money(row.amount)}, url, _("See it")) for row in paid if row.settled_at
    ]


def in_short(rows: Sequence[Owed], *, holders: Sequence[str], at: datetime) -> dict[str, Any]:
    """Return what is on its way to somebody, what of it is due, and what was sent to them since the year began, by currency.

    :param rows: what is owed to them
    """
    way, due = Counter[str](), Counter[str]()
    for row in rows:
        way[row.total.currency] += row.total.minor
        due[row.due.currency] += row.due.minor
    # What was not earned with work, such as a part of a surplus, is nowhere among what is owed for work: its payouts tell.
    others = payouts(holders=holders).filter(state__in=(Errand.ASKED, Errand.UNKNOWN)).exclude(code=EARNED)
    way.update(dict(others.order_by().values_list("currency").annotate(total=Sum("amount_minor"))))
    new_year = timezone.localtime(at).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    done = payouts(holders=holders).filter(state=Errand.DONE, settled_at__gte=new_year).order_by().values_list("currency")
    sent = dict(done.annotate(total=Sum("amount_minor")))
    return {
        name: [Money(minor, currency) for currency, minor in sorted(found.items())]
        for name, found in (("way", way), ("due", due), ("sent", sent))
    } | {"year": new_year.year}


def _chart(currency: str, days: dict[date, int], first: date) -> dict[str, Any]:
    weeks = [0] * WEEKS
    for day, minor in days.items():
        weeks[max((day - first).days // 7, 0)] += minor
    total = Money(sum(weeks), currency)
    mean = Money(total.minor // WEEKS, currency)
    columns = [
        Column(formats.day(first + timedelta(weeks=n), "short"), minor, formats.money(Money(minor, currency)), n == WEEKS - 1)
        for n, minor in enumerate(weeks)
    ]
    said = {"total": formats.money(total), "mean": formats.money(mean)}
    summary = _(
        "Each bar is a week that begins on the day named; the last is not over. The dashed line is the average, %(mean)s."
    )
    chart = Chart(columns=columns, summary=summary % said, unit=_("Earned"), mean=mean.minor, mean_text=said["mean"])
    return {"chart": chart, "total": total, "mean": mean}
