"""Asking for what plans promise, charging their kept cards, and crediting wallets with what came in."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.kernel.dates import add_months
from toadlane.kernel.money import Money
from toadlane.money.bank import queries as bank
from toadlane.money.benefits import policies, queries
from toadlane.money.benefits.events import ContributionCredited, ContributionMissed, PlanEnded
from toadlane.money.benefits.models import Contribution, Plan, Rhythm, Wallet
from toadlane.money.benefits.permissions import RUN
from toadlane.money.benefits.services.giving import end_quietly, today
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment, State
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant

AT_ONCE = 200


def ask_for_due(*, by: Principal, at: datetime) -> int:
    """Write down what each monthly plan owes whose day has come; return how many. A month is asked for once.

    Where members have given wallets up, nothing more is asked for; what is in them can still be taken out.
    """
    by.must(RUN)
    if not queries.is_open():
        return 0
    due = Plan.objects.filter(state=Plan.State.RUNNING, next_on__lte=today(at)).order_by("pk")
    return sum(_ask_for_month(pk, at) for pk in due.values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _ask_for_month(plan_id: int, at: datetime) -> int:
    plan = Plan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan_id)
    if plan.state != Plan.State.RUNNING or plan.next_on is None or plan.next_on > today(at) or _has_lapsed(plan, at):
        return 0
    ask_at_once(plan, f"plan:{plan.pk}:{plan.next_on.isoformat()}", Contribution.Kind.MONTH, "", at)
    plan.months += 1
    # Counted from the first day, so that a plan of the 31st comes back to it after a short month.
    plan.next_on = add_months(plan.began_on, plan.months + 1)
    plan.save(update_fields=["months", "next_on"])
    return 1


@transaction.atomic
def visit_done(*, payer_id: int, worker_id: int, visit: str, by: Principal, at: datetime) -> Contribution | None:
    """Write down what a client promised for each visit, once for this one. None where they promised nothing.

    :param visit: which one, such as `order:12`
    """
    by.must(RUN)
    running = Plan.objects.filter(rhythm=Rhythm.VISIT, state=Plan.State.RUNNING, payer_id=payer_id)
    plan = running.filter(wallet__person_id=worker_id).order_by("pk").first()
    if plan is None or _has_lapsed(plan, at):
        return None
    return ask_at_once(plan, f"plan:{plan.pk}:{visit}", Contribution.Kind.VISIT, visit, at)


def _has_lapsed(plan: Plan, at: datetime) -> bool:
    """End a plan by direct debit that no mandate holds any more, as one that nobody used for long; say whether it was so."""
    if plan.method != Plan.Method.DEBIT or bank.mandate_for(plan.payer_id, at) is not None:
        return False
    end_quietly(plan, "mandate", at)
    events.publish(PlanEnded(plan_id=plan.pk, because="mandate"))
    return True


def ask_at_once(plan: Plan, key: str, kind: str, note: str, at: datetime) -> Contribution:
    """Write down what a plan owes now, once: a card is charged for it soon, and a debit is in the next file that is made."""
    by_card = plan.method == Plan.Method.CARD
    values = {
        "wallet_id": plan.wallet_id, "plan": plan, "payer_id": plan.payer_id, "kind": kind, "amount_minor": plan.amount_minor,
        "currency": plan.currency, "note": note, "asked_at": at, "try_at": at if by_card else None,
    }  # fmt: skip
    return Contribution.objects.get_or_create(key=key, defaults=values)[0]


def charge(*, by: Principal, at: datetime) -> int:
    """Charge the kept card for everything that is due for a try; never inside a transaction. Return how many were tried."""
    by.must(RUN)
    due = Contribution.objects.filter(try_at__lte=at, state__in=(Contribution.State.ASKED, Contribution.State.FAILED))
    rows = list(due.select_related("plan").order_by("try_at", "pk")[:AT_ONCE])
    for one in rows:
        _try(one, by, at)
    return len(rows)


def _try(one: Contribution, by: Principal, at: datetime) -> None:
    plan = one.plan
    if plan is None:
        return
    payment = payments.begin(
        subject=one.subject, amount=one.amount, method="card", key=one.subject, capture_at_once=True, by=by, at=at
    )  # fmt: skip
    if payment.is_open:
        payment = payments.authorise(payment=payment, instrument=payments.KeptCard(plan.kept_card), by=by, at=at)
    if payment.state == State.CAPTURED:
        credit(contribution=one, payment=payment, by=by, at=at)
    elif payment.is_open:
        _missed(one, plan, payment, at)
    # Whatever else it is, somebody is asking the card company already: what comes of it is told by an event.


@transaction.atomic
def _missed(one: Contribution, plan: Plan, payment: Payment, at: datetime) -> None:
    """Note a charge that did not go through, and when it is tried again; after the last try the plan ends."""
    terms = queries.terms()
    is_over = one.tried + 1 >= terms.tries
    noted = Contribution.objects.filter(pk=one.pk, tried=one.tried).exclude(state=Contribution.State.PAID)
    if not noted.update(
        state=Contribution.State.DROPPED if is_over else Contribution.State.FAILED, tried=one.tried + 1,
        ended_at=at if is_over else None,
        trouble=payment.reason or payment.state, try_at=None if is_over else at + timedelta(days=terms.retry_days),
    ):  # fmt: skip
        return
    if is_over and plan.state == Plan.State.RUNNING:
        over = {"state": Plan.State.ENDED, "ended_at": at, "ended_because": "failed", "next_on": None}
        if Plan.objects.filter(pk=plan.pk, state=Plan.State.RUNNING).update(**over):
            events.publish(PlanEnded(plan_id=plan.pk, because="failed"))
    events.publish(ContributionMissed(contribution_id=one.pk, is_over=is_over))


@transaction.atomic
def credit(*, contribution: Contribution, payment: Payment, by: Principal, at: datetime) -> Contribution:
    """Put what came in into the wallet, once: however often and by whichever way it is told."""
    by.must(RUN)
    # Against a chargeback that is told at the same time: one of the two comes first.
    Tenant.lock_current()
    one = Contribution.objects.select_related("wallet", "plan").get(pk=contribution.pk)
    payment.refresh_from_db()
    if one.state == Contribution.State.PAID or payment.state != State.CAPTURED:
        return one
    one.state, one.ended_at, one.try_at, one.trouble = Contribution.State.PAID, at, None, ""
    one.save(update_fields=["state", "ended_at", "try_at", "trouble"])
    ledger.post(
        key=f"{one.subject}:credited", narration=_("Paid into a wallet"), subject=one.subject, by=by, at=at,
        postings=[
            ledger.debit(policies.HELD, one.amount), ledger.credit(policies.WALLETS, one.amount, holder=one.wallet.holder)
        ],
    )  # fmt: skip
    if one.plan is not None and one.plan.method == Plan.Method.CARD:
        _follow(one.plan, payment)
    events.publish(
        ContributionCredited(contribution_id=one.pk, wallet_id=one.wallet_id, minor=one.amount_minor, currency=one.currency)
    )
    return one


def _follow(plan: Plan, payment: Payment) -> None:
    """Keep the card that paid; a plan that waited for its first payment runs from now on."""
    kept = {"kept_card": payment.provider_ref, "card_hint": payment.card_hint}
    running = Plan.objects.filter(
        wallet_id=plan.wallet_id, payer_id=plan.payer_id, rhythm=plan.rhythm, state=Plan.State.RUNNING
    )  # fmt: skip
    if plan.state == Plan.State.STARTING and not running.exists():
        next_on = add_months(plan.began_on, 1) if plan.rhythm == Rhythm.MONTH else None
        starting = Plan.objects.filter(pk=plan.pk, state=Plan.State.STARTING)
        starting.update(state=Plan.State.RUNNING, next_on=next_on, **kept)
    else:
        # Another card that paid what the kept one did not is the one to charge from now on, also after a change.
        running.filter(method=Plan.Method.CARD).update(**kept)


def bear_chargeback(subject: str, amount: Money, **_asked: Any) -> list[ledger.Leg]:
    """Say what a chargeback of a contribution comes out of: what is left in the wallet, and then the co-op.

    What a worker has spent already is not taken from what comes later.
    """
    Tenant.lock_current()
    one = queries.of_subject(subject)
    if one is None or one.state != Contribution.State.PAID:
        return [ledger.debit(policies.HELD, amount)]
    there = min(amount.minor, max(queries.balance(one.wallet).minor, 0))
    legs = []
    if there:
        part = Money(there, amount.currency)
        legs.append(ledger.debit(policies.WALLETS, part, holder=one.wallet.holder, purpose="contribution_reversal"))
    if there < amount.minor:
        legs.append(ledger.debit(policies.LOSSES, Money(amount.minor - there, amount.currency)))
    return legs


def gather_from_orders(*, by: Principal, at: datetime) -> int:
    """Move what orders put aside for a worker into her wallet, once it has rested; return to how many wallets."""
    by.must(RUN)
    if not queries.is_open():
        return 0
    terms = queries.terms()
    moved = 0
    for row in queries.put_aside(at - timedelta(days=terms.hold_days)):
        moved += _gather(row.wallet, row.holder, row.amount, by, at)
    return moved


@transaction.atomic
def _gather(wallet: Wallet, holder: str, amount: Money, by: Principal, at: datetime) -> int:
    Tenant.lock_current()
    # A refund may have taken some of it back since it was looked up.
    left = min(amount.minor, -books.balance(policies.ASIDE, amount.currency, holder).minor)
    if left <= 0:
        return 0
    part = Money(left, amount.currency)
    number = Contribution.objects.filter(wallet=wallet, kind=Contribution.Kind.ORDERS).count() + 1
    one = Contribution.objects.create(
        wallet=wallet, kind=Contribution.Kind.ORDERS, key=f"orders:{wallet.pk}:{number}", amount_minor=part.minor,
        currency=part.currency, state=Contribution.State.PAID, asked_at=at, ended_at=at,
    )  # fmt: skip
    ledger.post(
        key=f"{one.subject}:credited", narration=_("What orders put aside"), subject=one.subject, by=by, at=at,
        postings=[ledger.debit(policies.ASIDE, part, holder=holder), ledger.credit(policies.WALLETS, part, holder=wallet.holder)],
    )  # fmt: skip
    return 1
