"""What the office looks after: the guarantee fund, what clients owe, wages that are due, and what waits for a word."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.ledger import queries as books
from toadlane.money.ledger.models import JournalEntry
from toadlane.money.payments import queries as payments
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.coops.queries import COOP_URLS
from toadlane.trade.assignments.models import Assignment, Contract, Outlay
from toadlane.trade.assignments.permissions import FUND, OFFICES
from toadlane.trade.assignments.queries import terms
from toadlane.trade.assignments.queries.activities import contracts
from toadlane.trade.assignments.queries.orders import ADVANCES, CREDIT, FUNDS_SIDE, assignments, credit_of, why_not_guaranteed
from toadlane.trade.assignments.queries.orders import FUND as GUARANTEE
from toadlane.ui import formats
from toadlane.ui.shapes import Waiting

MOST = 10
WINDOW_DAYS = 90


def today(at: datetime) -> date:
    return invoicing.local_day(at)


def is_booked(key: str) -> bool:
    return JournalEntry.objects.filter(key=key).exists()


def lock_fund() -> None:
    """Let one at a time ask what the guarantee fund has; held until the transaction ends."""
    Tenant.lock_current()


def fund_free(currency: str) -> Money:
    """Return what the guarantee fund has that is not advanced."""
    return -books.balance(GUARANTEE, currency) - fund_advanced(currency)


def fund_advanced(currency: str) -> Money:
    """Return what the guarantee fund has out, under the names of what clients owe."""
    return books.balance(ADVANCES, currency, FUNDS_SIDE)


def wages_due(at: datetime) -> QuerySet[Contract]:
    """Return the wages that have to be booked now, the earliest day first.

    What is owed to members waits before it is paid out, as the bylaws have it: a wage is booked so much earlier, and never
    before the work is over.
    """
    day = today(at)
    latest = day + timedelta(days=payments.payout_days())
    rows = contracts().filter(state=Contract.State.PLANNED, pay_by__lte=latest, last_day__lt=day)
    return rows.order_by("pay_by", "pk")


def coops_with_wages(_now: datetime) -> list[int]:
    """Return the co-ops that have wages to pay one day. Asked with the scope lifted."""
    planned = Contract.objects.filter(state=Contract.State.PLANNED)
    return list(planned.order_by().values_list("coop_id", flat=True).distinct())


def coops_with_debtors(_now: datetime) -> list[int]:
    """Return the co-ops whose clients owe something. Asked with the scope lifted."""
    invoiced = Assignment.objects.filter(state=Assignment.State.INVOICED)
    return list(invoiced.order_by().values_list("coop_id", flat=True).distinct())


def foreseen(currency: str) -> Money:
    """Return what planned wages may ask of the fund, where it answers for their orders and the client has not paid."""
    waits = Contract.objects.filter(
        state=Contract.State.PLANNED, currency=currency,
        assignment__state__in=(Assignment.State.CONFIRMED, Assignment.State.INVOICED),
    ).select_related("assignment")  # fmt: skip
    return Money(sum(one.cost_minor for one in waits if one.assignment and not why_not_guaranteed(one.assignment)), currency)


@dataclass(frozen=True, kw_only=True)
class Office:
    """:param foreseen: what planned wages may yet ask of the fund
    :param coverage_days: for how many days the fund could advance what it advanced on a usual day; None where it never did"""

    free: Money
    advanced: Money
    foreseen: Money
    coverage_days: int | None
    owed: list[tuple[Assignment, int]]
    credits: list[tuple[Assignment, Money]]
    short: list[Contract]
    outlays: list[Outlay]

    @property
    def is_thin(self) -> bool:
        """Whether the wages to come may be more than the fund can advance."""
        return self.foreseen > self.free


def office(at: datetime, currency: str) -> Office:
    day = today(at)
    owed = assignments().filter(state=Assignment.State.INVOICED).order_by("due_on", "pk")[:200]
    waiting = (
        Outlay.objects.filter(state=Outlay.State.ASKED).select_related("activity", "membership__person").order_by("asked_at")
    )
    free = fund_free(currency)
    return Office(
        free=free, advanced=fund_advanced(currency), foreseen=foreseen(currency), coverage_days=_coverage(free, at),
        owed=[(one, max((day - one.due_on).days, 0) if one.due_on else 0) for one in owed],
        credits=credits_of(currency),
        short=list(short()[:200]),
        outlays=list(waiting[:200]),
    )  # fmt: skip


def credits_of(currency: str) -> list[tuple[Assignment, Money]]:
    """Return the clients who have something with the co-op that nobody has decided about, under the order it came by."""
    held = [row.holder for row in books.holders(CREDIT, currency) if row.minor < 0]
    rows = assignments().filter(pk__in=[holder.partition(":")[2] for holder in held]).order_by("pk")[:MOST]
    return [(one, left) for one in rows if (left := credit_of(one)).minor > 0]


def short() -> QuerySet[Contract]:
    """Return the wages that are due and that the guarantee fund cannot advance, the longest due first."""
    return contracts().filter(state=Contract.State.PLANNED, short_since__isnull=False).order_by("pay_by")


def alarms(_at: datetime) -> list[payments.Alarm]:
    """Return the wages for which the money is not there, among the other alarms about money."""
    text = _("The guarantee fund cannot advance the wage of %(name)s.")
    return [
        payments.Alarm(
            "wage", text % {"name": formats.apart(row.membership.name)}, row.cost, row.short_since, f"contract:{row.pk}"
        )
        for row in short()[:MOST]
    ]


def _coverage(free: Money, at: datetime) -> int | None:
    rows = Contract.objects.filter(paid_at__gte=at - timedelta(days=WINDOW_DAYS), currency=free.currency)
    drawn = rows.aggregate(sum=Sum("drawn_minor"))["sum"] or 0
    return free.minor * WINDOW_DAYS // drawn if drawn else None


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """What waits about activities: for offices and for advisers."""
    if by.person_id is None:
        return []
    found: list[Waiting] = []
    office_url = reverse("assignments:office", urlconf=COOP_URLS)
    if by.may(FUND):
        for one in short()[:MOST]:
            told = {"cost": formats.money(one.cost), "day": formats.day(one.pay_by)}
            title = _("The guarantee fund cannot advance a wage")
            found.append(Waiting(title=title, detail=_("%(cost)s, due on %(day)s") % told, url=office_url,
                                 action=_("Put money in"), icon="warn", at=one.short_since))  # fmt: skip
        unit = terms.currency()
        if not found and (coming := foreseen(unit)) > fund_free(unit):
            title = _("The guarantee fund may fall short")
            detail = _("%(amount)s of wages to come may have to be advanced") % {"amount": formats.money(coming)}
            found.append(Waiting(title=title, detail=detail, url=office_url, action=_("Look"), icon="warn"))
        for order, left in credits_of(unit):
            title = _("%(client)s has %(amount)s with the co-op") % {
                "client": formats.apart(order.client_name),
                "amount": formats.money(left),
            }
            found.append(Waiting(title=title, detail=_("Paid too much, or credited after it was paid"), icon="coop",
                                 url=reverse("assignments:order", urlconf=COOP_URLS, args=[order.pk]),
                                 action=_("Decide what becomes of it")))  # fmt: skip
    asked = Outlay.objects.filter(state=Outlay.State.ASKED).exclude(asked_by=by.person_id)
    if not by.roles & OFFICES:
        asked = asked.filter(activity__adviser_id=by.person_id)
    for outlay in asked.select_related("activity").order_by("asked_at")[:MOST]:
        url = reverse("assignments:activity", urlconf=COOP_URLS, args=[outlay.activity_id])
        title = _("To approve: %(purpose)s") % {"purpose": formats.apart(outlay.purpose)}
        found.append(Waiting(title=title, detail=formats.money(outlay.amount), url=url, action=_("Look"), icon="paper",
                             at=outlay.asked_at))  # fmt: skip
    return found
