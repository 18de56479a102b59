"""The rests on shares that members have begun to pay, to be debited."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from toadlane.money.bank import queries as bank
from toadlane.money.payments.models import Method, Payment
from toadlane.money.payments.models import State as Paid
from toadlane.ownership.shares.models import Subscription
from toadlane.ownership.shares.permissions import COLLECT
from toadlane.ownership.shares.queries import under_way
from toadlane.plumbing.access.principals import Principal

State = Subscription.State


def to_collect(
    *, membership_ids: Iterable[int], on_its_way: Collection[str], by: Principal, at: datetime, person_ids: Iterable[int] = ()
) -> Iterator[bank.Owed]:  # fmt: skip
    """Return the rests that some members have begun to pay by transfer on their shares, to be debited by the bank.

    Who wants more shares is not debited for a wish that may be given up: that is paid by whoever wants them.
    """
    by.must(COLLECT)
    rows, seen = Subscription.objects.filter(state=State.ASKED, shares=0, offer=None), set[tuple[int, str]]()
    wanted = set(membership_ids)
    whose = {one.subject: one for one in rows.order_by("pk") if one.membership_id in wanted}
    begun = [one for part in bank.few(whose) for one in Payment.objects.filter(subject__in=part)]
    begun.sort(key=lambda one: (one.begun_at, one.pk), reverse=True)
    unpaid = under_way.unpaid_of(one.membership_id for one in whose.values())
    # Who began twice owes the rest once: one that is on its way is the one, and otherwise what was begun last.
    for payment in sorted(begun, key=lambda one: str(one.pk) not in on_its_way and one.is_open):
        one = whose[payment.subject]
        if (rest := (one.membership_id, one.share_class)) in seen or payment.state == Paid.VOIDED:
            continue
        if payment.method == Method.TRANSFER or not payment.is_open or bank.is_going(payment, at):
            seen.add(rest)
        # What was paid another way meanwhile is owed no more.
        is_owed = one.paid_minor <= unpaid[rest]
        if is_owed and payment.method == Method.TRANSFER and payment.is_open and str(payment.pk) not in on_its_way:
            yield bank.Owed(one.membership_id, payment)
