from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, anyone, holds
from toadlane.society.members import queries as members


def has_right(by: Principal, right: str) -> bool:
    """Say whether one of the classes that somebody belongs to has a right."""
    classes = members.member_classes()
    return any(f"class:{name}" in by.roles and right in one.rights for name, one in classes.items())


def _calls_elections(by: Principal, office: Any) -> Answer:
    """The board, and whoever sits in the circle."""
    slug = getattr(office, "office", office)
    return Answer("board" in by.roles or slug in by.roles, _("The board or the circle itself opens nominations."))


def _nominates(by: Principal, _election: Any) -> Answer:
    return Answer(has_right(by, "propose") or has_right(by, "vote"), _("Members put people forward."))


def _stands(by: Principal, nomination: Any) -> Answer:
    return Answer(by.person_id == nomination.person_id, _("Only who was put forward answers."))


def _declines(by: Principal, asked: Any) -> Answer:
    return Answer(by.person_id == asked.entry.person_id, _("Only whoever was drawn answers."))


# Nobody seats people by hand: only the enactment of what members decided holds this role, and the founding act.
CARRY_OUT = Permission("circles.carry_out", holds("enactment"))
CALL_ELECTION = Permission("circles.call_election", _calls_elections)
DRAW = Permission("circles.draw", _calls_elections)
DECLINE_LOT = Permission("circles.decline_lot", _declines)
NOMINATE = Permission("circles.nominate", _nominates)
STAND = Permission("circles.stand", _stands)
READ = Permission("circles.read", anyone, scope="read")
READ_ELECTIONS = Permission("circles.read_elections", holds("member", "board"), scope="read")
KEEP_TIME = Permission("circles.keep_time", holds("system"))
