"""Closing a ballot: the box is shut once, emptied once and counted once, whoever comes first, and the result is signed."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.events import BallotClosed, BallotCounted
from toadlane.democracy.ballots.models import Ballot, Board, RollEntry, Rounds, Said, State, Vote
from toadlane.democracy.ballots.permissions import CLOSE, SETTLE
from toadlane.democracy.ballots.queries import results
from toadlane.democracy.ballots.services import carrying, counting, elsewhere, urn
from toadlane.democracy.ballots.services.errors import NotOpen
from toadlane.democracy.counting.policies import receipts
from toadlane.democracy.proposals import services as proposals
from toadlane.kernel import canonical
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.keys import signatures
from toadlane.plumbing.outbox import events

Result = dict[str, Any]
SECRET_ASKED = queries.SECRET_ASKED


def close(*, ballot: Ballot, by: Principal, at: datetime) -> Ballot:
    """Close a ballot whose time is over, and count it. Asked twice, or by two workers at once, it is done once.

    :raises NotOpen: while it still has time
    """
    by.must(CLOSE, ballot)
    _shut(ballot, by, at)
    return _count(ballot, by, at)


@transaction.atomic
def settle_tie(*, ballot: Ballot, passed: bool, reason: str, by: Principal, at: datetime) -> Ballot:
    """Let the chair settle a tie, where that was announced.

    :raises NotOpen: when no tie waits for them
    """
    by.must(SETTLE, ballot)
    ballot = Ballot.objects.select_for_update().get(pk=ballot.pk)
    if ballot.state != State.COUNTING or not ballot.awaits:
        raise NotOpen
    return _finish(ballot, counting.count(ballot, settled=passed, reason=reason), Principal.job(ballot.coop_id), at)


@transaction.atomic
def _shut(ballot: Ballot, by: Principal, at: datetime) -> None:
    """Take no more votes, and lay open what is in the urn."""
    held = Ballot.objects.select_for_update(no_key=True).get(pk=ballot.pk)
    if held.state != State.OPEN:
        return
    if at < held.closes_at and not queries.is_settled(held, at):
        raise NotOpen
    if not queries.was_announced(held):
        _void(held, "notice", by, at)
        return
    carrying.carry(held, at=at)
    held.state, held.closed_at = State.COUNTING, at
    held.save(update_fields=["state", "closed_at"])
    digests = _laid_open(held)
    digests = receipts.board(digests)
    Board.objects.create(
        ballot=held, digests="\n".join(digests), count=len(digests), root=receipts.root(digests) if digests else ""
    )
    events.publish(BallotClosed(ballot_id=held.pk, number=held.number))


def end_for_secrecy(ballot: Ballot, *, by: Principal, at: datetime) -> None:
    """End a ballot in which nobody has voted, because enough asked for a secret one: it opens again at once, and decides nothing
    itself. Called with the ballot held.
    """
    ballot.next_at = at
    _void(ballot, SECRET_ASKED, by, at)


def _void(ballot: Ballot, why: str, by: Principal, at: datetime) -> None:
    """End a ballot that cannot decide anything; its votes are neither opened nor counted."""
    ballot.result = {
        "ballot": ballot.name, "ballot_hash": ballot.hash, "roll_hash": ballot.roll_hash, "closed_at": _instant(at),
        "outcome": "void", "why": why, "turnout": queries.turnout(ballot), "absent": queries.absent(ballot),
    }  # fmt: skip
    ballot.closed_at = at
    _sign_and_tell(ballot, State.VOID, by, at)


def _laid_open(ballot: Ballot) -> list[str]:
    """Lay open what was voted; return what stands for it on the board."""
    if ballot.is_elsewhere:
        return [elsewhere.lay_open(ballot)]
    return _empty_the_urn(ballot) if ballot.is_secret else _read_out(ballot)


def _empty_the_urn(ballot: Ballot) -> list[str]:
    _papers, digests = urn.empty_out(ballot)
    ballot.salt = ""
    ballot.save(update_fields=["salt"])
    return digests


def _read_out(ballot: Ballot) -> list[str]:
    """Return a digest for each open vote: of its place on the roll and of what it says, which everybody can work out again."""
    spoke = Said if queries.is_talked(ballot) else Vote
    urn.took_part(
        ballot,
        f"SELECT DISTINCT v.entry_id, e.place FROM {spoke._meta.db_table} v "
        f"JOIN {RollEntry._meta.db_table} e ON e.id = v.entry_id WHERE v.ballot_id = %s",
    )
    if spoke is Said:
        return [
            receipts.ballot_hash(nonce=str(one.number), poll=ballot.hash, vote=one.hashed()) for one in queries.said_in(ballot)
        ]
    rows = Vote.objects.filter(ballot=ballot).order_by().values_list("entry__place", "choice").iterator(chunk_size=5000)
    return [receipts.ballot_hash(nonce=str(place), poll=ballot.hash, vote=choice) for place, choice in rows]


@transaction.atomic
def _count(ballot: Ballot, by: Principal, at: datetime) -> Ballot:
    """Count what lies open, write the result down, and tell the proposal in the same breath."""
    held = Ballot.objects.select_for_update(no_key=True).get(pk=ballot.pk)
    if held.state != State.COUNTING or held.awaits:
        return held
    return _finish(held, counting.count(held), by, at)


def _finish(ballot: Ballot, found: counting.Count, by: Principal, at: datetime) -> Ballot:
    if found.awaits == "chair":
        ballot.awaits = found.awaits
        ballot.save(update_fields=["awaits"])
        return ballot
    if found.log:
        Rounds.objects.create(ballot=ballot, log=found.log)
    board = ballot.board
    ballot.result = {
        "ballot": ballot.name, "ballot_hash": ballot.hash, "roll_hash": ballot.roll_hash,
        "closed_at": _instant(ballot.closed_at or at),
        "board": {"root": board.root, "count": board.count}, "rounds": canonical.digest(found.log) if found.log else "",
        **found.result,
    }  # fmt: skip
    ballot.awaits, ballot.next_at = "", found.next_at
    _sign_and_tell(ballot, State.CLOSED, by, at)
    return ballot


def _sign_and_tell(ballot: Ballot, state: State, by: Principal, at: datetime) -> None:
    assert ballot.result is not None
    ballot.result_hash = canonical.digest(ballot.result)
    ballot.signature, ballot.key_id = signatures.sign(ballot.result_hash)
    ballot.state, ballot.salt = state, ""
    ballot.save()
    if ballot.next_at is None:
        proposals.decide(proposal=ballot.proposal, outcome=_told(ballot), by=by, at=at)
    outcome = ballot.result["outcome"]
    events.publish(BallotCounted(ballot_id=ballot.pk, number=ballot.number, outcome=outcome, hash=ballot.result_hash))


def _told(ballot: Ballot) -> Result:
    """Return what the proposal keeps of a result."""
    result = ballot.result or {}
    return {
        "state": result["outcome"], "content_hash": ballot.frozen["proposal"]["hash"],
        "ballot": ballot.name, "ballot_hash": ballot.hash, "roll_hash": ballot.roll_hash,
        "result_hash": ballot.result_hash, "passed_by": ballot.procedure_name, "terms": ballot.procedure,
        "bylaws_version": ballot.bylaws_version, "figures": results.figures(result), "lines": results.lines(ballot),
        "turnout": result["turnout"], "elected": result.get("elected", []),
    }  # fmt: skip


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
