"""The week before somebody: what they go to, and what is fetched from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops.queries import COOP_URLS
from toadlane.trade.orders.models import Order
from toadlane.trade.orders.queries.oversight import TAKEN_ON
from toadlane.trade.work.models import Job
from toadlane.ui import formats

DAYS = 7


@dataclass(frozen=True)
class Entry:
    starts: datetime
    ends: datetime
    title: str
    url: str
    # Who goes, or where to.
    more: str


@dataclass(frozen=True)
class Day:
    on: date
    is_today: bool
    entries: Sequence[Entry]


def mine(by: Principal, at: datetime) -> dict[str, Any] | None:
    """Return the seven days from today on, or nothing for whom they are empty and have always been."""
    if not by.person_id:
        return None
    today = timezone.localtime(at).date()
    rows = Order.objects.filter(Q(provider_id__in=by.memberships) | Q(worker_id=by.person_id), starts_at__isnull=False)
    ahead = rows.filter(state__in=(*TAKEN_ON, "done", "confirmed", "released"), ends_at__gte=_midnight(at))
    found = list(ahead.filter(starts_at__lt=_midnight(at) + timedelta(days=DAYS)).order_by("starts_at", "pk")[:40])
    if not found and not rows.exists():
        return None
    jobs = _jobs(found)
    days = [today + timedelta(days=n) for n in range(DAYS)]
    entries = [(timezone.localtime(order.starts_at).date(), _entry(order, jobs)) for order in found if order.starts_at]
    return {"days": [Day(day, day == today, [entry for on, entry in entries if max(on, today) == day]) for day in days]}


def _midnight(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def _jobs(found: Sequence[Order]) -> dict[str, int]:
    subjects = [order.subject for order in found if order.visits_home]
    return dict(Job.objects.filter(subject__in=subjects).values_list("subject", "pk")) if subjects else {}


def _entry(order: Order, jobs: dict[str, int]) -> Entry:
    assert order.starts_at is not None and order.ends_at is not None
    page = ("work:job", jobs[order.subject]) if order.subject in jobs else ("orders:detail", order.pk)
    who = order.worker_name or ("" if order.visits_home else order.name)
    more = formats.listed(filter(None, (order.spec.get("area", ""), who)))
    return Entry(order.starts_at, order.ends_at, order.title, reverse(page[0], urlconf=COOP_URLS, args=[page[1]]), more)
