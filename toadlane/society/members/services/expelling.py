"""What only the members decide about a membership: letting in on appeal, and excluding. Both sides are heard first.

Who is to be excluded reads the charges, has time to answer, keeps every right until the decision is in force, and has no
vote on it. The decision needs a secret ballot, and takes effect when the time to appeal is over.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.events import HearingOpened, MemberAccepted
from toadlane.society.members.models import Application, Hearing, Membership, Standing
from toadlane.society.members.permissions import CHARGE, EXPEL, OWN
from toadlane.society.members.services import belonging, leaving
from toadlane.society.members.services.belonging import ReasonNeeded, WrongMoment


class NotHeard(Expected):
    words = lazy("The member has not been heard yet, and there is still time for an answer.")


@transaction.atomic
def open_hearing(*, membership: Membership, charges: str, by: Principal, at: datetime) -> Hearing:
    """Tell a member what they are charged with, and until when they can answer.

    :raises ReasonNeeded: without charges
    :raises WrongMoment: when this is no member, or a hearing is open already
    """
    by.must(CHARGE, membership)
    belonging.must_be(membership, Standing.PROBATION, Standing.ACTIVE, Standing.SUSPENDED, Standing.EXITING)
    if not charges.strip():
        raise ReasonNeeded(field="charges")
    today = belonging.day_of(at)
    if membership.hearings.filter(settled_by="").exists():
        raise WrongMoment(_("A hearing is open already."))
    hearing = Hearing.objects.create(
        membership=membership, charges=charges.strip(), opened_on=today, opened_by=str(by),
        answer_until=today + timedelta(days=bylaws.book().value("members.hearing_days")),
    )  # fmt: skip
    events.publish(HearingOpened(hearing_id=hearing.pk))
    return hearing


@transaction.atomic
def answer_charges(*, hearing: Hearing, text: str, by: Principal, at: datetime) -> Hearing:
    """Answer the charges, as long as there is time; whoever votes reads it beside them."""
    by.must(OWN, hearing.membership)
    if hearing.settled_by or belonging.day_of(at) > hearing.answer_until:
        raise WrongMoment(_("The time to answer is over."))
    if not text.strip():
        raise ReasonNeeded(field="text")
    Hearing.objects.filter(pk=hearing.pk).update(answer=text.strip(), answered_at=at)
    hearing.refresh_from_db()
    return hearing


@transaction.atomic
def expel(*, hearing: Hearing, decision: str, by: Principal, at: datetime) -> Membership:
    """End a membership as the members decided. What was earned, and the shares, stay owed. Doing it again is harmless.

    :raises NotHeard: while the member has time left to answer and has not
    """
    by.must(EXPEL, hearing.membership)
    membership = hearing.membership
    if hearing.settled_by == decision:
        return membership
    if not hearing.is_over(belonging.day_of(at)):
        raise NotHeard
    Hearing.objects.filter(pk=hearing.pk).update(settled_by=decision)
    today = belonging.day_of(at)
    return leaving.end(membership, Standing.EXPELLED, at, left_on=today, left_because=f"decision:{decision}")


@transaction.atomic
def let_in_on_appeal(*, application: Application, decision: str, by: Principal, at: datetime) -> Membership:
    """Let in whoever the board refused and the members want. Doing it again is harmless."""
    by.must(EXPEL, application.membership)
    membership = application.membership
    if application.decided_by == f"decision:{decision}":
        return membership
    belonging.must_be(membership, Standing.DECLINED)
    application.outcome = Application.Outcome.ACCEPTED
    application.decided_on, application.decided_by = belonging.day_of(at), f"decision:{decision}"
    application.save()
    events.publish(MemberAccepted(membership_id=membership.pk))
    return belonging.change_standing(membership, Standing.ACCEPTED, at)
