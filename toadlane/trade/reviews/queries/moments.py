"""When something comes due by itself."""

from datetime import datetime

from toadlane.plumbing.outbox import timers
from toadlane.trade.reviews.models import Complaint, ReviewWindow


def next_publication(at: datetime) -> datetime | None:
    """Return when the next reviews are published, both or one."""
    return timers.first_after(at, ReviewWindow.objects.filter(published_at=None), "closes_at")


def next_close(at: datetime) -> datetime | None:
    """Return when the time to appeal against the next decision is over."""
    return timers.first_after(at, Complaint.objects.filter(state=Complaint.State.DECIDED), "appeal_until")
