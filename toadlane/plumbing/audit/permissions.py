from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, anyone, holds


def _a_person_who_runs_the_server(by: Principal, _subject: Any) -> Answer:
    return Answer(by.person_id is not None and "operator" in by.roles, _("Only an operator of this server can."))


# Whoever does a deed is written down; `read`, because every token may at least that.
RECORD = Permission("audit.record", anyone, scope="read")
READ_TRAIL = Permission("audit.read", holds("board", "founder"), scope="read")
# Asked of an operator outside the co-op: inside it there is no such role to hold.
OPEN_STAFF_SESSION = Permission("audit.open_staff_session", _a_person_who_runs_the_server)
END_STAFF_SESSION = Permission("audit.end_staff_session", holds("board", "founder", "staff"))
