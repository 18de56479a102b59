"""The lines of each part, as they are hashed: read one after the other, however many there are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce

from toadlane.commons.records.policies.packing import Line
from toadlane.commons.records.policies.redacting import Names
from toadlane.commons.records.policies.variants import Reach
from toadlane.democracy.ballots.models import Ballot, Board, Paper, RollEntry, Rounds, Said, State, Vote
from toadlane.democracy.meetings.models import ApprovedMinutes
from toadlane.democracy.proposals.models import OPEN, Decision, Enactment, Proposal, Revision, Stage
from toadlane.money.ledger.models import Account, JournalEntry, Posting, Seal, SealedEntry
from toadlane.ownership.shares.models import Movement
from toadlane.society.bylaws.models import BylawsVersion, Halt

CHUNK, FEW = 2000, 50
# Not decided yet, or never: for strangers only where the bylaws open the talk.
UNDECIDED = (*OPEN, Stage.VOTING, Stage.WITHDRAWN)


@dataclass(frozen=True)
class Reading:
    """One file being written: how far it goes, and which names it does not say."""

    reach: Reach
    names: Names | None

    def told(self, line: Line) -> Line:
        """Return a line as this file says it: where names stand in it that are not for its readers, without them."""
        if self.names is None:
            return line
        shown = self.names.without(line)
        return line if shown is line else {**shown, "redacted": True}


def instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def bylaws(reading: Reading) -> Iterator[Line]:
    for row in BylawsVersion.objects.order_by("number").iterator(chunk_size=FEW):
        yield reading.told({**row.contents(), "hash": row.hash})


def _proposals(reading: Reading) -> QuerySet[Proposal]:
    rows = Proposal.objects.order_by("number")
    return rows if reading.reach.talk else rows.exclude(stage__in=UNDECIDED)


def proposals(reading: Reading) -> Iterator[Line]:
    for row in _proposals(reading).iterator(chunk_size=FEW):
        names = (
            "number", "title", "summary", "text", "contents", "content_hash", "procedure", "stage", "revision", "is_petition",
            "ballot", "about_decision",
        )  # fmt: skip
        dates = ("made_at", "opened_at", "noticed_at", "vote_from", "voting_from", "voting_until", "ended_at")
        line = {name: getattr(row, name) for name in names} | {name: instant(getattr(row, name)) for name in dates}
        yield {**reading.told(line), "author": reading.names.out_of(row.author_name) if reading.names else row.author_name}


def revisions(reading: Reading) -> Iterator[Line]:
    rows = Revision.objects.filter(proposal__in=_proposals(reading).order_by()).select_related("proposal")
    for row in rows.order_by("proposal__number", "number").iterator(chunk_size=FEW):
        names = ("title", "summary", "text", "contents", "content_hash", "because")
        yield reading.told(
            {name: getattr(row, name) for name in names}
            | {"number": row.proposal.number, "revision": row.number, "written_at": instant(row.written_at)}
        )


def decisions(reading: Reading) -> Iterator[Line]:
    for row in Decision.objects.select_related("proposal").order_by("number").iterator(chunk_size=FEW):
        yield reading.told({**row.hashed(), "hash": row.hash})


def enactments(reading: Reading) -> Iterator[Line]:
    for row in Enactment.objects.select_related("decision").order_by("decision__number").iterator(chunk_size=CHUNK):
        dates = ("due_at", "appeal_until", "enacted_at", "tried_at")
        yield reading.told(
            {name: getattr(row, name) for name in ("state", "attempts", "error", "error_code", "bylaws_version")}
            | {name: instant(getattr(row, name)) for name in dates}
            | {"decision": row.decision.name, "effective_on": row.effective_on.isoformat()}
        )


def halts(reading: Reading) -> Iterator[Line]:
    for row in Halt.objects.order_by("started_at", "pk").iterator(chunk_size=CHUNK):
        names = ("action", "cause", "reasons", "hours", "extended_by", "lifted_because")
        yield reading.told(
            {name: getattr(row, name) for name in names}
            | {"signers": len(row.signed_by), "started_at": instant(row.started_at), "until": instant(row.until)}
            | {"lifted_at": instant(row.lifted_at)}
        )


# ------------------------------------------------------------------------------------------------------------- ballots


def _ballots(reading: Reading, **states: Any) -> QuerySet[Ballot]:
    rows = Ballot.objects.exclude(state=State.PREPARING).filter(**states)
    return rows if reading.reach.talk else rows.exclude(proposal__stage__in=UNDECIDED)


def _closed(reading: Reading) -> QuerySet[Ballot]:
    return _ballots(reading, state=State.CLOSED)


def ballots(reading: Reading) -> Iterator[Line]:
    for row in _ballots(reading).select_related("proposal").order_by("number").iterator(chunk_size=FEW):
        names = ("state", "frozen", "hash", "roll_hash", "present", "result", "result_hash", "signature", "key_id")
        dates = ("closes_at", "extended_from", "closed_at", "next_at")
        yield reading.told(
            {name: getattr(row, name) for name in names}
            | {name: instant(getattr(row, name)) for name in dates}
            | {"ballot": row.name, "number": row.number, "proposal": row.proposal.number}
        )


def rolls(reading: Reading) -> Iterator[Line]:
    fields = ("ballot__number", "place", "number", "seat", "member_class", "college", "weight")
    rows = RollEntry.objects.filter(ballot__in=_ballots(reading)).order_by("ballot__number", "place").values_list(*fields)
    for ballot, place, number, seat, member_class, college, weight in rows.iterator(chunk_size=CHUNK):
        yield {
            "ballot": f"ballot-{ballot}", "place": place, "number": number, "seat": seat, "class": member_class,
            "college": college, "weight": weight,
        }  # fmt: skip


def votes(reading: Reading) -> Iterator[Line]:
    """Return open votes as they are on the board for members: a place on the roll, and what it says."""
    rows = Vote.objects.filter(ballot__in=_closed(reading)).order_by("ballot__number", "entry__place")
    for ballot, place, choice in rows.values_list("ballot__number", "entry__place", "choice").iterator(chunk_size=CHUNK):
        yield {"ballot": f"ballot-{ballot}", "place": place, "choice": choice}


def papers(reading: Reading) -> Iterator[Line]:
    """Return what was counted, equal papers together: of a secret ballot nobody knows whose they are."""
    order = ("ballot__number", "college", "weight", "choice")
    secret = Paper.objects.filter(ballot__in=_closed(reading)).order_by(*order).values_list(*order, "count")
    fields = ("ballot__number", "entry__college", "entry__weight", "choice")
    cast = Vote.objects.filter(ballot__in=_closed(reading)).order_by(*fields).values_list(*fields).annotate(n=Count("pk"))
    both = merge(secret.iterator(chunk_size=CHUNK), cast.iterator(chunk_size=CHUNK), key=lambda row: row[0])
    for ballot, college, weight, choice, count in both:
        yield {"ballot": f"ballot-{ballot}", "college": college, "weight": weight, "choice": choice, "count": count}


def boards(reading: Reading) -> Iterator[Line]:
    rows = Board.objects.filter(ballot__in=_closed(reading)).select_related("ballot").order_by("ballot__number")
    for row in rows.iterator(chunk_size=FEW):
        # A line of an open vote is a hash of a place and a choice: there are so few that anybody finds out which.
        hidden = row.ballot.is_guessable and not reading.reach.rolls
        yield {"ballot": row.ballot.name, "root": row.root, "count": row.count, "lines": None if hidden else row.lines()}


def said(reading: Reading) -> Iterator[Line]:
    rows = Said.objects.filter(ballot__in=_closed(reading)).select_related("entry", "ballot")
    for row in rows.order_by("ballot__number", "number").iterator(chunk_size=CHUNK):
        yield reading.told({"ballot": row.ballot.name, "number": row.number, **row.hashed()})


def rounds(reading: Reading) -> Iterator[Line]:
    rows = Rounds.objects.filter(ballot__in=_closed(reading)).select_related("ballot").order_by("ballot__number")
    for row in rows.iterator(chunk_size=FEW):
        yield {"ballot": row.ballot.name, "log": row.log}


# ------------------------------------------------------------------------------------------------------------- minutes


def minutes(reading: Reading) -> Iterator[Line]:
    """Return the minute book. For strangers who came is left out; of meetings that are not theirs the page's hash is there."""
    for row in ApprovedMinutes.objects.select_related("meeting").order_by("number").iterator(chunk_size=FEW):
        names = ("hash", "signature", "key_id")
        line = {**row.contents(), **{name: getattr(row, name) for name in names}, "approved_at": instant(row.approved_at)}
        if reading.reach.minutes == "general":
            shown = {**row.document, "attendance": []} if row.meeting.is_general else None
            line |= {"document": shown, "redacted": True}
        yield reading.told(line)


