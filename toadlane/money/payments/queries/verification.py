"""Is what payments, refunds and payouts say about themselves what the books say of them? Asked both ways round."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import Substr

from toadlane.money.ledger.models import JournalEntry, Posting
from toadlane.money.payments.models import BY_THE_BANK, PAYABLE, Errand, Payment, Payout, Refund, State
from toadlane.plumbing.tenancy.invariants import Finding

BATCH = 500
TAKEN = (State.CAPTURED, State.DISPUTED)
# A refund that was booked: it went out, came back, or the payer's bank had taken it.
BOOKED = Q(state__in=(Errand.DONE, Errand.RETURNED)) | Q(state=Errand.FAILED, reason=BY_THE_BANK)
UUID_LENGTH = 36


def payments_stand_as_booked() -> Finding:
    """Whoever took money says so, no more than was asked for, in the currency of the books; what went back is its refunds."""
    columns = ("pk", "state", "currency", "amount_minor", "captured_minor", "refunded_minor")
    rows = list(Payment.objects.order_by("pk").values_list(*columns))
    captured = Posting.objects.filter(entry__key__startswith="payment:", entry__key__endswith=":captured").order_by()
    units: dict[str, set[str]] = {}
    for key, unit in captured.values_list("entry__key", "account__currency").distinct():
        units.setdefault(key, set()).add(unit)
    gone = Refund.objects.exclude(state=Errand.FAILED).order_by().values_list("payment_id")
    back = dict(gone.annotate(sum=Sum("amount_minor")))
    faults = []
    for pk, state, unit, asked, taken, refunded in rows:
        if bool(taken) != (state in TAKEN) or not 0 <= taken <= asked:
            faults.append(f"payment {pk} is {state}, and took {taken} of {asked}")
        if taken and units.get(f"payment:{pk}:captured", {unit}) != {unit}:
            faults.append(f"payment {pk} is in {unit}, and not in the books")
        if refunded != back.get(pk, 0):
            faults.append(f"payment {pk} gave back {refunded}, its refunds come to {back.get(pk, 0)}")
    return Finding(len(rows), faults)


def refunds_are_booked() -> Finding:
    """Each refund that was made is in the books as it was asked for, and each in the books was made."""
    faults, looked_at, last = list(_without_a_refund()), 0, None
    rows = Refund.objects.select_related("payment").order_by("pk")
    while chunk := list((rows.filter(pk__gt=last) if last else rows)[:BATCH]):
        last, looked_at = chunk[-1].pk, looked_at + len(chunk)
        booked = set(Refund.objects.filter(BOOKED, pk__in=[row.pk for row in chunk]).values_list("pk", flat=True))
        legs = _legs([f"refund:{row.pk}" for row in chunk])
        for row in chunk:
            if sum(leg["minor"] for leg in row.debits) != row.amount_minor:
                faults.append(f"refund {row.pk} does not come to what it is taken from")
            found = legs.get(f"refund:{row.pk}")
            if (found is not None) != (row.pk in booked):
                faults.append(f"refund {row.pk} is {row.state}, and is {'not ' if found is None else ''}in the books")
            elif found is not None and _wanted(row) - found:
                faults.append(f"refund {row.pk} is not in the books as it was asked for")
    return Finding(looked_at, faults)


Legs = Counter[tuple[str, str, str, int]]


def _wanted(row: Refund) -> Legs:
    return Counter((leg["code"], row.payment.currency, leg["holder"], leg["minor"]) for leg in row.debits)


def _legs(keys: Sequence[str]) -> dict[str, Legs]:
    found: dict[str, Legs] = {}
    columns = ("entry__key", "account__code", "account__currency", "holder", "minor")
    for key, *leg in Posting.objects.filter(entry__key__in=keys).values_list(*columns):
        found.setdefault(key, Counter())[tuple(leg)] += 1
    return found


def _without_a_refund() -> Iterator[str]:
    named = JournalEntry.objects.filter(key__startswith="refund:").order_by()
    # `refund:<id>`, and what follows it: that it came back, or was sent another way.
    told = set(named.values_list(Substr("key", len("refund:") + 1, UUID_LENGTH), flat=True))
    missing = told - {str(pk) for pk in Refund.objects.values_list("pk", flat=True)}
    yield from (f"refund {pk} is in the books, and nowhere else" for pk in sorted(missing))


def payouts_are_booked() -> Finding:
    """What was paid out to each is what the books say went out to them: many go in one entry, so that sums are held together."""
    by_payee = ("holder", "code", "currency")
    rows = Payout.objects.order_by()
    sent = _sums(rows.filter(state=Errand.DONE).values_list(*by_payee).annotate(sum=Sum("amount_minor")))
    told = Q(entry__key__startswith="payout:") | Q(entry__key__startswith="payouts:")
    postings = Posting.objects.filter(told, account__code__in=PAYABLE).order_by()
    booked = _sums(postings.values_list("holder", "account__code", "account__currency").annotate(sum=Sum("minor")))
    faults = [
        f"{key[0]} was paid {sent[key]} {key[2]} from {key[1]}, the books say {booked[key]}"
        for key in sorted({*sent, *booked})
        if sent[key] != booked[key]
    ]
    return Finding(rows.count(), faults)


def _sums(rows: Any) -> Counter[tuple[str, str, str]]:
    return Counter({(holder, code, unit): minor for holder, code, unit, minor in rows})
