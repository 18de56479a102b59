"""Who is there, whether they are enough, and whose turn it is to speak."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from django.db.models import Count as Counted
from django.db.models import Max, QuerySet

from toadlane.democracy.meetings import policies
from toadlane.democracy.meetings.models import Count, Hand, Invitation, Item, Meeting, Motion, Presence, Proxy
from toadlane.democracy.meetings.queries import calling
from toadlane.kernel.rates import rate
from toadlane.plumbing.access.principals import Principal
from toadlane.society.bylaws.rules import packs

HALF = Fraction(1, 2)


def there(meeting: Meeting) -> QuerySet[Presence]:
    """Return the last coming of everybody who is there, by themselves or by proxy."""
    last = Presence.objects.filter(meeting=meeting).order_by().values("invitation").annotate(last=Max("pk")).values("last")
    rows = Presence.objects.filter(pk__in=last, deed=Presence.Deed.ENTERS, invitation__is_entitled=True)
    whose = ("invitation__membership__person", "invitation__membership__organisation", "invitation__person", "person")
    return rows.select_related(*whose, "proxy__holder__membership__person", "proxy__holder__person").order_by("pk")


def is_there(invitation: Invitation) -> Presence | None:
    last = Presence.objects.filter(invitation=invitation).order_by("-pk").first()
    return last if last is not None and last.deed == Presence.Deed.ENTERS else None


def comings(meeting: Meeting) -> QuerySet[Presence]:
    whose = ("invitation__membership__person", "invitation__membership__organisation", "invitation__person", "person")
    return Presence.objects.filter(meeting=meeting).select_related(*whose, "proxy").order_by("pk")


@dataclass(frozen=True)
class Quorum:
    """How many are there, of how many, and how many it takes at this call.

    :param by_mode: those in the room, from elsewhere, by proxy
    """

    whole: int
    present: int
    needed: int
    call: int
    by_mode: Mapping[str, int]

    @property
    def is_met(self) -> bool:
        return self.present >= self.needed

    @property
    def missing(self) -> int:
        return max(self.needed - self.present, 0)


def rule_of(meeting: Meeting, call: int) -> policies.Enough:
    """Return how many it takes, by the rules under which the meeting was called and by the law."""
    book = calling.book_of(meeting)
    law = packs.load(book.pack).assembly
    if not meeting.is_general:
        return policies.enough(HALF, law.get("quorum_board", {"share": "1/2", "op": "gt"}))
    name = "quorum_first" if call == 1 else "quorum_second"
    return policies.enough(book.value(f"meetings.{name}"), law.get(name, {}))


def call_at(meeting: Meeting, at: datetime) -> int:
    """Return which call an instant belongs to: the one it was opened at, else by the clock."""
    if meeting.opened_call:
        return meeting.opened_call
    return 2 if meeting.is_general and meeting.second_at is not None and at >= meeting.second_at else 1


def quorum(meeting: Meeting, *, at: datetime) -> Quorum:
    """Return the count at the door, live. Two statements."""
    rows = there(meeting).select_related(None).order_by().values("mode").annotate(count=Counted("pk"))
    by_mode = dict.fromkeys(Presence.Mode.values, 0) | {row["mode"]: row["count"] for row in rows}
    whole, call = calling.entitled(meeting), call_at(meeting, at)
    return Quorum(whole, sum(by_mode.values()), rule_of(meeting, call).needed(whole), call, by_mode)


def quorum_for_the_bylaws(meeting: Meeting, *, at: datetime) -> Quorum | None:
    """Return the count at the door against what the law asks for where the bylaws change; None where it asks for nothing more."""
    law = calling.pack_of(meeting).assembly.get(f"quorum_bylaws_{'first' if call_at(meeting, at) == 1 else 'second'}")
    if law is None or not meeting.is_general:
        return None
    found = quorum(meeting, at=at)
    return replace(found, needed=policies.enough(rate(law["share"]), law).needed(found.whole))


# ------------------------------------------------------------------------------------------------------------- proxies


def proxies(meeting: Meeting) -> QuerySet[Proxy]:
    whose = ("giver__membership__person", "giver__membership__organisation", "holder__membership__person",
             "holder__membership__organisation")  # fmt: skip
    return Proxy.objects.filter(meeting=meeting, revoked_at__isnull=True).select_related(*whose).order_by("pk")


def proxies_max(meeting: Meeting) -> int:
    """Return for how many others one may act here: nobody sits on a board for somebody else."""
    if not meeting.is_general:
        return int(calling.pack_of(meeting).assembly.get("proxies", {}).get("board", 0))
    return int(calling.book_of(meeting).value("meetings.proxies_max"))


# ------------------------------------------------------------------------------------------------------------ speakers


def hands(meeting: Meeting) -> QuerySet[Hand]:
    """Return the hands that are up, first raised first."""
    rows = Hand.objects.filter(meeting=meeting, called_at__isnull=True, done_at__isnull=True, lowered_at__isnull=True)
    return rows.select_related("person", "invitation__membership__organisation").order_by("raised_at", "pk")


def speaking(meeting: Meeting) -> Hand | None:
    rows = Hand.objects.filter(meeting=meeting, called_at__isnull=False, done_at__isnull=True, lowered_at__isnull=True)
    return rows.select_related("person").first()


def hand_of(by: Principal, meeting: Meeting) -> Hand | None:
    rows = Hand.objects.filter(meeting=meeting, person_id=by.person_id or 0, done_at__isnull=True, lowered_at__isnull=True)
    return rows.first()


def queue(meeting: Meeting) -> list[Hand]:
    """Return the speakers in the order in which it will be their turn, as far as it is known now."""
    waiting = list(hands(meeting)[:200])
    known = {one.pk: one for one in waiting}
    left = [policies.Waiting(one.pk, one.invitation.member_class) for one in waiting]
    spoken, order = classes_heard(meeting), []
    while (turn := policies.next_speaker(left, spoken, alternates=meeting.alternates)) is not None:
        order.append(known[turn.hand])
        left.remove(turn)
        spoken.append(turn.member_class)
    return order


def classes_heard(meeting: Meeting) -> list[str]:
    """Return the classes of those who spoke on the item at hand, in order."""
    rows = Hand.objects.filter(meeting=meeting, item=calling.open_item(meeting), called_at__isnull=False)
    return list(rows.order_by("called_at", "pk").values_list("invitation__member_class", flat=True))


def heard(item: Item) -> list[Hand]:
    return list(Hand.objects.filter(item=item, called_at__isnull=False).select_related("person").order_by("called_at", "pk"))


# ------------------------------------------------------------------------------------------------------------- motions


def motions(meeting: Meeting) -> QuerySet[Motion]:
    return Motion.objects.filter(item__meeting=meeting).select_related("item").order_by("pk")


def counts_of(motion: Motion) -> list[Count]:
    """Return the last count of each teller."""
    last = Count.objects.filter(motion=motion).order_by().values("teller").annotate(last=Max("pk")).values("last")
    return list(Count.objects.filter(pk__in=last).select_related("teller").order_by("pk"))
