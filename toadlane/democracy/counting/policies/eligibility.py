"""Who is on the roll: status, class, how long a member, arrears, conflicts of interest. Golden vectors 13, E.

Somebody who is to be expelled votes until the expulsion stands (Ley 27/1999, art. 18). Whoever an item is about, or has
an interest in it, is not on the roll of that item (Ley 27/1999, art. 42), and the minutes say so.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from toadlane.democracy.counting.policies.reading import Written
from toadlane.kernel import dates

# Who is a member and may speak. Not who has applied, is suspended, or has left.
VOTING = ("probation", "active", "exiting", "expulsion_pending")
STATUSES = (
    "applicant", "waiting", "accepted", "probation", "active", "suspended", "exiting", "expulsion_pending", "former",
    "declined", "expelled",
)  # fmt: skip
NEVER = frozenset({"applicant", "waiting", "accepted", "former", "declined", "expelled"})
ALIASES = {"coordinators": "office:coordinator"}
PLACES = ("members", "meeting", "office", "circle")
ALL = ("members", "meeting")  # Every member; at a meeting those of them vote who have come.


@dataclass(frozen=True, kw_only=True)
class RollRule:
    """Who votes.

    :param who: `members`; `meeting`, the members, of whom those vote who have come to the general meeting; or who holds a
        seat: `office:board`, `circle:cleaning`
    :param classes: only these classes of members; empty means all of them
    :param min_months, min_days: for how long one has to have been a member on the day of the roll
    :param arrears_block: whether those who owe the co-op something overdue have no vote
    """

    who: str = "members"
    classes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = VOTING
    min_months: int = 0
    min_days: int = 0
    arrears_block: bool = False

    @property
    def is_of_members(self) -> bool:
        return self.who in ALL

    @property
    def is_of_a_meeting(self) -> bool:
        return self.who == "meeting"

    @classmethod
    def read(cls, written: Written, key: str = "roll") -> "RollRule":
        """Read the roll of a procedure: a name, or a table."""
        value = written.take(key, "members")
        if isinstance(value, str):
            return cls(who=_who(written, key, value))
        table = Written(f"{written.path}.{key}", value)
        statuses = table.words("statuses", VOTING)
        if unknown := set(statuses) - set(STATUSES):
            raise table.refuse("statuses", _("no member is “%(status)s”.") % {"status": min(unknown)})
        if outside := set(statuses) & NEVER:
            raise table.refuse("statuses", _("“%(status)s” is not a member.") % {"status": min(outside)})
        found = cls(
            who=_who(table, "who", table.word("who", "members")), classes=table.words("classes"), statuses=statuses,
            min_months=table.whole("min_months", 0, most=600), min_days=table.whole("min_days", 0, most=20_000),
            arrears_block=table.flag("arrears_block", False),
        )  # fmt: skip
        table.done()
        return found

    def latest_joining(self, on: date) -> date:
        """Return the last day on which one can have joined to be on the roll of a day: three months are full on the day of
        the same number, or on the last of a shorter month (E1).
        """
        latest = dates.add_months(on, -self.min_months)
        while dates.add_months(latest + timedelta(days=1), self.min_months) <= on:
            latest += timedelta(days=1)
        return min(latest, on - timedelta(days=self.min_days))


def _who(written: Written, key: str, value: str) -> str:
    found = ALIASES.get(value, value)
    place, _colon, seat = written.as_word(key, found).partition(":")
    if place not in PLACES or bool(seat) != (place not in ALL):
        raise written.refuse(key, _("nobody knows who “%(who)s” are.") % {"who": value})
    return found


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a member on the day of the roll.

    :param seats: where they sit, such as `office:board` or `circle:cleaning`
    """

    id: str
    status: str
    joined: date
    member_class: str = ""
    in_arrears: bool = False
    seats: frozenset[str] = frozenset()


def eligible(rule: RollRule, members: Iterable[Facts], *, on: date, conflicted: Collection[str] = ()) -> list[str]:
    """Return who is on the roll of a day, in the order given (E1 to E3)."""
    latest, left_out = rule.latest_joining(on), frozenset(conflicted)
    return [
        one.id
        for one in members
        if one.status in rule.statuses
        and one.joined <= latest
        and (rule.is_of_members or rule.who in one.seats)
        and (not rule.classes or one.member_class in rule.classes)
        and not (rule.arrears_block and one.in_arrears)
        and one.id not in left_out
    ]
