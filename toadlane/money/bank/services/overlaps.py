"""Which lines of a statement are new, where statements overlap: none is booked twice, and none is lost."""

from collections import Counter
from collections.abc import Sequence

from toadlane.money.bank import queries
from toadlane.money.bank.models import Line
from toadlane.money.bank.policies.statements import Line as Read
from toadlane.money.bank.policies.statements import Statement


class Known:
    """What earlier statements brought, of the lines of some statements.

    A line is known again by the bank's own reference. Without one it is the day's first, second, … of those that say the same.
    That holds while statements begin with a day. One that begins within a day counts from anew, so that a line of it that says
    the same as an earlier one may be that or another: a person decides, and until then it stands beside, under a key of its own.
    """

    def __init__(self, found: Sequence[Statement]) -> None:
        lines = [line for one in found for line in one.lines]
        keys = {key for one in found for line in one.lines for key in (line.key, _beside(one, line))}
        self._keys = set(Line.objects.filter(key__in=keys).values_list("key", flat=True))
        self._within = {id(one): queries.begins_within_a_day(one) for one in found}
        # What stands beside and was settled is one of its day by now; what nobody has decided yet may be.
        beside = queries.standing_beside({line.booked_on for line in lines if not line.is_named})
        self._settled = Counter(same for same, state in beside if state == Line.State.SETTLED)
        self._open = Counter(same for same, state in beside if state == Line.State.DOUBTFUL)

    def take(self, one: Statement, line: Read) -> tuple[str, bool] | None:
        """Return the key of a new line and whether a person has to look; None where it is known."""
        key, is_doubtful = line.key, False
        if key in self._keys:
            if line.is_named or not self._within[id(one)] or line.booked_on != one.first_on:
                return None
            key, is_doubtful = _beside(one, line), True
        elif line.place and (self._settled[line.same] or self._open[line.same]):
            booked = self._booked(line)
            if line.place < booked + self._settled[line.same]:
                return None
            is_doubtful = line.place < booked + self._settled[line.same] + self._open[line.same]
        if key in self._keys:
            return None
        self._keys.add(key)
        return key, is_doubtful

    def _booked(self, line: Read) -> int:
        """Return how many of the places before this one are taken."""
        return sum(key in self._keys for key in (line.at(place) for place in range(line.place)))


def _beside(one: Statement, line: Read) -> str:
    return f"{line.key}{queries.BESIDE}{one.id[:35]}"
