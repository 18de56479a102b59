from datetime import datetime

from django.db.models import QuerySet

from toadlane.plumbing.audit.models import Mark, StaffSession


def trail(*, subject: str = "") -> QuerySet[Mark]:
    """Return what was done in the co-op in scope, newest first."""
    marks = Mark.objects.order_by("-pk")
    return marks.filter(subject=subject) if subject else marks


def staff_sessions() -> QuerySet[StaffSession]:
    return StaffSession.objects.order_by("-pk")


def open_staff_session(*, person_id: int, real_time: datetime) -> StaffSession | None:
    """Return the visit this operator is on in the co-op in scope, if any."""
    return StaffSession.objects.filter(person_id=person_id, ended_at=None, until__gt=real_time).first()
