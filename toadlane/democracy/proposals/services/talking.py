"""What members say about it: for, against, a question, a remark; and where the talk stands."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.democracy.proposals.models import Contribution, Proposal, Summary
from toadlane.democracy.proposals.permissions import HIDE, SPEAK, SUMMARISE
from toadlane.democracy.proposals.queries import proposals
from toadlane.democracy.proposals.services.errors import NotNow, SayMore
from toadlane.democracy.proposals.services.telling import note
from toadlane.democracy.proposals.services.writing import name_of
from toadlane.plumbing.access.principals import Principal

LONGEST = 4000


@transaction.atomic
def say(
    *, proposal: Proposal, side: str, text: str, by: Principal, at: datetime, reply_to: Contribution | None = None
) -> Contribution:
    """Say something about a proposal, or answer what somebody said.

    :param side: a `Contribution.Side`; an answer is a remark
    :raises NotNow: when the matter is closed
    :raises SayMore: when nothing was written, or too much
    """
    by.must(SPEAK, proposal)
    voice = proposals.voice_of(by)
    if proposal.ended_at is not None or voice is None or by.person_id is None:
        raise NotNow(_("This has ended. What was said stays to be read."))
    if reply_to is not None and (reply_to.proposal_id != proposal.pk or reply_to.hidden_because):
        raise NotNow(_("What you answer is not here any more."))
    kind = Contribution.Side.PLAIN if reply_to else Contribution.Side(side)
    return Contribution.objects.create(
        proposal=proposal, side=kind, text=_written(text), reply_to=reply_to, membership=voice, person_id=by.person_id,
        name=name_of(voice, by), revision=proposal.revision, said_at=at, said_by=str(by),
    )  # fmt: skip


@transaction.atomic
def hide(*, contribution: Contribution, because: str, by: Principal, at: datetime) -> Contribution:
    """Take down what breaks the rules of the house, with reasons that everybody reads in its place."""
    by.must(HIDE, contribution)
    if contribution.membership_id in by.memberships:
        raise NotNow(_("Nobody decides in their own case."))
    contribution.hidden_because = _written(because, "because")
    contribution.save(update_fields=["hidden_because"])
    note(contribution.proposal, "hidden", by=by, at=at, contribution=contribution.pk, reason=contribution.hidden_because[:300])
    return contribution


@transaction.atomic
def summarise(*, proposal: Proposal, text: str, by: Principal, at: datetime) -> Summary:
    """Say where the talk stands, for whoever comes late. Earlier summaries stay."""
    by.must(SUMMARISE, proposal)
    voice = proposals.voice_of(by)
    if proposal.ended_at is not None or voice is None:
        raise NotNow(_("This has ended. What was said stays to be read."))
    summary = Summary.objects.create(
        proposal=proposal, text=_written(text), written_at=at, written_by=str(by), name=name_of(voice, by)
    )
    note(proposal, "summarised", by=by, at=at, name=summary.name)
    return summary


def _written(text: str, field: str = "text") -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise SayMore(field=field)
    if len(text) > LONGEST:
        raise SayMore(_("%(most)s characters fit; this is %(count)s.") % {"most": LONGEST, "count": len(text)}, field=field)
    return text
