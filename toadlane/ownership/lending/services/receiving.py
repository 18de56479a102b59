"""The money of a loan comes, and from that day on it runs."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from toadlane.kernel.dates import add_months
from toadlane.money.ledger import services as ledger
from toadlane.money.payments import services as payments
from toadlane.money.payments.models import Payment
from toadlane.ownership.lending import queries
from toadlane.ownership.lending.models import Loan, Movement
from toadlane.ownership.lending.permissions import OFFER, SETTLE
from toadlane.ownership.lending.services import register
from toadlane.ownership.lending.services.errors import WrongMoment
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant

# A card payment can be taken back by the payer's bank: nobody lends like that.
METHODS = ("transfer", "cash")


@transaction.atomic
def bring(*, loan: Loan, method: str, by: Principal, at: datetime) -> Payment:
    """Begin to pay in what was agreed: by transfer, or in cash that two people confirm. Done again it is the same payment.

    :raises WrongMoment: before it was agreed to, or once the money has come
    """
    by.must(OFFER, loan.membership)
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
