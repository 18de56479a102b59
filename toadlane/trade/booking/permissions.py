from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, anyone

COORDINATORS = frozenset({"board", "coordinator", "founder", "system"})


def _keeps(by: Principal, resource: Any) -> Answer:
    if by.roles & COORDINATORS:
        return Answer(True)
    owner = getattr(resource, "membership_id", None)
    return Answer(owner is not None and owner in by.memberships, _("Only who offers it, or a coordinator, keeps its calendar."))


def _reads(by: Principal, resource: Any) -> Answer:
    is_shown = resource.listing is not None and resource.listing.is_live
    return Answer(is_shown or "member" in by.roles or bool(_keeps(by, resource)), _("This calendar is not shown to everybody."))


def _opens(by: Principal, membership_id: Any) -> Answer:
    is_own = membership_id is not None and membership_id in by.memberships
    return Answer(is_own or bool(by.roles & COORDINATORS), _("This is another member’s calendar."))


def _keeps_own(by: Principal, membership_id: Any) -> Answer:
    return Answer(membership_id in by.memberships, _("This is another member’s calendar."))


# Whose order it is, and who may act on it when, is known to the room above: a claim on time is made on its behalf.
TAKE = Permission("booking.take", anyone)
READ = Permission("booking.read", _reads, scope="read")
OPEN = Permission("booking.open", _opens)
KEEP = Permission("booking.keep", _keeps)
KEEP_OWN = Permission("booking.keep_own", _keeps_own)
EXPIRE = Permission("booking.expire", lambda by, _subject: Answer("system" in by.roles, "A job does this."))
