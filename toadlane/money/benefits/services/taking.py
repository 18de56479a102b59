"""What a worker takes out of her wallet, up to the point where two people pay it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toadlane.kernel.money import Money
from toadlane.money.benefits import policies, queries
from toadlane.money.benefits.events import AskedForHer
from toadlane.money.benefits.models import Draw, Relief, Wallet, Way
from toadlane.money.benefits.permissions import PREPARE, TAKE
from toadlane.money.benefits.services.errors import (
    InABatch,
    NotAnAmount,
    NotEnough,
    NotOpen,
    ReasonNeeded,
    TooManyAtOnce,
    WhereTo,
)
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant


@transaction.atomic
def take(
    *, wallet: Wallet, what: str, way: str, key: str, by: Principal, at: datetime, count: int = 1, amount: Money | None = None,
    account: str = "", note: str = "",
) -> Draw:  # fmt: skip
    """Ask for days off, for an insurance premium, or for what is to go to one's wallet at another co-op.

    Days are counted in units of the bylaws; the rest is an amount. What is asked for is set aside until it is paid.

    :param key: from the intent; the same key asks once
    :param account: where to send it; cash needs none
    :raises NotEnough: saying how many credits there are; WhereTo, NotAnAmount, TooManyAtOnce:
    """
    by.must(TAKE, wallet)
    # One after the other: what is available is counted once.
    Tenant.lock_current()
    key = f"{by.person_id}:{key}"[:120]
    if known := Draw.objects.filter(key=key).first():
        return known
    units = queries.units()
    worth, credits = _worth(wallet, what, count, amount, units)
    free = queries.available(wallet)
    if worth.minor > free.minor:
        left = units.credits(free)
        raise NotEnough(hint=ngettext("There is %(n)s credit.", "There are %(n)s credits.", left) % {"n": left})
    if Way(way) != Way.CASH and not account.strip():
        raise WhereTo
    made = Draw.objects.create(
        wallet=wallet, what=what, count=count if amount is None else 1, credits=credits, rule_version=units.version, key=key,
        amount_minor=worth.minor, currency=worth.currency, way=way, account=account.strip()[:160], note=note.strip()[:160],
        asked_by_id=by.person_id, asked_at=at,
    )  # fmt: skip
    if by.person_id != wallet.person_id:
        events.publish(AskedForHer(draw_id=made.pk))
    return made


def _worth(wallet: Wallet, what: str, count: int, amount: Money | None, units: policies.Units) -> tuple[Money, int]:
    if what in (Draw.What.HALF_DAY, Draw.What.DAY):
        if not 0 < count <= policies.MOST_COUNT:
            raise TooManyAtOnce(hint=_("At most %(most)s at once.") % {"most": policies.MOST_COUNT})
        credits = units.of(what, count)
        return units.worth(credits), credits
    if amount is None or not 0 < amount.minor <= policies.MOST_MINOR or amount.currency != wallet.currency:
        raise NotAnAmount
    # A part of a credit is a whole one: what is set aside is never less than what is paid.
    return amount, -(-amount.minor // units.credit.minor)


@transaction.atomic
def withdraw(*, draw: Draw, by: Principal, at: datetime) -> Draw:
    """Take a request back; its credits are free again.

    :raises InABatch, NotOpen:
    """
    by.must(TAKE, draw.wallet)
    Tenant.lock_current()
    _end(draw, Draw.State.WITHDRAWN, "", at)
    return draw


@transaction.atomic
def decline(*, request: Draw | Relief, reason: str, by: Principal, at: datetime) -> None:
    """Say no, and why.

    :raises ReasonNeeded, InABatch, NotOpen:
    """
    by.must(PREPARE, request)
    if not reason.strip():
        raise ReasonNeeded
    Tenant.lock_current()
    _end(request, Draw.State.DECLINED, reason.strip()[:400], at)


def _end(request: Draw | Relief, state: str, reason: str, at: datetime) -> None:
    waiting = type(request).objects.filter(pk=request.pk, state=Draw.State.ASKED, batch=None)
    if not waiting.update(state=state, reason=reason, ended_at=at):
        request.refresh_from_db()
        raise InABatch if request.is_open else NotOpen
    request.refresh_from_db()
