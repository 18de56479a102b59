"""Amendments: offered by any member, accepted or declined by the authors, and every version kept."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from toadlane.democracy.proposals.models import Amendment, Proposal, Support
from toadlane.democracy.proposals.permissions import AMEND, WRITE
from toadlane.democracy.proposals.queries import proposals
from toadlane.democracy.proposals.services.errors import NotNow, SayMore
from toadlane.democracy.proposals.services.telling import note, tell_one
from toadlane.democracy.proposals.services.writing import Contents, fit, name_of, rewrite
from toadlane.plumbing.access.principals import Principal


@transaction.atomic
def offer_amendment(
    *,
    proposal: Proposal,
    title: str,
    contents: Contents,
    why: str,
    by: Principal,
    at: datetime,
    summary: str = "",
    text: str = "",
) -> Amendment:
    """Offer the authors other words, or another change, whole as it would then stand.

    :raises NotNow: once it is voted on; or of a petition, whose words people have signed
    :raises CannotBeDecided: when it could not be proposed so
    """
    by.must(AMEND, proposal)
    voice = proposals.voice_of(by)
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if not proposal.is_open or proposal.is_petition or voice is None or by.person_id is None:
        raise NotNow(_("It cannot be amended any more."))
    if not why.strip():
        raise SayMore(_("Say why it would be better so: the authors decide on it."), field="why")
    wanted = fit(title, contents, text, "", at)
    number = (proposal.amendments.aggregate(last=Max("number"))["last"] or 0) + 1
    amendment = Amendment.objects.create(
        proposal=proposal, number=number, revision=proposal.revision, title=wanted["title"], summary=summary.strip()[:400],
        text=wanted["text"], contents=wanted["contents"], why=why.strip()[:4000], membership=voice, person_id=by.person_id,
        name=name_of(voice, by), offered_at=at,
    )  # fmt: skip
    note(proposal, "amendment_offered", by=by, at=at, name=amendment.name, number=number)
    for author in proposal.supports.filter(role=Support.Role.AUTHOR):
        tell_one(
            author.person_id, "amendment", proposal, by=by, at=at, state="offered", who=amendment.name, why=amendment.why
        )  # fmt: skip
    return amendment


@transaction.atomic
def accept_amendment(*, amendment: Amendment, by: Principal, at: datetime, answer: str = "") -> Proposal:
    """Make its words those of the proposal. Other offers were written on the old words, and are overtaken.

    Where what would change has moved, the notice of the vote is given again.
    """
    amendment = Amendment.objects.select_related("proposal").get(pk=amendment.pk)
    by.must(WRITE, amendment.proposal)
    proposal = Proposal.objects.select_for_update().get(pk=amendment.proposal_id)
    _must_wait(amendment, proposal)
    if amendment.revision != proposal.revision:
        raise NotNow(_("It was written on an earlier version. Ask for it to be offered on this one."))
    wanted = fit(amendment.title, amendment.contents, amendment.text, "", at)
    _answer(amendment, Amendment.State.ACCEPTED, answer, by, at)
    because = _("Amendment %(number)s by %(name)s") % {"number": amendment.number, "name": amendment.name}
    note(proposal, "amended", by=by, at=at, name=amendment.name, number=amendment.number)
    proposal = rewrite(proposal, wanted, summary=amendment.summary, because=because, by=by, at=at)
    for other in proposal.amendments.filter(state=Amendment.State.OFFERED):
        words = _("Another amendment was accepted first. Look at the new words, and offer yours on them if it still matters.")
        _answer(other, Amendment.State.OVERTAKEN, words, by, at)
    return proposal


@transaction.atomic
def decline_amendment(*, amendment: Amendment, answer: str, by: Principal, at: datetime) -> Amendment:
    """Keep the words as they are, with reasons that everybody reads."""
    amendment = Amendment.objects.select_related("proposal").get(pk=amendment.pk)
    by.must(WRITE, amendment.proposal)
    _must_wait(amendment, amendment.proposal)
    if not answer.strip():
        raise SayMore(_("Say why not: whoever offered it took trouble."), field="answer")
    note(amendment.proposal, "amendment_declined", by=by, at=at, name=amendment.name, number=amendment.number)
    return _answer(amendment, Amendment.State.DECLINED, answer, by, at)


@transaction.atomic
def take_back_amendment(*, amendment: Amendment, by: Principal, at: datetime) -> Amendment:
    """Take back what one has offered."""
    by.must(AMEND, amendment)
    if amendment.membership_id not in by.memberships:
        raise NotNow(_("Only who offered it takes it back."))
    _must_wait(amendment, amendment.proposal)
    amendment.state, amendment.answered_at, amendment.answered_by = Amendment.State.WITHDRAWN, at, str(by)
    amendment.save()
    return amendment


def _must_wait(amendment: Amendment, proposal: Proposal) -> None:
    if amendment.state != Amendment.State.OFFERED or not proposal.is_open:
        raise NotNow(_("This amendment does not wait for an answer."))


def _answer(amendment: Amendment, state: str, answer: str, by: Principal, at: datetime) -> Amendment:
    amendment.state, amendment.answer = state, answer.strip()[:4000]
    amendment.answered_at, amendment.answered_by = at, str(by)
    amendment.save()
    kind = "accepted" if state == Amendment.State.ACCEPTED else "declined"
    tell_one(amendment.person_id, "amendment", amendment.proposal, by=by, at=at, state=kind, why=amendment.answer)
    return amendment
