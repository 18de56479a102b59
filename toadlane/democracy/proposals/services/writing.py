"""Bringing something forward, writing it better while it is talked about, and taking it back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from toadlane.democracy.proposals import policies
from toadlane.democracy.proposals.events import ProposalMade
from toadlane.democracy.proposals.models import OPEN, Proposal, Revision, Stage, Support
from toadlane.democracy.proposals.permissions import PETITION, PROPOSE, RUN, WRITE, may_bring
from toadlane.democracy.proposals.queries import procedures, proposals
from toadlane.democracy.proposals.queries.past import voted_down
from toadlane.democracy.proposals.services.errors import CannotBeDecided, NotNow, SayMore, TooSoon, TooWeak
from toadlane.democracy.proposals.services.looking import look
from toadlane.democracy.proposals.services.stages import open_if_supported, restart
from toadlane.democracy.proposals.services.telling import note
from toadlane.plumbing.access.principals import Principal, Refused
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import Membership
from toadlane.society.people import queries as people
from toadlane.ui import formats

Contents = Sequence[Mapping[str, Any]]


@transaction.atomic
def propose(
    *, title: str, contents: Contents, by: Principal, at: datetime, summary: str = "", text: str = "", procedure: str = "",
    is_petition: bool = False,
) -> Proposal:  # fmt: skip
    """Bring something forward. It is an idea until enough members of a class support it.

    :param contents: `{"kind", "payload"}` of each part; all pass together, by the strictest way that one of them needs
    :param procedure: a stricter way of deciding than it must have
    :param is_petition: signatures alone open it, and its words are fixed: for members whose class may not propose, too
    :raises CannotBeDecided: saying all that is wrong with it
    :raises TooSoon: when the members voted the same down not long ago
    """
    by.must(PETITION if is_petition else PROPOSE)
    voice = proposals.voice_of(by, "" if is_petition else "propose")
    if voice is None or by.person_id is None:
        raise NotNow(_("Only members bring something forward."))
    Tenant.lock_current()
    wanted = fit(title, contents, text, procedure, at)
    if not is_petition and not may_bring(by, procedures.named(wanted["procedure"]).propose):
        raise Refused(_("The bylaws name others who may bring this forward. You can begin a petition."))
    proposal = _created(wanted, voice, summary, is_petition=is_petition, by=by, at=at)
    note(proposal, "made", by=by, at=at, name=proposal.author_name)
    events.publish(ProposalMade(proposal_id=proposal.pk, number=proposal.number))
    return open_if_supported(proposal, by=by, at=at)


def _created(
    wanted: dict[str, Any], voice: Membership, summary: str, *, is_petition: bool, by: Principal, at: datetime, about: str = ""
) -> Proposal:
    number = (Proposal.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    name = name_of(voice, by)
    proposal = Proposal.objects.create(
        number=number, author=voice, author_person_id=by.person_id, author_name=name, made_at=at, is_petition=is_petition,
        summary=summary.strip()[:400], about_decision=about, **wanted,
    )  # fmt: skip
    keep_revision(proposal, because="", name=name, by=by, at=at)
    Support.objects.create(
        proposal=proposal, membership=voice, person_id=by.person_id, name=name, member_class=voice.member_class,
        role=Support.Role.AUTHOR, at=at,
    )  # fmt: skip
    return proposal


def fit(title: str, contents: Contents, text: str, procedure: str, at: datetime) -> dict[str, Any]:
    """Return what is proposed, with its hash and the way it is decided.

    :raises CannotBeDecided, TooWeak, TooSoon, SayMore:
    """
    if not title.strip():
        raise SayMore(_("Give it a title that says what would happen."), field="title")
    book, parts = bylaws.book(), readable(contents)
    if faults := procedures.faults(parts, book, at):
        raise CannotBeDecided(faults)
    needed = procedures.procedure_for(parts, book)
    if procedure and procedure not in procedures.stricter(needed, book):
        raise TooWeak(hint=_("At least “%(name)s”.") % {"name": needed})
    if earlier := voted_down(parts, book, at):
        raise TooSoon(hint=_("It can be brought again from %(day)s.") % {"day": formats.day(earlier)})
    title, text = title.strip()[:160], text.replace("\r\n", "\n").strip()[:20_000]
    digest = policies.digest(title, text, parts)
    return {"title": title, "text": text, "contents": parts, "content_hash": digest, "procedure": procedure or needed}


def readable(contents: Contents) -> list[dict[str, Any]]:
    """:raises CannotBeDecided: when they are none, too many, or have no one spelling"""
    parts, faults = procedures.readable(contents)
    if faults:
        raise CannotBeDecided(faults)
    return parts


def name_of(voice: Membership, by: Principal) -> str:
    """Return how others read who it was: the person, and for whom they speak."""
    person = people.names({by.person_id or 0}).get(by.person_id or 0, "")
    return f"{person}, {voice.name}"[:120] if voice.organisation_id else person[:120]


def keep_revision(proposal: Proposal, *, because: str, name: str, by: Principal, at: datetime) -> Revision:
    return Revision.objects.create(
        proposal=proposal, number=proposal.revision, title=proposal.title, summary=proposal.summary, text=proposal.text,
        contents=proposal.contents, content_hash=proposal.content_hash, because=because[:400], written_at=at, written_by=str(by),
        written_name=name[:160], simulation=look(proposal.contents, at, by),
    )  # fmt: skip


@transaction.atomic
def revise(
    *, proposal: Proposal, title: str, contents: Contents, by: Principal, at: datetime, summary: str = "", text: str = "",
    because: str = "",
) -> Proposal:  # fmt: skip
    """Write it better, before the vote. Every version is kept; where what would change moves, its notice is given again.

    :raises NotNow: when it is being voted on, or is a petition that somebody has signed
    """
    by.must(WRITE, proposal)
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    _must_be_open(proposal)
    if proposal.is_petition and proposal.supports.exclude(role=Support.Role.AUTHOR).exists():
        raise NotNow(_("People have signed these words. Begin another petition with better ones."))
    wanted = fit(title, contents, text, "", at)
    return rewrite(proposal, wanted, summary=summary, because=because, by=by, at=at)


def rewrite(
    proposal: Proposal, wanted: dict[str, Any], *, summary: str, because: str, by: Principal, at: datetime, name: str = ""
) -> Proposal:
    """Put new words in place of the old ones, which are kept."""
    book = bylaws.book()
    # Whoever asked for a stricter way keeps it, unless the new words need one that is stricter still.
    if proposal.procedure in procedures.stricter(wanted["procedure"], book):
        wanted["procedure"] = proposal.procedure
    has_moved = wanted["contents"] != proposal.contents or wanted["title"] != proposal.title
    for field, value in {**wanted, "summary": summary.strip()[:400], "stuck_because": ""}.items():
        setattr(proposal, field, value)
    proposal.revision += 1
    proposal.save()
    voice = proposals.voice_of(by)
    name = name or (name_of(voice, by) if voice else "")
    keep_revision(proposal, because=because, name=name, by=by, at=at)
    note(proposal, "revised", by=by, at=at, name=name, revision=proposal.revision, because=because[:300])
    return restart(proposal, by=by, at=at) if has_moved else proposal


@transaction.atomic
def withdraw(*, proposal: Proposal, by: Principal, at: datetime, reason: str = "") -> Proposal:
    """Take it back, before the vote. A petition that others signed is theirs as well, and stays."""
    by.must(WRITE, proposal)
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    _must_be_open(proposal)
    if proposal.is_petition and proposal.supports.exclude(role=Support.Role.AUTHOR).exists():
        raise NotNow(_("Others have signed this petition. It is theirs as well, and stays."))
    proposal.stage, proposal.ended_at = Stage.WITHDRAWN, at
    proposal.save(update_fields=["stage", "ended_at"])
    voice = proposals.voice_of(by)
    note(proposal, "withdrawn", by=by, at=at, name=name_of(voice, by) if voice else "", reason=reason.strip()[:300])
    return proposal


@transaction.atomic
def use_procedure(*, proposal: Proposal, procedure: str, by: Principal, at: datetime) -> Proposal:
    """Have it decided in a stricter way than it must be: by all members instead of the board, for instance.

    :raises TooWeak: a weaker way is never possible
    """
    by.must(WRITE, proposal)
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    _must_be_open(proposal)
    book = bylaws.book()
    if procedure not in procedures.stricter(procedures.procedure_for(proposal.contents, book), book):
        raise TooWeak
    proposal.procedure = procedure
    proposal.save(update_fields=["procedure"])
    note(proposal, "procedure", by=by, at=at, procedure=procedure)
    return restart(proposal, by=by, at=at)


def _must_be_open(proposal: Proposal) -> None:
    if proposal.stage not in OPEN:
        raise NotNow(_("It is “%(stage)s” and cannot be changed any more.") % {"stage": proposal.get_stage_display()})


@transaction.atomic
def rebase(*, proposal: Proposal, by: Principal, at: datetime) -> Proposal:
    """Write it on what the rules say now, after they have moved under it: the new values stay what they are.

    :raises NotNow: when the rules say by now what it would make them say
    """
    by.must(WRITE, proposal)
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    _must_be_open(proposal)
    book = bylaws.book()
    contents = policies.rebased(proposal.contents, book.document, book.number)
    if not contents:
        raise NotNow(_("The rules say by now what it would make them say. Take it back."))
    wanted = fit(proposal.title, contents, proposal.text, "", at)
    because = _("Written on version %(number)s of the rules") % {"number": book.number}
    return rewrite(proposal, wanted, summary=proposal.summary, because=because, by=by, at=at)


@transaction.atomic
def bring(
    *, title: str, contents: Contents, author: Membership, by: Principal, at: datetime, summary: str = "", text: str = "",
    about_decision: str = "", procedure: str = "",
) -> Proposal:  # fmt: skip
    """Open a proposal that needs no support, because members have spoken already: a suspended decision, closed nominations.

    :param author: who stands as its author, for a proposal has somebody to answer for it
    """
    by.must(RUN)
    Tenant.lock_current()
    parts = readable(contents)
    book = bylaws.book()
    title, text = title.strip()[:160], text.strip()[:20_000]
    needed = procedures.procedure_for(parts, book)
    if procedure not in procedures.stricter(needed, book):
        procedure = needed
    digest = policies.digest(title, text, parts)
    wanted = {"title": title, "text": text, "contents": parts, "content_hash": digest, "procedure": procedure}
    person_id = author.person_id or author.delegates.filter(ended_on=None).values_list("person_id", flat=True)[0]
    standing_in = Principal(coop_id=by.coop_id, channel=by.channel, person_id=person_id, membership_id=author.pk)
    proposal = _created(wanted, author, summary, is_petition=False, by=standing_in, at=at, about=about_decision)
    note(proposal, "brought", by=by, at=at, about=about_decision)
    events.publish(ProposalMade(proposal_id=proposal.pk, number=proposal.number))
    return open_if_supported(proposal, by=by, at=at, is_enough=True)
