"""What is owed to whom, and since when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as ledger
from toadlane.money.payments.models import Errand, Payout
from toadlane.society.bylaws import queries as bylaws


@dataclass(frozen=True)
class Owed:
    """:param due: the part whose waiting time is over and that no payout is on its way for"""

    holder: str
    total: Money
    due: Money


_names: dict[str, Callable[[str], str]] = {}


def declare_holders(kind: str, name: Callable[[str], str]) -> None:
    """Say how the holders of sub-ledgers are called: `membership:7` is asked as kind `membership`."""
    _names[kind] = name


def holder_name(holder: str) -> str:
    """Return the name of the holder of a sub-ledger, or what it is filed under."""
    kind, _colon, _id = holder.partition(":")
    if kind in _names:
        return _names[kind](holder)
    return holder or _("nobody in particular")


def payout_days() -> int:
    """Return how many days money waits before it is paid out: a rule of the bylaws."""
    return int(bylaws.book().value("pay.payout_days"))


def owed(at: datetime, *, days: int | None = None) -> list[Owed]:
    """Return what is owed to each holder of 2110, and how much of it is due: older than the bylaws let it wait."""
    cutoff = at - timedelta(days=payout_days() if days is None else days)
    found = []
    for currency in sorted({row.currency for row in ledger.balances() if row.code == "2110"}):
        young = ledger.credited_since("2110", currency, cutoff)
        rows = Payout.objects.filter(currency=currency, state__in=(Errand.ASKED, Errand.UNKNOWN)).order_by()
        on_its_way = dict(rows.values_list("holder").annotate(total=Sum("amount_minor")))
        for row in ledger.holders("2110", currency):
            due = max(0, -row.minor - young.get(row.holder, 0) - on_its_way.get(row.holder, 0))
            if row.minor:
                found.append(Owed(row.holder, -row.amount, Money(due, currency)))
    return found
