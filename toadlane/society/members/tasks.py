"""What time does to memberships."""

from datetime import datetime

from django.utils import timezone

from toadlane.plumbing.access.principals import Principal
from toadlane.society.members import queries, services


def keep_time(*, by: Principal, at: datetime) -> None:
    """Admit whom silence admits, and see off whose notice has run out."""
    today = timezone.localdate(at)
    for application in queries.overdue_applications(today):
        services.admit_by_silence(application=application, by=by, at=at)
    for membership in queries.ended_notices(today):
        services.complete_exit(membership=membership, by=by, at=at)
