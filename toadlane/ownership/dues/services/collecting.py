"""What members owe, to be debited: a payment for each, and the same again while it waits."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from toadlane.kernel.money import Money
from toadlane.money.bank import queries as bank
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Method, Payment
from toadlane.money.payments.models import State as Paid
from toadlane.ownership.dues import queries
from toadlane.ownership.dues.models import Remittance
from toadlane.ownership.dues.permissions import COLLECT
from toadlane.plumbing.access.principals import Principal

# What was called off, or let go, is not on its way.
OFF = (Paid.VOIDED, Paid.DISPUTED)


def to_collect(
    *, membership_ids: Iterable[int], on_its_way: Collection[str], by: Principal, at: datetime, person_ids: Iterable[int] = ()
) -> Iterator[bank.Owed]:  # fmt: skip
    """Begin the payments of what some members owe, to be debited by the bank: one for each, and the same again while it waits.

    As many statements for all members as for a few.

    :param on_its_way: ids of payments that are in a file already
    """
    by.must(COLLECT)
    wanted, left = set(membership_ids), queries.left_of_all()
    owing = {pk: minor for pk, minor in left.items() if pk in wanted}
    waiting, coming = defaultdict[int, list[Payment]](list), Counter[int]()
    for one, payment in queries.asked_of(owing):
        if str(payment.pk) in on_its_way or bank.is_going(payment, at):
            coming[one.membership_id] += one.amount_minor if payment.state not in OFF else 0
        elif payment.is_open and payment.method == Method.TRANSFER:
            waiting[one.membership_id].append(payment)
    found, unit, asked = dict[int, Payment](), queries.currency(), list[tuple[int, int]]()
    for pk, minor in sorted(owing.items()):
        rest = minor - coming[pk]
        same = next((one for one in waiting[pk] if one.amount == Money(rest, unit)), None)
        if same is not None:
            found[pk] = same
        elif rest > 0:
            asked.append((pk, rest))
    found |= _begin(asked, unit, by, at)
    yield from (bank.Owed(pk, payment) for pk, payment in sorted(found.items()))


def _begin(asked: list[tuple[int, int]], unit: str, by: Principal, at: datetime) -> dict[int, Payment]:
    """Begin what is not begun, once for what is owed since the member last began to pay."""
    newest = queries.newest_of(pk for pk, _minor in asked)
    keys = {f"debit:{pk}:{minor}:{newest.get(pk, 0)}": (pk, minor) for pk, minor in asked}
    Remittance.objects.bulk_create(
        [
            Remittance(membership_id=pk, currency=unit, amount_minor=minor, key=key, asked_at=at, asked_by=str(by))
            for key, (pk, minor) in keys.items()
        ],
        batch_size=1_000, ignore_conflicts=True,
    )  # fmt: skip
    made = [one for part in bank.few(keys) for one in Remittance.objects.filter(key__in=part)]
    transfers = [payments.Transfer(one.subject, one.amount, f"{one.subject}:payment") for one in made]
    begun = payments.begin_transfers(wanted=transfers, by=by, at=at)
    return {one.membership_id: payment for one, payment in zip(made, begun, strict=True)}
