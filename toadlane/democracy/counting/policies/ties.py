"""How equals are told apart: by an earlier stage, then by a lot that was published before the count. Never at random."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from toadlane.democracy.counting.policies.results import Number, Tie
from toadlane.kernel.errors import Expected
from toadlane.ui import formats


class LotNamesStranger(Expected):
    words = _("The published lot names an option that is not on the ballot.")
    status = 422
    field = "lot"


class LotNamesTwice(Expected):
    words = _("The published lot names an option twice.")
    status = 422
    field = "lot"


class Lot:
    """The order in which names are drawn: whoever is drawn first is the one it falls on.

    The first drawn is excluded where one has to be excluded, and elected or placed higher where one has to be chosen (golden
    vectors 11, I3 and A2). Options that the lot leaves out come after it, in the order of the ballot; a tie among those alone
    is told as decided by `order`.

    :raises LotNamesStranger: when it names what is not on the ballot
    :raises LotNamesTwice: when it names an option twice
    """

    def __init__(self, options: Sequence[str], lot: Iterable[str] = ()) -> None:
        drawn = list(lot)
        if strangers := set(drawn) - set(options):
            raise LotNamesStranger(hint=formats.listed(sorted(strangers)))
        if len(set(drawn)) < len(drawn):
            raise LotNamesTwice
        self.options = tuple(options)
        self._drawn = len(drawn)
        order = [*drawn, *(name for name in options if name not in set(drawn))]
        self.place = {name: place for place, name in enumerate(order)}

    def first(self, names: Iterable[str]) -> str:
        return min(names, key=self.place.__getitem__)

    def by(self, names: Iterable[str]) -> str:
        """Say what decides between these: the lot, or only the order of the ballot."""
        return "lot" if min(self.place[name] for name in names) < self._drawn else "order"


def settle(
    names: Sequence[str], *, about: str, stage: int, history: Sequence[dict[str, Number]], lowest: bool, lot: Lot
) -> tuple[str, Tie | None]:
    """Take one of those who are equal now: who stood lowest (or highest) at the most recent stage at which they differed.

    Where several still share that place, the stages before it are asked about them alone; where all stages say the same, the
    lot. Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, rules 49(2), 49(3) and 51(2).

    :param history: the totals after each stage so far, the present one last
    :returns: the name taken, and the tie as it is told; no tie where there was but one name
    """
    left, at_stage = list(names), None
    if len(left) == 1:
        return left[0], None
    for number in range(len(history) - 1, 0, -1):
        then = history[number - 1]
        extreme = (min if lowest else max)(then[name] for name in left)
        closer = [name for name in left if then[name] == extreme]
        if len(closer) < len(left):
            left, at_stage = closer, number
        if len(left) == 1:
            break
    chosen = lot.first(left)
    by = "earlier_stage" if len(left) == 1 else lot.by(left)
    at_stage = at_stage if by == "earlier_stage" else None
    return chosen, Tie(stage=stage, about=about, candidates=tuple(names), chosen=chosen, by=by, at_stage=at_stage)
