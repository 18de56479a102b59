from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, holds


def own(by: Principal, membership: Any) -> Answer:
    """The member in person, or somebody who speaks for the organisation."""
    return Answer(membership is not None and membership.pk in by.memberships, _("This is somebody else’s loan."))


def own_or_office(by: Principal, membership: Any) -> Answer:
    return Answer(True) if by.roles & {"treasurer", "board"} else own(by, membership)


def answer(by: Principal, loan: Any) -> Answer:
    """The board or the treasurer, and nobody for a loan of their own."""
    if loan is not None and loan.membership_id in by.memberships:
        return Answer(False, _("Nobody agrees to their own loan. Ask somebody else of the board."))
    return holds("board", "treasurer")(by, loan)


OFFER = Permission("lending.offer", own, scope="money")
SEE = Permission("lending.see", own_or_office, scope="read")
REGISTER = Permission("lending.register", holds("board", "treasurer"), scope="read")
ANSWER = Permission("lending.answer", answer, scope="money")
BRING_IN = Permission("lending.bring_in", holds("board", "system"), scope="money")
SETTLE = Permission("lending.settle", holds("system"), scope="money")
