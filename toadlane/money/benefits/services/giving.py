"""What a client promises a worker: once, every month, or after each visit."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.money.bank import queries as bank
from toadlane.money.benefits import policies, queries
from toadlane.money.benefits.events import PlanEnded
from toadlane.money.benefits.models import Contribution, Plan, Rhythm, Wallet
from toadlane.money.benefits.permissions import CHANGE_PLAN, END_PLAN, GIVE
from toadlane.money.benefits.services.errors import NotAnAmount, OwnWallet, PlanOver, PlanThere, TooLittle
from toadlane.money.benefits.services.opening import must_be_open
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.ui import formats


def today(at: datetime) -> Any:
    return at.astimezone(ZoneInfo(coops.of_scope(current_coop_id()).time_zone)).date()


@transaction.atomic
def begin_plan(
    *, wallet: Wallet, rhythm: str, amount: Money, key: str, by: Principal, at: datetime, return_url: str = ""
) -> Payment:  # fmt: skip
    """Promise something every month, or after each visit. Return the first payment, which is made by card at its page.

    The plan runs from when that has come in, on the same day of each month and with the same card. The first payment of a
    plan by visit is a first gift: from then on the card is charged after each visit that is confirmed.

    :param key: from the intent; the same key begins once
    :raises TooLittle, OwnWallet, PlanThere: saying what stands in the way
    :raises NotOnOffer: where no card can be charged
    """
    by.must(GIVE)
    must_be_open()
    # Pressed twice at once, the second waits and finds what the first has begun.
    Tenant.lock_current()
    if known := Contribution.objects.filter(key=_key(by, key)).first():
        return _payment(known, "card", return_url, by, at)
    terms = must_be_sound(wallet, amount, by)
    if Plan.objects.filter(wallet=wallet, payer_id=by.person_id, rhythm=rhythm, state=Plan.State.RUNNING).exists():
        raise PlanThere
    plan = Plan.objects.create(
        wallet=wallet, payer_id=by.person_id, rhythm=Rhythm(rhythm), amount_minor=amount.minor, currency=amount.currency,
        rule_version=terms.version, began_on=today(at), begun_at=at,
    )  # fmt: skip
    kind = Contribution.Kind.MONTH if rhythm == Rhythm.MONTH else Contribution.Kind.ONCE
    return _payment(_contribute(wallet, amount, kind, key=key, plan=plan, by=by, at=at), "card", return_url, by, at)


@transaction.atomic
def give_once(
    *, wallet: Wallet, amount: Money, method: str, key: str, by: Principal, at: datetime, return_url: str = ""
) -> Payment:  # fmt: skip
    """Pay into a wallet once, by any way the co-op can be paid. Return the payment, which is made at its page.

    :raises TooLittle, OwnWallet:
    """
    by.must(GIVE)
    must_be_open()
    Tenant.lock_current()
    known = Contribution.objects.filter(key=_key(by, key)).first()
    if known is None:
        must_be_sound(wallet, amount, by)
        known = _contribute(wallet, amount, Contribution.Kind.ONCE, key=key, by=by, at=at)
    return _payment(known, method, return_url, by, at)


@transaction.atomic
def bring(*, amount: Money, note: str, key: str, by: Principal, at: datetime) -> Payment:
    """Announce a balance that comes from one's wallet at another co-op; return the transfer, with what to write on it.

    The other co-op books it out of its wallet for exactly this, and this one into the wallet here when it has come in.
    """
    by.must(GIVE)
    must_be_open()
    Tenant.lock_current()
    known = Contribution.objects.filter(key=_key(by, key)).first()
    if known is None:
        wallet = queries.of_person(by.person_id or 0)
        if wallet is None or not 0 < amount.minor <= policies.MOST_MINOR or amount.currency != wallet.currency:
            raise NotAnAmount
        known = _contribute(wallet, amount, Contribution.Kind.CARRIED, key=key, by=by, at=at, note=note.strip()[:120])
    return _payment(known, "transfer", "", by, at)


@transaction.atomic
def change_plan(*, plan: Plan, amount: Money, by: Principal, at: datetime) -> Plan:
    """Promise another amount: the plan ends, and another one takes over its day, and its card or mandate. Return that.

    :raises PlanOver, TooLittle:
    """
    by.must(CHANGE_PLAN, plan)
    must_be_open()
    Tenant.lock_current()
    plan = Plan.objects.select_related("wallet").get(pk=plan.pk)
    if plan.state != Plan.State.RUNNING:
        raise PlanOver
    terms = must_be_sound(plan.wallet, amount, by)
    if amount == plan.amount:
        return plan
    next_on = plan.next_on
    end_quietly(plan, "changed", at)
    return Plan.objects.create(
        wallet=plan.wallet, payer_id=plan.payer_id, rhythm=plan.rhythm, method=plan.method, amount_minor=amount.minor,
        currency=amount.currency, rule_version=terms.version, began_on=plan.began_on,
        next_on=next_on, months=plan.months, kept_card=plan.kept_card,
        card_hint=plan.card_hint, state=Plan.State.RUNNING, begun_at=at,
    )  # fmt: skip


@transaction.atomic
def end_plan(*, plan: Plan, by: Principal, at: datetime) -> Plan:
    """End a plan: nothing more is charged. What is in the wallet stays there."""
    by.must(END_PLAN, plan)
    Tenant.lock_current()
    plan = Plan.objects.select_related("wallet").get(pk=plan.pk)
    if plan.state == Plan.State.ENDED:
        return plan
    because = "payer" if by.person_id == plan.payer_id else "worker"
    end_quietly(plan, because, at)
    events.publish(PlanEnded(plan_id=plan.pk, because=because))
    return plan


def end_quietly(plan: Plan, because: str, at: datetime) -> None:
    """End a plan; unless another takes over, nobody is asked again for what it still waited for. Whoever calls tells of it.

    What an approved file of debits collects is on its way, as its payer was told, and comes into the wallet.
    """
    ended = {"state": Plan.State.ENDED, "ended_at": at, "ended_because": because, "next_on": None}
    Plan.objects.filter(pk=plan.pk).exclude(state=Plan.State.ENDED).update(**ended)
    plan.refresh_from_db()
    if because != "changed":
        open_ones = (Contribution.State.ASKED, Contribution.State.FAILED)
        waiting = plan.contributions.filter(state__in=open_ones, try_at__isnull=False)
        if plan.method == Plan.Method.DEBIT:
            waiting = plan.contributions.filter(state__in=open_ones)
            coming = {one.subject for one in bank.under_way(one.subject for one in waiting)}
            waiting = waiting.exclude(pk__in=[one.pk for one in waiting if one.subject in coming])
        waiting.update(state=Contribution.State.DROPPED, try_at=None, ended_at=at, trouble=because)


def must_be_sound(wallet: Wallet, amount: Money, by: Principal) -> queries.Terms:
    terms = queries.terms()
    if by.person_id == wallet.person_id:
        raise OwnWallet
    if amount.currency != wallet.currency or amount.minor > policies.MOST_MINOR:
        raise NotAnAmount
    if amount.minor < terms.minimum.minor:
        raise TooLittle(hint=_("At least %(least)s.") % {"least": formats.money(terms.minimum)})
    return terms


def _key(by: Principal, key: str) -> str:
    return f"{by.person_id}:{key}"[:120]


def _contribute(
    wallet: Wallet, amount: Money, kind: str, *, key: str, by: Principal, at: datetime, plan: Plan | None = None, note: str = ""
) -> Contribution:  # fmt: skip
    return Contribution.objects.create(
        wallet=wallet, plan=plan, payer_id=by.person_id, kind=kind, key=_key(by, key), amount_minor=amount.minor,
        currency=amount.currency, note=note, asked_at=at,
    )  # fmt: skip


def _payment(one: Contribution, method: str, return_url: str, by: Principal, at: datetime) -> Payment:
    return payments.begin(
        subject=one.subject, amount=one.amount, method=method, key=one.subject, by=by, at=at, capture_at_once=True,
        return_url=return_url, keeps_card=one.plan_id is not None,
    )  # fmt: skip
