"""What is bought for an activity: with a receipt, within its budget, on the word of its adviser."""

from datetime import datetime
from typing import IO

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.files import services as files
from toadlane.plumbing.files.models import Document
from toadlane.society.members import queries as members
from toadlane.trade.assignments import queries
from toadlane.trade.assignments.models import Activity, Outlay
from toadlane.trade.assignments.permissions import ADVISE, MANAGE
from toadlane.trade.assignments.services.activities import lock
from toadlane.trade.assignments.services.charging import SET_ASIDE
from toadlane.trade.assignments.services.errors import (
    Decided,
    NotAnAmount,
    NotEnough,
    NotOfHere,
    OwnOutlay,
    ReasonNeeded,
    ReceiptNeeded,
)

COSTS, OWED = "6600", "2110"


@transaction.atomic
def ask(*, activity: Activity, purpose: str, amount: Money, by: Principal, at: datetime) -> Outlay:
    """Ask for something that was bought for an activity to be paid back to whoever asks.

    :raises NotEnough: when the activity does not have it
    """
    by.must(MANAGE, activity)
    if amount.minor <= 0 or amount.currency != activity.currency:
        raise NotAnAmount
    mine = members.of_person(by.person_id or 0).order_by("pk").first()
    if mine is None:
        raise NotOfHere
    lock(activity)
    if amount > queries.available(activity):
        raise NotEnough
    return Outlay.objects.create(
        activity=activity, membership=mine, purpose=purpose.strip()[:200], amount_minor=amount.minor, currency=amount.currency,
        asked_at=at, asked_by=by.person_id,
    )  # fmt: skip


def add_receipt(*, outlay: Outlay, file: IO[bytes], name: str, by: Principal, at: datetime) -> Document:
    """Attach a receipt: a PDF or a photo."""
    by.must(MANAGE, outlay.activity)
    if outlay.state != Outlay.State.ASKED:
        raise Decided
    return files.add_document(file=file, name=name, subject=outlay.subject, by=by, at=at)


@transaction.atomic
def approve(*, outlay: Outlay, by: Principal, at: datetime) -> Outlay:
    """Say, as the adviser, that it is paid out of the activity's budget. It then waits to be sent, seen by two.

    :raises OwnOutlay, ReceiptNeeded, NotEnough, Decided:
    """
    by.must(ADVISE, outlay.activity)
    outlay = _open(outlay, by)
    if not queries.receipts(outlay):
        raise ReceiptNeeded
    lock(outlay.activity)
    if outlay.amount > queries.available(outlay.activity):
        raise NotEnough
    amount = outlay.amount
    ledger.post(
        key=f"{outlay.subject}:approved", narration=_("Bought for an activity"), subject=outlay.subject, by=by, at=at,
        postings=[
            ledger.debit(queries.BUDGETS, amount, holder=outlay.activity.holder, purpose="expense"),
            ledger.credit(SET_ASIDE, amount), ledger.debit(COSTS, amount),
            ledger.credit(OWED, amount, holder=outlay.membership.holder),
        ],
    )  # fmt: skip
    return _decided(outlay, Outlay.State.APPROVED, "", by, at)


@transaction.atomic
def decline(*, outlay: Outlay, reason: str, by: Principal, at: datetime) -> Outlay:
    """Say no, and why."""
    by.must(ADVISE, outlay.activity)
    outlay = _open(outlay, by)
    if not reason.strip():
        raise ReasonNeeded
    return _decided(outlay, Outlay.State.DECLINED, reason.strip()[:400], by, at)


def _open(outlay: Outlay, by: Principal) -> Outlay:
    if by.person_id is None or outlay.asked_by == by.person_id:
        raise OwnOutlay
    found = Outlay.objects.select_for_update(of=("self",)).select_related("activity", "membership").get(pk=outlay.pk)
    if found.state != Outlay.State.ASKED:
        raise Decided
    return found


def _decided(outlay: Outlay, state: Outlay.State, reason: str, by: Principal, at: datetime) -> Outlay:
    outlay.state, outlay.reason, outlay.decided_at, outlay.decided_by = state, reason, at, by.person_id
    outlay.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    return outlay
