"""Saying that something the law asks for was done, by whom, and where it can be found."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from toadlane.democracy.meetings.models import DutyDone
from toadlane.democracy.meetings.permissions import DUTY
from toadlane.democracy.meetings.queries import duties
from toadlane.democracy.meetings.services.calling import Missing, NotNow
from toadlane.plumbing.access.principals import Principal


@transaction.atomic
def do_duty(*, key: str, note: str, by: Principal, at: datetime) -> DutyDone:
    """Note that it was done. It stays to be read by every member, and is not asked for again.

    :raises NotNow: when nothing of the kind is owed, or it was done already
    """
    by.must(DUTY)
    if not note.strip():
        raise Missing(_("Say where it can be found: a number of the register, a page of the newspaper."), field="note")
    duty = duties.find(key, at)
    if duty is None or by.person_id is None:
        raise NotNow(_("Nothing of the kind is to be done."))
    try:
        with transaction.atomic():
            return DutyDone.objects.create(
                key=key, title=duty.title[:200], law=duty.law[:120], due_on=duty.due_on, note=note.strip()[:2000],
                person_id=by.person_id, done_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise NotNow(_("It was done already.")) from error
