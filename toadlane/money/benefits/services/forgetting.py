"""What is taken away when somebody closes their account."""

from datetime import datetime

from django.db import transaction

from toadlane.money.benefits.models import Draw, Invitation, Plan, Pledge, Relief
from toadlane.money.benefits.permissions import RUN
from toadlane.money.benefits.services.giving import end_quietly
from toadlane.plumbing.access.principals import Principal


@transaction.atomic
def forget(*, person_id: int, by: Principal, at: datetime) -> None:
    """End what somebody promised, and take away names, numbers and accounts. Amounts stay: the books need them."""
    by.must(RUN)
    for plan in Plan.objects.filter(payer_id=person_id).exclude(state=Plan.State.ENDED):
        end_quietly(plan, "gone", at)
    for plan in Plan.objects.filter(wallet__person_id=person_id).exclude(state=Plan.State.ENDED):
        end_quietly(plan, "gone", at)
    Invitation.objects.filter(invited_by_id=person_id).update(phone="")
    Draw.objects.filter(wallet__person_id=person_id).update(account="", note="")
    Relief.objects.filter(person_id=person_id).update(name="", phone="", need="", account="")
    Pledge.objects.filter(person_id=person_id, state=Pledge.State.KEPT).update(state=Pledge.State.ENDED, ended_on=at.date())
