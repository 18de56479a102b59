"""What members owe because money went back to customers after they were paid: each debt by what caused it, the oldest first."""

from dataclasses import dataclass

from toadlane.kernel.money import Money
from toadlane.money.ledger.models import Posting
from toadlane.money.payments.models import TakeBack

OWED = "1210"
# An entry that sets earnings against a debt is `even:<cause>:<holder>:<currency>:<day>`.
SET_OFF = "even:"


@dataclass(frozen=True)
class Debt:
    """:param cause: `refund:<id>` or `dispute:<id>`; empty where it was entered by hand
    :param subject: what was paid for, such as `checkout:9`
    """

    cause: str
    subject: str
    amount: Money


def debts(holder: str, currency: str) -> list[Debt]:
    """Return what of each debt is left: less what was taken back from payouts, borne by the co-op, or kept."""
    rows = Posting.objects.filter(account__code=OWED, account__currency=currency, holder=holder).order_by("posted_at", "pk")
    left: dict[str, int] = {}
    subjects: dict[str, str] = {}
    for key, subject, minor in rows.values_list("entry__key", "entry__subject", "minor"):
        cause = cause_of(key)
        left[cause] = left.get(cause, 0) + minor
        if minor > 0:
            subjects.setdefault(cause, subject)
    return [Debt(cause, subjects.get(cause, ""), Money(minor, currency)) for cause, minor in left.items() if minor > 0]


def cause_of(key: str) -> str:
    """Return what an entry on 1210 is about, from its key."""
    for part in ("back:", "borne:", SET_OFF):
        key = key.removeprefix(part)
    kind, _colon, rest = key.partition(":")
    pk = rest.partition(":")[0]
    if kind == "take_back":
        found = TakeBack.objects.filter(pk=pk).values_list("key", flat=True).first()
        return ":".join(found.split(":")[:2]) if found else ""
    return f"{kind}:{pk}" if kind in ("refund", "dispute") else ""
