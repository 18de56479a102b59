"""Closing the books up to a day. An instrument: the room that plays it has asked who may, and whom else."""

from datetime import date, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.money.ledger.guards import POSTING_LOCK
from toadlane.money.ledger.models import ClosedUntil
from toadlane.money.ledger.queries import periods
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import current_coop_id

TRIES, PAUSE_S = 60, 0.05


class NotPast(Expected):
    words = _("Only days that are over can be closed.")
    status = 422
    field = "until_on"


class BooksBusy(Expected):
    words = _("Something is being booked at this very moment. Try again.")


def close_books(*, until_on: date, by: Principal, at: datetime) -> None:
    """Close the books up to the end of a day. What is closed already stays closed.

    :raises NotPast: for a day that is not over
    :raises BooksBusy: when others are in the middle of posting for too long
    """
    until = periods.midnight(until_on + timedelta(days=1))
    if until > at:
        raise NotPast
    _wait_for_postings()
    before = periods.closed_until()
    if before is None or before < until:
        ClosedUntil.objects.create(until=until, closed_by=str(by), closed_at=at)


def _wait_for_postings() -> None:
    """Go on once no posting is under way; new ones then wait for this transaction. SQLite has one writer anyway.

    Asked again and again, and never waited for: whoever posts may hold what this transaction is waited for itself.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for _n in range(TRIES):
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s::integer)", (POSTING_LOCK, current_coop_id()))
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(%s)", (PAUSE_S,))
    raise BooksBusy
