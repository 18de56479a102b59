"""Opening a ballot: everything that could be argued about later is written down, hashed and published first."""

from copy import copy
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.events import BallotOpened
from toadlane.democracy.ballots.models import Ballot, RollEntry, State
from toadlane.democracy.ballots.permissions import OPEN
from toadlane.democracy.ballots.policies import belenios, sealing
from toadlane.democracy.ballots.policies.asked import judged_by
from toadlane.democracy.ballots.policies.recounting import roll_digest
from toadlane.democracy.ballots.queries import asking
from toadlane.democracy.ballots.services import roll, urn
from toadlane.democracy.ballots.services.errors import EmptyRoll, NotSo
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.democracy.counting.policies.procedures import Procedure
from toadlane.democracy.counting.policies.terms import COUNTED
from toadlane.democracy.proposals import queries as proposals
from toadlane.democracy.proposals import services as proposing
from toadlane.democracy.proposals.models import Proposal
from toadlane.democracy.proposals.policies import is_secret
from toadlane.democracy.proposals.queries import procedures
from toadlane.kernel import canonical
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.outbox.worker import drain
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members import queries as members
from toadlane.society.members.models import MEMBERS, Membership
from toadlane.society.messaging import services as messaging

EVENING = time(20, 0)


def open_ballot(
    *,
    proposal: Proposal,
    by: Principal,
    at: datetime,
    closes_at: datetime | None = None,
    proxies: int | None = None,
    in_meeting: bool = False,
) -> Ballot:
    """Open the vote on a proposal that is ready for it. Asked again, it returns the ballot that is there.

    :param closes_at: None is the first evening after the procedure's least time; a meeting, for which everybody has made
        time, may name an hour of its own
    :param proxies: for how many others one may act in a meeting, where the procedure knows fewer
    :param in_meeting: whether a general meeting opens it: where the procedure's roll is the meeting, nothing else does
    :raises EmptyRoll: when nobody may vote on it
    :raises NotReady: when the proposal has moved meanwhile
    """
    by.must(OPEN, proposal)
    if not in_meeting and queries.is_of_a_meeting(proposal):
        raise NotSo(_("This is voted on in a general meeting."))
    # What upper rooms have told members, such as arrears, has to have arrived before the roll freezes.
    drain(coop_id=proposal.coop_id)
    return _open(proposal, by, at, closes_at, proxies)


@transaction.atomic
def _open(proposal: Proposal, by: Principal, at: datetime, closes_at: datetime | None, proxies: int | None) -> Ballot:
    Tenant.lock_current()
    last = Ballot.objects.filter(proposal=proposal).order_by("-round").first()
    if last and not queries.may_follow(last, at):
        return last
    book = bylaws.book() if last is None else bylaws.book(version=last.bylaws_version)
    procedure = queries.next_procedure(last) if last else procedures.procedure_of(proposal, book)
    if proxies and proxies > procedure.proxies:
        procedure = Procedure.thaw(procedure.name, {**procedure.frozen, "proxies": proxies})
    if closes_at and procedure.late_quorum_hours:
        # At a meeting everybody is there for that hour: a quorum met at its end is not waited on for days.
        procedure = Procedure.thaw(procedure.name, {**procedure.frozen, "late_quorum_hours": 0})
    asking = copy(proposal)
    asking.procedure = procedure.name  # What could not be settled by talking is asked again, as a vote.
    asked = proposals.question(asking, book)
    is_elsewhere = procedure.elsewhere and belenios.counts_there(asked.method)
    if asked.method in METHODS:  # What could not be counted so is not opened.
        METHODS[asked.method].settled(asked.params, [option["id"] for option in asked.options])
    ballot = Ballot.objects.create(
        number=(Ballot.objects.aggregate(n=Max("number"))["n"] or 0) + 1, proposal=proposal, round=last.round + 1 if last else 1,
        question=asked.text, options=asked.options, method=asked.method, params=asked.params, procedure_name=procedure.name,
        procedure=dict(procedure.frozen), secrecy=procedure.secrecy, is_replaceable=procedure.replaceable,
        is_elsewhere=is_elsewhere, bylaws_version=book.number, opens_at=at,
        closes_at=closes_at or _closes_at(at, procedure),
        salt=sealing.new_salt() if procedure.is_secret and not is_elsewhere else "",
    )  # fmt: skip
    roll.freeze(ballot=ballot, procedure=procedure, excluded=proposals.excluded(proposal), at=at)
    procedure = _as_secret_as_asked(ballot, procedure)
    if procedure.is_secret and not is_elsewhere:
        urn.prepare(ballot)
    _seal(ballot, proposal)
    proposing.voting_began(proposal=proposal, ballot=ballot.name, opens_at=at, closes_at=ballot.closes_at, by=by, at=at)
    _give_notice(ballot, by, at)
    events.publish(BallotOpened(ballot_id=ballot.pk, number=ballot.number, proposal=proposal.number))
    return ballot


