"""Money that should have moved and has not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as ledger
from toadlane.money.ledger.policies.chart import CREDIT, ON_HOLD
from toadlane.money.payments.models import SENT_BACK, Errand, Payment, Payout, Provider, Refund
from toadlane.money.payments.queries.comparing import booked_at, compared, not_compared
from toadlane.money.payments.queries.errands import waits_for_a_bank, waits_for_people
from toadlane.money.payments.queries.offers import title_of
from toadlane.money.payments.queries.owed import holder_name, owed
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import current_coop_id

# A payout may be a day or two late before somebody is woken; a card's answer may not take an hour.
GRACE_DAYS = 2
ANSWER_WITHIN, REFUND_WITHIN, BY_HAND_WITHIN = timedelta(hours=1), timedelta(days=1), timedelta(days=3)


@dataclass(frozen=True)
class Alarm:
    """:param what: one sentence
    :param kind: `owed`, `unknown`, `refund`, `payout`, `by_hand`, `balance` or `wage`
    :param key: what it is about
    """

    kind: str
    what: str
    amount: Money
    since: datetime | None
    key: str


# What rooms above know to be late before it is in the books, such as a wage for which nobody has the money.
_others: list[Callable[[datetime], list[Alarm]]] = []


def declare_alarms(found: Callable[[datetime], list[Alarm]]) -> None:
    """Have a room's own alarms stand among those of all money. It tells them on desks itself. Called in its `wiring`."""
    assert found not in _others, "these alarms are known"
    _others.append(found)


def alarms(at: datetime) -> list[Alarm]:
    """Return what is late, the oldest kind of trouble first."""
    return [*own_alarms(at), *(alarm for found in _others for alarm in found(at))]


def own_alarms(at: datetime) -> list[Alarm]:
    """Return what is late of the money that this room moves."""
    return [*_owed_too_long(at), *_unanswered(at), *_errands(at), *_by_hand(at), *_balances(at)]


def _key(row: Payment | Refund | Payout) -> str:
    return f"{row._meta.model_name}:{row.pk}"


def _owed_too_long(at: datetime) -> list[Alarm]:
    text = _("Owed to %(name)s for longer than the bylaws say, and no payout is on its way.")
    rows = owed(at - timedelta(days=GRACE_DAYS))
    return [
        Alarm("owed", text % {"name": holder_name(row.holder)}, row.due, None, f"owed:{row.holder}:{row.due.currency}")
        for row in rows
        if row.due
    ]


def _unanswered(at: datetime) -> list[Alarm]:
    late = Payment.objects.exclude(doing="").exclude(provider=Provider.MANUAL).filter(called_at__lt=at - ANSWER_WITHIN)
    text = _("The card company has not said what became of a payment.")
    return [Alarm("unknown", text, row.amount, row.called_at, _key(row)) for row in late.order_by("called_at")]


def _errands(at: datetime) -> list[Alarm]:
    open_ones = Q(state__in=(Errand.ASKED, Errand.UNKNOWN)) & ~Q(reason__in=("by_hand", SENT_BACK))
    refunds = (
        Refund.objects.filter(open_ones, ~waits_for_a_bank(), asked_at__lt=at - REFUND_WITHIN)
        .select_related("payment")
        .order_by("asked_at")
    )
    payouts = Payout.objects.filter(open_ones, asked_at__lt=at - REFUND_WITHIN).order_by("asked_at")
    refund_text, payout_text = _("A refund has not arrived."), _("A payout to %(name)s has not arrived.")
    return [
        *(Alarm("refund", refund_text, row.amount, row.asked_at, _key(row)) for row in refunds),
        *(
            Alarm("payout", payout_text % {"name": holder_name(row.holder)}, row.amount, row.asked_at, _key(row))
            for row in payouts
        ),
    ]


def _by_hand(at: datetime) -> list[Alarm]:
    late = at - BY_HAND_WITHIN
    came = Payment.objects.filter(doing="confirm", called_at__lt=late).order_by("called_at")
    came_text, refund_text = _("A payment by hand waits for a second person."), _("A refund by hand has not been sent.")
    payout_text = _("A payout to %(name)s has not been sent.")
    waiting = Q(waits_for_people(), asked_at__lt=late)
    refunds = Refund.objects.filter(waiting).select_related("payment").order_by("asked_at")
    payouts = Payout.objects.filter(waiting).order_by("asked_at")
    return [
        *(Alarm("by_hand", came_text, row.amount, row.called_at, _key(row)) for row in came),
        *(Alarm("by_hand", refund_text, row.amount, row.asked_at, _key(row)) for row in refunds),
        *(
            Alarm("by_hand", payout_text % {"name": holder_name(row.holder)}, row.amount, row.asked_at, _key(row))
            for row in payouts
        ),
    ]


def _balances(at: datetime) -> list[Alarm]:
    """What a company holds by its own account is what the books say, and somebody has asked it lately."""
    explained = _("%(company)s holds another amount than the books say. What is under way may explain it.")
    unexplained = _("%(company)s holds another amount than the books say, and nothing that is under way explains it.")
    silent = _("%(company)s could not be asked for days how much it holds. The books say so much:")
    found = [
        Alarm("balance", (explained if row.is_explained else unexplained) % {"company": title_of(row.provider)},
              row.difference, row.at, f"{row.provider}:{row.currency}")
        for row in compared() if row.difference
    ]  # fmt: skip
    for name, since in not_compared(at):
        what, sums = silent % {"company": title_of(name)}, booked_at(name).items()
        found += [Alarm("balance", what, Money(minor, unit), since, f"{name}:{unit}") for unit, minor in sums if minor]
    return found


def moved_in_time() -> Finding:
    """Nothing is owed longer than the bylaws say, and every call was answered."""
    at = clock.now(Tenant.objects.get(pk=current_coop_id()))
    looked_at = len(owed(at)) + Payment.objects.count() + Refund.objects.count() + Payout.objects.count()
    return Finding(looked_at, [f"{alarm.what} {alarm.amount}" for alarm in own_alarms(at)])


def captured_is_booked() -> Finding:
    """What payments say they took and gave back is what the books say went through the providers."""
    faults = []
    rows = Payment.objects.exclude(captured_minor=0)
    in_credit = ledger.by_key_prefix("payment:", CREDIT, holder=ON_HOLD)
    booked = ledger.by_key_prefix("payment:", "1100") | {key: -minor for key, minor in in_credit.items()}
    for row in rows:
        minor = booked.get(f"payment:{row.pk}:captured", 0)
        if minor != row.captured_minor:
            faults.append(f"payment {row.pk} took {row.captured_minor}, the books say {minor}")
    if stray := len(booked) - len(rows):
        faults.append(f"{stray} entries book a payment that is not there")
    return Finding(len(rows), faults)
