"""Asking for a secret vote: how many have, of whom, how many it takes, and whether it can still be asked for."""

from dataclasses import dataclass
from datetime import datetime

from toadlane.democracy.ballots.models import Ballot, RollEntry, SecretAsked, State
from toadlane.democracy.ballots.permissions import ASK_SECRET, mine
from toadlane.democracy.ballots.queries import doors
from toadlane.democracy.ballots.queries.absence import voters_of
from toadlane.democracy.ballots.queries.ballots import of_proposal, takes_votes
from toadlane.democracy.ballots.rules import SECRET_SHARE
from toadlane.democracy.counting.policies.terms import COUNTED
from toadlane.democracy.proposals import policies
from toadlane.democracy.proposals.models import OPEN, Proposal
from toadlane.democracy.proposals.queries import procedures
from toadlane.democracy.proposals.queries.proposals import voters
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws import queries as bylaws


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How many ask for a secret vote, of how many, and how many it takes.

    :param at_meeting: whether they are counted of those who are at the meeting, and not of the roll
    """

    names: int
    whole: int
    needed: int
    at_meeting: bool = False

    @property
    def is_enough(self) -> bool:
        return self.names >= self.needed


def asked(proposal: Proposal, ballot: Ballot | None = None) -> Asked:
    """Count those at the meeting where one is being held on it, else those on the roll, or who would be on it."""
    share = bylaws.book().value(SECRET_SHARE)
    rows, here = SecretAsked.objects.filter(proposal=proposal), doors.here(proposal)
    if here is not None:
        names, whole = rows.filter(membership_id__in=here).count(), len(here)
    elif ballot is not None:
        roll = RollEntry.objects.filter(ballot=ballot)
        names, whole = rows.filter(membership_id__in=roll.values("membership_id")).count(), roll.count()
    else:
        names, whole = rows.filter(membership__in=voters()).count(), voters().count()
    return Asked(names=names, whole=whole, needed=policies.needed(share, whole), at_meeting=here is not None)


def can_be_asked(proposal: Proposal, at: datetime) -> bool:
    """Say whether a secret vote can still be asked for: before the first vote is cast, where votes are counted and not secret."""
    ballot = next(iter(of_proposal(proposal)), None)
    if ballot is None or ballot.state != State.OPEN:
        procedure = procedures.procedure_of(proposal)
        return proposal.stage in OPEN and procedure.kind in COUNTED and not procedure.is_secret
    is_counted = ballot.procedure.get("kind") in COUNTED and not ballot.is_secret and not ballot.is_elsewhere
    return is_counted and takes_votes(ballot, at) and not voters_of(ballot)


@dataclass(frozen=True, kw_only=True)
class Shown:
    asked: Asked
    may: bool
    is_mine: bool


def shown(proposal: Proposal, by: Principal, at: datetime) -> Shown | None:
    """Return what a member sees of it, while it can be asked for."""
    if by.person_id is None or not by.memberships or not can_be_asked(proposal, at):
        return None
    ballot = next((one for one in of_proposal(proposal) if one.state == State.OPEN), None)
    is_mine = SecretAsked.objects.filter(proposal=proposal, person_id=by.person_id).exists()
    votes = ballot is None or RollEntry.objects.filter(mine(by), ballot=ballot).exists()
    return Shown(asked=asked(proposal, ballot), may=votes and bool(by.may(ASK_SECRET, proposal)), is_mine=is_mine)
