from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, anyone, holds
from toadlane.society.bylaws import queries as bylaws

OFFICERS = ("board", "coordinator")


def _may_offer(by: Principal, provider_id: Any) -> Answer:
    """A member offers for itself or for an organisation it speaks for; officers offer what the co-op itself does."""
    if "system" in by.roles or by.roles & set(OFFICERS):
        return Answer(True)
    if provider_id not in by.memberships:
        return Answer(False, _("Members offer things, each in their own name."))
    classes = bylaws.book().value("members.classes")
    offering = {f"class:{one['id']}" for one in classes if "offer" in one.get("rights", ())}
    return Answer(bool(by.roles & offering), _("Your class of membership does not offer things here."))


def _keeps(by: Principal, listing: Any) -> Answer:
    if "system" in by.roles or listing.provider_id in by.memberships:
        return Answer(True)
    if listing.provider_id is None:
        return holds(*OFFICERS)(by, listing)
    return Answer(False, _("Only whoever offers it may change it."))


def _sees(by: Principal, listing: Any) -> Answer:
    if listing.is_live or _keeps(by, listing) or by.roles & {"board", "curator", "moderator", "system"}:
        return Answer(True)
    return Answer(False, _("It is not in the window."))


CREATE = Permission("catalog.create", _may_offer)
EDIT = Permission("catalog.edit", _keeps)
SEE = Permission("catalog.see", _sees, scope="read")
CURATE = Permission("catalog.curate", holds("curator", "board"))
HIDE = Permission("catalog.hide", holds("moderator", "mediator", "curator", "board", "system"))
KINDS = Permission("catalog.kinds", holds("board", "founder", "enactment"))
# Whoever may order may take: orders has asked already, and a guest at the checkout is anyone.
STOCK = Permission("catalog.stock", anyone)
REINDEX = Permission("catalog.reindex", holds("board", "system", "operator"))
