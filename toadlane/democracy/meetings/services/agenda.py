"""The agenda: written by whoever calls the meeting, added to by enough members in time, and then closed."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.democracy.meetings import policies, queries
from toadlane.democracy.meetings.events import AgendaExtended, DemandReached
from toadlane.democracy.meetings.models import Demand, DemandSupport, Item, Meeting
from toadlane.democracy.meetings.permissions import CONVENE, DEMAND, RUN
from toadlane.democracy.meetings.services.calling import Missing, NotNow, be, locked, tell
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import Membership
from toadlane.ui import formats

MOST_ITEMS = 60
# How long members have to find enough others for a meeting.
GATHERING = timedelta(days=90)


class AgendaClosed(Expected):
    words = lazy("The agenda is closed: what is not on it cannot be decided.")


class AlreadyAsked(Expected):
    words = lazy("You have asked for it already.")


@transaction.atomic
def add_item(
    *, meeting: Meeting, title: str, by: Principal, at: datetime, kind: str = Item.Kind.FREE, text: str = "", subject: str = "",
    minutes: int | None = None,
) -> Item:  # fmt: skip
    """Put something on the agenda of a meeting that is being prepared.

    :param subject: what is voted on, such as `proposal:31` or `election:4`
    """
    by.must(CONVENE, meeting)
    meeting = locked(meeting)
    if meeting.state != Meeting.State.DRAFT:
        raise AgendaClosed(hint=_("Enough members can have an item added, in the days after the call."))
    return _add(meeting, at, title=title, kind=kind, text=text, subject=subject, minutes=minutes)


def _add(meeting: Meeting, at: datetime, **about: object) -> Item:
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    title, kind = str(about["title"]).strip(), about.get("kind", Item.Kind.FREE)
    if not title:
        raise Missing(_("Say what it is about."), field="title")
    if kind in (Item.Kind.PROPOSAL, Item.Kind.ELECTION) and not str(about.get("subject", "")).strip():
        raise Missing(_("Name what is to be voted on."), field="subject")
    if about.get("subject") and not queries.subject_is_known(str(about["subject"])):
        raise Missing(_("There is no such proposal or election that could be voted on."), field="subject")
    if last >= MOST_ITEMS:
        raise AgendaClosed(_("That is more than one meeting can do."))
    return Item.objects.create(meeting=meeting, position=last + 1, added_at=at, **{**about, "title": title})


@transaction.atomic
def remove_item(*, item: Item, by: Principal, at: datetime) -> None:
    """Take something off an agenda that nobody has read yet."""
    by.must(CONVENE, item.meeting)
    be(locked(item.meeting), Meeting.State.DRAFT)
    item.delete()


@transaction.atomic
def move_item(*, item: Item, up: int, by: Principal, at: datetime) -> None:
    """Move something up (1) or down (-1) on an agenda that nobody has read yet."""
    by.must(CONVENE, item.meeting)
    meeting = locked(item.meeting)
    be(meeting, Meeting.State.DRAFT)
    order = queries.items(meeting)
    here = next(n for n, one in enumerate(order) if one.pk == item.pk)
    there = here - up
    if not 0 <= there < len(order):
        return
    first, second = order[here], order[there]
    before, after = first.position, second.position
    # Two rows cannot have one place, not even for a moment.
    for row, position in ((first, 30000), (second, before), (first, after)):
        Item.objects.filter(pk=row.pk).update(position=position)


@transaction.atomic
def take_up(*, meeting: Meeting, matter: str, title: str, by: Principal, at: datetime) -> Item:
    """Take something up on the floor that is not on the agenda: only what the law lists, everything else would be void.

    :raises AgendaClosed: naming what may be taken up
    """
    by.must(RUN, meeting)
    meeting = locked(meeting)
    be(meeting, Meeting.State.OPEN)
    listed = policies.listed_matters(queries.pack_of(meeting)) if meeting.is_general else tuple(MATTERS)
    if matter not in listed:
        names = formats.listed(MATTERS[one]() for one in listed if one in MATTERS)
        raise AgendaClosed(hint=_("Off the agenda a meeting can only decide on this: %(names)s.") % {"names": names})
    return _add(meeting, at, title=title or capfirst(str(MATTERS[matter]())), origin=Item.Origin.FLOOR, matter=matter)


MATTERS = {
    "another_meeting": lambda: _("to call another meeting"),
    "audit": lambda: _("to have the accounts looked into"),
    "longer": lambda: _("to go on another day"),
    "liability": lambda: _("to hold those who ran the co-op liable"),
    "recall": lambda: _("to recall somebody from an office"),
}


# ------------------------------------------------------------------------------------------------------- members' rights


@transaction.atomic
def demand(
    *,
    title: str,
    text: str,
    membership: Membership,
    by: Principal,
    at: datetime,
    meeting: Meeting | None = None,
    subject: str = "",
) -> Demand:
    """Ask for a general meeting, or for an item on the agenda of one that is called. Whoever asks is the first of them.

    :raises AgendaClosed: when the days for additions are over
    """
    by.must(DEMAND)
    if not title.strip() or not text.strip():
        raise Missing(
            _("Say what about, and why: others read it before they ask for it with you."), field="text" if title else "title"
        )
    closes_at, what = at + GATHERING, "call"
    if meeting is not None:
        if (
            not meeting.is_general
            or meeting.state != Meeting.State.CALLED
            or not meeting.items_until
            or at >= meeting.items_until
        ):
            raise AgendaClosed
        closes_at, what = meeting.items_until, "items"
    whole = queries.voters().count()
    made = Demand.objects.create(
        meeting=meeting, title=title.strip(), text=text.strip(), subject=subject, opened_at=at, closes_at=closes_at, whole=whole,
        needed=queries.threshold(what).needed(whole), bylaws_version=bylaws.book().number,
    )  # fmt: skip
    _support(made, membership, by, at)
    return made


@transaction.atomic
def support(*, demand: Demand, membership: Membership, by: Principal, at: datetime) -> Demand:
    """Ask for it too. With enough of them the item is on the agenda at once, or the board owes a date."""
    by.must(DEMAND)
    demand = Demand.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=demand.pk)
    if at >= demand.closes_at or demand.reached_at is not None:
        raise NotNow(_("It is no longer open.") if demand.reached_at is None else _("Enough members have asked already."))
    _support(demand, membership, by, at)
    return demand


def _support(demand: Demand, membership: Membership, by: Principal, at: datetime) -> None:
    if membership.pk not in by.memberships or not queries.voters().filter(pk=membership.pk).exists():
        raise Missing(_("Members who vote can ask for this."), field="membership")
    try:
        with transaction.atomic():
            DemandSupport.objects.create(demand=demand, membership=membership, person_id=by.person_id, at=at)
    except IntegrityError as error:
        raise AlreadyAsked from error
    if demand.reached_at is None and demand.supports.count() >= demand.needed:
        _reach(demand, by, at)


def _reach(demand: Demand, by: Principal, at: datetime) -> None:
    demand.reached_at = at
    if demand.meeting is not None:
        item = _add(
            locked(demand.meeting), at, title=demand.title, text=demand.text, subject=demand.subject, demand=demand,
            origin=Item.Origin.MEMBERS, kind=Item.Kind.PROPOSAL if demand.subject.startswith("proposal:") else Item.Kind.FREE,
        )  # fmt: skip
        demand.answered_at = at
        tell(demand.meeting, f"agenda:{item.pk}", by=by, at=at)
        events.publish(AgendaExtended(meeting_id=demand.meeting_id or 0, item_id=item.pk))
    else:
        days = bylaws.book(version=demand.bylaws_version).value("meetings.call_days")
        demand.answer_by = at + timedelta(days=days)
    demand.save()
    events.publish(DemandReached(demand_id=demand.pk))
