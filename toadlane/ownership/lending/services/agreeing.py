"""A member offers a loan, and an office agrees to it or says why not."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.kernel.rates import rate
from toadlane.money.payments import queries as payments
from toadlane.ownership.lending import queries
from toadlane.ownership.lending.models import Loan
from toadlane.ownership.lending.permissions import ANSWER, OFFER
from toadlane.ownership.lending.policies import terms as policy
from toadlane.ownership.lending.services.errors import WrongMoment
from toadlane.ownership.shares import queries as shares
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import Membership

State = Loan.State


class OwnOrOver(Expected):
    words = _("Only a member lends to the co-op.")
    status = 422


class ReasonNeeded(Expected):
    words = _("Say why: whoever offered it reads it.")
    status = 422
    field = "reason"


@transaction.atomic
def offer(
    *, membership: Membership, minor: int, interest: Decimal, months: int, key: str, by: Principal, at: datetime
) -> Loan:  # fmt: skip
    """Offer a loan to the co-op. Until an office has agreed it can be taken back.

    :param interest: a year, as a part of one
    :param key: of the intent: asked again with it, nothing is offered twice
    :raises NoLoans, NothingLent, BeyondTheCeiling, InterestTooHigh, TermTooLong, OwnOrOver:
    """
    by.must(OFFER, membership)
    Tenant.lock_current()
    if known := Loan.objects.filter(key=key, membership=membership).first():
        return known
    if not membership.is_member:
        raise OwnOrOver
    _check(membership.pk, minor, interest, months)
    return Loan.objects.create(
        membership=membership, currency=shares.currency(), principal_minor=minor, interest=interest, months=months, key=key,
        rule_version=bylaws.book().number, offered_at=at, offered_by=str(by),
    )  # fmt: skip


def _check(membership_id: int, minor: int, interest: Decimal, months: int, *, but: int = 0) -> None:
    if not interest.is_finite():
        raise policy.InterestTooHigh
    lent = queries.lent_by(membership_id, but=but)
    policy.check(minor=minor, yearly=rate(interest), months=months, lent=lent, terms=queries.terms())


@transaction.atomic
def agree(*, loan: Loan, by: Principal, at: datetime) -> Loan:
    """Agree to a loan as it was offered, within what the bylaws say now. It runs from the day on which the money comes.

    :raises WrongMoment: and whatever the bylaws no longer allow
    """
    by.must(ANSWER, loan)
    Tenant.lock_current()
    if loan.state == State.OFFERED:
        _check(loan.membership_id, loan.principal_minor, loan.interest, loan.months, but=loan.pk)
    return _answered(loan, State.AGREED, "", by=by, at=at)


@transaction.atomic
def decline(*, loan: Loan, reason: str, by: Principal, at: datetime) -> Loan:
    """Say that the co-op does not take a loan, and why.

    :raises ReasonNeeded, WrongMoment:
    """
    by.must(ANSWER, loan)
    if not reason.strip():
        raise ReasonNeeded
    return _answered(loan, State.DECLINED, reason.strip()[:300], by=by, at=at)


def _answered(loan: Loan, state: str, reason: str, *, by: Principal, at: datetime) -> Loan:
    waiting = Loan.objects.filter(pk=loan.pk, state=State.OFFERED)
    if not waiting.update(state=state, reason=reason, answered_by=by.person_id or 0, answered_at=at):
        raise WrongMoment
    loan.refresh_from_db()
    return loan


@transaction.atomic
def withdraw(*, loan: Loan, by: Principal, at: datetime) -> Loan:
    """Take an offer back, as long as no money was begun to be sent for it.

    :raises WrongMoment:
    """
    by.must(OFFER, loan.membership)
    Tenant.lock_current()
    open_ones = Loan.objects.filter(pk=loan.pk, state__in=(State.OFFERED, State.AGREED))
    if payments.of_subject(loan.subject) is not None or not open_ones.update(state=State.WITHDRAWN):
        raise WrongMoment
    loan.refresh_from_db()
    return loan
