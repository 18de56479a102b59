from collections import Counter

from django.db.models import F, Sum

from toadlane.money.ledger import queries as books
from toadlane.ownership.dues.models import Claim, Remittance
from toadlane.ownership.dues.queries.claims import STAYED
from toadlane.ownership.dues.queries.terms import currency
from toadlane.plumbing.tenancy.invariants import Finding


def claims_equal_ledger() -> Finding:
    """For each member: claims less payments less waivers are what the books say they owe, and every payment is accounted for."""
    owed: Counter[str] = Counter()
    paid: Counter[int] = Counter()
    rows = Claim.objects.order_by().values("membership_id").annotate(
        charged=Sum(F("amount_minor") - F("waived_minor")), paid=Sum("paid_minor")
    )  # fmt: skip
    for row in rows:
        owed[f"membership:{row['membership_id']}"] += row["charged"]
        paid[row["membership_id"]] = row["paid"]
    came = Remittance.objects.filter(state=Remittance.State.PAID).order_by().values("membership_id")
    used: Counter[int] = Counter()
    for row in came.annotate(sum=Sum(STAYED), used=Sum("used_minor")):
        owed[f"membership:{row['membership_id']}"] -= row["sum"]
        used[row["membership_id"]] = row["used"]
    held = {line.holder: line.minor for line in books.holders("1230", currency())}
    faults = [
        f"{holder}: claims and payments come to {owed[holder]}, the books say {held.get(holder, 0)}"
        for holder in sorted({*owed, *held})
        if owed[holder] != held.get(holder, 0)
    ]
    faults += [
        f"membership {pk}: {used[pk]} of the payments went to claims, which say {paid[pk]}"
        for pk in sorted({*used, *paid}) if used[pk] != paid[pk]
    ]  # fmt: skip
    return Finding(len({*owed, *held}), faults)
