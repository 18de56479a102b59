"""Votes in a meeting: those in the room and those elsewhere cast theirs into one ballot, and it is counted once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from toadlane.democracy.ballots import queries as reading
from toadlane.democracy.ballots import services as ballots
from toadlane.democracy.ballots.models import Ballot, PaperBatch
from toadlane.democracy.circles import services as circles
from toadlane.democracy.circles.models import Election
from toadlane.democracy.meetings import queries
from toadlane.democracy.meetings.models import Item, Meeting, Presence
from toadlane.democracy.meetings.permissions import COUNT, KEEP_TIME, RUN
from toadlane.democracy.meetings.services.calling import Missing, NotNow, be
from toadlane.democracy.proposals import queries as asked
from toadlane.democracy.proposals import services as proposals
from toadlane.democracy.proposals.models import Proposal
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Channel, Principal
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.coops import queries as coops
from toadlane.society.members.models import Membership
from toadlane.ui import formats

LEAST, MOST = timedelta(minutes=2), timedelta(days=7)


class NotThatLong(Expected):
    words = lazy("A vote in a meeting is open between two minutes and seven days.")
    status = 422
    field = "minutes"


def open_vote(*, item: Item, minutes: int, by: Principal, at: datetime) -> Ballot:
    """Open the ballot on an item, until an hour that everybody can see.

    Those in the room vote with their phones or on papers that two tellers enter, those elsewhere with theirs, and whoever acts
    for others by their proxies. Once open, nothing about it changes, and nobody closes it early.

    :raises NotNow: when the item is not under way, or has its vote already
    :raises NotReady: when the proposal's own notice is not over
    """
    by.must(RUN, item.meeting)
    item = Item.objects.select_related("meeting").get(pk=item.pk)
    be(item.meeting, Meeting.State.OPEN)
    if not LEAST <= timedelta(minutes=minutes) <= MOST:
        raise NotThatLong
    proposal = queries.proposal_of(item)
    if item.state != Item.State.OPEN or item.ballot:
        raise NotNow(_("Take up the item first.") if not item.ballot else _("Its vote has been opened."))
    if proposal is None:
        raise Missing(_("There is nothing to vote on here."), field="subject")
    is_of_a_meeting = reading.is_of_a_meeting(proposal)
    if is_of_a_meeting and not item.meeting.is_general:
        raise NotNow(_("Only a general meeting votes on this: every member is called to it."))
    _be_enough_for_the_bylaws(item.meeting, proposal, at)
    # Ballots are opened by the co-op itself: the chair only says when.
    job = Principal.job(by.coop_id)
    ballot = ballots.open_ballot(
        proposal=proposal,
        by=job,
        at=at,
        closes_at=at + timedelta(minutes=minutes),
        proxies=queries.proxies_max(item.meeting),
        in_meeting=is_of_a_meeting,
    )
    _bring_into_the_room(item, ballot, by, at)
    return ballot


def _be_enough_for_the_bylaws(meeting: Meeting, proposal: Proposal, at: datetime) -> None:
    """Where the bylaws change, the law may ask for more people at a call than for anything else."""
    found = queries.quorum_for_the_bylaws(meeting, at=at)
    if found is None or found.is_met or not asked.changes_the_bylaws(proposal.contents, bylaws.book()):
        return
    words = ngettext(
        "It changes the bylaws: for that %(needed)s of %(whole)s have to be here at this call, and %(present)s is.",
        "It changes the bylaws: for that %(needed)s of %(whole)s have to be here at this call, and %(present)s are.",
        found.present,
    )
    hint = _("Vote on it at the second call, or at another meeting.")
    raise NotNow(words % {"needed": found.needed, "whole": found.whole, "present": found.present}, hint=hint)


@transaction.atomic
def _bring_into_the_room(item: Item, ballot: Ballot, by: Principal, at: datetime) -> None:
    Item.objects.filter(pk=item.pk).update(ballot=ballot.name)
    tell_ballot(item.meeting, ballot, by, at)


@transaction.atomic
def bring_into_the_room(*, number: int, by: Principal, at: datetime) -> None:
    """Tell a ballot that opened again while its item is under way who is at the meeting."""
    by.must(KEEP_TIME)
    ballot = reading.find(number)
    earlier = [one.name for one in reading.of_proposal(ballot.proposal) if one.pk != ballot.pk] if ballot else []
    item = Item.objects.filter(ballot__in=earlier, meeting__state=Meeting.State.OPEN).select_related("meeting").first()
    if item is not None and ballot is not None and not ballot.is_over:
        tell_ballot(item.meeting, ballot, by, max(at, ballot.opens_at))


def tell_ballot(meeting: Meeting, ballot: Ballot, by: Principal, at: datetime) -> None:
    """Tell a ballot how many are at the meeting, for a quorum or a majority of those present, and who acts for whom there."""
    present = queries.quorum(meeting, at=at).present
    ballots.note_present(ballot=ballot, present=min(present, ballot.roll_size), by=_teller(by), at=at)
    _carry_proxies(meeting, ballot, at)


def _teller(by: Principal) -> Principal:
    """Return somebody as a teller: what they are in a meeting, its ballots take them for."""
    return replace(by, roles=by.roles | {"teller"})


def _carry_proxies(meeting: Meeting, ballot: Ballot, at: datetime) -> None:
    """Let those who act for others by the meeting's proxies mark their papers, as far as both are on the roll of the ballot."""
    here = [one for one in queries.there(meeting) if one.mode == Presence.Mode.PROXY and one.proxy]
    rows = [one.invitation for one in here] + [one.proxy.holder for one in here if one.proxy]
    entries = queries.entries_of(ballot, rows)
    for one in here:
        giver = entries.get(one.invitation.membership_id or 0)
        holder = entries.get(one.proxy.holder.membership_id or 0) if one.proxy else None
        if giver is None or holder is None or reading.voted(giver) or reading.has_given_proxy(giver):
            continue
        persons = queries.persons_of(one.invitation)
        own = Principal(coop_id=ballot.coop_id, channel=Channel.JOB, person_id=persons[0].pk if persons else None)
        ballots.give_proxy(giver=giver, holder=holder, by=own, at=at)


