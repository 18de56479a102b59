"""Plans that are collected by direct debit: the same mandates, files and letters as for all that is owed, and no card."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.db import transaction

from toadlane.kernel.dates import add_months
from toadlane.kernel.money import Money
from toadlane.money.bank import queries as bank
from toadlane.money.bank import services as mandates
from toadlane.money.benefits import queries
from toadlane.money.benefits.events import PlanEnded
from toadlane.money.benefits.models import Contribution, Plan, Rhythm, Wallet
from toadlane.money.benefits.permissions import COLLECT, GIVE, RUN
from toadlane.money.benefits.services.charging import ask_at_once
from toadlane.money.benefits.services.errors import MandateNeeded, PlanThere
from toadlane.money.benefits.services.giving import end_quietly, must_be_sound, today
from toadlane.money.benefits.services.opening import must_be_open
from toadlane.money.payments import services as payments
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.members import queries as members
from toadlane.society.members.models import Membership
from toadlane.society.people.models import Person

RUNNING, DEBIT = Plan.State.RUNNING, Plan.Method.DEBIT


@transaction.atomic
def promise_by_debit(
    *, wallet: Wallet, rhythm: str, amount: Money, by: Principal, at: datetime, name: str = "", iban: str = ""
) -> Plan:  # fmt: skip
    """Promise something every month, or after each visit, that the co-op collects from an account. The plan runs at once.

    Asked again while it runs, it is the same plan. Money is in the wallet once the bank has brought it.

    :param iban: of the account, where a mandate is given with it; nothing where one was given before
    :raises MandateNeeded: when there is none, and NotAnIban, NameNeeded, NotReached or NoDebits when none can be given
    :raises TooLittle, OwnWallet, PlanThere: saying what stands in the way
    """
    by.must(GIVE)
    must_be_open()
    Tenant.lock_current()
    terms = must_be_sound(wallet, amount, by)
    if running := Plan.objects.filter(wallet=wallet, payer_id=by.person_id, rhythm=rhythm, state=RUNNING).first():
        if (running.method, running.amount) == (DEBIT, amount):
            return running
        raise PlanThere
    if not queries.takes_debits(wallet):
        raise mandates.NoDebits
    if iban.strip():
        mandates.sign(payer=_payer(by), name=name, iban=iban, by=by, at=at)
    elif bank.mandate_for(by.person_id or 0, at) is None:
        raise MandateNeeded
    plan = Plan.objects.create(
        wallet=wallet, payer_id=by.person_id, rhythm=Rhythm(rhythm), method=DEBIT, amount_minor=amount.minor,
        currency=amount.currency, rule_version=terms.version, began_on=today(at), begun_at=at, state=RUNNING,
        next_on=add_months(today(at), 1) if rhythm == Rhythm.MONTH else None,
    )  # fmt: skip
    if rhythm == Rhythm.MONTH:
        ask_at_once(plan, f"plan:{plan.pk}:{plan.began_on.isoformat()}", Contribution.Kind.MONTH, "", at)
    return plan


def _payer(by: Principal) -> Membership | Person:
    """Return who signs: a member as a member, so that one mandate is for all that they owe; anybody else as a person."""
    own = members.register().filter(pk=by.membership_id or 0, person_id=by.person_id or 0).first()
    return own or Person.objects.get(pk=by.person_id or 0)


def to_collect(
    *, membership_ids: Iterable[int], person_ids: Iterable[int], on_its_way: Collection[str], by: Principal, at: datetime
) -> Iterator[bank.Owed]:  # fmt: skip
    """Begin the payments of what people promised by direct debit, to be debited by the bank: the same again while it waits.

    :param on_its_way: ids of payments that are in a file already
    """
    by.must(COLLECT)
    waiting = queries.to_debit(set(person_ids)) if queries.is_open() else []
    transfers = [payments.Transfer(one.subject, one.amount, one.subject) for one in waiting]
    begun = payments.begin_transfers(wanted=transfers, by=by, at=at)
    for one, payment in zip(waiting, begun, strict=True):
        if str(payment.pk) not in on_its_way:
            yield bank.Owed(None, payment, one.payer_id)


@transaction.atomic
def end_without_mandate(*, person_id: int, by: Principal, at: datetime) -> int:
    """End what somebody promised by direct debit once no mandate of theirs holds any more; return how many plans that were."""
    by.must(RUN)
    Tenant.lock_current()
    if bank.mandate_for(person_id, at) is not None:
        return 0
    plans = list(Plan.objects.filter(payer_id=person_id, method=DEBIT, state=RUNNING).order_by("pk"))
    for plan in plans:
        end_quietly(plan, "mandate", at)
        events.publish(PlanEnded(plan_id=plan.pk, because="mandate"))
    return len(plans)


@transaction.atomic
def came_back(*, contribution: Contribution, by: Principal, at: datetime) -> None:
    """End a plan of which the payer's bank took a debit back: nobody is debited again who has just had it returned."""
    by.must(RUN)
    Tenant.lock_current()
    plan = contribution.plan
    if plan is None or plan.method != DEBIT:
        return
    same = Plan.objects.filter(wallet_id=plan.wallet_id, payer_id=plan.payer_id, rhythm=plan.rhythm, method=DEBIT, state=RUNNING)
    for one in same:
        end_quietly(one, "returned", at)
        events.publish(PlanEnded(plan_id=one.pk, because="returned"))
