"""Coming and going: by oneself, at the door, or by proxy. Every step is written down and none is taken back."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from toadlane.democracy.meetings import queries
from toadlane.democracy.meetings.models import Invitation, Meeting, Presence, Proxy
from toadlane.democracy.meetings.permissions import ATTEND, DOOR, GO
from toadlane.democracy.meetings.services.calling import Missing, NotNow, locked
from toadlane.democracy.meetings.services.voting import tell_ballot
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.society.people.models import Person

# The door opens before the meeting does.
EARLY = timedelta(hours=3)


class NotYet(Expected):
    words = lazy("The door is not open yet.")


class AlreadyThere(Expected):
    words = lazy("Somebody is there for this member already.")


class TooManyProxies(Expected):
    words = lazy("Nobody acts for that many others.")
    status = 422
    field = "holder"


@transaction.atomic
def check_in(*, meeting: Meeting, invitation: Invitation, mode: str, by: Principal, at: datetime) -> Presence:
    """Come to a meeting, into the room or from elsewhere: for oneself, or for an organisation that one speaks for.

    Whoever gave a proxy and comes after all acts for themselves again.
    """
    by.must(ATTEND, meeting)
    if by.person_id is None or invitation.pk not in {one.pk for one in queries.mine(by, meeting)}:
        raise Missing(_("This invitation is somebody else’s."), field="invitation")
    return _enter(locked(meeting), invitation, Person.objects.get(pk=by.person_id), mode=mode, by=by, at=at)


@transaction.atomic
def let_in(*, meeting: Meeting, invitation: Invitation, person: Person, mode: str, by: Principal, at: datetime) -> Presence:
    """Write down at the door who comes, for those who have no phone at hand."""
    by.must(DOOR, meeting)
    if person.pk not in {one.pk for one in queries.persons_of(invitation)}:
        raise Missing(_("They do not come for this member."), field="person")
    return _enter(locked(meeting), invitation, person, mode=mode, by=by, at=at)


def _enter(meeting: Meeting, invitation: Invitation, person: Person, *, mode: str, by: Principal, at: datetime) -> Presence:
    if meeting.state not in (Meeting.State.CALLED, Meeting.State.OPEN):
        raise NotNow
    if at < meeting.starts_at - EARLY:
        raise NotYet(hint=_("It opens three hours before the meeting."))
    if mode not in (Presence.Mode.ROOM, Presence.Mode.REMOTE):
        raise Missing(_("In the room, or from elsewhere."), field="mode")
    if mode == Presence.Mode.REMOTE and not queries.book_of(meeting).value("meetings.remote"):
        raise Missing(
            _("The bylaws do not let members take part from elsewhere. Come to the room, or give a proxy."), field="mode"
        )
    if invitation.meeting_id != meeting.pk or not invitation.is_entitled:
        raise Missing(_("They are not on the roll of this meeting."), field="invitation")
    now = queries.is_there(invitation)
    if now is not None and now.mode != Presence.Mode.PROXY:
        if (now.person_id, now.mode) == (person.pk, mode):
            return now
        if now.person_id != person.pk:
            raise AlreadyThere(hint=now.person.name)
    if now is not None:
        _record(meeting, invitation, now.person_id, deed=Presence.Deed.LEAVES, mode=now.mode, by=by, at=at, proxy=now.proxy)
    came = _record(meeting, invitation, person.pk, deed=Presence.Deed.ENTERS, mode=mode, by=by, at=at)
    _bring_along(meeting, invitation, person.pk, by, at)
    _tell_the_vote(meeting, by, at)
    return came


def _tell_the_vote(meeting: Meeting, by: Principal, at: datetime) -> None:
    """Let the vote under way know how many are there now."""
    item = queries.open_item(meeting)
    vote = queries.voting(item, at=at) if item is not None and item.ballot else None
    if vote is not None and vote.is_open:
        tell_ballot(meeting, vote.ballot, by, at)


def _bring_along(meeting: Meeting, holder: Invitation, person_id: int, by: Principal, at: datetime) -> None:
    """Whoever gave this member a proxy, and is not there, is there by it."""
    for proxy in queries.proxies(meeting).filter(holder=holder):
        if proxy.giver.is_entitled and queries.is_there(proxy.giver) is None:
            _record(
                meeting, proxy.giver, person_id, deed=Presence.Deed.ENTERS, mode=Presence.Mode.PROXY, by=by, at=at, proxy=proxy
            )


@transaction.atomic
def leave(*, meeting: Meeting, invitation: Invitation, by: Principal, at: datetime) -> Presence | None:
    """Go, and with one those for whom one acts. Somebody at the door may write it down."""
    by.must(GO, invitation)
    meeting = locked(meeting)
    now = queries.is_there(invitation)
    if now is None or meeting.state not in (Meeting.State.CALLED, Meeting.State.OPEN):
        return None
    for proxy in queries.proxies(meeting).filter(holder=invitation):
        theirs = queries.is_there(proxy.giver)
        if theirs is not None and theirs.proxy_id == proxy.pk:
            _record(
                meeting, proxy.giver, theirs.person_id, deed=Presence.Deed.LEAVES, mode=theirs.mode, by=by, at=at, proxy=proxy
            )
    return _record(meeting, invitation, now.person_id, deed=Presence.Deed.LEAVES, mode=now.mode, by=by, at=at, proxy=now.proxy)


def _record(
    meeting: Meeting, invitation: Invitation, person_id: int, *, deed: str, mode: str, by: Principal, at: datetime,
    proxy: Proxy | None = None,
) -> Presence:  # fmt: skip
    return Presence.objects.create(
        meeting=meeting, invitation=invitation, person_id=person_id, deed=deed, mode=mode, proxy=proxy, at=at, recorded_by=str(by)
    )


@transaction.atomic
def give_proxy(*, meeting: Meeting, giver: Invitation, holder: Invitation, text: str, by: Principal, at: datetime) -> Proxy:
    """Let another member act for one in this meeting, in writing.

    :raises TooManyProxies: when they act for as many as the bylaws and the law allow
    """
    by.must(ATTEND, meeting)
    if giver.pk not in {one.pk for one in queries.mine(by, meeting)}:
        raise Missing(_("This invitation is somebody else’s."), field="giver")
    meeting = locked(meeting)
    if meeting.state not in (Meeting.State.CALLED, Meeting.State.OPEN):
        raise NotNow
    if holder.meeting_id != meeting.pk or holder.pk == giver.pk or not holder.is_entitled:
        raise Missing(_("Choose another member of this meeting."), field="holder")
    if not text.strip():
        raise Missing(_("Write it down: a proxy is given in writing."), field="text")
    most, held = queries.proxies_max(meeting), queries.proxies(meeting).filter(holder=holder).count()
    if held >= most:
        sentence = ngettext("Nobody acts for more than %(n)s other here.", "Nobody acts for more than %(n)s others here.", most)
        raise TooManyProxies(hint=sentence % {"n": most})
    if queries.proxies(meeting).filter(holder=giver).exists():
        raise TooManyProxies(_("You act for somebody yourself: a proxy is not handed on."), field="giver")
    if queries.proxies(meeting).filter(giver=holder).exists():
        raise TooManyProxies(_("They have given a proxy themselves: it is not handed on."))
    if queries.is_there(giver) is not None:
        raise AlreadyThere(_("You are there yourself."))
    try:
        with transaction.atomic():
            proxy = Proxy.objects.create(
                meeting=meeting, giver=giver, holder=holder, text=text.strip(), given_at=at, given_by=str(by)
            )
    except IntegrityError as error:
        raise AlreadyThere(_("You have given a proxy already. Take it back first.")) from error
    if (now := queries.is_there(holder)) is not None:
        _bring_along(meeting, holder, now.person_id, by, at)
    return proxy


@transaction.atomic
def revoke_proxy(*, proxy: Proxy, by: Principal, at: datetime) -> Proxy:
    """Take a proxy back, at any time."""
    by.must(ATTEND, proxy.meeting)
    if proxy.giver_id not in {one.pk for one in queries.mine(by, proxy.meeting)}:
        raise Missing(_("Only who gave it takes it back."), field="giver")
    meeting = locked(proxy.meeting)
    if proxy.revoked_at is not None:
        return proxy
    now = queries.is_there(proxy.giver)
    if now is not None and now.proxy_id == proxy.pk:
        _record(meeting, proxy.giver, now.person_id, deed=Presence.Deed.LEAVES, mode=now.mode, by=by, at=at, proxy=proxy)
    proxy.revoked_at = at
    proxy.save()
    return proxy
