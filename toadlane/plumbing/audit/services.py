from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.audit.models import Mark, StaffSession
from toadlane.plumbing.audit.permissions import END_STAFF_SESSION, OPEN_STAFF_SESSION, RECORD
from toadlane.plumbing.tenancy.scope import scope

LONGEST = timedelta(hours=8)


class ReasonMissing(Expected):
    words = lazy("Say why. The co-op reads it.")
    status = 422
    field = "reason"


class TooLong(Expected):
    words = lazy("A staff session lasts eight hours at most.")
    status = 422
    field = "until"


class AlreadyOpen(Expected):
    words = lazy("You have a staff session in this co-op already.")


def record(*, action: str, by: Principal, at: datetime, subject: str = "", detail: dict[str, Any] | None = None) -> Mark:
    """Write down a deed, in the transaction that does it.

    :param action: dotted and stable, like `orders.refunded`
    :param detail: JSON; ids and amounts, not names or addresses
    """
    by.must(RECORD)
    return Mark.objects.create(
        action=action, subject=subject, by=str(by), person_id=by.person_id, staff_session_id=by.staff_session_id, at=at,
        detail=detail or {},
    )  # fmt: skip


@transaction.atomic
def open_staff_session(
    *, coop_id: int, name: str, reason: str, until: datetime, by: Principal, at: datetime, real_time: datetime
) -> StaffSession:
    """Let an operator into a co-op for a reason and a time. Both stand in the co-op's trail from the first minute.

    :param by: the operator, outside every co-op
    :param name: the operator's name, as the co-op will read it
    :param at: the co-op's time, for the trail; `until` and `real_time` are the server's, which no sandbox moves
    :raises ReasonMissing, TooLong, AlreadyOpen:
    """
    by.must(OPEN_STAFF_SESSION)
    if len(reason.strip()) < 10:
        raise ReasonMissing(hint=_("A sentence is enough: who asked, and what for."))
    if not real_time < until <= real_time + LONGEST:
        raise TooLong
    with scope(coop_id):
        StaffSession.objects.filter(ended_at=None, person_id=by.person_id, until__lte=real_time).update(ended_at=real_time)
        if StaffSession.objects.filter(ended_at=None, person_id=by.person_id).exists():
            raise AlreadyOpen
        session = StaffSession.objects.create(
            person_id=by.person_id, person_name=name, reason=reason.strip()[:500], opened_at=real_time, until=until
        )
        inside = Principal(
            coop_id=coop_id, channel=by.channel, person_id=by.person_id, roles=frozenset({"staff"}), staff_session_id=session.pk
        )
        record(action="staff.opened", subject=f"staff:{session.pk}", by=inside, at=at, detail={"reason": session.reason})
    return session


@transaction.atomic
def end_staff_session(*, session: StaffSession, by: Principal, at: datetime, real_time: datetime) -> None:
    """End a visit early. The visitor may, and so may the co-op's board."""
    by.must(END_STAFF_SESSION, session)
    if StaffSession.objects.filter(pk=session.pk, ended_at=None).update(ended_at=real_time):
        record(action="staff.ended", subject=f"staff:{session.pk}", by=by, at=at)
