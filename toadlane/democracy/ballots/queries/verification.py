"""Do the ballots hold? Each invariant says what it looked at and what it found."""

from datetime import UTC, timedelta

from django.db.models import Exists, F, OuterRef

from toadlane.democracy.ballots.models import Ballot, Board, Mark, RollEntry, Said, Slip, State, TookPart, Vote
from toadlane.democracy.ballots.policies.asked import procedure_of
from toadlane.democracy.ballots.policies.recounting import roll_digest
from toadlane.democracy.ballots.queries.ballots import is_talked, roll_lines, terms
from toadlane.democracy.ballots.queries.counts import counted
from toadlane.democracy.counting.policies import majorities, receipts
from toadlane.kernel import canonical
from toadlane.plumbing.keys import signatures
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.society.members.models import RegisterLine

OVER = (State.CLOSED, State.VOID)


def rolls() -> Finding:
    """What was frozen is what was hashed, the ballot asks nothing else, and the roll is the one that was hashed."""
    faults, ballots = [], Ballot.objects.exclude(state=State.PREPARING).order_by("number")
    had = RegisterLine.objects.filter(membership_id=OuterRef("membership_id"), number=OuterRef("number"))
    others = RollEntry.objects.exclude(number=F("membership__number")).exclude(Exists(had)).order_by()
    moved = set(others.values_list("ballot_id", flat=True).distinct())
    for ballot in ballots:
        now = {**terms(ballot), "bylaws": {**ballot.frozen["bylaws"], "version": ballot.bylaws_version}}
        if wrong := [name for name, value in now.items() if ballot.frozen.get(name) != value]:
            faults.append(f"{ballot.name}: what it asks is not what was frozen: {', '.join(wrong)}")
        if not _ends_as_announced(ballot):
            faults.append(f"{ballot.name}: it was open for longer than was announced, and no late quorum made it so")
        if ballot.pk in moved:
            faults.append(f"{ballot.name}: a vote on the roll is not with the member whose number it has")
        if ballot.hash != canonical.digest(ballot.frozen):
            faults.append(f"{ballot.name}: what was frozen is not what was hashed")
        size = ballot.frozen["roll"].get("size", ballot.roll_size)
        if ballot.roll_size != size:
            faults.append(f"{ballot.name}: its roll had {size} members, and not {ballot.roll_size}")
        if ballot.roll_hash != roll_digest(roll_lines(ballot)) or ballot.frozen["roll"]["hash"] != ballot.roll_hash:
            faults.append(f"{ballot.name}: the roll is not what was hashed")
    return Finding(len(ballots), faults)


def _ends_as_announced(ballot: Ballot) -> bool:
    """Say whether a ballot ends when it was to end, or as much later as its quorum was reached late."""
    if ballot.extended_from is None:
        return True
    later = timedelta(hours=procedure_of(ballot).late_quorum_hours)
    if ballot.quorum_at is None or not later or not ballot.opens_at <= ballot.quorum_at < ballot.extended_from:
        return False
    return ballot.closes_at == majorities.closing(ballot.extended_from, ballot.quorum_at, later)


def boards() -> Finding:
    """Each board has its root, each open vote its line, and the papers are as many as those who took part."""
    faults, boards = [], Board.objects.select_related("ballot").order_by("pk")
    lacking = Ballot.objects.filter(state__in=(State.COUNTING, State.CLOSED), board=None).order_by("number")
    faults += [f"{ballot.name}: its board is gone" for ballot in lacking]
    for board in boards:
        ballot, lines = board.ballot, board.lines()
        if (receipts.root(lines) if lines else "") != board.root or lines != sorted(lines) or len(lines) != board.count:
            faults.append(f"{ballot.name}: the root does not stand for the board")
        if not ballot.is_secret and lines != receipts.board(_read_out(ballot)):
            faults.append(f"{ballot.name}: a line of the board stands for no vote")
        if not ballot.is_elsewhere and not is_talked(ballot):
            papers = sum(one.count for one in counted(ballot))
            if papers != TookPart.objects.filter(ballot=ballot).count():
                faults.append(f"{ballot.name}: {papers} papers are not as many as those who took part")
    return Finding(len(boards), faults)


def _read_out(ballot: Ballot) -> list[str]:
    if is_talked(ballot):
        said = Said.objects.filter(ballot=ballot).select_related("entry").order_by("number")
        return [receipts.ballot_hash(nonce=str(one.number), poll=ballot.hash, vote=one.hashed()) for one in said]
    votes = Vote.objects.filter(ballot=ballot).order_by().values_list("entry__place", "choice")
    return [receipts.ballot_hash(nonce=str(place), poll=ballot.hash, vote=choice) for place, choice in votes]


def urns() -> Finding:
    """In each open urn there are as many filled slips as marks."""
    faults, ballots = [], Ballot.objects.filter(state=State.OPEN, secrecy="secret", is_elsewhere=False).order_by("number")
    for ballot in ballots:
        filled = Slip.objects.filter(ballot=ballot, is_empty=False).count()
        marked = Mark.objects.filter(ballot=ballot, has_voted=True).count()
        if filled != marked:
            faults.append(f"{ballot.name}: {filled} filled slips, {marked} who have voted")
    return Finding(len(ballots), faults)


def results() -> Finding:
    """Each result is signed, is what was signed, and stands on the ballot it is of."""
    faults, ballots = [], Ballot.objects.filter(state__in=OVER).order_by("number")
    for ballot in ballots:
        result = ballot.result or {}
        ended = ballot.closed_at and ballot.closed_at.astimezone(UTC).isoformat()
        is_of_it = (result.get("ballot_hash"), result.get("closed_at")) == (ballot.hash, ended)
        if ballot.result_hash != canonical.digest(result) or not is_of_it:
            faults.append(f"{ballot.name}: the result is not what was signed")
        if not signatures.is_signed(ballot.result_hash, ballot.signature, ballot.key_id):
            faults.append(f"{ballot.name}: the result is not signed by a key of this server")
    return Finding(len(ballots), faults)
