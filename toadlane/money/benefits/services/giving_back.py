"""Giving back a contribution that was a mistake: two people, and no more than is still there."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Sum

from toadlane.kernel.money import Money
from toadlane.money.benefits import policies, queries
from toadlane.money.benefits.models import Contribution, GiveBack
from toadlane.money.benefits.permissions import APPROVE, PREPARE
from toadlane.money.benefits.services.errors import (
    GivenBack,
    NotAnAmount,
    NothingLeft,
    OwnPayment,
    ReasonNeeded,
    SecondPersonNeeded,
)
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import queries as paid
from toadlane.money.payments import services as payments
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant


@transaction.atomic
def ask_back(*, contribution: Contribution, amount: Money, reason: str, by: Principal, at: datetime) -> GiveBack:
    """Ask that part or all of a contribution goes back to who paid it. What is asked for is set aside in the wallet.

    :raises NothingLeft: when more would go back than is left of it, or free in the wallet
    :raises GivenBack: when it was not paid by a client, or somebody has asked already
    """
    by.must(PREPARE, contribution)
    Tenant.lock_current()
    one = Contribution.objects.select_related("wallet").get(pk=contribution.pk)
    if not reason.strip():
        raise ReasonNeeded
    if amount.minor <= 0 or amount.currency != one.currency:
        raise NotAnAmount
    if one.state != Contribution.State.PAID or paid.of_subject(one.subject) is None:
        raise GivenBack
    if amount.minor > min(_left(one), queries.available(one.wallet).minor):
        raise NothingLeft
    try:
        with transaction.atomic():
            return GiveBack.objects.create(
                contribution=one, amount_minor=amount.minor, currency=one.currency, reason=reason.strip()[:400],
                asked_by_id=by.person_id, asked_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise GivenBack from error


def _left(one: Contribution) -> int:
    gone = one.given_back.filter(dropped_at=None).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    payment = paid.of_subject(one.subject)
    return min(one.amount_minor - gone, payment.captured_minor - payment.refunded_minor) if payment else 0


def agree_back(*, give_back: GiveBack, by: Principal, at: datetime) -> GiveBack:
    """Agree, as a second person, and send it. Never inside a transaction. Asked again, it sends what has not gone yet.

    :raises SecondPersonNeeded, OwnPayment: for whoever asked, and for who paid it or whose wallet it is
    :raises NothingLeft: when it is not there any more, after a chargeback
    """
    by.must(APPROVE, give_back)
    with transaction.atomic():
        Tenant.lock_current()
        one = GiveBack.objects.select_related("contribution__wallet").get(pk=give_back.pk)
        wallet = one.contribution.wallet
        if one.dropped_at:
            raise GivenBack
        if one.agreed_at is None:
            if by.person_id is None or by.person_id == one.asked_by_id:
                raise SecondPersonNeeded
            if by.person_id in (wallet.person_id, one.contribution.payer_id):
                raise OwnPayment
            if one.amount_minor > queries.balance(wallet).minor:
                raise NothingLeft
            GiveBack.objects.filter(pk=one.pk).update(agreed_by=by.person_id, agreed_at=at)
    payment = paid.of_subject(one.contribution.subject)
    assert payment is not None
    leg = ledger.debit(policies.WALLETS, one.amount, holder=wallet.holder, purpose="contribution_reversal")
    payments.refund(
        payment=payment, amount=one.amount, key=f"give_back:{one.pk}", debits=[leg], by=Principal.job(by.coop_id), at=at
    )
    one.refresh_from_db()
    return one


@transaction.atomic
def drop_back(*, give_back: GiveBack, by: Principal, at: datetime) -> GiveBack:
    """Drop it before anybody has agreed: what was set aside is the worker's again."""
    by.must(PREPARE, give_back)
    if not GiveBack.objects.filter(pk=give_back.pk, agreed_at=None, dropped_at=None).update(dropped_at=at):
        raise GivenBack
    give_back.refresh_from_db()
    return give_back
