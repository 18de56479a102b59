from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal

COORDINATORS = frozenset({"board", "coordinator", "founder", "system"})


def _coordinates(by: Principal, _subject: Any) -> Answer:
    return Answer(bool(by.roles & COORDINATORS), _("A coordinator does this."))


def _answers(by: Principal, offer: Any) -> Answer:
    mine = offer.membership_id in by.memberships and bool(by.roles)
    return Answer(mine, _("Only the member who was asked answers."))


def _manages(by: Principal, job: Any) -> Answer:
    mine = job.membership_id is not None and job.membership_id in by.memberships and bool(by.roles)
    return Answer(mine or bool(by.roles & COORDINATORS), _("Only the member who took the job on names who goes."))


def _reads(by: Principal, job: Any) -> Answer:
    if _works(by, job):
        return Answer(True)
    return Answer(any(offer.membership_id in by.memberships for offer in job.offers.all()), _("This job is not yours."))


def _works(by: Principal, job: Any) -> Answer:
    assignment = getattr(job, "assignment", None)
    if assignment is not None and by.person_id == assignment.person_id and by.person_id is not None:
        return Answer(True)
    return _manages(by, job)


def _is_sent(by: Principal, is_worker: Any) -> Answer:
    return Answer(by.person_id is not None and (bool(by.memberships) or bool(is_worker)), _("You do no jobs here."))


def _opens(by: Principal, _subject: Any) -> Answer:
    return Answer(True)


READ = Permission("work.read", _reads, scope="read")
# A job stands for something above (an order); the room that opens it has asked who may.
OPEN = Permission("work.open", _opens)
ANSWER = Permission("work.answer", _answers)
ASSIGN = Permission("work.assign", _manages)
DO = Permission("work.do", _works)
# Asked with whether a member sends whoever asks: a worker need not be a member.
FOLLOW = Permission("work.follow", _is_sent)
SEE_ALL = Permission("work.see_all", _coordinates, scope="read")
EXPIRE = Permission("work.expire", lambda by, _subject: Answer("system" in by.roles, "A job does this."))
