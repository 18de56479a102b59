"""Payouts as one file for the bank: made by one person, approved by another, found again on the statement."""

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel import ids
from toadlane.kernel.dates import add_years, is_bank_day, next_bank_day
from toadlane.kernel.errors import Expected
from toadlane.money.bank import queries
from toadlane.money.bank.models import Batch
from toadlane.money.bank.permissions import KEEP
from toadlane.money.bank.policies import files
from toadlane.money.payments import services as payments
from toadlane.money.payments.policies import accounts
from toadlane.money.payments.queries import Account
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops

# Transfers in one file: banks take no more, and what is left goes into the next.
MOST = 100_000


class NothingToPay(Expected):
    words = lazy("There is nothing to pay, or nobody has said where to.")


class OwnAccountNeeded(Expected):
    words = lazy("Say first which account of the co-op pays.")


class SecondPersonNeeded(Expected):
    words = lazy("Whoever made the file cannot approve it. Another person has to look as well.")
    status = 403


class WrongMoment(Expected):
    words = lazy("This file was approved or dropped already, or payouts are paused.")


class AccountChanged(Expected):
    words = lazy("Somebody in this file, or the co-op itself, has given another account since the file was made.")
    hint = lazy("Drop it and make another, so that no money goes to an account that is given up.")  # type: ignore[assignment]


class SentOtherwise(Expected):
    words = lazy("Something in this file was sent by hand, or is booked, since the file was made.")
    hint = lazy("Drop it and make another, so that nobody is paid twice.")  # type: ignore[assignment]


class NoPayDay(Expected):
    words = lazy("Banks pay nothing out on this day.")
    status = 422
    field = "pays_on"


@transaction.atomic
def make(*, pays_on: date, by: Principal, at: datetime) -> Batch:
    """Put all payouts that wait, and whose members have said where, into one file.

    Whose account rests is left for the next one; and so is what is of another currency, or goes by other rules, than the
    payout that has waited longest, since banks take no mixed files.

    :raises NothingToPay, OwnAccountNeeded: and WrongMoment while guardians have paused payouts
    :raises NoPayDay: for a day that is over or more than a year away, and of euro for a weekend or a holiday of the banks
    """
    by.must(KEEP)
    Tenant.lock_current()
    if bylaws.halted("payouts.batch", at):
        raise WrongMoment
    own = queries.details_of(None)
    if own is None:
        raise OwnAccountNeeded
    waiting = queries.to_send()
    known = queries.usable({one.membership_id for one in waiting if one.membership_id}, at)
    found = ((one, known.get(one.membership_id or 0)) for one in waiting)
    ready = [(one, account) for one, account in found if account is not None]
    if not ready:
        raise NothingToPay
    kind = _kind(*ready[0])
    payable = [(one, account) for one, account in ready if _kind(one, account) == kind][:MOST]
    currency, is_sepa = kind
    _must_be_a_pay_day(pays_on, currency, at)
    name = coops.of_scope(current_coop_id()).name
    text = _("Payout of %(coop)s") % {"coop": name}
    file = files.transfers(
        name=own.name, iban=own.iban, on=pays_on, message=ids.new().hex[:27], at=at, currency=currency, is_sepa=is_sepa,
        payments=[
            files.Transfer(account.name, account.iban, one.amount_minor, text, one.pk.hex) for one, account in payable
        ],
    )  # fmt: skip
    return Batch.objects.create(
        file=file, digest=hashlib.sha256(file).hexdigest(), count=len(payable), pays_on=pays_on, made_at=at, made_by=by.person_id,
        currency=currency, total_minor=sum(one.amount_minor for one, _account in payable),
        payouts=[str(one.pk) for one, _account in payable],
    )  # fmt: skip


def _must_be_a_pay_day(pays_on: date, currency: str, at: datetime) -> None:
    today = timezone.localdate(at)
    if not today <= pays_on <= add_years(today, 1):
        raise NoPayDay(_("Choose a day that is not over, and within a year."))
    if currency == "EUR" and not is_bank_day(pays_on):
        raise NoPayDay(hint=_("The next day on which they do is %(day)s.") % {"day": next_bank_day(pays_on).isoformat()})


