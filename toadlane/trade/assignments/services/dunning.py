"""Letters to clients who are late."""

from datetime import datetime

from django.db import transaction

from toadlane.money.invoicing import queries as invoicing
from toadlane.plumbing.access.principals import Principal
from toadlane.trade.assignments import queries
from toadlane.trade.assignments.models import Assignment, Reminder
from toadlane.trade.assignments.permissions import RUN
from toadlane.trade.assignments.services import letters


def remind(*, by: Principal, at: datetime) -> int:
    """Write to every client who is late, one step at a time; return how many letters that were."""
    by.must(RUN)
    days, today, sent = queries.terms.reminder_days(), invoicing.local_day(at), 0
    for assignment in queries.late(today):
        late = (today - assignment.due_on).days if assignment.due_on else 0
        # Where the server slept through a step, the newest one is written, and no heap of letters.
        step = max((number for number, day in enumerate(days, start=1) if day <= late), default=0)
        if step > max(assignment.reminders.values_list("step", flat=True), default=0):
            _remind(assignment, step, late, by=by, at=at)
            sent += 1
    return sent


@transaction.atomic
def _remind(assignment: Assignment, step: int, late: int, *, by: Principal, at: datetime) -> None:
    Reminder.objects.create(assignment=assignment, step=step, sent_at=at)
    letters.to_client(assignment, "reminder", by=by, at=at, step=step, late=late)
