"""A wallet holds what was paid into it less what was taken out, and the ledger says the same."""

from collections import Counter

from django.db.models import Q, Sum

from toadlane.money.benefits import policies
from toadlane.money.benefits.models import Contribution, Draw, Relief, Wallet
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.models import Posting
from toadlane.plumbing.tenancy.invariants import Finding


def wallets_hold() -> Finding:
    wallets = {row.holder: row for row in Wallet.objects.all()}
    rows: Counter[str] = Counter()
    for model, sign in ((Contribution, 1), (Draw, -1)):
        sums = model.objects.filter(state="paid").order_by().values_list("wallet_id").annotate(sum=Sum("amount_minor"))
        for pk, minor in sums:
            rows[f"wallet:{pk}"] += sign * minor
    posted: Counter[str] = Counter()
    faults = []
    for currency in sorted({row.currency for row in wallets.values()}):
        for row in books.holders(policies.WALLETS, currency):
            posted[row.holder] -= row.minor
            if row.holder not in wallets:
                faults.append(f"{row.holder} is in the ledger and no wallet")
    taken_back = Posting.objects.filter(account__code=policies.WALLETS, purpose="contribution_reversal").order_by()
    for holder, minor in taken_back.values_list("holder").annotate(sum=Sum("minor")):
        rows[holder] -= minor
    for holder in sorted(wallets):
        if posted[holder] != rows[holder]:
            faults.append(f"{holder} has {posted[holder]} in the ledger, and its payments come to {rows[holder]}")
        if posted[holder] < 0:
            faults.append(f"{holder} was overdrawn by {-posted[holder]}")
    unapproved = Q(state="paid") & Q(batch__approved_at=None)
    paid: list[Draw | Relief] = [*Draw.objects.filter(unapproved), *Relief.objects.filter(unapproved)]
    faults += [f"{one.subject} was paid and nobody approved it" for one in paid]
    return Finding(len(wallets), faults)
