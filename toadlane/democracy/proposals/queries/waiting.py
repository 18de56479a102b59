"""What waits for a member about decisions, and what this room holds about a person."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from toadlane.democracy.proposals.models import (
    OPEN,
    Amendment,
    Appeal,
    Contribution,
    Draft,
    Proposal,
    Stage,
    Support,
)
from toadlane.democracy.proposals.permissions import GUARD
from toadlane.democracy.proposals.queries import pauses
from toadlane.plumbing.access.principals import Principal
from toadlane.ui import formats
from toadlane.ui.shapes import Waiting


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """Return what asks for a deed: amendments to answer, a proposal to mend, an idea that looks for support, an appeal."""
    if by.person_id is None or not by.memberships:
        return []
    return [*_of_authors(by), *_ideas(by), *_of_offices(by)]


def _mine(by: Principal) -> QuerySet[Support]:
    return Support.objects.filter(membership_id__in=by.memberships)


def _of_authors(by: Principal) -> list[Waiting]:
    written = _mine(by).filter(role=Support.Role.AUTHOR).values("proposal_id")
    found = [
        Waiting(
            title=_("%(name)s offers an amendment") % {"name": formats.apart(one.name)}, detail=one.proposal.title,
            url=f"{reverse('proposals:versions', args=[one.proposal.number])}#amendment-{one.number}",
            action=_("Accept or decline"), icon="pen", at=None,
        )
        for one in Amendment.objects.filter(proposal_id__in=written, state=Amendment.State.OFFERED, proposal__stage__in=OPEN)
        .select_related("proposal").order_by("pk")[:10]
    ]  # fmt: skip
    stuck = Proposal.objects.filter(pk__in=written, stage__in=(*OPEN, Stage.FAILED)).exclude(stuck_because="")
    for one in stuck.select_related("decision").order_by("pk")[:10]:
        name = one.decision.name if one.stage == Stage.FAILED else ""
        url = reverse("proposals:decision", args=[name]) if name else reverse("proposals:detail", args=[one.number])
        found.append(
            Waiting(
                title=_("The rules have moved under your proposal"), detail=one.title, url=url, action=_("Mend it"), icon="warn"
            )
        )
    return found


def _ideas(by: Principal) -> list[Waiting]:
    """Ideas that look for support and have not been answered by this member: the latest, and no flood of them."""
    rows = Proposal.objects.filter(stage=Stage.IDEA).exclude(pk__in=_mine(by).values("proposal_id"))
    return [
        Waiting(
            title=_("An idea looks for support: %(title)s") % {"title": formats.apart(one.title)}, detail=one.author_name,
            url=reverse("proposals:detail", args=[one.number]), action=_("Read it"), icon="talk",
        )
        for one in rows.order_by("-pk")[:3]
    ]  # fmt: skip


def _of_offices(by: Principal) -> list[Waiting]:
    found = []
    if "appeals" in by.roles:
        rows = Appeal.objects.filter(state=Appeal.State.OPEN).exclude(membership_id__in=by.memberships)
        found += [
            Waiting(
                title=_("%(name)s appeals") % {"name": formats.apart(one.name)}, detail=one.decision.title,
                url=reverse("proposals:judge", args=[one.decision.name, one.pk]), action=_("Decide the appeal"), icon="ballot",
                at=one.decide_by,
            )
            for one in rows.select_related("decision").order_by("pk")[:10]
        ]  # fmt: skip
    if by.may(GUARD):
        found += [
            Waiting(
                title=_("A guardian asks you to sign a pause"), detail=pauses.label(one.action),
                url=reverse("proposals:guardians"), action=_("Read and sign"), icon="warn",
            )
            for one in pauses.waiting(by.person_id or 0)
        ]  # fmt: skip
    return found


def export(*, person_id: int) -> dict[str, list[dict[str, object]]]:
    """Return what a person proposed, supported, said and offered in the co-op in scope."""
    made = Proposal.objects.filter(author_person_id=person_id).order_by("pk")
    names = Support.objects.filter(person_id=person_id).select_related("proposal").order_by("pk")
    said = Contribution.objects.filter(person_id=person_id).select_related("proposal").order_by("pk")
    offered = Amendment.objects.filter(person_id=person_id).select_related("proposal").order_by("pk")
    appeals = Appeal.objects.filter(person_id=person_id).select_related("decision").order_by("pk")
    drafts = Draft.objects.filter(person_id=person_id).order_by("pk")
    found: dict[str, list[dict[str, object]]] = {
        "proposals": [{"number": one.number, "title": one.title, "text": one.text, "made_at": one.made_at} for one in made],
        "names": [{"proposal": one.proposal.number, "role": one.role, "at": one.at} for one in names],
        "said": [{"proposal": one.proposal.number, "side": one.side, "text": one.text, "at": one.said_at} for one in said],
        "amendments": [{"proposal": one.proposal.number, "title": one.title, "why": one.why} for one in offered],
        "appeals": [{"decision": one.decision.name, "text": one.text, "made_at": one.made_at} for one in appeals],
        "drafts": [{"parts": one.parts, "words": one.words} for one in drafts],
    }
    return {name: rows for name, rows in found.items() if rows}
