"""Do the books hold? Each invariant says what it looked at and what it found."""

from collections import Counter
from collections.abc import Callable

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from toadlane.money.ledger.models import (
    Account,
    AccountBalance,
    AccountMonth,
    AllowedPurpose,
    JournalEntry,
    Posting,
    Seal,
    SealedEntry,
    Unsealed,
)
from toadlane.money.ledger.policies.chart import CHART, CONTROL
from toadlane.money.ledger.policies.digests import seal_faults
from toadlane.money.ledger.queries import accounts, periods
from toadlane.money.ledger.queries.entries import digest_of, whole
from toadlane.plumbing.keys import signatures
from toadlane.plumbing.tenancy.invariants import Finding


def checks() -> dict[str, Callable[[], Finding]]:
    """Return every check of the books by name, for `toadlane verify` and for the page that shows them balanced."""
    return {
        "ledger.zero_sums": zero_sums,
        "ledger.untouched": untouched,
        "ledger.seals": seals,
        "ledger.kept_balances": kept_balances,
        "ledger.kept_months": kept_months,
        "ledger.restricted_funds": restricted_funds,
        "ledger.sub_ledgers": sub_ledgers,
        "ledger.held_funds": held_funds,
    }


def zero_sums() -> Finding:
    """Each entry sums to zero in each currency."""
    sums = Posting.objects.order_by().values("entry_id", "account__currency").annotate(total=Sum("minor"), n=Count("pk"))
    wrong = [f"entry {row['entry_id']}: {row['account__currency']} {row['total']}" for row in sums if row["total"]]
    return Finding(JournalEntry.objects.count(), wrong)


def untouched() -> Finding:
    """Each entry is what it was when it was posted, and has its postings."""
    faults, count = [], 0
    for entry, postings in whole(JournalEntry.objects.all()):
        count += 1
        intent, digest = digest_of(entry, postings)
        if (intent, digest) != (entry.intent, entry.digest):
            faults.append(f"entry {entry.pk} is not what it was")
    if stray := Posting.objects.exclude(entry_id__in=JournalEntry.objects.values("pk")).count():
        faults.append(f"{stray} postings belong to no entry")
    return Finding(count, faults)


def seals() -> Finding:
    """The log has no gap and no fork, each root stands for its entries, and each seal is signed."""
    faults: list[str] = []
    previous, next_number, count = "", 1, 0
    for seal in Seal.objects.order_by("number"):
        rows = list(seal.entries.order_by("number").values_list("number", "entry__digest"))
        count += len(rows)
        faults += seal_faults(seal.contents(), seal.hash, rows, previous=previous, first=next_number)
        if not signatures.is_signed(seal.hash, seal.signature, seal.key_id):
            faults.append(f"seal {seal.number} is not signed by a key of this server")
        previous, next_number = seal.hash, seal.last + 1
    loose = JournalEntry.objects.exclude(pk__in=SealedEntry.objects.values("entry_id"))
    if lost := loose.exclude(pk__in=Unsealed.objects.values("entry_id")).count():
        faults.append(f"{lost} entries are neither sealed nor waiting for a seal")
    return Finding(count, faults)


def kept_balances() -> Finding:
    """The kept balances equal the fold of all sealed postings, and with the tail of all postings."""
    rows = Posting.objects.order_by().values_list("account_id", "holder").annotate(total=Sum("minor"))
    fold = Counter({(account, holder): total for account, holder, total in rows})
    tail = Posting.objects.filter(entry_id__in=Unsealed.objects.values("entry_id")).order_by()
    kept: Counter[tuple[int, str]] = Counter()
    for account, holder, minor in AccountBalance.objects.values_list("account_id", "holder", "minor"):
        kept[account, holder] += minor
    for account, holder, total in tail.values_list("account_id", "holder").annotate(total=Sum("minor")):
        kept[account, holder] += total
    names = dict(Account.objects.values_list("pk", "code"))
    wrong = [
        f"account {names.get(account, account)} {holder}: kept {kept[account, holder]}, postings say {fold[account, holder]}"
        for account, holder in sorted(fold.keys() | kept.keys())
        if fold[account, holder] != kept[account, holder]
    ]
    return Finding(len(fold), wrong)


def kept_months() -> Finding:
    """The accounts by month equal the fold of all sealed postings."""
    sealed = Posting.objects.exclude(entry_id__in=Unsealed.objects.values("entry_id")).order_by()
    month = TruncMonth("posted_at", tzinfo=periods.zone())
    rows = sealed.annotate(month=month).values_list("account_id", "month").annotate(total=Sum("minor"))
    fold = {(account, at.date()): total for account, at, total in rows if total}
    kept = {(one.account_id, one.month): one.minor for one in AccountMonth.objects.all() if one.minor}
    wrong = [
        f"account {account} in {month:%Y-%m}: kept {kept.get((account, month), 0)}, postings say {fold.get((account, month), 0)}"
        for account, month in sorted(fold.keys() | kept.keys())
        if fold.get((account, month)) != kept.get((account, month))
    ]
    return Finding(len(fold), wrong)


def restricted_funds() -> Finding:
    """A restricted fund was only ever spent on what it is for."""
    allowed = {(row.account_id, row.purpose) for row in AllowedPurpose.objects.all()}
    spent = Posting.objects.filter(account__is_restricted=True, minor__gt=0).select_related("account")
    faults = [f"entry {p.entry_id} spent {p.account.code} on {p.purpose or 'nothing named'}" for p in spent
              if (p.account_id, p.purpose) not in allowed]  # fmt: skip
    opened = Account.objects.filter(code__in=[code for code, account in CHART.items() if account.is_restricted])
    faults += [f"account {account} lost its restriction" for account in opened if not account.is_restricted]
    return Finding(len(spent), faults)


def sub_ledgers() -> Finding:
    """Every amount on a control account belongs to somebody."""
    rows = [row for code in CONTROL for currency in _currencies() for row in accounts.holders(code, currency)]
    faults = [f"account {row.code}: {row.amount} belong to nobody" for row in rows if not row.holder and row.minor]
    return Finding(len(rows), faults)


def held_funds() -> Finding:
    """What is held for orders is at the providers, and not spent."""
    currencies = _currencies()
    faults = []
    for currency in currencies:
        held, there = -accounts.balance("2100", currency).minor, accounts.balance("1100", currency).minor
        if held > there:
            faults.append(f"{held} {currency} are held for orders, and {there} are at the providers")
    return Finding(len(currencies), faults)


def _currencies() -> list[str]:
    return sorted(set(Account.objects.values_list("currency", flat=True)))
