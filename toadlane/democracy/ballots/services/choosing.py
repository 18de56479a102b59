"""In which class somebody votes who is in several, and how many are at a meeting."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.democracy.ballots.models import Ballot, State, VotesAs
from toadlane.democracy.ballots.permissions import CHOOSE_CLASS, COUNT_HEADS
from toadlane.democracy.ballots.services.errors import NotOpen, NotSo
from toadlane.plumbing.access.principals import Principal
from toadlane.society.members.models import MEMBERS, Membership


@transaction.atomic
def vote_as(*, member_class: str, by: Principal, at: datetime) -> VotesAs:
    """Say in which class one votes who is a member of several. It counts for ballots that open from now on.

    :raises NotSo: when one is not a member of that class
    """
    by.must(CHOOSE_CLASS)
    if not Membership.objects.filter(person_id=by.person_id, member_class=member_class, standing__in=MEMBERS).exists():
        raise NotSo(_("You are not a member of this class."), field="member_class")
    return VotesAs.objects.create(person_id=by.person_id, member_class=member_class, chosen_at=at)


@transaction.atomic
def note_present(*, ballot: Ballot, present: int, by: Principal, at: datetime) -> Ballot:
    """Note how many came through the door, where a quorum or a majority is of those present.

    :raises NotSo: when it is more than could vote: with those who cannot, no quorum is made
    :raises NotOpen: once the box is shut
    """
    by.must(COUNT_HEADS, ballot)
    ballot = Ballot.objects.select_for_update(no_key=True).get(pk=ballot.pk)
    if ballot.state != State.OPEN:
        raise NotOpen
    if present > ballot.roll_size:
        raise NotSo(_("There are not so many on the roll."), field="present")
    ballot.present = present
    ballot.save(update_fields=["present"])
    return ballot
