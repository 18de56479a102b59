"""What members and clients owe as one file of direct debits: made by one person, approved by another, told to whom it debits."""

import hashlib
from collections.abc import Collection as Some
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel import ids
from toadlane.kernel.dates import is_bank_day, next_bank_day
from toadlane.kernel.errors import Expected
from toadlane.money.bank import queries
from toadlane.money.bank.events import DebitAnnounced
from toadlane.money.bank.models import Collection, Debit
from toadlane.money.bank.permissions import KEEP
from toadlane.money.bank.policies import debits as policies
from toadlane.money.bank.services.mandates import NoDebits
from toadlane.money.bank.services.paying import MOST, OwnAccountNeeded, SecondPersonNeeded, WrongMoment
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops


class NothingToCollect(Expected):
    words = lazy("Nobody with a mandate owes anything that is not in a file already.")


class TooSoon(Expected):
    words = lazy("Members have to be told before they are debited, and that is too soon.")
    status = 422
    field = "collects_on"


class NotABankDay(Expected):
    words = lazy("Banks collect nothing on this day.")
    status = 422
    field = "collects_on"


class DebitChanged(Expected):
    words = lazy("A mandate in this file has ended, somebody has paid another way, or the co-op has given another account.")
    hint = lazy("Drop it and make another, so that nobody is debited who does not owe it or has not agreed.")  # type: ignore[assignment]


@transaction.atomic
def collect(*, collects_on: date, by: Principal, at: datetime) -> Collection:
    """Put what those with a mandate owe, and what is in no file yet, into one file.

    :raises NothingToCollect, OwnAccountNeeded, NoDebits: and TooSoon when members or the bank could not be told in time
    :raises NotABankDay: for a weekend, or a holiday of the banks
    """
    by.must(KEEP)
    Tenant.lock_current()
    own, creditor = queries.details_of(None), queries.creditor()
    if creditor is None:
        raise NoDebits
    if own is None:
        raise OwnAccountNeeded
    _must_be_told(collects_on, at)
    if not is_bank_day(collects_on):
        raise NotABankDay(hint=_("The next day on which they do is %(day)s.") % {"day": next_bank_day(collects_on).isoformat()})
    active = queries.active_mandates(None, at, on=collects_on)
    by_member, by_person = {one.membership_id: one for one in active if one.membership_id}, queries.by_person(active)
    on_its_way = queries.in_collections()
    found = [
        one
        for source in queries.sources_of_owed()
        for one in source(
            membership_ids=list(by_member), person_ids=list(by_person), on_its_way=on_its_way, by=by, at=at
        )
    ]  # fmt: skip
    whose = ((by_person.get(one.person_id) if one.person_id else by_member.get(one.membership_id or 0), one) for one in found)
    ready = [(mandate, one.payment) for mandate, one in whose if mandate and _is_due(one.payment, on_its_way)][:MOST]
    if not ready:
        raise NothingToCollect
    used = queries.used_mandates()
    message, text = ids.new().hex[:27], _("Owed to %(coop)s") % {"coop": coops.of_scope(current_coop_id()).name}
    rows, lines = list[Debit](), list[policies.Debit]()
    for mandate, payment in ready:
        # Only the first debit of a mandate is its first, also within one file.
        sequence = policies.RECURRENT if mandate.pk in used else policies.FIRST
        used.add(mandate.pk)
        rows.append(Debit(mandate=mandate, payment_id=payment.pk, amount_minor=payment.amount_minor, sequence=sequence))
        lines.append(
            policies.Debit(
                mandate.name, mandate.iban, payment.amount_minor, f"{payment.reference} {text}", payment.pk.hex,
                mandate.reference, timezone.localdate(mandate.signed_at), sequence,
            )
        )  # fmt: skip
    file = policies.collection(
        name=own.name, iban=own.iban, creditor=creditor.identifier, on=collects_on, debits=lines, message=message, at=at
    )
    made = Collection.objects.create(
        file=file, digest=hashlib.sha256(file).hexdigest(), count=len(rows), collects_on=collects_on, message=message, made_at=at,
        creditor=creditor.identifier, made_by=by.person_id, total_minor=sum(row.amount_minor for row in rows),
    )  # fmt: skip
    for row in rows:
        row.collection = made
    Debit.objects.bulk_create(rows, batch_size=500)
    return made


def _is_due(payment: Payment, on_its_way: Some[str]) -> bool:
    return payment.is_open and payment.currency == policies.CURRENCY and str(payment.pk) not in on_its_way


