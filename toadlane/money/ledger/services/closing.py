"""Closing the books up to a day. An instrument: the room that plays it has asked who may, and whom else."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.money.ledger.models import ClosedUntil
from toadlane.money.ledger.queries import periods
from toadlane.plumbing.access.principals import Principal


class NotPast(Expected):
    words = _("Only days that are over can be closed.")
    status = 422
    field = "until_on"


def close_books(*, until_on: date, by: Principal, at: datetime) -> None:
    """Close the books up to the end of a day. What is closed already stays closed.

    :raises NotPast: for a day that is not over
    """
    until = periods.midnight(until_on + timedelta(days=1))
    if until > at:
        raise NotPast
    before = periods.closed_until()
    if before is None or before < until:
        ClosedUntil.objects.create(until=until, closed_by=str(by), closed_at=at)
