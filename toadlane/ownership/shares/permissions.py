from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, holds
from toadlane.society.members import permissions as memberships


def own(by: Principal, subject: Any) -> Answer:
    """The member in person, or somebody who speaks for the organisation. Also who joins by paying for their first share."""
    mine = subject is not None and subject.pk in by.memberships
    joining = subject is not None and subject.is_joining and bool(memberships.own(by, subject))
    return Answer(mine or joining, _("These are somebody else’s shares."))


OWN = Permission("shares.own", own, scope="money")
SEE = Permission("shares.see", lambda by, one: Answer(True) if by.roles & {"board", "treasurer"} else own(by, one), scope="read")
REGISTER = Permission("shares.register", holds("board", "treasurer"), scope="read")
APPROVE = Permission("shares.approve", holds("board", "treasurer", "system"), scope="money")
SETTLE_ESTATE = Permission("shares.settle_estate", holds("board", "treasurer"), scope="money")
SETTLE = Permission("shares.settle", holds("system"), scope="money")
BRING_IN = Permission("shares.bring_in", holds("board", "system"), scope="money")
OPEN_OFFER = Permission("shares.open_offer", holds("enactment"), scope="money")
COLLECT = Permission("shares.collect", holds("treasurer", "board"), scope="money")
