"""What a year and what is given back of it bring in money goes out with all payouts, and is seen to have arrived."""

from datetime import datetime

from django.db import transaction

from toadlane.kernel.money import Money
from toadlane.money.payments import queries as payouts
from toadlane.money.payments import services as payments
from toadlane.money.payments.services import Due
from toadlane.ownership.surplus.models import Repayment, Year
from toadlane.ownership.surplus.permissions import PAY
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant

# Accounts on which a year leaves something to pay, by the step that brought it.
OWED = (("2410", "cash"), ("2420", "interest"))


@transaction.atomic
def hand_over(*, by: Principal, at: datetime) -> int:
    """Hand to the payouts what is booked and has to be paid in money; return how many years and repayments that was.

    From there it goes the way of all pay: into a file for the bank that two people see, and into the books when it is sent.
    """
    by.must(PAY)
    Tenant.lock_current()
    booked = list(Year.objects.filter(state=Year.State.BOOKED, handed_over_at=None, paid_at=None).order_by("pk"))
    for year in booked:
        amounts = [(code, pk, minor) for code, step in OWED for pk, minor in year.result[step].items() if minor]
        dues = [Due(f"membership:{pk}", code, Money(minor, year.currency), year.subject) for code, pk, minor in amounts]
        payments.hand_over(dues=dues, by=by, at=at)
    given = list(Repayment.objects.filter(handed_over_at=None, paid_at=None).select_related("year").order_by("pk"))
    for one in given:
        parts = [(f"membership:{pk}", Money(minor, one.year.currency)) for pk, minor in one.parts.items()]
        payments.hand_over(dues=[Due(who, "2410", amount, one.subject) for who, amount in parts], by=by, at=at)
    Year.objects.filter(pk__in=[one.pk for one in booked]).update(handed_over_at=at)
    Repayment.objects.filter(pk__in=[one.pk for one in given]).update(handed_over_at=at)
    return len(booked) + len(given)


@transaction.atomic
def note_came_back(*, subject: str, by: Principal, at: datetime) -> None:
    """Note of a year or a repayment that not all of it has arrived. Harmless to repeat."""
    by.must(PAY)
    if subject in payouts.sent_at([subject]):
        return
    arrived = [
        one for model in (Year, Repayment) for one in model.objects.filter(paid_at__isnull=False, handed_over_at__isnull=False)
    ]  # fmt: skip
    for one in arrived:
        if one.subject == subject:
            type(one).objects.filter(pk=one.pk).update(paid_at=None)


@transaction.atomic
def note_paid(*, by: Principal, at: datetime) -> None:
    """Note of years and repayments that the last of their payouts was sent. Harmless to repeat."""
    by.must(PAY)
    for model in (Year, Repayment):
        waiting = model.objects.filter(handed_over_at__isnull=False, paid_at=None)
        waits = {one.subject: one.pk for one in waiting}
        for subject, sent in payouts.sent_at(waits).items():
            model.objects.filter(pk=waits[subject], paid_at=None).update(paid_at=sent)
