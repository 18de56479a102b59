"""A secret vote, because enough of those who vote ask for it before the first of them has."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from toadlane.democracy.ballots.models import Ballot, RollEntry, SecretAsked, State
from toadlane.democracy.ballots.permissions import ASK_SECRET, mine
from toadlane.democracy.ballots.queries import asking
from toadlane.democracy.ballots.queries.ballots import of_proposal
from toadlane.democracy.ballots.services import casting, closing, opening
from toadlane.democracy.ballots.services.errors import AskedAlready, NotSo, TooLate
from toadlane.democracy.proposals.models import Proposal
from toadlane.democracy.proposals.queries.proposals import voice_of
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.members.models import Membership


def ask_secret(*, proposal: Proposal, by: Principal, at: datetime) -> asking.Asked:
    """Ask for a secret vote. Asked for before the ballot opens, it opens secret where enough have.

    Where it is open and nobody has voted, it ends as it is once enough have asked, and opens again in secret.

    :raises TooLate: once the first vote is cast, or where it is secret already
    :raises AskedAlready: a second time
    """
    by.must(ASK_SECRET, proposal)
    found, ballot = _ask(proposal, by, at)
    if ballot is not None:
        # Everybody has the time that they were to have; at a meeting that is the time its chair gave.
        closes_at = at + (ballot.closes_at - ballot.opens_at) if found.at_meeting else None
        job = Principal.job(ballot.coop_id)
        opening.open_ballot(proposal=ballot.proposal, by=job, at=at, closes_at=closes_at, in_meeting=True)
    return found


@transaction.atomic
def _ask(proposal: Proposal, by: Principal, at: datetime) -> tuple[asking.Asked, Ballot | None]:
    """Return how many have asked, and the ballot that ended because they are enough."""
    Tenant.lock_current()
    ballot = next((one for one in of_proposal(proposal) if one.state == State.OPEN), None)
    if ballot is not None:
        ballot = casting.hold(ballot, at=at, alone=True)
    if not asking.can_be_asked(proposal, at):
        raise TooLate
    voice = _voice(ballot, by)
    if voice is None or by.person_id is None:
        raise NotSo(_("Only who has a vote on this asks for a secret one."))
    try:
        with transaction.atomic():
            SecretAsked.objects.create(proposal=proposal, membership=voice, person_id=by.person_id, at=at)
    except IntegrityError as error:
        raise AskedAlready from error
    found = asking.asked(proposal, ballot)
    if ballot is None or not found.is_enough:
        return found, None
    closing.end_for_secrecy(ballot, by=Principal.job(ballot.coop_id), at=at)
    return found, ballot


def _voice(ballot: Ballot | None, by: Principal) -> Membership | None:
    if ballot is None:
        return voice_of(by, "vote")
    entry = RollEntry.objects.filter(mine(by), ballot=ballot).select_related("membership").order_by("place").first()
    return entry.membership if entry else None
