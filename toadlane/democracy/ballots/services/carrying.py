"""Votes that others carry: delegation, which reaches a ballot at its close, and proxies, whose holder marks the paper."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.models import Ballot, Delegation, Proxy, RollEntry, State, Vote
from toadlane.democracy.ballots.permissions import DELEGATE, GIVE
from toadlane.democracy.ballots.services.errors import CannotChange, NotOpen, NotSo, TooMany
from toadlane.democracy.counting.policies import delegation
from toadlane.plumbing.access.principals import Principal
from toadlane.society.members.models import Membership

REASONS = {
    "holder_not_eligible": gettext_lazy("Whoever holds a proxy has a vote in this ballot themselves."),
    "holder_not_attending": gettext_lazy("They have given their own vote away, and cannot bring yours."),
    "holder_has_enough": gettext_lazy("They hold as many proxies as one member may."),
}


@transaction.atomic
def delegate(*, giver: Membership, receiver: Membership, by: Principal, at: datetime, ballot: Ballot | None = None) -> Delegation:
    """Let another member vote for one, in one ballot or in all; it replaces what was said before.

    Whoever votes themselves overrides it. It can be taken back until the close, and does not reach secret ballots.

    :raises NotSo: where the ballot does not allow it, or one would delegate to oneself
    """
    by.must(DELEGATE, giver)
    if giver.pk == receiver.pk or not receiver.is_member:
        raise NotSo(_("Name another member."), field="receiver")
    if ballot is not None:
        _may_be_delegated(ballot, at)
    Delegation.objects.filter(giver=giver, ballot=ballot, ended_at=None).update(ended_at=at)
    return Delegation.objects.create(giver=giver, receiver=receiver, ballot=ballot, given_at=at)


@transaction.atomic
def take_back(*, delegation: Delegation, by: Principal, at: datetime) -> Delegation:
    """End a delegation. What it has done in ballots that are closed stays done."""
    by.must(DELEGATE, delegation.giver)
    Delegation.objects.filter(pk=delegation.pk, ended_at=None).update(ended_at=at)
    delegation.refresh_from_db()
    return delegation


@transaction.atomic
def give_proxy(*, giver: RollEntry, holder: RollEntry, by: Principal, at: datetime) -> Proxy:
    """Let another on the roll mark one's paper in this ballot.

    :raises NotSo: where the ballot knows no proxies
    :raises TooMany: where the other cannot hold it, with the reason
    :raises CannotChange: when one has voted already
    """
    by.must(GIVE, giver)
    ballot = Ballot.objects.select_for_update(no_key=True).get(pk=giver.ballot_id)
    most = queries.procedure_of(ballot).proxies
    if not most or holder.ballot_id != ballot.pk or giver.pk == holder.pk:
        raise NotSo(_("This ballot knows no proxies.") if not most else _("Name another on the roll."), field="holder")
    if not queries.takes_votes(ballot, at):
        raise NotOpen
    if queries.voted(giver):
        raise CannotChange
    given = Proxy.objects.filter(ballot=ballot, ended_at=None).exclude(giver=giver).order_by("pk")
    pairs = [(str(one), str(other)) for one, other in given.values_list("giver_id", "holder_id")]
    wanted = (str(giver.pk), str(holder.pk))
    judged = delegation.proxies(
        [*pairs, wanted], eligible={name for pair in (*pairs, wanted) for name in pair}, max_per_holder=most
    )
    # Whoever holds one already cannot give theirs away: those who trusted them would be left without.
    if wanted in judged.refused or any(pair in judged.refused for pair in pairs):
        raise TooMany(REASONS.get(judged.refused.get(wanted, ""), REASONS["holder_not_attending"]), field="holder")
    Proxy.objects.filter(giver=giver, ended_at=None).update(ended_at=at)
    return Proxy.objects.create(ballot=ballot, giver=giver, holder=holder, given_at=at)


@transaction.atomic
def end_proxy(*, proxy: Proxy, by: Principal, at: datetime) -> Proxy:
    """Take a proxy back, or give it back. A vote that was cast with it stands until its owner casts another."""
    by.must(GIVE, proxy.giver)
    RollEntry.objects.select_for_update(no_key=True).get(pk=proxy.giver_id)
    Proxy.objects.filter(pk=proxy.pk, ended_at=None).update(ended_at=at)
    proxy.refresh_from_db()
    return proxy


def _may_be_delegated(ballot: Ballot, at: datetime) -> None:
    if not queries.procedure_of(ballot).may_delegate or ballot.is_secret:
        raise NotSo(_("In this ballot everybody votes themselves."))
    if ballot.state != State.OPEN or at >= ballot.closes_at:
        raise NotOpen


def carry(ballot: Ballot, *, at: datetime) -> int:
    """Cast the votes of those who did not vote and let somebody else, at the last moment before the close; return how many."""
    procedure = queries.procedure_of(ballot)
    if not procedure.may_delegate or ballot.is_secret:
        return 0
    given = _given(ballot, at)
    votes = {vote.entry_id: vote for vote in Vote.objects.filter(ballot=ballot)}
    # A member's vote is their first entry; the other seats of an organisation belong to its delegates in person.
    entries = {row.membership_id: row for row in RollEntry.objects.filter(ballot=ballot, seat=1).order_by("place")}
    carried = delegation.carry(
        [str(member) for member in entries], {str(giver): str(receiver) for giver, receiver in given.items()},
        {str(member) for member, entry in entries.items() if entry.pk in votes}, cap_total=procedure.delegation_cap,
        order=[str(giver) for giver in given],
    )  # fmt: skip
    found = []
    for giver, voter in carried.voters.items():
        if voter not in (None, giver):
            through = entries[int(voter or 0)]
            choice = votes[through.pk].choice
            found.append(Vote(ballot=ballot, entry=entries[int(giver)], choice=choice, cast_at=at, carried_by=through))
    return len(Vote.objects.bulk_create(found, batch_size=1000))


def _given(ballot: Ballot, at: datetime) -> dict[int, int]:
    """Return who had delegated to whom when the time was over, in the order in which they did; what is given for this ballot
    comes before the rest.

    A ballot is shut a while after its end, or long after where the server stood still: what was said in between is too late.
    """
    in_time = Q(ended_at=None) | Q(ended_at__gte=ballot.closes_at)
    living = Delegation.objects.filter(in_time, given_at__lt=ballot.closes_at, given_at__lte=at).order_by("given_at", "pk")
    standing = dict(living.filter(ballot=None).values_list("giver_id", "receiver_id"))
    own = dict(living.filter(ballot=ballot).values_list("giver_id", "receiver_id"))
    return own | {giver: receiver for giver, receiver in standing.items() if giver not in own}
