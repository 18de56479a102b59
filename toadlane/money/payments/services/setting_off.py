"""Keeping from what members are to be paid what they owe, where the bylaws say so, and leaving them what the bylaws protect."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.payments.models import EARNED, Errand, Payout
from toadlane.money.payments.permissions import SETTLE
from toadlane.money.payments.queries.debts import OWED, SET_OFF, debts
from toadlane.money.payments.queries.owed import Owed, taken_ahead
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.queries import Book


def keep_from(rows: Sequence[Owed], *, by: Principal, at: datetime) -> list[Owed]:
    """Return what is left to pay of what is due, after a part of it was kept for what members owe; once a day for each.

    Never more than the bylaws let be kept of one payout, and never what they protect of the pay of a calendar month. The oldest
    debt is paid first, each in an entry of its own, so that a payout's statement says for which order something was kept.
    """
    by.must(SETTLE)
    book = bylaws.book()
    if book.value("pay.taken_back") != "kept":
        return list(rows)
    owing = {unit: _owing(unit) for unit in sorted({row.due.currency for row in rows})}
    return [row for row in (_keep(row, owing[row.due.currency], book, by, at) for row in rows) if row.due]


def _owing(unit: str) -> dict[str, int]:
    """Return who owes how much, with what was taken back already for refunds that are still on their way."""
    ahead = taken_ahead(unit)
    return {row.holder: row.minor + ahead[row.holder] for row in books.holders(OWED, unit)}


def _keep(row: Owed, owing: dict[str, int], book: Book, by: Principal, at: datetime) -> Owed:
    unit, owes = row.due.currency, owing.get(row.holder, 0)
    most = min(owes, _may_be_kept(row, book, at)) if owes > 0 else 0
    if most <= 0 or _is_settled_today(row.holder, unit, at):
        return row
    left = most
    with transaction.atomic():
        for debt in debts(row.holder, unit):
            kept = Money(min(left, debt.amount.minor), unit)
            if kept:
                ledger.post(
                    key=f"{SET_OFF}{debt.cause}:{row.holder}:{unit}:{_day(at)}", subject=debt.subject, by=by, at=at,
                    narration=_("Kept for what went back to a customer"), postings=[
                        ledger.debit(EARNED, kept, holder=row.holder, rule="pay.taken_back", rule_version=book.number),
                        ledger.credit(OWED, kept, holder=row.holder),
                    ],
                )  # fmt: skip
            left -= kept.minor
    kept = Money(most - left, unit)
    return replace(row, total=row.total - kept, due=row.due - kept)


def _may_be_kept(row: Owed, book: Book, at: datetime) -> int:
    """Return how much may be kept of what is due: a part of it at most, and nothing of what is protected of a month's pay."""
    part = int(row.due.minor * book.value("pay.kept_most"))
    begin = timezone.localtime(at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    paid = Payout.objects.filter(holder=row.holder, code=EARNED, currency=row.due.currency, asked_at__gte=begin)
    in_month = paid.exclude(state=Errand.FAILED).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    protected = book.value("pay.protected_month")
    # Pay in another currency than the bylaws count in is not measured by it: the part that may be kept still holds.
    least = protected.minor if protected.currency == row.due.currency else 0
    return max(0, min(part, in_month + row.due.minor - least))


def _is_settled_today(holder: str, unit: str, at: datetime) -> bool:
    """Whether something was kept or paid today: run twice, or by two workers at once, a payout is measured once."""
    kept = books.by_key_prefix(SET_OFF, OWED, holder=holder)
    if any(key.endswith(f":{holder}:{unit}:{_day(at)}") for key in kept):
        return True
    return Payout.objects.filter(key__startswith=f"payout:{holder}:{unit}:{_day(at)}").exists()


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
