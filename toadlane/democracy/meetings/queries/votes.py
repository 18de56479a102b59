"""Votes of a meeting: which proposal an item is about, its ballot, who of those here has not voted, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import translation

from toadlane.democracy.ballots import queries as ballots
from toadlane.democracy.ballots.models import Ballot, PaperBatch, RollEntry
from toadlane.democracy.ballots.queries import results
from toadlane.democracy.circles import queries as circles
from toadlane.democracy.circles.models import Election
from toadlane.democracy.meetings.models import Invitation, Item, Meeting, Presence
from toadlane.democracy.meetings.queries import calling, presence
from toadlane.democracy.proposals import queries as proposals
from toadlane.democracy.proposals.models import Proposal
from toadlane.society.coops import queries as coops

# A meeting that should have been held so long ago was not; and no vote waits longer for one than this.
OVER, LONGEST = timedelta(days=2), timedelta(days=30)
KINDS = (Item.Kind.PROPOSAL, Item.Kind.ELECTION)


def proposal_number(item: Item) -> int | None:
    """Return the number of the proposal an item is about; an election's once it is before the members."""
    kind, _colon, number = item.subject.partition(":")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        return None
    if kind == "proposal":
        return int(number)
    election = Election.objects.filter(pk=int(number)).first() if kind == "election" else None
    return int(election.proposal) if election and election.proposal.isdigit() else None


def proposal_of(item: Item) -> Proposal | None:
    number = proposal_number(item)
    return proposals.find(number) if number else None


def subject_is_known(subject: str) -> bool:
    """Say whether what an item names is there to be voted on."""
    kind, _colon, number = subject.partition(":")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        return False
    if kind == "election":
        return Election.objects.filter(pk=int(number)).exclude(state__in=("decided", "cancelled")).exists()
    found = proposals.find(int(number)) if kind == "proposal" else None
    return found is not None and found.ended_at is None


def ballot_of(item: Item) -> Ballot | None:
    """Return the ballot of an item: the latest round of what was opened on it."""
    number = item.ballot.rpartition("-")[2]
    first = ballots.find(int(number)) if number.isdigit() else None
    return ballots.of_proposal(first.proposal)[0] if first is not None else None


@dataclass(frozen=True)
class Voting:
    """A vote as the room sees it. While it is open, how many have voted, and nothing of how."""

    ballot: Ballot
    is_open: bool
    voted: int
    size: int
    outcome: str = ""
    outcome_label: str = ""
    decision: str = ""
    lines: Sequence[str] = ()
    figures: dict[str, Any] = field(default_factory=dict)


def voting(item: Item, *, at: datetime) -> Voting | None:
    ballot = ballot_of(item)
    if ballot is None:
        return None
    turnout = ballots.turnout(ballot)
    size, voted = sum(one["members"] for one in turnout), sum(one["voted"] for one in turnout)
    if not ballot.is_over:
        return Voting(ballot, ballots.takes_votes(ballot, at), voted, size)
    decision = getattr(ballot.proposal, "decision", None)
    return Voting(
        ballot, False, voted, size, outcome=(ballot.result or {}).get("outcome", ""),
        outcome_label=decision.get_outcome_display() if decision else "", decision=decision.name if decision else "",
        lines=results.lines(ballot), figures=results.figures(ballot.result or {}),
    )  # fmt: skip


def facts(item: Item) -> dict[str, Any] | None:
    """Return what the minutes keep of a vote: what was signed, and nothing that could not be checked."""
    ballot = ballot_of(item)
    if ballot is None:
        return None
    decision = getattr(ballot.proposal, "decision", None)
    # The minutes speak the co-op's language, whoever closes the meeting.
    with translation.override(coops.of_scope(ballot.coop_id).language):
        lines = results.lines(ballot) if ballot.is_over else []
    return {
        "ballot": ballot.name, "question": ballot.question, "method": ballot.method, "secrecy": ballot.secrecy,
        "procedure": ballot.procedure_name, "hash": ballot.hash, "roll_hash": ballot.roll_hash, "roll_size": ballot.roll_size,
        "outcome": (ballot.result or {}).get("outcome", ""), "result_hash": ballot.result_hash, "signature": ballot.signature,
        "key_id": ballot.key_id, "figures": results.figures(ballot.result or {}) if ballot.result else {},
        "elected": list((ballot.result or {}).get("elected", [])), "lines": lines,
        "decision": decision.name if decision else "",
    }  # fmt: skip


@dataclass(frozen=True)
class Here:
    """Somebody in the room who has not voted yet, as tellers see them."""

    entry: RollEntry
    name: str
    mode: str


def not_yet_voted(meeting: Meeting, ballot: Ballot) -> list[Here]:
    """Return the votes of those who are in the room, or there by proxy, and have not cast them. Three statements."""
    rows = {one.invitation.membership_id: one for one in presence.there(meeting) if one.mode != Presence.Mode.REMOTE}
    entries = RollEntry.objects.filter(ballot=ballot, membership_id__in=[pk for pk in rows if pk]).exclude(ballots.has_voted())
    return [
        Here(entry, calling.name_of(rows[entry.membership_id].invitation), rows[entry.membership_id].mode)
        for entry in entries.order_by("place")
    ]


def entries_of(ballot: Ballot, invitations: Sequence[Invitation]) -> dict[int, RollEntry]:
    """Return the first vote of each member, by the member."""
    ids = [one.membership_id for one in invitations if one.membership_id]
    return {row.membership_id: row for row in RollEntry.objects.filter(ballot=ballot, seat=1, membership_id__in=ids)}


def label_of(item: Item) -> str:
    """Return what stands on the box in which a meeting gathers papers."""
    return f"meeting {item.meeting.number}, item {item.position}"


def batch_waiting(item: Item, ballot: Ballot) -> PaperBatch | None:
    """Return the papers that one teller has entered and another has not."""
    rows = PaperBatch.objects.filter(ballot=ballot, label=label_of(item), state=PaperBatch.State.ONCE)
    return rows.order_by("-pk").first()


def circle_name(election: Election) -> str:
    return circles.name_of(election.office)


def payload_of(election: Election) -> dict[str, Any]:
    return circles.payload_of(election)


def waits_for_a_meeting(at: datetime) -> set[int]:
    """Return the proposals that are voted on in a meeting that is called: their votes do not open by themselves.

    A meeting that was never held, or is so far away that it would put members off, keeps nobody waiting.
    """
    rows = Item.objects.filter(
        kind__in=KINDS, meeting__state__in=(Meeting.State.CALLED, Meeting.State.OPEN), state__in=("waiting", "open"), ballot="",
        meeting__starts_at__gt=at - OVER,
    )  # fmt: skip
    begins = {number: one.meeting.starts_at for one in rows.select_related("meeting") if (number := proposal_number(one))}
    due = Proposal.objects.filter(number__in=begins, vote_from__isnull=False).values_list("number", "vote_from")
    return {number for number, vote_from in due if begins[number] <= vote_from + LONGEST}


def meetings_about(number: int) -> list[Meeting]:
    """Return the meetings, not over, on whose agenda a proposal is."""
    rows = Item.objects.filter(meeting__state__in=(Meeting.State.CALLED, Meeting.State.OPEN), kind__in=KINDS)
    found = [
        one.meeting for one in rows.select_related("meeting").order_by("meeting__starts_at") if proposal_number(one) == number
    ]
    return list({one.pk: one for one in found}.values())
