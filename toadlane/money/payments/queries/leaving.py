"""Where the co-op's money is with whom, whom it can be paid by, and what is left to do with a provider that it leaves."""

import csv
import io
from collections.abc import Iterable, Sequence
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
from toadlane.money.payments.queries import credit
from toadlane.money.payments.queries.offers import IN_HAND, card_provider, title_of
from toadlane.money.payments.queries.owed import Owed
from toadlane.money.payments.rules import known
from toadlane.society.members import queries as members

# Money of others, which stays with the company that holds it: for orders, for members, for funds with a purpose.
HELD_FOR_OTHERS = ("2100", "2110", "2120", "2260")
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


def in_hand() -> list[tuple[str, Money]]:
    """Return what the books say is in people's hands, to be brought to the bank or to be paid by who gave vouchers out."""
    currencies = sorted({row.currency for row in ledger.balances() if row.code == "1100"})
    rows = ((row.holder, Money(row.minor, unit)) for unit in currencies for row in ledger.holders("1100", unit) if row.minor > 0)
    return sorted((row for row in rows if row[0] in IN_HAND), key=lambda row: (row[0], row[1].currency))


Way = tuple[str, int]


def ways_to_pay(rows: Sequence[Owed]) -> list[tuple[Owed, list[Way]]]:
    """Return which providers pay what is due to each, and how much: first the one that takes cards now, then any that is left.

    A company pays those who have told it where, as far as the books say that it holds the money. What is left is sent by hand,
    unless it is there and its payee has not said where: then it waits, and the alarm rings for it. A few statements for all.
    """
    chosen = card_provider()
    if chosen == Provider.SANDBOX:
        return [(row, [(str(Provider.SANDBOX), row.due.minor)]) for row in rows]
    ready = set(Payee.objects.filter(is_ready=True).values_list("provider", "holder"))
    there = _there({row.due.currency for row in rows}, chosen)
    return [(row, _ways(row, chosen, ready, there)) for row in rows]


def _there(currencies: Iterable[str], chosen: str) -> dict[tuple[str, str], int]:
    """Return what companies hold by currency, without what is leaving them already; the one that takes cards now comes first."""
    companies, there = _companies(), {}
    for currency in sorted(currencies):
        for row in sorted(ledger.holders("1100", currency), key=lambda row: (row.holder != chosen, row.holder)):
            if row.holder in companies and row.minor > 0:
                there[row.holder, currency] = row.minor
    leaving = Payout.objects.filter(state__in=(Errand.ASKED, Errand.UNKNOWN), provider__in=companies).order_by()
    for provider, currency, total in leaving.values_list("provider", "currency").annotate(total=Sum("amount_minor")):
        there[provider, currency] = max(0, there.get((provider, currency), 0) - total)
    return there


def _ways(row: Owed, chosen: str, ready: set[tuple[str, str]], there: dict[tuple[str, str], int]) -> list[Way]:
    ways, left = [], row.due.minor
    for (company, currency), holds in there.items():
        minor = min(left, holds)
        knows = (company, row.holder) in ready
        # What the company of today holds is paid from there as soon as the payee has said where.
        if minor and currency == row.due.currency and (knows or company == chosen):
            there[company, currency] -= minor
            left -= minor
            ways += [(company, minor)] if knows else []
    return [*ways, *([(str(Provider.MANUAL), left)] if left else [])]


def _no_companies() -> list[str]:
    """Return the providers that are no company: people, and what members owe each other."""
    return [str(Provider.MANUAL), *(name for name, one in known.providers().items() if one.method)]


def _companies() -> set[str]:
    return set(Payee.objects.order_by().values_list("provider", flat=True).distinct()) | {card_provider()} - {""}


def payee(holder: str) -> Payee | None:
    """Return how a holder stands with the company that takes cards now."""
    return Payee.objects.filter(provider=card_provider(), holder=holder).first()


def own_data(*, person_id: int) -> list[dict[str, object]]:
    """Return by which account a company knows a person, who alone knows where their bank is; and what moved their credit."""
    holders = [f"membership:{pk}" for pk in members.of_person(person_id).values_list("pk", flat=True)]
    rows = Payee.objects.filter(holder__in=holders).order_by("asked_at", "pk")
    known_by = [{"company": title_of(row.provider), "account": row.account, "since": row.asked_at} for row in rows]
    return [*known_by, *credit.own_data(holders)]


def carried(*, waiting: bool = False) -> QuerySet[Carried]:
    rows = Carried.objects.order_by("-asked_at", "-pk")
    return rows.filter(settled_at=None) if waiting else rows


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
    names -= {*_no_companies(), ""}
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
    rows.writerows(
        Payment.objects.exclude(provider__in=_no_companies()).order_by("begun_at", "pk").values_list(*COLUMNS).iterator()
    )
    return page.getvalue()
