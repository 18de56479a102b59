"""Choosing on the scale, and paying."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.kernel.money import Money
from toadlane.money.bank import queries as bank
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment
from toadlane.ownership.dues import policies, queries
from toadlane.ownership.dues.events import DuesMoved
from toadlane.ownership.dues.models import Choice, Remittance
from toadlane.ownership.dues.permissions import OWN, PAY, SETTLE
from toadlane.ownership.dues.services.applying import spend
from toadlane.ownership.dues.services.errors import NoScale, NothingToPay, OffTheScale, TooFarAhead, UnderWay
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import Membership

State = Remittance.State


@dataclass(frozen=True)
class Placed:
    remittance: Remittance
    payment: Payment


@transaction.atomic
def choose(*, membership: Membership, amount: Money, by: Principal, at: datetime) -> Choice:
    """Choose what one pays from the next charge on.

    :raises NoScale: where the bylaws let nobody choose
    :raises OffTheScale: for less than the least or more than the most
    """
    by.must(OWN, membership)
    terms = queries.terms_of(membership.member_class)
    if not terms.is_sliding:
        raise NoScale
    if amount.currency != queries.currency() or not terms.least <= amount.minor <= terms.most:
        raise OffTheScale
    return Choice.objects.create(
        membership=membership, amount_minor=amount.minor, currency=amount.currency, chosen_at=at, chosen_by=str(by)
    )


@transaction.atomic
def pay(
    *, membership: Membership, method: str, key: str, by: Principal, at: datetime, amount: Money | None = None,
    return_url: str = "",
) -> Placed:  # fmt: skip
    """Begin to pay: all that is owed, or an amount; what is over pays the periods to come.

    :param key: of the intent: asked again with it, nothing is asked twice
    :raises NothingToPay: when nothing is owed and no amount is named
    :raises TooFarAhead: for more than what is owed and a year's dues
    :raises UnderWay: for what is being collected by direct debit already
    """
    by.must(PAY, membership)
    # Pressed twice at once, the second waits and finds what the first has begun.
    Tenant.lock_current()
    if known := Remittance.objects.filter(key=key, membership=membership).first():
        return _begin(known, method, by, at, return_url)
    owed, coming = queries.left_of([membership.pk]), queries.collected_from(membership.pk)
    free = queries.to_pay(membership.pk)
    amount = free if amount is None and free.minor else owed if amount is None else amount
    if amount.minor <= 0 or amount.currency != owed.currency:
        raise NothingToPay
    if coming and amount.minor > free.minor:
        raise UnderWay(hint=bank.in_words(coming))
    if amount.minor > owed.minor + _of_a_year(membership):
        raise TooFarAhead
    wanted = Remittance.objects.create(
        membership=membership, currency=amount.currency, amount_minor=amount.minor, key=key, asked_at=at, asked_by=str(by)
    )
    return _begin(wanted, method, by, at, return_url)


def _of_a_year(membership: Membership) -> int:
    months = policies.MONTHS[bylaws.book().value("dues.period")]
    chosen = queries.chosen([membership.pk]).get(membership.pk)
    return queries.terms_of(membership.member_class).within(chosen) * (12 // months)


def _begin(wanted: Remittance, method: str, by: Principal, at: datetime, return_url: str) -> Placed:
    payment = payments.begin(
        subject=wanted.subject, amount=wanted.amount, method=method, key=f"{wanted.subject}:payment", by=by, at=at,
        capture_at_once=True, return_url=return_url,
    )  # fmt: skip
    return Placed(wanted, payment)


@transaction.atomic
def settle(*, remittance: Remittance, by: Principal, at: datetime) -> Remittance:
    """Book dues that have come, and let them pay what is owed. Doing it again is harmless."""
    by.must(SETTLE, remittance)
    Tenant.lock_current()
    if not Remittance.objects.filter(pk=remittance.pk, state=State.ASKED).update(state=State.PAID, paid_at=at):
        remittance.refresh_from_db()
        return remittance
    holder = remittance.membership.holder
    ledger.post(
        key=f"{remittance.subject}:paid", narration=_("Dues paid"), subject=remittance.subject, by=by, at=at,
        postings=[ledger.debit("2100", remittance.amount), ledger.credit("1230", remittance.amount, holder=holder)],
    )  # fmt: skip
    spend(remittance.membership_id)
    events.publish(DuesMoved(membership_id=remittance.membership_id))
    remittance.refresh_from_db()
    return remittance
