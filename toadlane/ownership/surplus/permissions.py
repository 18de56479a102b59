from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, holds


def own(by: Principal, subject: Any) -> Answer:
    return Answer(subject is not None and subject.pk in by.memberships, _("This is somebody else’s membership."))


def peer(by: Principal, claim: Any) -> Answer:
    """A coordinator or the board, and nobody in their own case."""
    if claim is not None and claim.membership_id in by.memberships:
        return Answer(False, _("Nobody approves their own claim."))
    return Answer(bool(by.roles & {"board", "coordinator"}), _("A coordinator or the board looks at claims."))


WORK_OUT = Permission("surplus.work_out", holds("board", "treasurer"), scope="money")
BOOK = Permission("surplus.book", holds("enactment"), scope="money")
BRING_IN = Permission("surplus.bring_in", holds("board", "system"), scope="money")
COUNT = Permission("surplus.count", holds("system"))
PAY = Permission("surplus.pay", holds("system"), scope="money")
SEE = Permission("surplus.see", holds("member", "board", "treasurer"), scope="read")
CLAIM = Permission("surplus.claim", own)
JUDGE = Permission("surplus.judge", peer)
