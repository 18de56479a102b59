"""What went back of an order, by its own deed or by a bank's, and who bears it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.payments import queries as payments
from toadlane.money.payments.models import CHARGED_BACK
from toadlane.money.payments.queries import Bearer
from toadlane.trade.orders.models import Chargeback, Chore, Order, Refund


@dataclass(frozen=True, kw_only=True)
class Reversal:
    """
    :param state: `refund`; `returned` by the payer's bank; `waits` where that bank was quicker; or how a chargeback stands:
        open, won, lost
    """

    at: datetime
    amount: Money
    state: str
    bearers: Sequence[Bearer]

    @property
    def title(self) -> str:
        return {
            "returned": _("Given back, and sent back by the bank; the co-op sends it another way"),
            "waits": _("To be given back once it is decided whether the payer’s bank keeps it"),
            "open": _("The payer’s bank took it back; the card company looks into it"),
            "won": _("The payer’s bank took it back and had to return it"), "lost": _("The payer’s bank took it back for good"),
        }.get(self.state, _("Given back"))  # fmt: skip


def of_order(order: Order) -> list[Reversal]:
    """Return what went back of an order, the oldest first, in four statements."""
    chores = {chore.key: chore for chore in order.chores.filter(kind=Chore.Kind.REFUND)}
    sent_back, found = payments.came_back(chores), []
    for refund in order.refunds.filter(chargeback=None):
        chore = chores.get(f"refund:{refund.key}"[:120])
        waits = chore is not None and chore.done_at is None and chore.trouble == CHARGED_BACK
        legs = chore.debits if chore else []
        state = "waits" if waits else "returned" if chore and chore.key in sent_back else "refund"
        found.append(_reversal(order, refund.made_at, refund.amount, state, legs))
    found += [_reversal(order, row.opened_at, row.amount, row.state, row.legs) for row in order.chargebacks.all()]
    return sorted(found, key=lambda one: one.at)


def taken_back(orders: Iterable[Order]) -> dict[int, str]:
    """Return, by order, that the payer's bank has taken back what was paid, or part of it, and whether that is for good.

    :return: `open` and `open_part` while it is not decided, `lost` where nothing is left; of all other orders nothing
    """
    ours = {order.pk: order for order in orders if order.captured_minor}
    asked: Counter[int] = Counter()
    found = {}
    for row in Chargeback.objects.filter(order_id__in=ours).exclude(state=Chargeback.State.WON) if ours else ():
        asked[row.order_id] += row.amount_minor if row.is_open else 0
        order = ours[row.order_id]
        if asked[row.order_id]:
            is_whole = order.refunded_minor + asked[row.order_id] >= order.captured_minor
            found[row.order_id] = "open" if is_whole else "open_part"
        elif order.refunded_minor == order.captured_minor:
            found[row.order_id] = "lost"
    return found


def _reversal(order: Order, at: datetime, amount: Money, state: str, legs: Sequence[dict[str, object]]) -> Reversal:
    return Reversal(at=at, amount=amount, state=state, bearers=payments.bearers(legs, order.currency))


def is_by_a_bank(refund_id: int) -> bool:
    """Whether money went back because a bank took it."""
    return Refund.objects.filter(pk=refund_id, chargeback__isnull=False).exists()
