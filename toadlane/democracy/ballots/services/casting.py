"""Casting a vote: checked, held against the close, and written so that it can be counted and, where it is secret, not traced."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.models import Ballot, Proxy, RollEntry, State, Vote
from toadlane.democracy.ballots.permissions import CAST, is_theirs
from toadlane.democracy.ballots.policies import papers
from toadlane.democracy.ballots.queries import doors
from toadlane.democracy.ballots.services import lateness, urn
from toadlane.democracy.ballots.services.errors import CannotChange, NotCheckedIn, NotOpen, NotSo
from toadlane.democracy.counting.policies import receipts
from toadlane.plumbing.access.principals import Principal


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a voter takes away from a secret ballot. It is shown once and kept nowhere.

    With the nonce the voter, and nobody else, can work out the digest of the vote they know they cast, and find it on the
    board. Whoever throws the nonce away can no longer prove to anybody how they voted.
    """

    nonce: str
    digest: str

    @property
    def tracker(self) -> str:
        return receipts.tracker(self.digest)


@transaction.atomic
def cast(*, ballot: Ballot, entry: RollEntry, choice: Any, by: Principal, at: datetime, reason: str = "") -> Receipt | None:
    """Cast the vote of an entry, or change it where the ballot allows that.

    :param choice: the id of an option; a list of ids, equals in lists of their own; or numbers by id
    :param reason: for the minutes; not of a secret vote, and demanded of whoever blocks
    :returns: the receipt of a secret vote
    :raises NotOpen, NotCheckedIn, SpoiltPaper, AlreadyVoted, CannotChange:
    """
    by.must(CAST, entry)
    text = read_paper(ballot, choice, reason)
    ballot = hold(ballot, at=at)
    must_have_come(ballot, [entry])
    if ballot.is_secret:
        nonce = secrets.token_hex(16)
        digest = receipts.ballot_hash(nonce=nonce, poll=ballot.hash, vote=text)
        urn.put(ballot, entry=entry, digest=digest, choice=text)
        lateness.look(ballot, by=by, at=at)
        return Receipt(nonce=nonce, digest=digest)
    if queries.procedure_of(ballot).proxies:
        # Whoever votes themselves and whoever brings their proxy are at this paper one after the other.
        RollEntry.objects.select_for_update(no_key=True).get(pk=entry.pk)
        by.must(CAST, entry)
    write(ballot, entry=entry, text=text, reason=reason, person=by.person_id, via=carrier(entry, by), at=at)
    lateness.look(ballot, by=by, at=at)
    return None


def carrier(entry: RollEntry, by: Principal) -> RollEntry | None:
    """Return whose proxy this is, where it is one. Whoever has voted themselves is not overruled by their proxy.

    :raises CannotChange: when they have
    """
    if is_theirs(by, entry):
        return None
    if Vote.objects.filter(entry=entry, carried_by=None).exists():
        raise CannotChange
    return Proxy.objects.select_related("holder").get(giver=entry, ended_at=None).holder


def must_have_come(ballot: Ballot, entries: Sequence[RollEntry]) -> None:
    """:raises NotCheckedIn: when one of them is not where the vote is taken, with what they can do"""
    for door in doors.shut(ballot, entries).values():
        raise NotCheckedIn(hint=door.words)


def read_paper(ballot: Ballot, choice: Any, reason: str) -> str:
    """Return a choice as it is kept.

    :raises SpoiltPaper: when the method cannot count it
    """
    if queries.is_talked(ballot):
        raise NotSo
    papers.check(choice, method=ballot.method, options=ballot.options, params=ballot.params)
    text = papers.write(choice, ballot.options, papers.shape(ballot.method))
    if choice == "block" and not reason.strip():
        raise papers.SpoiltPaper(_("Say why you block it."), field="reason")
    return text


def hold(ballot: Ballot, *, at: datetime, alone: bool = False) -> Ballot:
    """Return the ballot as it is, and keep it from closing until this transaction ends.

    :param alone: let nobody else vote meanwhile
    :raises NotOpen: when it takes no votes
    """
    alone = alone or lateness.counts_heads(ballot)
    lock = {"postgresql": "FOR NO KEY UPDATE" if alone else "FOR SHARE"}.get(connection.vendor, "")
    table = Ballot._meta.db_table
    held = next(
        iter(Ballot.objects.raw(f"SELECT * FROM {table} WHERE id = %s AND coop_id = %s {lock}", [ballot.pk, ballot.coop_id]))
    )
    if held.state != State.OPEN or not held.opens_at <= at < held.closes_at or held.is_elsewhere:
        raise NotOpen
    return held


def write(
    ballot: Ballot, *, entry: RollEntry, text: str, at: datetime, reason: str = "", person: int | None = None,
    via: RollEntry | None = None,
) -> None:  # fmt: skip
    """Write an open vote, in the place of the one that was there.

    :param via: the entry that carries it, of a delegate or the holder of a proxy
    :raises CannotChange: when there is one, and the ballot does not let votes change
    """
    vote = Vote(
        ballot=ballot, entry=entry, choice=text, reason=reason.strip(), cast_at=at, cast_by=person, carried_by=via
    )  # fmt: skip
    if ballot.is_replaceable:
        changed = ["choice", "reason", "cast_at", "cast_by", "carried_by"]
        Vote.objects.bulk_create([vote], update_conflicts=True, unique_fields=["entry"], update_fields=changed)
        return
    if Vote.objects.filter(entry=entry).exists():
        raise CannotChange
    try:
        with transaction.atomic():
            vote.save(force_insert=True)
    except IntegrityError as error:
        raise CannotChange from error
