"""Paying out: one person puts a batch together, another approves it, and only then anything is booked."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_noop as _

from toadlane.money.benefits import policies, queries
from toadlane.money.benefits.events import BatchApproved
from toadlane.money.benefits.models import Batch, Draw, Relief
from toadlane.money.benefits.permissions import APPROVE, PREPARE
from toadlane.money.benefits.services.errors import (
    BatchOver,
    FundTooSmall,
    NothingToPay,
    OwnPayment,
    SecondPersonNeeded,
    WalletTooSmall,
)
from toadlane.money.ledger import services as ledger
from toadlane.money.payments.services import payouts
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.bylaws.services import Halted


@transaction.atomic
def prepare(*, by: Principal, at: datetime) -> Batch:
    """Put all that waits into a batch, but for what is one's own. Nothing is paid by it.

    :raises NothingToPay:
    """
    by.must(PREPARE)
    Tenant.lock_current()
    waits = queries.waits()
    draws = [row.pk for row in waits.draws if row.wallet.person_id != by.person_id]
    reliefs = [row.pk for row in waits.reliefs if row.person_id != by.person_id]
    if not draws and not reliefs:
        raise NothingToPay
    number = (Batch.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Batch.objects.create(number=number, prepared_by_id=by.person_id, prepared_at=at)
    Draw.objects.filter(pk__in=draws).update(batch=made)
    Relief.objects.filter(pk__in=reliefs).update(batch=made)
    return made


@transaction.atomic
def drop(*, batch: Batch, by: Principal, at: datetime) -> Batch:
    """Take a batch apart. What was in it waits again.

    :raises BatchOver:
    """
    by.must(PREPARE, batch)
    Tenant.lock_current()
    if not Batch.objects.filter(pk=batch.pk, approved_at=None, dropped_at=None).update(dropped_at=at):
        raise BatchOver
    Draw.objects.filter(batch=batch).update(batch=None)
    Relief.objects.filter(batch=batch).update(batch=None)
    batch.refresh_from_db()
    return batch


@transaction.atomic
def approve(*, batch: Batch, by: Principal, at: datetime) -> Batch:
    """Approve a batch that another person put together, and book it. Asked again it answers with the batch as it is.

    :raises SecondPersonNeeded, OwnPayment: two people pay, and neither approves what is for themselves
    :raises WalletTooSmall, FundTooSmall: where the money has gone meanwhile
    :raises Halted: while guardians hold payments back
    """
    by.must(APPROVE, batch)
    Tenant.lock_current()
    batch = Batch.objects.get(pk=batch.pk)
    if batch.approved_at:
        return batch
    if batch.dropped_at:
        raise BatchOver
    if by.person_id == batch.prepared_by_id:
        raise SecondPersonNeeded
    if halt := bylaws.halted("payouts.batch", at):
        raise Halted(hint=halt.reasons[:300])
    draws = list(Draw.objects.filter(batch=batch).select_related("wallet").order_by("pk"))
    reliefs = list(Relief.objects.filter(batch=batch).order_by("pk"))
    # Whoever asked for it in a worker's name is no second person either.
    own = {row.wallet.person_id for row in draws} | {row.asked_by_id for row in draws} | {row.person_id for row in reliefs}
    if by.person_id in own:
        raise OwnPayment
    _there_is_enough(draws, reliefs)
    Batch.objects.filter(pk=batch.pk).update(approved_by=by.person_id, approved_at=at)
    for row in draws:
        purpose = policies.PURPOSES[row.what]
        _book(
            row,
            ledger.debit(policies.WALLETS, row.amount, holder=row.wallet.holder, purpose=purpose),
            _("Out of a wallet"),
            by,
            at,
        )
    for help_ in reliefs:
        _book(help_, ledger.debit(policies.SOLIDARITY, help_.amount, purpose="emergency_grant"), _("Emergency help"), by, at)
    paid = {"state": Draw.State.PAID, "ended_at": at}
    Draw.objects.filter(batch=batch).update(**paid)
    Relief.objects.filter(batch=batch).update(**paid)
    total = queries.total(batch)
    events.publish(BatchApproved(batch_id=batch.pk, minor=total.minor, currency=total.currency))
    batch.refresh_from_db()
    return batch


def _there_is_enough(draws: list[Draw], reliefs: list[Relief]) -> None:
    wanted: dict[int, int] = {}
    wallets = {row.wallet_id: row.wallet for row in draws}
    for row in draws:
        wanted[row.wallet_id] = wanted.get(row.wallet_id, 0) + row.amount_minor
    if any(queries.balance(wallets[pk]).minor < minor for pk, minor in wanted.items()):
        raise WalletTooSmall
    if reliefs and queries.fund_left(reliefs[0].currency).minor < sum(row.amount_minor for row in reliefs):
        raise FundTooSmall


def _book(row: Draw | Relief, debit: ledger.Leg, narration: str, by: Principal, at: datetime) -> None:
    ledger.post(
        key=f"{row.subject}:paid", narration=narration, subject=row.subject, by=by, at=at,
        postings=[debit, ledger.credit(policies.BANK, row.amount), *payouts.into_the_bank(row.amount)],
    )  # fmt: skip
