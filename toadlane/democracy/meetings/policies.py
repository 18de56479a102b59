"""When a meeting may be, who is enough, and whose turn it is. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from toadlane.kernel.dates import after_days
from toadlane.kernel.rates import ceil, rate
from toadlane.society.bylaws.rules import packs


@dataclass(frozen=True)
class Window:
    """The days on which a meeting that is called today may be. `law` is what sets the first, where it is not the bylaws."""

    earliest: date
    latest: date | None
    law: str = ""


def window(pack: packs.Pack, *, sent: date, days: int, is_urgent: bool) -> Window:
    """Return when a meeting may be that is called on `sent` (golden vectors 18, N1 to N4).

    Where the law counts clear days, the bylaws' days are counted so as well. What is only known from hearsay binds nobody.

    :param days: the notice that the bylaws ask for
    """
    terms = pack.assembly.get("notice", {})
    name = str(terms.get("urgent") or terms.get("deadline", "")) if is_urgent else str(terms.get("deadline", ""))
    law = pack.deadlines.get(name)
    if law is None or terms.get("basis") == "mem":
        return Window(after_days(sent, days), None)
    own = {**law, **({"clear_days": days} if "clear_days" in law else {"days": days})}
    ours, theirs = packs.deadline(own, {"sent": sent}), packs.deadline(law, {"sent": sent})
    assert ours.earliest and theirs.earliest, "a notice has a first day"
    binding = str(law["source"]) if theirs.earliest >= ours.earliest else ""
    return Window(max(ours.earliest, theirs.earliest), theirs.latest, binding)


@dataclass(frozen=True)
class Enough:
    """How many it takes.

    :param op: `gt` for more than the share, `ge` for at least
    :param number: so many are always enough, however large the co-op
    """

    share: Fraction
    op: str = "ge"
    number: int | None = None
    more_than: int | None = None

    def needed(self, whole: int) -> int:
        """Return the smallest number that is enough, of so many."""
        least = int(self.share * whole) + 1 if self.op == "gt" else ceil(self.share * whole)
        if self.number is not None:
            least = min(least, self.number)
        if self.more_than is not None:
            least = min(least, self.more_than + 1)
        return max(least, 1)


def enough(share: Fraction, law: Mapping[str, Any]) -> Enough:
    """Return the bylaws' share, counted as the law counts it; a number that the law knows is enough as well.

    :param law: a row of the pack's `assembly`; empty where there is none
    """
    op = str(law.get("op", "ge"))
    if "share" in law and op == "gt" and share > rate(law["share"]):
        op = "ge"  # More than half is the law's; bylaws that ask for two thirds mean two thirds.
    return Enough(share, op, law.get("number"), law.get("more_than"))


OFF_AGENDA = ("another_meeting",)


def listed_matters(pack: packs.Pack) -> tuple[str, ...]:
    """Return what a meeting may decide on although it is not on the agenda."""
    return tuple(pack.assembly.get("off_agenda", {}).get("matters", OFF_AGENDA))


@dataclass(frozen=True)
class Waiting:
    """Somebody with a hand up."""

    hand: int
    member_class: str


def next_speaker(waiting: Sequence[Waiting], spoken: Sequence[str], *, alternates: bool) -> Waiting | None:
    """Return whose turn it is: who raised a hand first; with taking turns, the first of the class that has spoken least.

    :param spoken: the classes of those who spoke on this item, in order
    """
    if not waiting:
        return None
    if not alternates:
        return waiting[0]
    return min(waiting, key=lambda one: (spoken.count(one.member_class), waiting.index(one)))
