"""Where the co-op's money is with whom, whom it can be paid by, and what is left to do with a provider that it leaves."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet, Sum

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as ledger
from toadlane.money.payments.models import (
    Carried,
    Dispute,
    DisputeState,
    Errand,
    Payee,
    Payment,
    Payout,
    Provider,
    Refund,
    State,
)
from toadlane.money.payments.queries.offers import card_provider, title_of

# Money of others, which stays with the company that holds it: for orders, for members, for funds with a purpose.
HELD_FOR_OTHERS = ("2100", "2110", "2120")
# As long as a payer's bank may take a payment back.
DISPUTABLE = timedelta(days=120)


def at_provider(provider: str, currency: str) -> Money:
    """Return what the books say a provider holds for the co-op."""
    return ledger.balance("1100", currency, provider)


def free_at(provider: str, currency: str) -> Money:
    """Return what may go from a provider to the co-op's bank: its own part; all of it once the co-op has left the provider."""
    there = at_provider(provider, currency).minor
    if provider != card_provider():
        return Money(max(0, there), currency)
    held = -sum(ledger.balance(code, currency).minor for code in HELD_FOR_OTHERS)
    elsewhere = sum(row.minor for row in ledger.holders("1100", currency) if row.holder != provider and row.minor > 0)
    return Money(max(0, there - max(0, held - elsewhere)), currency)


def ways_to_pay(holder: str, due: Money) -> list[tuple[str, int]]:
    """Return which providers pay what is due, and how much each: first the one that takes cards now, then any that is left.

    A company pays those who have told it where, as far as the books say that it holds the money. What is left is sent by hand,
    unless it is there and its payee has not said where: then it waits, and the alarm rings for it.
    """
    chosen = card_provider()
    if chosen == Provider.SANDBOX:
        return [(Provider.SANDBOX, due.minor)]
    accounts = {row.provider: row for row in Payee.objects.filter(holder=holder)}
    known = Payout.objects.filter(state__in=(Errand.ASKED, Errand.UNKNOWN), currency=due.currency).exclude(
        provider=Provider.MANUAL
    )
    leaving: dict[str, int] = dict(known.order_by().values_list("provider").annotate(total=Sum("amount_minor")))
    rows = [row for row in ledger.holders("1100", due.currency) if row.holder in _companies() and row.minor > 0]
    ways, left = [], due.minor
    for row in sorted(rows, key=lambda row: (row.holder != chosen, row.holder)):
        there = min(left, max(0, row.minor - leaving.get(row.holder, 0)))
        payee = accounts.get(row.holder)
        if there and payee and payee.is_ready:
            ways.append((row.holder, there))
            left -= there
        elif there and row.holder == chosen:
            # It is there, and it is paid from there as soon as the payee has said where.
            left -= there
    return [*ways, *([(str(Provider.MANUAL), left)] if left else [])]


def _companies() -> set[str]:
    return set(Payee.objects.order_by().values_list("provider", flat=True).distinct()) | {card_provider()} - {""}


def payee(holder: str) -> Payee | None:
    """Return how a holder stands with the company that takes cards now."""
    return Payee.objects.filter(provider=card_provider(), holder=holder).first()


def payees(*, provider: str = "") -> QuerySet[Payee]:
    rows = Payee.objects.order_by("provider", "holder")
    return rows.filter(provider=provider) if provider else rows


def carried(*, waiting: bool = False) -> Sequence[Carried]:
    rows = Carried.objects.order_by("-asked_at", "-pk")
    return list((rows.filter(settled_at=None) if waiting else rows)[:50])


def carried_at(pk: object) -> Carried | None:
    return Carried.objects.filter(pk=pk).first()


@dataclass(frozen=True)
class Left:
    """What the co-op has with one provider.

    :param running: payments begun with it that are not over: an answer, a charge or a payer is awaited
    :param refundable: payments of the last 120 days, which can still go back or be charged back
    :param not_ready: who is owed something and has not told the company that takes cards now where to send it
    :param is_done: nothing is left: its keys may be taken away
    """

    provider: str
    title: str
    is_chosen: bool
    running: int
    refunds: int
    payouts: int
    disputes: int
    refundable: int
    holds: Sequence[Money]
    free: Sequence[Money]
    not_ready: Sequence[str]

    @property
    def errands(self) -> int:
        return self.refunds + self.payouts

    @property
    def is_done(self) -> bool:
        waits = self.running or self.refunds or self.payouts or self.disputes or self.refundable
        return not self.is_chosen and not waits and not any(self.holds)


def left_with(at: datetime) -> list[Left]:
    """Return what is left with each company that the co-op has, or had, to do with; the one chosen now comes first."""
    chosen = card_provider()
    names = {*Payment.objects.order_by().values_list("provider", flat=True).distinct(), *_companies()}
    names -= {str(Provider.MANUAL), ""}
    return [_left(name, chosen, at) for name in sorted(names, key=lambda name: (name != chosen, name))]


def _left(name: str, chosen: str, at: datetime) -> Left:
    mine = Payment.objects.filter(provider=name)
    open_errands = Q(state__in=(Errand.ASKED, Errand.UNKNOWN))
    running = ~Q(doing="") | Q(state__in=(State.AUTHORISED, State.REQUIRES_ACTION, State.UNKNOWN))
    back = mine.filter(state__in=(State.CAPTURED, State.DISPUTED), settled_at__gt=at - DISPUTABLE)
    currencies = sorted({row.currency for row in ledger.balances() if row.code == "1100"})
    owed = {row.holder for currency in currencies for row in ledger.holders("2110", currency) if row.minor < 0 and row.holder}
    ready = set(Payee.objects.filter(provider=name, is_ready=True).values_list("holder", flat=True))
    return Left(
        provider=name, title=title_of(name), is_chosen=name == chosen, running=mine.filter(running).count(),
        refunds=Refund.objects.filter(open_errands, payment__provider=name).count(),
        payouts=Payout.objects.filter(open_errands, provider=name).count(),
        disputes=Dispute.objects.filter(state=DisputeState.OPEN, payment__provider=name).count(),
        refundable=back.filter(refunded_minor__lt=F("captured_minor")).count(),
        holds=[at_provider(name, currency) for currency in currencies if at_provider(name, currency).minor],
        free=[free_at(name, currency) for currency in currencies if name != Provider.SANDBOX and free_at(name, currency).minor],
        not_ready=sorted(owed - ready) if name == chosen and name != Provider.SANDBOX else [],
    )  # fmt: skip


COLUMNS = ("provider", "provider_ref", "subject", "currency", "amount_minor", "captured_minor", "refunded_minor", "fee_minor",
           "state", "begun_at", "settled_at")  # fmt: skip


def as_csv() -> str:
    """Return every payment that was made at a company, for its successor, an accountant, or a shelf: ids, no names."""
    page = io.StringIO()
    rows = csv.writer(page)
    rows.writerow(COLUMNS)
    rows.writerows(Payment.objects.exclude(provider=Provider.MANUAL).order_by("begun_at", "pk").values_list(*COLUMNS).iterator())
    return page.getvalue()
