"""Names under an idea, a petition, or under the demand to suspend a decision."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from toadlane.democracy.proposals.models import Proposal, Stage, Support
from toadlane.democracy.proposals.permissions import SUPPORT, WRITE
from toadlane.democracy.proposals.queries import proposals
from toadlane.democracy.proposals.services.errors import AlreadySigned, NotNow
from toadlane.democracy.proposals.services.stages import open_if_supported
from toadlane.democracy.proposals.services.telling import note
from toadlane.democracy.proposals.services.writing import name_of
from toadlane.plumbing.access.principals import Principal


@transaction.atomic
def support(*, proposal: Proposal, by: Principal, at: datetime, as_sponsor: bool = False) -> Support:
    """Put one's name under it. At a share of one class the time to talk begins.

    :param as_sponsor: stand beside its authors, where everybody reads it
    :raises AlreadySigned: one name each
    """
    by.must(SUPPORT, proposal)
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if not proposal.is_open:
        raise NotNow(_("It is not looking for support any more."))
    role = Support.Role.SPONSOR if as_sponsor else Support.Role.SUPPORT
    found = sign(proposal, role, by=by, at=at)
    if as_sponsor:
        note(proposal, "sponsored", by=by, at=at, name=found.name)
    open_if_supported(proposal, by=by, at=at)
    return found


def sign(proposal: Proposal, role: str, *, by: Principal, at: datetime) -> Support:
    voice = proposals.voice_of(by, "vote") or proposals.voice_of(by)
    if voice is None or by.person_id is None:
        raise NotNow(_("Only members put their name under it."))
    try:
        with transaction.atomic():
            return Support.objects.create(
                proposal=proposal, membership=voice, person_id=by.person_id, name=name_of(voice, by),
                member_class=voice.member_class, role=role, at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadySigned from error


@transaction.atomic
def take_back_support(*, proposal: Proposal, by: Principal, at: datetime) -> None:
    """Take one's name away again, while it is an idea. What has been opened stays open."""
    by.must(SUPPORT, proposal)
    if proposal.stage != Stage.IDEA:
        raise NotNow(_("It has been opened. Speak or vote against it instead."))
    roles = (Support.Role.SPONSOR, Support.Role.SUPPORT)
    proposal.supports.filter(membership_id__in=by.memberships, role__in=roles).delete()


@transaction.atomic
def add_author(*, proposal: Proposal, support: Support, by: Principal, at: datetime) -> Support:
    """Let a sponsor answer for it as well: write, and accept or decline amendments."""
    by.must(WRITE, proposal)
    if support.proposal_id != proposal.pk or support.role != Support.Role.SPONSOR:
        raise NotNow(_("Only a sponsor can become an author."))
    support.role = Support.Role.AUTHOR
    support.save(update_fields=["role"])
    note(proposal, "author", by=by, at=at, name=support.name)
    return support
