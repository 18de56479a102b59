"""What members gave that no order shows, said by themselves and judged by a peer."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.ownership.surplus import queries
from toadlane.ownership.surplus.models import Claim
from toadlane.ownership.surplus.permissions import CLAIM, JUDGE
from toadlane.plumbing.access.principals import Principal
from toadlane.society.members.models import Membership


class ReasonNeeded(Expected):
    words = lazy("Say why, so that whoever claimed it can answer.")
    status = 422
    field = "reason"


class NotForThisClass(Expected):
    words = lazy("The bylaws do not measure this class of members by what they give in hours or points.")
    status = 422
    field = "membership"


class OtherUnit(Expected):
    words = lazy("The bylaws do not measure this class of members in that.")
    status = 422
    field = "unit"


class NotAnAmount(Expected):
    words = lazy("Hours and points are more than nothing, with two places at most.")
    status = 422
    field = "amount"


class Judged(Expected):
    words = lazy("This claim was judged already.")


@transaction.atomic
def claim(
    *, membership: Membership, activity: str, amount: Decimal, done_on: date, by: Principal, at: datetime, unit: str = ""
) -> Claim:  # fmt: skip
    """Claim hours, points or kilometers for something done.

    :param unit: as the bylaws measure the class where it is not named
    :raises NotForThisClass: where the bylaws measure this class otherwise, such as investors
    """
    by.must(CLAIM, membership)
    may = queries.CLAIMED.get(queries.basis_of(membership.member_class), ())
    if not may:
        raise NotForThisClass
    if (unit or may[0]) not in may:
        raise OtherUnit
    if not amount.is_finite() or amount <= 0 or amount != round(amount, 2) or amount >= 10**8:
        raise NotAnAmount
    if not activity.strip():
        raise ReasonNeeded(_("Say what you did."), field="activity")
    return Claim.objects.create(
        membership=membership, activity=activity.strip()[:200], amount=amount, unit=unit or may[0], done_on=done_on, claimed_at=at
    )


@transaction.atomic
def approve_claim(*, claim: Claim, by: Principal, at: datetime) -> Claim:
    """Say that it was so."""
    by.must(JUDGE, claim)
    return _judge(claim, Claim.State.APPROVED, "", by, at)


@transaction.atomic
def decline_claim(*, claim: Claim, reason: str, by: Principal, at: datetime) -> Claim:
    """Say that it was not, and why."""
    by.must(JUDGE, claim)
    if not reason.strip():
        raise ReasonNeeded
    return _judge(claim, Claim.State.DECLINED, reason.strip(), by, at)


def _judge(claim: Claim, state: str, reason: str, by: Principal, at: datetime) -> Claim:
    waiting = Claim.objects.filter(pk=claim.pk, state=Claim.State.CLAIMED)
    if not waiting.update(state=state, reason=reason, judged_by=by.person_id, judged_at=at):
        raise Judged
    return queries.claims().get(pk=claim.pk)