def _must_be_told(collects_on: date, at: datetime) -> None:
    earliest = queries.earliest_debit(timezone.localdate(at))
    if collects_on < earliest:
        raise TooSoon(hint=_("The earliest day is %(day)s.") % {"day": earliest.isoformat()})


@transaction.atomic
def approve_collection(*, collection: Collection, by: Principal, at: datetime) -> Collection:
    """Approve a file that another person made. Only then it can be fetched, and everybody in it is told.

    :raises SecondPersonNeeded: for whoever made it
    :raises DebitChanged: when it would debit somebody who has ended the mandate or owes it no more; TooSoon when it lay too long
    """
    by.must(KEEP, collection)
    if collection.made_by == by.person_id or by.person_id is None:
        raise SecondPersonNeeded
    # Against a mandate that is ended at the same time.
    Tenant.lock_current()
    waiting = Collection.objects.filter(pk=collection.pk, approved_at=None, dropped_at=None)
    if not waiting.exists():
        raise WrongMoment(_("This file was approved or dropped already."))
    _must_be_told(collection.collects_on, at)
    if queries.has_other_debits(collection, at):
        raise DebitChanged
    waiting.update(approved_at=at, approved_by=by.person_id)
    debits = Debit.objects.filter(collection=collection).order_by("pk").values_list("pk", flat=True)
    events.publish(*(DebitAnnounced(debit_id=pk) for pk in debits))
    return Collection.objects.get(pk=collection.pk)


@transaction.atomic
def collected(*, collection: Collection, by: Principal, at: datetime) -> Collection:
    """Say that the bank has carried a file out. Said by a second person as well, all its payments are booked together.

    :raises SecondPersonNeeded: for whoever said it first
    :raises WrongMoment: for a file that nobody has approved, or that is booked, and before its day
    """
    by.must(KEEP, collection)
    Tenant.lock_current()
    collection = Collection.objects.defer("file").get(pk=collection.pk)
    if collection.approved_at is None or collection.booked_at is not None or by.person_id is None:
        raise WrongMoment(_("This file is booked, or waits for somebody to approve it."))
    if timezone.localdate(at) < collection.collects_on:
        raise WrongMoment(_("Its day has not come: the bank has not carried it out yet."))
    if collection.recorded_by is None:
        collection.recorded_by = by.person_id
        collection.save(update_fields=["recorded_by"])
        return collection
    if collection.recorded_by == by.person_id:
        raise SecondPersonNeeded(_("Whoever said that it was carried out cannot confirm it. Another person has to look as well."))
    book(Debit.objects.filter(collection=collection), f"bank-collection-{collection.pk}", coop_id=by.coop_id, at=at)
    collection.confirmed_by, collection.booked_at = by.person_id, at
    collection.save(update_fields=["confirmed_by", "booked_at"])
    return collection


def book(rows: QuerySet[Debit], reference: str, *, coop_id: int | None, at: datetime) -> None:
    """Book what a file brought, each payment once: what a line of the statement has booked, or undone, before stays so."""
    collected = rows.order_by("pk").values_list("payment_id", flat=True)
    ids = [pk for part in queries.few(collected) for pk in queries.still_open(part)]
    payments.receive_all_by_bank(payment_ids=ids, reference=reference, by=Principal.job(coop_id, "bank"), at=at)


@transaction.atomic
def refused(*, collection: Collection, by: Principal, at: datetime) -> Collection:
    """Say that the bank has not carried out what is left of an approved file; another one may collect it.

    :raises WrongMoment: before its day, when it may still be carried out, or when all of it is booked
    """
    by.must(KEEP, collection)
    Tenant.lock_current()
    waiting = Collection.objects.filter(pk=collection.pk, approved_at__isnull=False, booked_at=None)
    if timezone.localdate(at) < collection.collects_on or not waiting.update(booked_at=at):
        raise WrongMoment(_("Before its day this file may still be carried out; and one that is booked is over."))
    theirs = Debit.objects.filter(collection=collection)
    theirs.filter(payment_id__in=Payment.objects.filter(state__in=queries.OPEN).values("pk")).update(is_dropped=True)
    return Collection.objects.get(pk=collection.pk)


@transaction.atomic
def drop_collection(*, collection: Collection, by: Principal, at: datetime) -> Collection:
    """Throw away a file that nobody has approved; what it would have collected is still owed."""
    by.must(KEEP, collection)
    Tenant.lock_current()
    if not Collection.objects.filter(pk=collection.pk, approved_at=None, dropped_at=None).update(dropped_at=at):
        raise WrongMoment(_("This file was approved or dropped already."))
    Debit.objects.filter(collection=collection).update(is_dropped=True)
    return Collection.objects.get(pk=collection.pk)
