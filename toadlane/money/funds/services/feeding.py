"""Feeding the funds with a share of what the co-op earned."""

from datetime import datetime
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
from toadlane.society.coops import queries as coops


@transaction.atomic
def feed(*, by: Principal, at: datetime) -> list[JournalEntry]:
    """Put the share of last month's revenue that the bylaws name into each fund, once. A month that lost money feeds none."""
    by.must(FEED)
    coop, book, made = coops.of_scope(current_coop_id()), bylaws.book(), []
    month = add_months(at.astimezone(ZoneInfo(coop.time_zone)).date().replace(day=1), -1)
    for fund, (rule, expense) in policies.FED.items():
        share = book.maybe(rule)
        key = f"fund:{fund}:{month:%Y-%m}"
        # Once fed, a month is over: what is booked into it afterwards, or another share, changes nothing any more.
        if not share or JournalEntry.objects.filter(key=key).exists():
            continue
        amount = queries.earned(coop.currency, month).times(share)
        if amount.minor > 0:
            named = {"rule": rule, "rule_version": book.number}
            legs = [ledger.debit(expense, amount, **named), ledger.credit(fund, amount, **named)]
            made.append(ledger.post(key=key, narration=_("Share of revenue"), postings=legs, by=by, at=at))
    return made
