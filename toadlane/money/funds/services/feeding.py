"""Feeding the funds with a share of what the co-op earned."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.kernel.dates import add_months
from toadlane.money.funds import policies, queries
from toadlane.money.funds.permissions import FEED
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.models import JournalEntry
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.models import BylawsVersion
from toadlane.society.bylaws.queries import Book
from toadlane.society.coops import queries as coops

# A server that stood still for longer has other troubles, and somebody has to look at its books first.
MOST_MONTHS = 36


@transaction.atomic
def feed(*, by: Principal, at: datetime) -> list[JournalEntry]:
    """Put the share of each month's revenue that the bylaws name into each fund: last month, and before it those missed.

    Each month once, in order, by the share that was in force at its end. A month that lost money feeds none.
    """
    by.must(FEED)
    coop, made = coops.of_scope(current_coop_id()), []
    zone = ZoneInfo(coop.time_zone)
    last = add_months(at.astimezone(zone).date().replace(day=1), -1)
    fed = {fund: _fed_until(fund) for fund in policies.FED}
    for month in _months(last, after=min(fed.values())):
        book = _in_force_at_the_end(month, zone)
        for fund, (rule, expense) in policies.FED.items():
            share = book.maybe(rule)
            # Once fed, a month is over, and those before it: what is booked into it afterwards changes nothing any more.
            if not share or month <= fed[fund]:
                continue
            amount = queries.earned(coop.currency, month).times(share)
            if amount.minor > 0:
                named = {"rule": rule, "rule_version": book.number}
                legs = [ledger.debit(expense, amount, **named), ledger.credit(fund, amount, **named)]
                key = f"fund:{fund}:{month:%Y-%m}"
                made.append(ledger.post(key=key, narration=_("Share of revenue"), postings=legs, by=by, at=at))
    return made


def _months(last: date, *, after: date) -> list[date]:
    """Return the months that may not have been fed from yet, the oldest first: since the co-op was founded, and no more."""
    founded = BylawsVersion.objects.order_by("number").values_list("enacted_at", flat=True).first()
    months = [add_months(last, -back) for back in range(MOST_MONTHS - 1, -1, -1)]
    since = max(after, founded.date().replace(day=1) if founded else last)
    return [month for month in months if month == last or month >= since]


def _fed_until(fund: str) -> date:
    key = JournalEntry.objects.filter(key__startswith=f"fund:{fund}:").order_by("-key").values_list("key", flat=True).first()
    return date.fromisoformat(f"{key.rpartition(':')[2]}-01") if key else date.min


def _in_force_at_the_end(month: date, zone: ZoneInfo) -> Book:
    until = datetime.combine(add_months(month, 1), time(), zone)
    number = BylawsVersion.objects.filter(enacted_at__lt=until).order_by("-number").values_list("number", flat=True).first()
    return bylaws.book(version=number)
