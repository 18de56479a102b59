"""What a payout is made of, down to the lines of the orders in it: what stood before, what came and went, what stands after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.models import Posting
from toadlane.money.payments import queries as payments
from toadlane.money.payments.models import Errand, Payout
from toadlane.money.payments.permissions import OVERSEE
from toadlane.money.payments.queries import debts
from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops.queries import COOP_URLS
from toadlane.trade.orders.models import Chargeback, Chore, Order
from toadlane.trade.orders.permissions import SEE
from toadlane.trade.orders.queries import showing

MOST = 2000


@dataclass(frozen=True)
class Line:
    """One movement of what is owed to the member: positive came to them.

    :param parts: what the order was made of, as its customer reads it, and what they paid for each
    """

    at: datetime
    label: str
    url: str
    amount: Money
    parts: Sequence[tuple[str, Money]]


@dataclass(frozen=True)
class PayoutStatement:
    payout: Payout
    opening: Money
    lines: list[Line]
    closing: Money
    is_cut: bool


def statement_for(pk: UUID, by: Principal) -> PayoutStatement | None:
    """Return the statement of a payout for its member, and for who oversees payments; None for anybody else."""
    found = payments.payout(pk)
    own = {f"membership:{one}" for one in by.memberships}
    if found is None or not (found.holder in own or by.may(OVERSEE)):
        return None
    return payout_statement(found, by)


def payout_statement(payout: Payout, by: Principal) -> PayoutStatement:
    """Return the statement of a payout: from the one before it to its own, so that statements follow each other."""
    unit, until = payout.currency, payout.settled_at or payout.asked_at
    before = Payout.objects.filter(holder=payout.holder, code=payout.code, currency=unit, state=Errand.DONE, settled_at__lt=until)
    since = before.order_by("-settled_at").values_list("settled_at", flat=True).first()
    rows = Posting.objects.filter(account__code=payout.code, account__currency=unit, holder=payout.holder)
    after = rows.filter(posted_at__gt=until).aggregate(sum=Sum("minor"))["sum"] or 0
    closing = -(books.balance(payout.code, unit, payout.holder).minor - after)
    within = rows.filter(posted_at__lte=until).select_related("entry")
    within = within.filter(posted_at__gt=since) if since else within
    moved = within.aggregate(sum=Sum("minor"))["sum"] or 0
    found = list(within.order_by("posted_at", "pk")[: MOST + 1])
    return PayoutStatement(
        payout=payout, opening=Money(closing + moved, unit), lines=_lines(found[:MOST], unit, by), closing=Money(closing, unit),
        is_cut=len(found) > MOST,
    )  # fmt: skip


def _kept(row: Posting, unit: str, by: Principal) -> Line:
    """Say what was kept for money that went back, and of which orders it was."""
    owing = _owing(row)
    url = reverse("orders:detail", urlconf=COOP_URLS, args=[owing[0][0].pk]) if owing and by.may(SEE, owing[0][0]) else ""
    parts = [(_("%(order)s, owed since it went back") % {"order": _named(order)}, Money(minor, unit)) for order, minor in owing]
    return Line(row.posted_at, _("Kept for what went back to a customer"), url, Money(-row.minor, unit), parts)


def _named(order: Order) -> str:
    return _("Order %(number)s, %(title)s") % {"number": order.pk, "title": order.title}


def _owing(row: Posting) -> list[tuple[Order, int]]:
    """Return the orders whose refund or chargeback made a member owe what was kept, with what each made them owe."""
    kind, _colon, pk = debts.cause_of(row.entry.key).partition(":")
    if kind == "refund":
        refund = payments.refund(UUID(pk))
        chores = Chore.objects.filter(key=refund.key).select_related("order") if refund else Chore.objects.none()
        found = [(chore.order, chore.debits) for chore in chores]
    else:
        dispute = payments.dispute(int(pk)) if kind == "dispute" else None
        taken = Chargeback.objects.filter(ref=dispute.provider_ref).select_related("order") if dispute else ()
        found = [(one.order, one.legs) for one in taken]
    theirs = debts.OWED, row.holder
    owed = [(order, sum(leg["minor"] for leg in said if (leg["code"], leg["holder"]) == theirs)) for order, said in found]
    return [(order, minor) for order, minor in owed if minor]


def _lines(rows: Sequence[Posting], unit: str, by: Principal) -> list[Line]:
    subjects = books.names.subjects([row.entry.subject for row in rows if row.entry.subject], by)
    numbers = {int(row.entry.subject[6:]) for row in rows if row.entry.subject.startswith("order:")}
    orders = {f"order:{pk}": order for pk, order in Order.objects.in_bulk(numbers).items()}
    made = []
    for row in rows:
        if row.entry.key.startswith(debts.SET_OFF) and row.minor > 0:
            made.append(_kept(row, unit, by))
            continue
        named, order = subjects.get(row.entry.subject), orders.get(row.entry.subject)
        parts = [(line.text, line.amount) for line in showing.lines(order, order.language)] if order else []
        label = named.label if named else row.entry.narration
        made.append(Line(row.posted_at, label, named.url if named else "", Money(-row.minor, unit), parts))
    return made
