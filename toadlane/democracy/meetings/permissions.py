from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from toadlane.democracy.circles.permissions import has_right
from toadlane.democracy.meetings.models import Hand, Helper, Invitation
from toadlane.plumbing.access.principals import Answer, Permission, Principal, holds
from toadlane.society.bylaws import queries as bylaws

Task = Helper.Task
RUNNING = (Task.CHAIR, Task.MINUTES)


@dataclass(frozen=True)
class Whose:
    """A meeting that is not there yet: whose it would be, and who asked for it."""

    office: str = ""
    demand: Any = None

    @property
    def is_general(self) -> bool:
        return not self.office


def tasks_of(by: Principal, meeting: Any) -> set[str]:
    """Return what somebody has been asked to do in a meeting."""
    if not by.person_id:
        return set()
    rows = Helper.objects.filter(meeting=meeting, person_id=by.person_id, ended_at__isnull=True)
    return set(rows.values_list("task", flat=True))


def is_invited(by: Principal, meeting: Any) -> bool:
    own = Q(membership_id__in=by.memberships) | Q(person_id=by.person_id or 0)
    return Invitation.objects.filter(own, meeting=meeting, is_entitled=True).exists()


def _convenes(by: Principal, subject: Any) -> Answer:
    """Whoever may call it: the board a general meeting, a circle its own; members whom the board left waiting."""
    office = subject if isinstance(subject, str) else subject.office
    if office in ("", "board") and "board" in by.roles:
        return Answer(True)
    if office and office in by.roles:
        return Answer(True)
    demand = None if isinstance(subject, str) else subject.demand
    asked = demand is not None and demand.supports.filter(membership_id__in=by.memberships).exists()
    return Answer(
        asked and "member" in by.roles, _("The board calls general meetings, and a circle its own. Members can ask for one.")
    )


def _runs(by: Principal, meeting: Any) -> Answer:
    if tasks_of(by, meeting) & set(RUNNING):
        return Answer(True)
    led = Helper.objects.filter(meeting=meeting, task=Task.CHAIR, ended_at__isnull=True).exists()
    return Answer(not led and bool(_convenes(by, meeting)), _("The chair runs the meeting, or whoever takes the minutes."))


def _at_the_door(by: Principal, meeting: Any) -> Answer:
    allowed = bool(tasks_of(by, meeting) & {Task.DOOR, *RUNNING}) or bool(_runs(by, meeting))
    return Answer(allowed, _("Somebody at the door does this."))


def _counts(by: Principal, meeting: Any) -> Answer:
    return Answer(Task.TELLER in tasks_of(by, meeting), _("The tellers count."))


def _attends(by: Principal, meeting: Any) -> Answer:
    return Answer(is_invited(by, meeting), _("This meeting is for those it was called for."))


def _reads(by: Principal, meeting: Any) -> Answer:
    if "member" not in by.roles and "board" not in by.roles:
        return Answer(False, _("Members read this."))
    if meeting.state == "draft":
        return Answer(bool(_convenes(by, meeting)) or bool(tasks_of(by, meeting)), _("It has not been called yet."))
    if meeting.is_general or meeting.office in by.roles or "board" in by.roles:
        return Answer(True)
    return Answer(is_invited(by, meeting), _("This meeting is for those it was called for."))


def _goes(by: Principal, invitation: Any) -> Answer:
    own = invitation.membership_id in by.memberships or (invitation.person_id or 0) == by.person_id
    return Answer(own or bool(_at_the_door(by, invitation.meeting)), _("Who came goes, or somebody at the door writes it down."))


def _finishes(by: Principal, meeting: Any) -> Answer:
    speaks = Hand.objects.filter(
        meeting=meeting, person_id=by.person_id or 0, called_at__isnull=False, done_at__isnull=True, lowered_at__isnull=True
    )
    return Answer(speaks.exists() or bool(_runs(by, meeting)), _("Who has the floor, or the chair."))


def _writes_minutes(by: Principal, meeting: Any) -> Answer:
    return Answer(bool(tasks_of(by, meeting) & set(RUNNING)), _("Whoever took the minutes, or chaired, writes them."))


def _signs(by: Principal, meeting: Any) -> Answer:
    signing = {Task.CHAIR, Task.MINUTES, Task.SIGNER}
    return Answer(bool(tasks_of(by, meeting) & signing), _("The chair and those whom the meeting named approve the minutes."))


def _reads_minutes(by: Principal, meeting: Any) -> Answer:
    if "member" in by.roles or "board" in by.roles:
        return Answer(True)
    public = meeting.is_general and bool(bylaws.book().maybe("meetings.minutes_public"))
    return Answer(public, _("Members read the minutes."))


def _demands(by: Principal, _subject: Any) -> Answer:
    return Answer(has_right(by, "vote"), _("Members who vote can ask for this."))


CONVENE = Permission("meetings.convene", _convenes)
RUN = Permission("meetings.run", _runs)
DOOR = Permission("meetings.door", _at_the_door)
COUNT = Permission("meetings.count", _counts)
GO = Permission("meetings.go", _goes)
FINISH = Permission("meetings.finish", _finishes)
ATTEND = Permission("meetings.attend", _attends)
READ = Permission("meetings.read", _reads, scope="read")
LIST = Permission("meetings.list", holds("member", "board"), scope="read")
DEMAND = Permission("meetings.demand", _demands)
WRITE_MINUTES = Permission("meetings.write_minutes", _writes_minutes)
SIGN_MINUTES = Permission("meetings.sign_minutes", _signs)
READ_MINUTES = Permission("meetings.read_minutes", _reads_minutes, scope="read")
KEEP_TIME = Permission("meetings.keep_time", holds("system"))
DUTY = Permission("meetings.duty", holds("board"))
