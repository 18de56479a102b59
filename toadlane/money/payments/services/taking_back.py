"""Taking back from payouts what has gone back to customers, and what becomes of the rest."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_noop as _

from toadlane.kernel import ids
from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.payments.models import EARNED, Dispute, DisputeState, Errand, Payout, Refund, TakeBack
from toadlane.money.payments.permissions import SETTLE
from toadlane.money.payments.queries.owed import taken_ahead
from toadlane.money.payments.services.asking import answer_of, provider_of
from toadlane.money.payments.services.providers import Answer
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.prepared import insert_once
from toadlane.society.bylaws import queries as bylaws

OWED, LOSS = "1210", "6200"


def plan(*, cause: str, debits: Iterable[dict[str, Any]], currency: str, by: Principal, at: datetime) -> None:
    """Write down which payouts to take back from for what members will owe. Part of the transaction that asks for it.

    The newest payouts come first: their money is the likeliest to be there. What no payout covers is left to the bylaws.

    :param cause: `refund:<id>` or `dispute:<id>`
    :param debits: legs as they are kept; those on 1210 are what members owe
    """
    by.must(SETTLE)
    for holder, minor in _owed_by(debits):
        left = minor
        for payout, room in _payouts_of(holder, currency):
            taken = min(left, room)
            insert_once(TakeBack(id=ids.new(), key=f"{cause}:{payout.pk}", payout=payout, amount_minor=taken, asked_at=at))
            left -= taken
            if not left:
                break


def bear_rest(*, cause: str, debits: Iterable[dict[str, Any]], currency: str, by: Principal, at: datetime) -> None:
    """Now that members owe it: let the co-op bear what no payout covers, where the bylaws say so."""
    by.must(SETTLE)
    covered: Counter[str] = Counter()
    for row in of_cause(cause).exclude(state=Errand.FAILED):
        covered[row.payout.holder] += row.amount_minor
    for holder, minor in _owed_by(debits):
        _bear(f"{cause}:{holder}", holder, Money(minor - covered[holder], currency), by, at)


def take_back(*, cause: str, by: Principal, at: datetime) -> None:
    """Take back what was planned, before it is given back: the money may be needed for that. Never inside a transaction."""
    by.must(SETTLE)
    for row in of_cause(cause).filter(settled_at=None).order_by("pk"):
        send_take_back(row, by=by, at=at)


def of_cause(cause: str) -> "QuerySet[TakeBack]":
    return TakeBack.objects.filter(key__startswith=f"{cause}:").select_related("payout")


def _owed_by(debits: Iterable[dict[str, Any]]) -> list[tuple[str, int]]:
    owed: Counter[str] = Counter()
    for debit in debits:
        if debit["code"] == OWED and debit["holder"]:
            owed[debit["holder"]] += debit["minor"]
    return sorted(owed.items())


def _payouts_of(holder: str, currency: str) -> Iterable[tuple[Payout, int]]:
    """Yield the payouts that can still be taken back from, and how much of each."""
    rows = Payout.objects.filter(holder=holder, code=EARNED, currency=currency, state=Errand.DONE).order_by("-settled_at", "-pk")
    for payout in rows.select_for_update(no_key=True)[:50]:
        if provider_of(payout.provider).takes_back:
            taken = payout.taken_back.exclude(state=Errand.FAILED).aggregate(total=Sum("amount_minor"))["total"] or 0
            if taken < payout.amount_minor:
                yield payout, payout.amount_minor - taken


def send_take_back(taken: TakeBack, *, by: Principal, at: datetime) -> TakeBack:
    """Make the call. Safe to repeat: the provider knows the key."""
    payout = taken.payout
    answer = answer_of(
        lambda: provider_of(payout.provider).take_back(
            key=f"{taken.pk}:take_back", sent=payout.provider_ref, amount=taken.amount, at=at
        )
    )  # fmt: skip
    return settle_take_back(taken=taken, answer=answer, by=by, at=at)


def settle_take_back(*, taken: TakeBack, answer: Answer, by: Principal, at: datetime) -> TakeBack:
    """Record what became of it, once. What cannot be taken back is owed, or borne by the co-op, as the bylaws say."""
    by.must(SETTLE, taken)
    state = {"succeeded": Errand.DONE, "declined": Errand.FAILED}.get(answer.result, Errand.UNKNOWN)
    is_over = state in (Errand.DONE, Errand.FAILED)
    payout = taken.payout
    with transaction.atomic(savepoint=False):
        waiting = TakeBack.objects.filter(pk=taken.pk, settled_at=None)
        if waiting.update(state=state, reason=answer.reason[:40], provider_ref=answer.ref, settled_at=at if is_over else None):
            if state == Errand.DONE:
                ledger.post(
                    key=f"take_back:{taken.pk}", narration=_("Taken back from a payout"), subject=f"payout:{payout.pk}", by=by,
                    at=at, postings=[
                        ledger.debit("1100", taken.amount, holder=payout.provider),
                        ledger.credit(OWED, taken.amount, holder=payout.holder),
                    ],
                )  # fmt: skip
            elif state == Errand.FAILED and _is_owed(taken):
                _bear(f"take_back:{taken.pk}", payout.holder, taken.amount, by, at)
    taken.refresh_from_db()
    return taken


def _is_owed(taken: TakeBack) -> bool:
    """Whether what it was for has happened: a refund that is still on its way makes nobody owe anything yet."""
    kind, pk, _payout = taken.key.split(":")
    refund = None if kind == "dispute" else Refund.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if kind == "dispute":
        return not Dispute.objects.filter(pk=pk, state=DisputeState.WON).exists()
    return refund is not None and refund.is_booked


def _bear(cause: str, holder: str, amount: Money, by: Principal, at: datetime) -> None:
    """Where the bylaws say that the co-op bears it, nobody owes it any more."""
    if amount.minor > 0 and bylaws.book().value("pay.taken_back") == "loss":
        ledger.post(
            key=f"borne:{cause}", narration=_("Borne by the co-op"), by=by, at=at,
            postings=[ledger.debit(LOSS, amount), ledger.credit(OWED, amount, holder=holder)],
        )  # fmt: skip


def bear_no_more(*, cause: str, currency: str, by: Principal, at: datetime) -> None:
    """It came back: what the co-op bore for members is the co-op's again, and no member is owed what they never gave."""
    by.must(SETTLE)
    prefix = f"borne:{cause}:"
    found = [(key, key.removeprefix(prefix), minor) for key, minor in books.by_key_prefix(prefix, LOSS).items()]
    for row in of_cause(cause):
        borne = books.by_key_prefix(f"borne:take_back:{row.pk}", LOSS)
        found += [(key, row.payout.holder, minor) for key, minor in borne.items()]
    for key, holder, minor in found:
        amount = Money(minor, currency)
        ledger.post(
            key=f"back:{key}", narration=_("Borne by the co-op no more"), by=by, at=at,
            postings=[ledger.debit(OWED, amount, holder=holder), ledger.credit(LOSS, amount)],
        )  # fmt: skip


def even_out(*, currency: str, by: Principal, at: datetime) -> None:
    """Give members what was taken back from them and turned out to be theirs, before anything is paid out: after a dispute that
    was won, a refund that failed. What they owe is kept from what is due to them (see `setting_off`).
    """
    by.must(SETTLE)
    ahead = taken_ahead(currency)
    for row in books.holders(OWED, currency):
        theirs = -(row.minor + ahead[row.holder])
        if theirs > 0 and row.holder:
            amount = Money(theirs, currency)
            ledger.post(
                key=f"even:{row.holder}:{currency}:{at.isoformat()}", narration=_("Set against what was owed"), by=by, at=at,
                postings=[ledger.debit(OWED, amount, holder=row.holder), ledger.credit("2110", amount, holder=row.holder)],
            )  # fmt: skip
