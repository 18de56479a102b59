"""What is owed to whom, and since when."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as ledger
from toadlane.money.payments.models import Errand, Payout, Refund
from toadlane.society.bylaws import queries as bylaws


@dataclass(frozen=True)
class Owed:
    """:param due: the part whose waiting time is over and that no payout is on its way for
    :param withheld: why nothing of it is paid out for now, or nothing
    """

    holder: str
    total: Money
    due: Money
    withheld: str = ""


# (at) -> holders to whom nothing is paid out for now, each with the reason.
Withholding = Callable[[datetime], Mapping[str, str]]
_withholding: dict[str, Withholding] = {}


def declare_withholding(name: str, source: Withholding) -> None:
    """Let a room above say to whom the law forbids to pay out for now. Called in its `wiring`."""
    assert name not in _withholding, f"{name} withholds already"
    _withholding[name] = source


def withheld(at: datetime) -> dict[str, str]:
    """Return the holders to whom nothing is paid out for now, each with the reason."""
    return {holder: why for source in _withholding.values() for holder, why in source(at).items()}


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
    found, held = [], withheld(at)
    for currency in sorted({row.currency for row in ledger.balances() if row.code == "2110"}):
        young = ledger.credited_since("2110", currency, cutoff)
        rows = Payout.objects.filter(currency=currency, state__in=(Errand.ASKED, Errand.UNKNOWN)).order_by()
        on_its_way = Counter(dict(rows.values_list("holder").annotate(total=Sum("amount_minor"))))
        on_its_way.update(_being_taken_back(currency))
        for row in ledger.holders("2110", currency):
            due = max(0, -row.minor - young.get(row.holder, 0) - on_its_way[row.holder])
            if row.minor and (holders is None or row.holder in holders):
                why = held.get(row.holder, "")
                found.append(Owed(row.holder, -row.amount, Money(0 if why else due, currency), why))
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