# --------------------------------------------------------------------------------------------------------------- books


def accounts(_reading: Reading) -> Iterator[Line]:
    rows = Account.objects.order_by("code", "currency").annotate(total=Coalesce(Sum("postings__minor"), 0))
    for code, currency, is_restricted, total in rows.values_list("code", "currency", "is_restricted", "total"):
        yield {"code": code, "currency": currency, "is_restricted": is_restricted, "minor": total}


def log(_reading: Reading) -> Iterator[Line]:
    """Return the sealed log: of each entry its number and its digest, which says nothing about what is in it."""
    rows = SealedEntry.objects.order_by("number").values_list("number", "entry__digest")
    for number, digest in rows.iterator(chunk_size=CHUNK):
        yield {"number": number, "digest": digest}


def seals(_reading: Reading) -> Iterator[Line]:
    for row in Seal.objects.order_by("number").iterator(chunk_size=CHUNK):
        yield {**row.contents(), "hash": row.hash, "signature": row.signature, "key_id": row.key_id}


def entries(_reading: Reading) -> Iterator[Line]:
    """Return every entry with its sides: two streams in the order of the entries, walked side by side."""
    said = ("account__code", "account__currency", "minor", "holder", "purpose", "rule", "rule_version")
    postings = Posting.objects.order_by("entry_id", "position").values_list("entry_id", *said).iterator(chunk_size=CHUNK)
    sides = groupby(postings, key=itemgetter(0))
    mine, rows = next(sides, (None, iter(())))
    fields = ("pk", "key", "intent", "narration", "posted_by", "posted_at", "subject", "digest", "sealed__number")
    for row in JournalEntry.objects.order_by("pk").values_list(*fields).iterator(chunk_size=CHUNK):
        pk, key, intent, narration, by, at, subject, digest, number = row
        own = [list(side[1:]) for side in rows] if mine == pk else []
        if mine == pk:
            mine, rows = next(sides, (None, iter(())))
        yield {
            "id": str(pk), "key": key, "intent": intent, "narration": narration, "by": by, "at": at.isoformat(),
            "subject": subject, "digest": digest, "number": number, "postings": own,
        }  # fmt: skip


def shares(_reading: Reading) -> Iterator[Line]:
    for row in Movement.objects.order_by("pk").iterator(chunk_size=CHUNK):
        names = ("share_class", "kind", "shares", "currency", "nominal_minor", "unpaid_minor", "key", "rule_version", "by")
        other = f"membership:{row.counterpart_id}" if row.counterpart_id else ""
        yield {name: getattr(row, name) for name in names} | {
            "holder": f"membership:{row.membership_id}", "counterpart": other, "on": row.on.isoformat(), "at": instant(row.at),
        }  # fmt: skip


READERS: dict[str, Callable[[Reading], Iterator[Line]]] = {
    "bylaws": bylaws, "proposals": proposals, "revisions": revisions, "decisions": decisions, "enactments": enactments,
    "halts": halts, "ballots": ballots, "rolls": rolls, "votes": votes, "papers": papers, "boards": boards, "said": said,
    "rounds": rounds, "minutes": minutes, "accounts": accounts, "log": log, "seals": seals, "entries": entries,
    "shares": shares,
}  # fmt: skip
