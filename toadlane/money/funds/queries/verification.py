"""Whatever was paid rests on a decision that passed, or on the officers' limit of its day, and stands in the books."""

from collections import Counter

from toadlane.money.funds.models import Disbursement
from toadlane.money.funds.queries.spending import limits
from toadlane.money.ledger.models import Posting
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
    return Finding(looked_at, faults)


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
