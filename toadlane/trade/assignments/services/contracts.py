"""Contracts of work: who works when for which wage, never below the floor of the trade."""

from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.kernel.rates import rate
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import Membership
from toadlane.trade.assignments import queries
from toadlane.trade.assignments.models import Activity, Assignment, Contract
from toadlane.trade.assignments.permissions import MANAGE
from toadlane.trade.assignments.policies import floors, pay
from toadlane.trade.assignments.services.activities import lock
from toadlane.trade.assignments.services.errors import (
    BelowFloor,
    DaysOutOfOrder,
    NoSuchTrade,
    NotAnAmount,
    NotAPart,
    NotAWorker,
    NotEmploying,
    NotEnough,
    OverBudget,
    WrongMoment,
)
from toadlane.ui import formats

Means = Literal["cost", "gross", "net"]
STATE = Assignment.State
CLOSED = (STATE.DECLINED, STATE.DROPPED, STATE.DEFAULTED, STATE.CREDITED)
HOURS = 8


@transaction.atomic
def engage(
    *, activity: Activity, worker: Membership, trade: str, first_day: date, last_day: date, days: int, amount: Money,
    by: Principal, at: datetime, means: Means = "gross", part: str = "1", assignment: Assignment | None = None,
) -> Contract:  # fmt: skip
    """Sign a contract of work with somebody of an activity. Its wage leaves by itself, on its day.

    :param amount: of the whole contract: its gross wage, all that it costs, or what is left of it (`means`)
    :param part: which part of a whole day each of the days is, such as `1/2`
    :param assignment: the client's order that pays for it; without one it comes out of what the activity has
    :raises BelowFloor: saying the floor and the two ways out
    :raises OverBudget, NotEnough: when the order, or the activity, does not bear it
    :raises NotAWorker, NotAPart, NoSuchTrade, DaysOutOfOrder, NotAnAmount, NoCharges, WrongMoment:
    """
    by.must(MANAGE, activity)
    if not queries.terms.employs():
        raise NotEmploying
    if worker.pk not in {one.pk for one in queries.workers(activity)}:
        raise NotAWorker
    share = _share(part)
    if last_day < first_day or not 0 < days <= (last_day - first_day).days + 1:
        raise DaysOutOfOrder
    if trade not in dict(queries.terms.trades()):
        raise NoSuchTrade
    if amount.minor <= 0 or amount.currency != activity.currency:
        raise NotAnAmount
    wage = {"cost": pay.from_cost, "gross": pay.from_gross, "net": pay.from_net}[means](
        amount.minor, queries.terms.charges_on(last_day)
    )
    if wage.gross <= 0:
        raise NotAnAmount
    floor = queries.terms.floor_of(trade, first_day, last_day)
    _above(floor, wage.gross, days, share, activity.currency)
    lock(activity)
    _borne(activity, assignment, wage.cost)
    return Contract.objects.create(
        activity=activity, assignment=assignment, membership=worker, trade=trade, first_day=first_day, last_day=last_day,
        days=days, part=str(share), currency=activity.currency, gross_minor=wage.gross, employer_minor=wage.employer,
        provisions_minor=wage.provisions, worker_minor=wage.worker, tax_minor=wage.tax, cost_minor=wage.cost,
        net_minor=wage.net, floor_minor=floor, rule_version=bylaws.book().number, pay_by=queries.terms.pay_by(last_day),
        made_at=at, made_by=str(by),
    )  # fmt: skip


def _share(part: str) -> Fraction:
    try:
        share = rate(part.strip().replace(",", "."))
    except (ValueError, ZeroDivisionError) as error:
        raise NotAPart from error
    if not 0 < share <= 1 or share.denominator > 1000:
        raise NotAPart
    return share


def _above(floor: int, gross: int, days: int, share: Fraction, unit: str) -> None:
    """Refuse a wage below the floor, with what to do: more money, or fewer hours."""
    least = floors.least(floor, days, share)
    if gross >= least:
        return
    most = floors.most_part(gross, floor, days)
    told = {
        "floor": formats.money(Money(floor, unit)), "given": formats.money(Money(gross // days, unit)),
        "least": formats.money(Money(least, unit)), "part": formats.percent(most),
        "hours": formats.number(round(float(most * HOURS), 1)),
    }  # fmt: skip
    words = _("A whole day of this work brings at least %(floor)s gross; this would be %(given)s a day.") % told
    ways = _("Raise the gross wage to %(least)s, or make the days part-time: at most %(part)s of a day, about %(hours)s hours.")
    raise BelowFloor(words, hint=ways % told)


def _borne(activity: Activity, assignment: Assignment | None, cost: int) -> None:
    if assignment is None:
        if cost > queries.available(activity).minor:
            raise NotEnough
        return
    now = Assignment.objects.select_for_update().get(pk=assignment.pk)
    # What was given up once was shared out as it stood then: nothing more is lent for it.
    if now.activity_id != activity.pk or now.state in CLOSED or now.defaulted_at:
        raise WrongMoment
    if cost + queries.contracted(now) > now.labor.minor:
        raise OverBudget
    if now.state == Assignment.State.PAID and cost > queries.available(activity).minor:
        raise NotEnough


@transaction.atomic
def cancel(*, contract: Contract, by: Principal, at: datetime) -> Contract:
    """Call a contract off before its work begins.

    :raises WrongMoment: when it has begun, or its wage was paid
    """
    by.must(MANAGE, contract.activity)
    ready = Contract.objects.filter(pk=contract.pk, state=Contract.State.PLANNED, first_day__gt=queries.today(at))
    if not ready.update(state=Contract.State.CANCELLED):
        raise WrongMoment
    contract.state = Contract.State.CANCELLED
    return contract
