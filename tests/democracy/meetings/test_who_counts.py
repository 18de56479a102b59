"""Who counts at a meeting is written down line by line, and sealed."""

from datetime import timedelta

from django.db import connection

from tests.democracy.meetings.conftest import asker, come, invitation
from toadlane.democracy.meetings import services
from toadlane.democracy.meetings.models import Entitlement
from toadlane.plumbing.sealing import services as sealing
from toadlane.plumbing.tenancy import invariants
from toadlane.society.members import services as members
from toadlane.society.members.models import Membership


def test_who_counts_at_an_open_meeting_cannot_be_altered_unseen(opened, people, job, at):
    def faults():
        return invariants.verify_coop()["meetings.who_counts_was_written_down"].faults

    sealing.seal(by=job, at=opened.opened_at + timedelta(hours=1))
    assert not faults() and Entitlement.objects.count() == 10
    one = invitation(opened, people["Jun"])
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE meetings_invitation SET is_entitled = FALSE WHERE id = {one.pk}")
    assert faults() == [f"meeting {opened.number}: invitation {one.pk} counts otherwise than was written down"]
    Entitlement.objects.create(invitation=one, is_entitled=False, at=opened.opened_at)
    found = invariants.verify_coop()["sealing.records_are_what_was_sealed"].faults
    assert not faults() and any("meetings.entitled" in fault and "afterwards" in fault for fault in found)


def test_whoever_left_the_co_op_before_the_meeting_no_longer_counts_and_it_is_written_down(ready, people, board, at):
    gone = Membership.objects.get(person=people["Jun"])
    members.suspend(membership=gone, reason="Sold a van.", by=board, at=at)
    begins = ready.starts_at
    come(ready, people, "Bob", "Alice", "Dana", "Emil", "Fatou", at=begins)
    services.open_meeting(meeting=ready, by=asker(people["Bob"]), at=begins)
    assert not invitation(ready, people["Jun"]).is_entitled
    assert [one.is_entitled for one in invitation(ready, people["Jun"]).entitlements.order_by("pk")] == [True, False]
    assert not invariants.verify_coop()["meetings.who_counts_was_written_down"].faults
