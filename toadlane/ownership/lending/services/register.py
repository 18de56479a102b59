"""The one writer of the register of loans: a movement, and with it the entry in the books."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.ownership.lending.models import Loan, Movement
from toadlane.plumbing.access.principals import Principal


def day_of(at: datetime) -> date:
    return timezone.localtime(at).date()


def write(
    *, loan: Loan, kind: str, key: str, on: date, by: Principal, at: datetime, principal: int = 0, interest: int = 0,
    narration: str = "", postings: Sequence[Leg] = (),
) -> None:  # fmt: skip
    """Write a movement, once for its key. An instrument: whoever calls has asked and holds the co-op's lock.

    :param postings: of its entry; none where the payouts have booked it
    """
    if Movement.objects.filter(key=key).exists():
        return
    Movement.objects.create(
        loan=loan, kind=kind, principal_minor=principal, interest_minor=interest, key=key, on=on, at=at, by=str(by)
    )
    if postings:
        ledger.post(key=key, narration=narration, postings=postings, subject=loan.subject, by=by, at=at)