def hand_in(*, item: Item, places: Sequence[int], choices: Sequence[Any], by: Principal, at: datetime) -> PaperBatch:
    """Enter the papers or the raised hands of the room. The first teller's wait for a second who enters the same.

    :param places: whose they are, by their place on the roll; only of those who are in the room, or there by proxy
    :param choices: what is on them; in a secret ballot in any order
    :raises Differs: when the two tellers do not agree; both begin again
    """
    by.must(COUNT, item.meeting)
    ballot = queries.ballot_of(item)
    if ballot is None:
        raise NotNow(_("No vote is open on this item."))
    here = {one.entry.place: one.name for one in queries.not_yet_voted(item.meeting, ballot)}
    if strangers := set(places) - here.keys():
        raise Missing(
            _("Place %(place)s on the roll is not in the room, or has voted.") % {"place": min(strangers)}, field="papers"
        )
    waiting, teller = queries.batch_waiting(item, ballot), _teller(by)
    if waiting is not None and waiting.first_by != by.person_id:
        try:
            return ballots.agree_papers(batch=waiting, places=places, choices=choices, by=teller, at=at)
        except ballots.Differs as error:
            # In a room one looks at people: their places on the roll stand in no form.
            apart = [here[place] for place in error.places if place in here]
            told = _("Read differently: %(names)s. Then both of you enter everything anew.")
            raise ballots.Differs(hint=told % {"names": formats.listed(apart)} if apart else error.hint) from error
    if waiting is not None:
        # Who counts again starts again.
        ballots.drop_papers(batch=waiting, by=teller, at=at)
    return ballots.enter_papers(ballot=ballot, label=queries.label_of(item), places=places, choices=choices, by=teller, at=at)


# ----------------------------------------------------------------------------------------------------------- elections


@transaction.atomic
def bring_election(*, election: Election, by: Principal, at: datetime) -> Proposal | None:
    """Put everybody who stands before the members, as a proposal. Twice is the same as once."""
    by.must(KEEP_TIME)
    election = Election.objects.select_for_update().get(pk=election.pk)
    if election.state != Election.State.CLOSED:
        return None
    author = _author(election)
    if author is None:
        return None
    with translation.override(coops.of_scope(election.coop_id).language):  # A job speaks no language of its own.
        title = _("Election: %(circle)s") % {"circle": queries.circle_name(election)}
    contents: list[Mapping[str, Any]] = [{"kind": "elect", "payload": queries.payload_of(election)}]
    made = proposals.bring(title=title, contents=contents, author=author, by=by, at=at)
    circles.set_proposal(election=election, proposal=str(made.number), by=by, at=at)
    return made


def _author(election: Election) -> Membership | None:
    """Return who answers for an election: whoever opened it, else the first who stands."""
    opened_by = election.opened_by.rpartition(":")[2]
    first = election.nominations.filter(accepted_at__isnull=False).select_related("membership").order_by("pk").first()
    rows = Membership.objects.filter(person_id=int(opened_by)) if opened_by.isdigit() else Membership.objects.none()
    return next((row for row in rows.order_by("pk") if row.is_member), first.membership if first else None)


@transaction.atomic
def end_election(*, number: int, outcome: str, by: Principal, at: datetime) -> None:
    """Note that the vote on an election elected nobody. Those that did are noted when their winners are seated."""
    by.must(KEEP_TIME)
    if outcome != "passed":
        for election in Election.objects.filter(proposal=str(number), state=Election.State.PROPOSED):
            circles.election_failed(election=election, why=outcome, by=by, at=at)
