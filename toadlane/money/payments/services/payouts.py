"""What is owed to members, sent to them when the bylaws say so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.kernel import ids
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.money.payments import queries
from toadlane.money.payments.events import PayoutPaid, PayoutsPaid
from toadlane.money.payments.models import EARNED, PAYABLE, Errand, Payout, Provider
from toadlane.money.payments.models import Payee as PayeeRow
from toadlane.money.payments.permissions import BANK, PAY_OUT, SETTLE
from toadlane.money.payments.services.asking import answer_of, outside_transactions, provider_of
from toadlane.money.payments.services.once import first
from toadlane.money.payments.services.providers import Answer, Payee, every
from toadlane.money.payments.services.setting_off import keep_from
from toadlane.money.payments.services.taking_back import even_out
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.prepared import insert_unless_there
from toadlane.society.bylaws import queries as bylaws

T = TypeVar("T")
# Payouts in one entry, and in one statement.
BATCH = 5000


class Sent(NamedTuple):
    """What is booked of a payout."""

    pk: UUID
    holder: str
    code: str
    minor: int
    currency: str
    provider: str


def pay_out(*, by: Principal, at: datetime) -> list[Payout]:
    """Send what is due to everybody it is due to; never inside a transaction.

    A sandbox sends by itself. A card company sends what it holds to those who have said to it where; the rest waits until an
    office has moved the money and another person has seen it.
    """
    by.must(PAY_OUT)
    outside_transactions()
    for currency in {row.currency for row in books.balances() if row.code == "1210" and row.minor}:
        even_out(currency=currency, by=Principal.job(by.coop_id), at=at)
    # Guardians can hold a batch back, and never pay that has been due for two days.
    until = at - timedelta(hours=48) if bylaws.halted("payouts.batch", at) else at
    rows = keep_from([row for row in queries.owed(until) if row.due and row.holder], by=Principal.job(by.coop_id), at=at)
    day = f"{at:%Y-%m-%d}"
    wanted = [
        _wanted(row, provider, whole, day, at)
        for row, ways in queries.ways_to_pay(rows)
        for provider, minor in ways
        # What a company cannot move to the last digit is left for the next time.
        if (whole := minor - minor % provider_of(provider).step(row.due.currency))
    ]
    made = [_send_due(one, by=by, at=at) for one in wanted if one.provider != Provider.MANUAL]
    return made + _wait_for_people([one for one in wanted if one.provider == Provider.MANUAL])


def _wanted(row: queries.Owed, provider: str, minor: int, day: str, at: datetime) -> Payout:
    # One a day: run twice, or by two workers at once, it is the same payout.
    way = "" if provider in (Provider.SANDBOX, Provider.MANUAL) else f":{provider}"
    return Payout(
        id=ids.new(), key=f"payout:{row.holder}:{row.due.currency}:{day}{way}", holder=row.holder,
        currency=row.due.currency, amount_minor=minor, provider=provider, asked_at=at,
    )  # fmt: skip


def _send_due(wanted: Payout, *, by: Principal, at: datetime) -> Payout:
    payout, is_new = first(wanted)
    return send_payout(payout, by=by, at=at) if is_new else payout


def _wait_for_people(wanted: list[Payout]) -> list[Payout]:
    """Write what people have to send, many at once: nobody outside is asked, so that each is where the answer would leave it."""
    for payout in wanted:
        payout.state, payout.reason = Errand.UNKNOWN, "by_hand"
    insert_unless_there(wanted)
    if wanted and Payout.objects.filter(asked_at=wanted[0].asked_at, reason="by_hand").count() == len(wanted):
        return wanted  # None was there before.
    written: list[Payout] = []
    for part in _parts(wanted):
        written += Payout.objects.filter(key__in=[payout.key for payout in part]).order_by("asked_at", "pk")
    return written


@dataclass(frozen=True)
class Due:
    """What somebody is owed on an account that is no account of orders, and what it is for."""

    holder: str
    code: str
    amount: Money
    subject: str


@transaction.atomic
def hand_over(*, dues: Sequence[Due], by: Principal, at: datetime) -> None:
    """Let what is owed go out with all other payouts: in the same file for the bank, by two people, booked when it is sent.

    It is sent once for each holder, account and subject: repeating it is harmless. The bank sends it and no card company, for
    it did not come from an order.
    """
    by.must(PAY_OUT)
    # SQLite passes over whatever a constraint refuses, where it was told to pass over what is there already.
    strange = {due.code for due in dues} - {*PAYABLE} | {due.code for due in dues if due.code == EARNED or due.amount.minor <= 0}
    assert not strange, f"nothing is paid out from {sorted(strange)}"
    insert_unless_there([
        Payout(
            id=ids.new(), key=f"{due.subject}:{due.code}:{due.holder}", holder=due.holder, code=due.code, subject=due.subject,
            currency=due.amount.currency, amount_minor=due.amount.minor, provider=Provider.MANUAL, state=Errand.UNKNOWN,
            reason="by_hand", asked_at=at,
        )
        for due in dues
    ])  # fmt: skip


def book_sent(*, payouts: Sequence[str], reference: str, by: Principal, at: datetime) -> int:
    """Book many payouts that the bank has sent from one file: an entry for each batch, and a posting for each payout.

    Whatever a statement booked before is left as it is; repeating it is harmless.
    """
    by.must(BANK)
    with transaction.atomic():
        rows = [row for part in _parts(payouts) for row in _still_waiting(part)]
        for currency in sorted({row.currency for row in rows}):
            _book_together([row for row in rows if row.currency == currency], reference, by=by, at=at)
        for sent in _parts(rows):
            Payout.objects.filter(pk__in=[row.pk for row in sent]).update(
                state=Errand.DONE, reason="", provider_ref=reference, settled_at=at
            )
        if rows:
            events.publish(PayoutsPaid(reference=reference, count=len(rows)))
    return len(rows)


def _still_waiting(payouts: Sequence[str]) -> list[Sent]:
    """Hold payouts, and return them as plain rows: with tens of thousands of them an object for each is most of the work."""
    waiting = Payout.objects.select_for_update().filter(pk__in=payouts, state__in=(Errand.ASKED, Errand.UNKNOWN))
    columns = ("pk", "holder", "code", "amount_minor", "currency", "provider")
    return [Sent(*row) for row in waiting.order_by("pk").values_list(*columns)]


def _book_together(rows: Sequence[Sent], reference: str, *, by: Principal, at: datetime) -> None:
    """Book payouts in one currency. What the bank needs for all of them is settled into it by the first entry."""
    currency = rows[0].currency
    settled = into_the_bank(Money(sum(row.minor for row in rows), currency), first=rows[0].provider)
    for number, part in enumerate(_parts(rows), 1):
        ledger.post(
            key=f"payouts:{reference}:{number}:{currency}", narration=_("Paid out"), subject=f"payouts:{reference}", by=by, at=at,
            postings=[
                *(Leg(row.code, Money(row.minor, currency), row.holder) for row in part),
                ledger.credit("1000", Money(sum(row.minor for row in part), currency)), *settled,
            ],
        )  # fmt: skip
        settled = []


def _parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[n : n + BATCH] for n in range(0, len(rows), BATCH))


def send_payout(payout: Payout, *, by: Principal, at: datetime) -> Payout:
    """Make the call. Safe to repeat: the provider knows the key."""
    provider = provider_of(payout.provider)
    mine = PayeeRow.objects.filter(provider=payout.provider, holder=payout.holder)
    known = mine.first() if provider.needs_payees else None
    payee = Payee(payout.holder, known.account if known else "")
    answer = answer_of(lambda: provider.pay_out(key=f"{payout.pk}:payout", payee=payee, amount=payout.amount, at=at))
    return settle_payout(payout=payout, answer=answer, by=by, at=at)


def settle_payout(*, payout: Payout, answer: Answer, by: Principal, at: datetime, **more: Any) -> Payout:
    """Record what became of a payout, once."""
    by.must(SETTLE, payout)
    state = {"succeeded": Errand.DONE, "declined": Errand.FAILED}.get(answer.result, Errand.UNKNOWN)
    is_over = state in (Errand.DONE, Errand.FAILED)
    with transaction.atomic(savepoint=False):
        waiting = Payout.objects.filter(pk=payout.pk, state__in=(Errand.ASKED, Errand.UNKNOWN))
        changes = {
            "state": state,
            "reason": answer.reason[:40],
            "provider_ref": answer.ref,
            "settled_at": at if is_over else None,
        }
        if waiting.update(**changes, **more) and state == Errand.DONE:
            _book(payout, by=by, at=at)
    payout.refresh_from_db()
    return payout


def _book(payout: Payout, *, by: Principal, at: datetime) -> None:
    """Settle with the provider into the bank, and pay from the bank: two facts that happen in one."""
    amount, before = payout.amount, queries.times_back(payout)
    # What came back and is sent once more moves once more.
    key = f"payout:{payout.pk}:{before + 1}" if before else f"payout:{payout.pk}"
    ledger.post(
        key=key, narration=_("Paid out"), subject=f"payout:{payout.pk}", by=by, at=at,
        postings=[
            ledger.debit(payout.code, amount, holder=payout.holder), ledger.credit("1000", amount),
            *into_the_bank(amount, first=payout.provider),
        ],
    )  # fmt: skip
    events.publish(
        PayoutPaid(payout_id=str(payout.pk), holder=payout.holder, minor=payout.amount_minor, currency=payout.currency)
    )


def from_providers(amount: Money, *, first: str) -> list[Leg]:
    """Take money from where it is: a company pays what it holds; else what came by hand comes first, and then the bank.

    What is held for orders stays where it is: it is nobody's yet. What neither has, the bank is overdrawn by: no clearing account
    can have less than nothing.
    """
    if provider_of(first).sends_home:
        return [ledger.credit("1100", amount, holder=first)]
    legs, left = [], min(amount.minor, _free(amount.currency))
    rows = [row for row in books.holders("1100", amount.currency) if not _holds_its_own(row.holder)]
    for row in sorted(rows, key=lambda row: (row.holder != first, row.holder)):
        taken = min(left, max(0, row.minor))
        if taken:
            legs.append(ledger.credit("1100", Money(taken, amount.currency), holder=row.holder))
            left -= taken
    return legs


def into_the_bank(amount: Money, *, first: str = Provider.MANUAL) -> list[Leg]:
    """Settle into the bank what it needs to pay an amount out: two facts that happen in one."""
    legs = from_providers(amount, first=first)
    settled = Money(-sum(leg.amount.minor for leg in legs), amount.currency)
    return [ledger.debit("1000", settled), *legs] if legs else []


def top_up_bank(amount: Money) -> list[Leg]:
    """Settle into the bank what it is short of for an amount that left it, as far as there is anything on its way there."""
    short = amount.minor - max(0, books.balance("1000", amount.currency).minor)
    return into_the_bank(Money(short, amount.currency)) if short > 0 else []


def _free(currency: str) -> int:
    """Return how much of what is on its way to the bank is not held for orders."""
    held = max(0, -books.balance("2100", currency).minor)
    return max(0, books.balance("1100", currency).minor - held)


def _holds_its_own(holder: str) -> bool:
    """Whether what is booked there is with a company, and moves only when that company moves it."""
    return holder in every() and every()[holder].sends_home
