"""What people promised wallets by direct debit: what is to be in the next file, and what is not owed any more."""

from collections.abc import Collection
from datetime import datetime

from toadlane.money.bank import queries as bank
from toadlane.money.bank.policies.debits import CURRENCY
from toadlane.money.benefits.models import Contribution, Plan, Wallet
from toadlane.money.benefits.queries.terms import is_open

ASKED = Contribution.State.ASKED


def takes_debits(wallet: Wallet) -> bool:
    """Whether the co-op collects by direct debit for this wallet: banks know it, and the wallet is in their currency."""
    return wallet.currency == CURRENCY and bank.creditor() is not None


def to_debit(person_ids: Collection[int]) -> list[Contribution]:
    """Return what some people, however many, promised by direct debit and has not come, the oldest first."""
    rows = Contribution.objects.filter(state=ASKED, plan__method=Plan.Method.DEBIT).order_by("pk")
    rows = rows.filter(payer_id__in=person_ids) if len(person_ids) <= bank.FEW else rows
    return [one for one in rows if one.payer_id in person_ids]


def not_owed(subjects: Collection[str], at: datetime) -> list[str]:
    """Return which of some payments are of promises that ended, or that came another way."""
    pks = [int(one.removeprefix("contribution:")) for one in subjects if one.startswith("contribution:")]
    waiting = set[int]()
    for part in bank.few(pks if is_open() else ()):
        waiting.update(Contribution.objects.filter(pk__in=part, state=ASKED).values_list("pk", flat=True))
    return [f"contribution:{pk}" for pk in pks if pk not in waiting]
