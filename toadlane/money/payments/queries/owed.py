"""What is owed to whom, and since when."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as ledger
from toadlane.money.payments.models import Errand, Payout, Refund
from toadlane.society.bylaws import queries as bylaws


@dataclass(frozen=True)
class Owed:
    """:param due: the part whose waiting time is over and that no payout is on its way for"""

    holder: str
    total: Money
    due: Money


def holder_name(holder: str) -> str:
    """Return the name of the holder of a sub-ledger, or what it is filed under."""
    return ledger.names.holder(holder)


def subject_label(subject: str) -> str:
    """Return what a payment is for, in words, or nothing where no room has named it."""
    label = ledger.names.subject(subject).label
    return "" if label == subject else label


def payout_days() -> int:
    """Return how many days money waits before it is paid out: a rule of the bylaws."""
    return int(bylaws.book().value("pay.payout_days"))


def payout_rule() -> bylaws.Provenance:
    """Return who decided how long earned money waits."""
    return bylaws.book().decided("pay.payout_days")


def owed(at: datetime, *, days: int | None = None, holders: Sequence[str] | None = None) -> list[Owed]:
    """Return what is owed to each holder of 2110, and how much of it is due: older than the bylaws let it wait."""
    cutoff = at - timedelta(days=payout_days() if days is None else days)
    found = []
    for currency in sorted({row.currency for row in ledger.balances() if row.code == "2110"}):
        young = ledger.credited_since("2110", currency, cutoff)
        rows = Payout.objects.filter(currency=currency, state__in=(Errand.ASKED, Errand.UNKNOWN)).order_by()
        on_its_way = Counter(dict(rows.values_list("holder").annotate(total=Sum("amount_minor"))))
        on_its_way.update(_being_taken_back(currency))
        for row in ledger.holders("2110", currency):
            due = max(0, -row.minor - young.get(row.holder, 0) - on_its_way[row.holder])
            if row.minor and (holders is None or row.holder in holders):
                found.append(Owed(row.holder, -row.amount, Money(due, currency)))
    return found


def _being_taken_back(currency: str) -> Counter[str]:
    """Return what refunds on their way will take out of 2110, by holder: paid out meanwhile, it would be missing."""
    waiting = Refund.objects.filter(payment__currency=currency, state__in=(Errand.ASKED, Errand.UNKNOWN))
    taken: Counter[str] = Counter()
    for debits in waiting.values_list("debits", flat=True):
        for leg in debits:
            if leg["code"] == "2110":
                taken[leg["holder"]] += leg["minor"]
    return taken
