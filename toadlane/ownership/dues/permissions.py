from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, holds
from toadlane.society.bylaws import queries as bylaws

# Which offices may waive dues, by what the bylaws say.
WAIVERS = {"treasurer": ("treasurer", "board"), "board": ("board",), "coordinator": ("coordinator",)}


def own(by: Principal, membership: Any) -> Answer:
    """The member in person, or somebody who speaks for the organisation."""
    return Answer(membership is not None and membership.pk in by.memberships, _("These are somebody else’s dues."))


def own_or_office(by: Principal, membership: Any) -> Answer:
    return Answer(True) if by.roles & {"treasurer", "board"} else own(by, membership)


def may_waive(by: Principal, membership: Any) -> Answer:
    """Whoever the bylaws name, and nobody for themselves."""
    if membership is not None and membership.pk in by.memberships:
        return Answer(False, _("Nobody waives their own dues. Ask somebody else who may."))
    return holds(*WAIVERS[bylaws.book().value("dues.waived_by")])(by, membership)


OWN = Permission("dues.own", own, scope="money")
PAY = Permission("dues.pay", own_or_office, scope="money")
SEE = Permission("dues.see", own_or_office, scope="read")
OVERSEE = Permission("dues.oversee", holds("treasurer", "board"), scope="read")
COLLECT = Permission("dues.collect", holds("treasurer", "board"), scope="money")
WAIVE = Permission("dues.waive", may_waive, scope="money")
SETTLE = Permission("dues.settle", holds("system"), scope="money")