def _as_secret_as_asked(ballot: Ballot, procedure: Procedure) -> Procedure:
    """Make a ballot that is being prepared a secret one, where what it is about has to be decided in secret, such as who is
    elected, or where enough of those who vote have asked for it.
    """
    if procedure.kind not in COUNTED or procedure.is_secret:
        return procedure
    if not is_secret(ballot.proposal.contents) and not asking.asked(ballot.proposal, ballot).is_enough:
        return procedure
    procedure = queries.in_secret(procedure)
    ballot.procedure, ballot.secrecy = dict(procedure.frozen), procedure.secrecy
    ballot.is_replaceable, ballot.salt = procedure.replaceable, sealing.new_salt()
    ballot.save(update_fields=["procedure", "secrecy", "is_replaceable", "salt"])
    return procedure


def _give_notice(ballot: Ballot, by: Principal, at: datetime) -> None:
    """Tell everybody on the roll: on their desks at once, and by letter. Nobody's name stands in it."""
    said = {"question": ballot.question, "closes_at": _instant(ballot.closes_at), "zone": str(queries.zone())}
    messaging.announce(
        key=queries.notice_key(ballot), subject=f"ballot:{ballot.number}", template="ballots/opened",
        context={**said, "secret": ballot.is_secret}, link=("ballots:detail", ballot.number), urgent=True, waits_by_itself=True,
        by=by, at=at,
        memberships=Membership.objects.filter(pk__in=RollEntry.objects.filter(ballot=ballot).values("membership_id")),
    )  # fmt: skip


def _closes_at(at: datetime, procedure: Procedure) -> datetime:
    """Return the first evening, where the co-op is, that leaves members the days they are to have; or the hour that is named."""
    if procedure.hours:
        return at + timedelta(hours=procedure.hours)
    least = timezone.localtime(at + timedelta(days=max(procedure.min_days, 1)), queries.zone())
    evening = least.replace(hour=EVENING.hour, minute=EVENING.minute, second=0, microsecond=0)
    return (evening if evening >= least else evening + timedelta(days=1)).astimezone(UTC)


def _seal(ballot: Ballot, proposal: Proposal) -> None:
    """Write down what is frozen, take its hash, and open."""
    entries = RollEntry.objects.filter(ballot=ballot).order_by()
    ballot.roll_hash = roll_digest(queries.roll_lines(ballot))
    groups = entries.values("member_class", "college").annotate(members=Count("pk"), votes=Sum("weight"))
    found = sorted(groups, key=lambda one: (one["college"], one["member_class"]))
    ballot.roll_size = sum(one["members"] for one in found)
    if not ballot.roll_size:
        raise EmptyRoll
    ballot.frozen = _frozen(ballot, proposal, found)
    ballot.hash = canonical.digest(ballot.frozen)
    ballot.state = State.OPEN
    ballot.save()


def _frozen(ballot: Ballot, proposal: Proposal, groups: list[dict[str, Any]]) -> dict[str, Any]:
    version = bylaws.version(ballot.bylaws_version)
    assert version is not None
    return {
        **queries.terms(ballot),
        "bylaws": {"version": version.number, "hash": version.hash},
        "proposal": {"number": proposal.number, "hash": proposal.content_hash, "content": proposals.content(proposal)},
        "roll": {"hash": ballot.roll_hash, "size": ballot.roll_size, "groups": groups, "classes": _everyone(),
                 "together": ballot.is_secret and not judged_by(ballot).keeps_colleges_apart},
    }  # fmt: skip


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _everyone() -> dict[str, int]:
    """Return how many members each class has, whether they may vote on this or not."""
    sizes = Membership.objects.filter(standing__in=MEMBERS).order_by().values_list("member_class").annotate(n=Count("pk"))
    return dict.fromkeys(members.member_classes(), 0) | dict(sizes)
