"""Who may read a conversation, and whose voice they speak with."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal
from toadlane.society.messaging.models import Participant, Thread

# A room above says when somebody outside a conversation may read it: the mediator, while a complaint is open.
Onlooker = Callable[[Principal, str], bool]
_onlookers: dict[str, Onlooker] = {}


def let_in(name: str, onlooker: Onlooker) -> None:
    """Declare who else may read, in `wiring`.

    :param onlooker: asked with the principal and the thread's subject, like `order:12`
    """
    assert name not in _onlookers, f"{name} looks on already"
    _onlookers[name] = onlooker


def speaks_for(by: Principal, side: Participant) -> bool:
    """Say whether this is one of the principal's own voices."""
    if side.left_at is not None:
        return False
    return (
        (side.membership_id is not None and side.membership_id in by.memberships)
        or (side.person_id is not None and side.person_id == by.person_id)
        or (side.order_id is not None and side.order_id == by.order_id)
    )


def _takes_part_or_looks_on(by: Principal, thread: Thread) -> Answer:
    taking_part = any(speaks_for(by, side) for side in thread.participants.all())
    looking_on = not taking_part and any(look(by, thread.subject) for look in _onlookers.values())
    return Answer(taking_part or looking_on, _("Only those who take part can read this."))


READ_THREAD = Permission("messaging.read", _takes_part_or_looks_on, scope="read")
