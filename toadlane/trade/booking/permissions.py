from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, anyone

COORDINATORS = frozenset({"board", "coordinator", "founder", "system"})


def _keeps(by: Principal, resource: Any) -> Answer:
    if by.roles & COORDINATORS:
        return Answer(True)
    owner = getattr(resource, "membership_id", None)
    return Answer(owner is not None and owner in by.memberships, _("Only who offers it, or a coordinator, keeps its calendar."))


# Whose order it is, and who may act on it when, is known to the room above: a claim on time is made on its behalf.
TAKE = Permission("booking.take", anyone)
KEEP = Permission("booking.keep", _keeps)
EXPIRE = Permission("booking.expire", lambda by, _subject: Answer("system" in by.roles, "A job does this."))
