"""What is owed to whom, and since when."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Sum
from django.utils import timezone

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as ledger
from toadlane.money.payments.models import EARNED, Errand, Payout, Refund, TakeBack
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


@dataclass(frozen=True)
class Wish:
    """How a holder wants to be paid. What became due before the day, week or month began is paid in it.

    :param least_minor: below this it is left to come together
    :param holds: it is left until the member says otherwise, and no longer than `longest`
    :param longest: days after which everything is paid, whatever was wished; None where the bylaws set no end
    """

    every: Literal["day", "week", "month"] = "day"
    least_minor: int = 0
    holds: bool = False
    longest: int | None = None


# What a holder who has said nothing gets, and who has said what: asked of the room where members say it.
Wishes = Callable[[], tuple[Wish, Mapping[str, Wish]]]
_wishes: list[Wishes] = []


def declare_wishes(source: Wishes) -> None:
    """Say where members' wishes are found. Called in a room's `wiring`."""
    assert not _wishes, "wishes are known already"
    _wishes.append(source)


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


def owed(at: datetime, *, holders: Sequence[str] | None = None) -> list[Owed]:
    """Return what is owed to each holder of 2110, and how much of it is due: older than the bylaws let it wait, and as the
    holder wants it."""
    usual, wishes = _wishes[0]() if _wishes else (Wish(), {})
    found, held = [], withheld(at)
    for currency in sorted({row.currency for row in ledger.balances() if row.code == "2110"}):
        young = _Young(currency, at)
        rows = Payout.objects.filter(code=EARNED, currency=currency, state__in=(Errand.ASKED, Errand.UNKNOWN)).order_by()
        on_its_way = Counter(dict(rows.values_list("holder").annotate(total=Sum("amount_minor"))))
        on_its_way.update(_being_taken_back(currency))
        for row in ledger.holders("2110", currency):
            if row.minor and (holders is None or row.holder in holders):
                free, why = -row.minor - on_its_way[row.holder], held.get(row.holder, "")
                due = 0 if why else _due(row.holder, free, wishes.get(row.holder, usual), young)
                found.append(Owed(row.holder, -row.amount, Money(due, currency), why))
    return found


class _Young:
    """What each holder was credited with lately, asked once for each limit."""

    def __init__(self, currency: str, at: datetime) -> None:
        self.currency, self.at, self.days = currency, at, payout_days()
        self._asked: dict[datetime, Mapping[str, int]] = {}

    def since(self, limit: datetime) -> Mapping[str, int]:
        """Return what became due after an instant, or is not due yet, by holder."""
        cutoff = limit - timedelta(days=self.days)
        if cutoff not in self._asked:
            self._asked[cutoff] = ledger.credited_since("2110", self.currency, cutoff)
        return self._asked[cutoff]


def _due(holder: str, free: int, wish: Wish, young: _Young) -> int:
    due = max(0, free - young.since(_begin(wish.every, young.at)).get(holder, 0))
    if not wish.holds and due >= max(1, wish.least_minor):
        return due
    if wish.longest is None or free <= 0:
        return 0
    # What has waited too long goes, and all that is due with it.
    waited = free - young.since(young.at - timedelta(days=wish.longest)).get(holder, 0)
    return max(0, free - young.since(young.at).get(holder, 0)) if waited > 0 else 0


def _begin(every: str, at: datetime) -> datetime:
    """Return when the present week or month began, where the co-op is; a day is not waited for."""
    if every == "day":
        return at
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    if every == "week":
        return midnight - timedelta(days=midnight.weekday())
    return midnight.replace(day=1)


def taken_ahead(currency: str) -> Counter[str]:
    """Return what was taken back from payouts for refunds that wait, by holder: it is not theirs again before those fail."""
    taken: Counter[str] = Counter()
    waiting = Refund.objects.filter(payment__currency=currency, state__in=(Errand.ASKED, Errand.UNKNOWN))
    for pk, debits in waiting.values_list("pk", "debits"):
        if any(leg["code"] == "1210" for leg in debits):
            rows = TakeBack.objects.filter(key__startswith=f"refund:{pk}:", state=Errand.DONE).select_related("payout")
            for row in rows:
                taken[row.payout.holder] += row.amount_minor
    return taken


def _being_taken_back(currency: str) -> Counter[str]:
    """Return what refunds on their way will take out of 2110, by holder: paid out meanwhile, it would be missing."""
    waiting = Refund.objects.filter(payment__currency=currency, state__in=(Errand.ASKED, Errand.UNKNOWN))
    taken: Counter[str] = Counter()
    for debits in waiting.values_list("debits", flat=True):
        for leg in debits:
            if leg["code"] == "2110":
                taken[leg["holder"]] += leg["minor"]
    return taken
