"""The money of a loan comes, and from that day on it runs; so does one that was in the books before these."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.kernel.dates import add_months
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment
from toadlane.ownership.lending import queries
from toadlane.ownership.lending.models import Loan, Movement
from toadlane.ownership.lending.permissions import BRING_IN, OFFER, SETTLE
from toadlane.ownership.lending.services import register
from toadlane.ownership.lending.services.errors import WrongMoment
from toadlane.ownership.shares import queries as shares
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import Membership

# A card payment can be taken back by the payer's bank: nobody lends like that.
METHODS = ("transfer", "cash")


@transaction.atomic
def bring(*, loan: Loan, method: str, by: Principal, at: datetime) -> Payment:
    """Begin to pay in what was agreed: by transfer, or in cash that two people confirm. Done again it is the same payment.

    :raises WrongMoment: before it was agreed to, or once the money has come
    """
    by.must(OFFER, loan.membership)
    # Against an offer that is taken back at the same time.
    Tenant.lock_current()
    loan = Loan.objects.select_related("membership").get(pk=loan.pk)
    if loan.state != Loan.State.AGREED or method not in METHODS:
        raise WrongMoment
    return payments.begin(
        subject=loan.subject, amount=loan.principal, method=method, key=f"{loan.subject}:payment", by=by, at=at,
        capture_at_once=True,
    )  # fmt: skip


@transaction.atomic
def settle(*, loan: Loan, by: Principal, at: datetime) -> Loan:
    """Enter in the register what has come. Doing it again is harmless."""
    by.must(SETTLE, loan)
    Tenant.lock_current()
    today = register.day_of(at)
    coming = Loan.objects.filter(pk=loan.pk, state=Loan.State.AGREED)
    if coming.update(state=Loan.State.RUNNING, received_on=today, ends_on=add_months(today, loan.months)):
        register.write(
            loan=loan, kind=Movement.Kind.LENT, key=f"{loan.subject}:lent", on=today, principal=loan.principal_minor,
            narration=_("Lent by a member"), by=by, at=at,
            postings=[
                ledger.debit("2100", loan.principal),
                ledger.credit(
                    queries.PRINCIPAL, loan.principal, holder=loan.membership.holder, rule="lending.ceiling",
                    rule_version=loan.rule_version,
                ),
            ],
        )  # fmt: skip
    loan.refresh_from_db()
    return loan


@dataclass(frozen=True, kw_only=True)
class Brought:
    """A loan that was in the books before these.

    :param owed_minor: interest that it has earned before, and that is not paid yet
    :param interest: a year, as a part of one
    """

    membership: Membership
    principal_minor: int
    owed_minor: int
    interest: Decimal
    months: int
    ends_on: date


@transaction.atomic
def bring_in(*, loans: Sequence[Brought], by: Principal, at: datetime) -> list[Loan]:
    """Write loans into the register as they were in the books before these. From this day on they earn here.

    What the bylaws say of loans does not undo what was agreed before. The entry is of whoever opens the books.
    """
    by.must(BRING_IN)
    Tenant.lock_current()
    number, unit, today = bylaws.book().number, shares.currency(), register.day_of(at)
    made = [
        Loan(
            membership=one.membership, currency=unit, principal_minor=one.principal_minor, interest=one.interest,
            months=one.months, state=Loan.State.RUNNING, key=f"arrival:{nth}", rule_version=number, offered_at=at,
            offered_by=str(by), answered_by=by.person_id or 0, answered_at=at, received_on=today, ends_on=one.ends_on,
        )
        for nth, one in enumerate(loans)
    ]  # fmt: skip
    for loan, one in zip(Loan.objects.bulk_create(made), loans, strict=True):
        register.write(
            loan=loan, kind=Movement.Kind.BROUGHT, key=f"{loan.subject}:brought", on=today, principal=one.principal_minor,
            interest=one.owed_minor, by=by, at=at,
        )  # fmt: skip
    return made