def _kind(one: queries.ToSend, account: Account) -> tuple[str, bool]:
    """Return what has to be the same within a file: the currency, and whether it goes by the rules of SEPA."""
    return one.currency, one.currency == "EUR" and accounts.takes_sepa(account.iban)


@transaction.atomic
def approve(*, batch: Batch, by: Principal, at: datetime) -> Batch:
    """Approve a file that another person made. Only then it can be fetched.

    :raises SecondPersonNeeded: for whoever made it
    :raises AccountChanged: when it would pay to, or from, an account that was given up since
    :raises SentOtherwise: when it would pay something twice
    :raises NoPayDay: when its day is over, so that no bank could pay on it
    """
    by.must(KEEP, batch)
    if batch.made_by == by.person_id or by.person_id is None:
        raise SecondPersonNeeded
    # Against an account that is changed at the same time.
    Tenant.lock_current()
    if bylaws.halted("payouts.batch", at):
        raise WrongMoment
    if queries.has_other_accounts(batch):
        raise AccountChanged
    if batch.approved_at is None and queries.is_sent_otherwise(batch):
        raise SentOtherwise
    if batch.pays_on < timezone.localdate(at) and batch.approved_at is None:
        raise NoPayDay(_("The day of this file is over."), hint=_("Drop it and make another."))
    waiting = Batch.objects.filter(pk=batch.pk, approved_at=None, dropped_at=None)
    if not waiting.update(approved_at=at, approved_by=by.person_id):
        raise WrongMoment
    return Batch.objects.get(pk=batch.pk)


@transaction.atomic
def carried_out(*, batch: Batch, by: Principal, at: datetime) -> Batch:
    """Say that the bank has carried a file out. Said by a second person as well, all its payouts are booked together.

    A bank may show a file as one line of the statement, which names no single payout.

    :raises SecondPersonNeeded: for whoever said it first
    :raises WrongMoment: for a file that nobody has approved, or that is booked, and before its day
    """
    by.must(KEEP, batch)
    Tenant.lock_current()
    batch = Batch.objects.defer("file").get(pk=batch.pk)
    if batch.approved_at is None or batch.booked_at is not None or by.person_id is None:
        raise WrongMoment
    if timezone.localdate(at) < batch.pays_on:
        raise WrongMoment(_("Its day has not come: the bank has not carried it out yet."))
    if batch.recorded_by is None:
        batch.recorded_by = by.person_id
        batch.save(update_fields=["recorded_by"])
        return batch
    if batch.recorded_by == by.person_id:
        raise SecondPersonNeeded(_("Whoever said that it was carried out cannot confirm it. Another person has to look as well."))
    payments.book_sent(payouts=queries.still_of(batch), reference=f"bank-{batch.pk}", by=Principal.job(by.coop_id, "bank"), at=at)
    batch.confirmed_by, batch.booked_at = by.person_id, at
    batch.save(update_fields=["confirmed_by", "booked_at"])
    return batch


@transaction.atomic
def not_carried_out(*, batch: Batch, by: Principal, at: datetime) -> Batch:
    """Say that the bank has not carried an approved file out: what no statement has booked waits for another one.

    :raises WrongMoment: before its day, when it may still be carried out, and once somebody has said that it was
    """
    by.must(KEEP, batch)
    Tenant.lock_current()
    waiting = Batch.objects.filter(pk=batch.pk, approved_at__isnull=False, booked_at=None, recorded_by=None)
    if timezone.localdate(at) < batch.pays_on or not waiting.update(booked_at=at):
        raise WrongMoment(_("Before its day this file may still be carried out; and one that is carried out is over."))
    return Batch.objects.get(pk=batch.pk)


@transaction.atomic
def drop(*, batch: Batch, by: Principal, at: datetime) -> Batch:
    """Throw away a file that nobody has approved; its payouts wait for another one."""
    by.must(KEEP, batch)
    if not Batch.objects.filter(pk=batch.pk, approved_at=None, dropped_at=None).update(dropped_at=at):
        raise WrongMoment
    return Batch.objects.get(pk=batch.pk)
