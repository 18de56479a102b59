"""Letting somebody off: for a while, or for what is open; and telling the room of members who is late."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from toadlane.kernel.dates import add_years
from toadlane.kernel.money import Money
from toadlane.money.ledger import services as ledger
from toadlane.ownership.dues import queries
from toadlane.ownership.dues.events import DuesMoved
from toadlane.ownership.dues.models import Claim, Waiver
from toadlane.ownership.dues.permissions import SETTLE, WAIVE
from toadlane.ownership.dues.services.errors import NotThatLong, Over, ReasonNeeded
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.members import queries as members
from toadlane.society.members import services as memberships
from toadlane.society.members.models import Membership


@transaction.atomic
def waive(
    *, membership: Membership, until: date, reason: str, by: Principal, at: datetime, begins: date | None = None,
    what_is_open: bool = False,
) -> Waiver:  # fmt: skip
    """Ask no dues of a member for the periods that begin until a day.

    :param what_is_open: whether that holds for what was charged before, too
    :raises ReasonNeeded, NotThatLong:
    """
    by.must(WAIVE, membership)
    today = timezone.localdate(at)
    begins = begins or today
    if not reason.strip():
        raise ReasonNeeded
    if not today <= begins <= until <= add_years(begins, 2):
        raise NotThatLong
    granted = Waiver.objects.create(
        membership=membership, from_on=begins, until_on=until, reason=reason.strip()[:200], granted_by=str(by), granted_at=at
    )
    if what_is_open:
        for claim in list(queries.open_claims(membership_ids=[membership.pk])):
            waive_claim(claim=claim, reason=reason, by=by, at=at)
    return granted


@transaction.atomic
def end_waiver(*, waiver: Waiver, by: Principal, at: datetime) -> Waiver:
    """End a waiver before its day; from the next period on dues are asked again."""
    by.must(WAIVE, waiver.membership)
    today = timezone.localdate(at)
    if not Waiver.objects.filter(pk=waiver.pk, ended_on=None, until_on__gte=today).update(ended_on=today):
        raise Over
    waiver.refresh_from_db()
    return waiver


@transaction.atomic
def waive_claim(*, claim: Claim, reason: str, by: Principal, at: datetime) -> Claim:
    """Waive what is open of one claim, with its entry in the books.

    :raises ReasonNeeded: and Over when nothing is open
    """
    by.must(WAIVE, claim.membership)
    if not reason.strip():
        raise ReasonNeeded
    Tenant.lock_current()
    claim.refresh_from_db()
    left: Money = claim.left
    if not left.minor:
        raise Over
    Claim.objects.filter(pk=claim.pk).update(waived_minor=F("waived_minor") + left.minor, waived_because=reason.strip()[:200])
    ledger.post(
        key=f"dues:claim:{claim.pk}:waived:{claim.waived_minor}", narration=_("Dues waived"),
        subject=f"dues_period:{claim.period}", by=by, at=at,
        postings=[
            ledger.debit("4290", left, rule="dues.waived_by", rule_version=claim.rule_version),
            ledger.credit("1230", left, holder=claim.membership.holder),
        ],
    )  # fmt: skip
    events.publish(DuesMoved(membership_id=claim.membership_id))
    claim.refresh_from_db()
    return claim


@transaction.atomic
def note_late(*, membership_id: int, by: Principal, at: datetime) -> None:
    """Tell the room of members whether one of them is late, and since when. A roll may ask."""
    by.must(SETTLE)
    since = queries.late_since(timezone.localdate(at), membership_ids=[membership_id]).get(membership_id)
    membership = members.register().get(pk=membership_id)
    if membership.in_arrears_since != since:
        memberships.note_arrears(membership=membership, since=since, by=by, at=at)


def note_all_late(*, by: Principal, at: datetime) -> int:
    """Do so for everybody of whom something else is noted than holds today; return how many that was."""
    by.must(SETTLE)
    late = queries.late_since(timezone.localdate(at))
    noted = dict(members.register().exclude(in_arrears_since=None).values_list("pk", "in_arrears_since"))
    moved = [pk for pk in sorted({*late, *noted}) if late.get(pk) != noted.get(pk)]
    for pk in moved:
        note_late(membership_id=pk, by=by, at=at)
    return len(moved)


def forget_reasons(*, person_id: int, by: Principal, at: datetime) -> None:
    """Take away why somebody was let off, with their account: the amounts stay in the books, the reasons are nobody's."""
    by.must(SETTLE)
    mine = [row.pk for row in members.of_person(person_id).filter(person_id=person_id)]
    Waiver.objects.filter(membership_id__in=mine).update(reason="")
    Claim.objects.filter(membership_id__in=mine).update(waived_because="")
