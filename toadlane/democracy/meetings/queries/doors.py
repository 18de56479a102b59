"""The door of a meeting, as its ballots see it: who has checked in, and how the others do."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.democracy.ballots.models import Ballot, Proxy, RollEntry
from toadlane.democracy.ballots.queries.ballots import of_proposal
from toadlane.democracy.ballots.queries.doors import Door
from toadlane.democracy.meetings.models import Item, Meeting
from toadlane.democracy.meetings.queries import calling, presence
from toadlane.democracy.meetings.queries.votes import KINDS, proposal_number
from toadlane.democracy.proposals.models import Proposal
from toadlane.society.coops.queries import COOP_URLS


def shut(ballot: Ballot, entries: Sequence[RollEntry]) -> Mapping[int, Door]:
    """Return who on the roll of a meeting's ballot is not there: in the room, from elsewhere, or by proxy of somebody who is."""
    names = [one.name for one in of_proposal(ballot.proposal)]
    item = Item.objects.filter(ballot__in=names).select_related("meeting").order_by("-pk").first()
    if item is None:
        url = reverse("meetings:meetings", urlconf=COOP_URLS)
        return {one.pk: Door(_("This is voted on in a meeting."), url, _("Meetings")) for one in entries}
    here = _there(item.meeting)
    given = Proxy.objects.filter(giver__in=[one.pk for one in entries], ended_at=None, holder__membership_id__in=here)
    let_in = set(given.values_list("giver_id", flat=True))
    door = _door(item)
    return {one.pk: door for one in entries if one.membership_id not in here and one.pk not in let_in}


def here(proposal: Proposal) -> set[int] | None:
    """Return the memberships at the meeting that has taken up a proposal; None while none has."""
    rows = Item.objects.filter(state=Item.State.OPEN, meeting__state=Meeting.State.OPEN, kind__in=KINDS)
    item = next((one for one in rows.select_related("meeting") if proposal_number(one) == proposal.number), None)
    return _there(item.meeting) if item is not None else None


def _there(meeting: Meeting) -> set[int]:
    return set(presence.there(meeting).order_by().values_list("invitation__membership_id", flat=True))


def _door(item: Item) -> Door:
    words = _("You are on the roll. Only who is at the meeting votes on this: check in, in the room.")
    if calling.book_of(item.meeting).value("meetings.remote"):
        words = _("You are on the roll. Only who is at the meeting votes on this: check in, in the room or from elsewhere.")
    if presence.proxies_max(item.meeting):
        words = _("%(words)s Or let somebody who is there act for you.") % {"words": words}
    return Door(words, reverse("meetings:room", urlconf=COOP_URLS, args=[item.meeting.number]), _("Check in"))
