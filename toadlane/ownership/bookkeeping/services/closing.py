"""Closing days of the books: asked for by one person, closed by another."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.queries import periods
from toadlane.ownership.bookkeeping.models import Closing, Draft
from toadlane.ownership.bookkeeping.permissions import KEEP
from toadlane.ownership.bookkeeping.services.drafts import Decided, NotAnEntry, SecondPersonNeeded
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant


@transaction.atomic
def ask_to_close(*, until_on: date, by: Principal, at: datetime) -> Closing:
    """Ask to close all days up to one. Nothing is closed until a second person says so.

    :raises NotPast: for a day that is not over
    :raises NotAnEntry: when it is closed already, or entries of those days still wait
    """
    by.must(KEEP)
    Tenant.lock_current()
    if by.person_id is None:
        raise SecondPersonNeeded
    _may_close(until_on, at)
    asked, is_new = Closing.objects.get_or_create(until_on=until_on, defaults={"asked_by": by.person_id, "asked_at": at})
    if not is_new and asked.closed_at is not None:
        raise Decided
    return asked


def _may_close(until_on: date, at: datetime) -> None:
    until = periods.midnight(until_on + timedelta(days=1))
    if until > at:
        raise ledger.NotPast
    closed = periods.closed_until()
    if closed is not None and until <= closed:
        raise NotAnEntry(_("These days are closed already."), field="until_on")
    if Draft.objects.filter(state=Draft.State.WAITING, on__lte=until_on).exists():
        raise NotAnEntry(_("Entries of those days still wait for a second person."), field="until_on")


@transaction.atomic
def confirm_close(*, closing: Closing, by: Principal, at: datetime) -> Closing:
    """Close them, as a second person. They are never opened again: what comes late is entered on a later day.

    :raises SecondPersonNeeded: for whoever asked
    """
    by.must(KEEP, closing)
    Tenant.lock_current()
    if by.person_id is None or closing.asked_by == by.person_id:
        raise SecondPersonNeeded
    _may_close(closing.until_on, at)
    if not Closing.objects.filter(pk=closing.pk, closed_at=None).update(confirmed_by=by.person_id, closed_at=at):
        raise Decided
    ledger.close_books(until_on=closing.until_on, by=by, at=at)
    return Closing.objects.get(pk=closing.pk)
