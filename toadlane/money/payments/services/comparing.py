"""Comparing what a provider says it holds for the co-op with what the books say."""

from datetime import datetime, timedelta

from toadlane.money.payments import queries
from toadlane.money.payments.models import Comparison
from toadlane.money.payments.permissions import RECONCILE
from toadlane.money.payments.services.asking import outside_transactions, provider_of
from toadlane.money.payments.services.providers import NoAnswer
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.prepared import insert_once

KEPT_FOR = timedelta(days=400)
# Money may move between reading the books and asking: then both are read again.
TRIES = 3


def compare(*, by: Principal, at: datetime) -> int:
    """Compare with every company that tells, and return how many balances were. Never inside a transaction.

    An account that several co-ops share is left out: its balance is no single co-op's.
    """
    by.must(RECONCILE)
    outside_transactions()
    found = 0
    for name in queries.comparable():
        found += _compare(name, at)
    Comparison.objects.filter(at__lt=at - KEPT_FOR).delete()
    return found


def _compare(name: str, at: datetime) -> int:
    for _try in range(TRIES):
        before = queries.booked_at(name)
        try:
            theirs = provider_of(name).holds()
        except (NoAnswer, OSError):
            return 0
        if (ours := queries.booked_at(name)) == before:
            break
    currencies = sorted({code for code, minor in (*theirs.items(), *ours.items()) if minor} | set(ours))
    for currency in currencies:
        row = Comparison(
            provider=name, currency=currency, theirs_minor=theirs.get(currency, 0), ours_minor=ours.get(currency, 0),
            under_way=queries.under_way(name, currency), at=at,
        )  # fmt: skip
        insert_once(row, unique="provider, currency, at")
    return len(currencies)
