"""Whatever was paid rests on a decision that passed, or on the officers' limit of its day, and stands in the books."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from toadlane.kernel import canonical
from toadlane.money.funds.models import Approval, Disbursement
from toadlane.money.funds.queries.spending import limits
from toadlane.money.ledger.models import JournalEntry, Posting
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.society.bylaws import queries as bylaws

BATCH = 500


def paid_by_decision() -> Finding:
    rows = Disbursement.objects.filter(paid_at__isnull=False).select_related("approval__decision").order_by("pk")
    faults: list[str] = []
    spent: Counter[int] = Counter()
    looked_at, last = 0, 0
    while chunk := list(rows.filter(pk__gt=last)[:BATCH]):
        last, looked_at = chunk[-1].pk, looked_at + len(chunk)
        booked = _booked(chunk)
        for row in chunk:
            faults += _faults(row, spent, booked)
    return Finding(looked_at, [*faults, *_without_a_payment()])


def _without_a_payment() -> list[str]:
    """Name what the books say was paid for an expense, and nothing else does."""
    prefix = "expense-payment:"
    keys = JournalEntry.objects.filter(key__startswith=prefix).order_by("key").values_list("key", flat=True)
    made = {f"{prefix}{pk}" for pk in Disbursement.objects.filter(paid_at__isnull=False).values_list("pk", flat=True)}
    return [f"payment {key.removeprefix(prefix)} is in the books, and was not made" for key in keys if key not in made]


def approved_as_decided() -> Finding:
    """What may be spent, on what and out of what, is what the members decided, word for word."""
    rows = list(Approval.objects.select_related("decision", "granted_to").order_by("pk"))
    faults = []
    for row in rows:
        elected = row.decision.result.get("elected")  # Handed to whatever is carried out.
        more = {} if elected is None else {"elected": elected}
        payloads = [{**one.get("payload", {}), **more} for one in row.decision.contents]
        decided = next((one for one in payloads if canonical.digest(one) == row.digest), None)
        if decided is None:
            faults.append(f"what decision {row.decision.name} lets be spent is not what was decided")
        elif wrong := [name for name, differs in _differs(row, decided).items() if differs]:
            faults.append(f"what decision {row.decision.name} lets be spent is not what was decided: {', '.join(wrong)}")
    return Finding(len(rows), faults)


def _differs(row: Approval, decided: Mapping[str, Any]) -> dict[str, bool]:
    until = row.until.isoformat() if row.until else None
    return {
        "amount": row.amount_minor != decided["amount"],
        "currency": row.currency != (decided.get("currency") or row.currency),
        "purpose": row.purpose != str(decided["purpose"])[:200],
        "source": row.source != decided["source"],
        "until": until != (decided.get("until") or None),
        "member": (row.granted_to.number if row.granted_to else None) != (decided.get("member") or None),
        "payee": not decided.get("member") and row.payee != str(decided.get("payee") or "").strip()[:160],
    }


def _booked(chunk: list[Disbursement]) -> dict[str, int]:
    keys = [f"expense-payment:{row.pk}" for row in chunk]
    rows = Posting.objects.filter(entry__key__in=keys, account__code="1000", minor__lt=0)
    return {key: -minor for key, minor in rows.values_list("entry__key", "minor")}


def _faults(row: Disbursement, spent: Counter[int], booked: dict[str, int]) -> list[str]:
    found = []
    if row.approval is None:
        known = limits(bylaws.book(version=row.rule_version), row.currency)
        if row.limit_minor != known.one.minor or row.amount_minor > known.one.minor:
            found.append(f"payment {row.pk} is above the limit that the bylaws set")
    else:
        spent[row.approval.pk] += row.amount_minor
        if not row.approval.decision.has_passed:
            found.append(f"payment {row.pk} rests on decision {row.approval.decision.name}, which did not pass")
        if spent[row.approval.pk] > row.approval.amount_minor:
            found.append(f"more was paid than decision {row.approval.decision.name} allowed")
    if booked.get(f"expense-payment:{row.pk}") != row.amount_minor:
        found.append(f"payment {row.pk} is not in the books as it was made")
    return found
