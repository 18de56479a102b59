"""Agreeing to the bylaws, and with it, or with a payment, becoming a member."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.events import MemberAgreed, MemberJoined
from toadlane.society.members.models import Membership, Standing
from toadlane.society.members.permissions import KEEP_TIME, OWN
from toadlane.society.members.services import belonging


class OtherVersion(Expected):
    words = lazy("The bylaws have changed meanwhile. Read the version in force first.")


@transaction.atomic
def agree_to_bylaws(*, membership: Membership, version: int, by: Principal, at: datetime) -> Membership:
    """Become a member by agreeing to the named version of the bylaws, which is recorded.

    Where the bylaws say that a membership begins with its payment, a room above begins it once that has come.

    :raises OtherVersion: when another version is in force by now
    """
    by.must(OWN, membership)
    belonging.must_be(membership, Standing.ACCEPTED)
    book = bylaws.book()
    if version != book.number:
        raise OtherVersion(hint=_("Version %(number)s is in force.") % {"number": book.number})
    agreed = {"accepted_version": version, "accepted_at": at}
    if book.value("members.begins") == "paid":
        events.publish(MemberAgreed(membership_id=membership.pk))
        return belonging.change_standing(membership, Standing.ACCEPTED, at, **agreed)
    return _begin(membership, at, **agreed)


@transaction.atomic
def begin(*, membership: Membership, by: Principal, at: datetime) -> Membership:
    """Begin the membership of whoever agreed and has paid what joining costs. Doing it again is harmless."""
    by.must(KEEP_TIME, membership)
    membership.refresh_from_db(from_queryset=Membership.objects.select_for_update(no_key=True))
    return _begin(membership, at) if membership.is_joining else membership


def _begin(membership: Membership, at: datetime, **more: object) -> Membership:
    Tenant.lock_current()
    asks = belonging.class_of(membership.member_class).needs_probation
    days = bylaws.book().value("members.probation_days") if asks else 0
    today = belonging.day_of(at)
    events.publish(MemberJoined(membership_id=membership.pk))
    return belonging.change_standing(
        membership, Standing.PROBATION if days else Standing.ACTIVE, at, joined_on=today, number=belonging.next_number(),
        probation_until=today + timedelta(days=days) if days else None, **more,
    )  # fmt: skip
