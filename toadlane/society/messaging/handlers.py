"""Letters of an announcement, a stretch of people at a time."""

from datetime import datetime

from toadlane.plumbing.access.principals import Principal
from toadlane.society.messaging import services
from toadlane.society.messaging.events import DigestDue, NoticesGiven


def write_letters(event: NoticesGiven, *, by: Principal, at: datetime) -> None:
    services.write_letters(announcement_id=event.announcement_id, first_id=event.first_id, last_id=event.last_id, by=by, at=at)


def digest(event: DigestDue, *, by: Principal, at: datetime) -> None:
    before = datetime.fromisoformat(event.before)
    services.digest(first_person_id=event.first_person_id, last_person_id=event.last_person_id, before=before, by=by, at=at)
