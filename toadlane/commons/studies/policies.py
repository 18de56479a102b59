"""Figures about people that tell of nobody: small cells, differences between answers, and a budget of privacy.

Golden vectors 16, T, D and P. El Emam, Guide to the De-Identification of Personal Health Information (2013), on small cells;
Dwork and Roth, The Algorithmic Foundations of Differential Privacy (2014), section 3.5, on how budgets add up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from toadlane.kernel.rates import rate


@dataclass(frozen=True)
class Table:
    """A table as it may be published: None where a figure is withheld."""

    cells: dict[str, int | None]
    total: int | None


def suppress(cells: Mapping[str, int], *, k: int, total_published: bool) -> Table:
    """Withhold the cells with fewer than `k` people in them (T1 to T5). Where there is nobody, there is nobody to protect.

    With the total, what is withheld can be worked out together: so there are at least two cells of it, with `k` people in them,
    and the smallest of the others is withheld as well until it is so. A total below `k` is withheld itself.
    """
    hidden = [name for name, count in cells.items() if 0 < count < k]
    total = sum(cells.values()) if total_published else None
    if total is not None and total < k:
        total = None if total else 0
    if total is not None and hidden:
        # Smallest first; of equals the earlier.
        others = sorted((name for name, count in cells.items() if count >= k), key=cells.__getitem__)
        while others and (len(hidden) < 2 or sum(cells[name] for name in hidden) < k):
            hidden.append(others.pop(0))
        if len(hidden) < 2:  # One cell alone is its own total.
            total = None
    return Table({name: None if name in hidden else count for name, count in cells.items()}, total)


def may_answer(answered: Iterable[int], query: int, *, k: int) -> bool:
    """Say whether a count may be answered besides those answered before (D1 to D3): no two differ by a handful of people.

    The same count again tells nothing new.
    """
    return query >= k and all(before == query or abs(before - query) >= k for before in answered)


@dataclass(frozen=True)
class Spent:
    allow: bool
    left: Fraction


def spend(
    budget: str | Fraction, ask: str | Fraction, *, spent: Iterable[str | Fraction] = (),
    parallel: Mapping[str, str | Fraction] | None = None,
) -> Spent:  # fmt: skip
    """Take an epsilon off the budget of a population (P1 to P3), or refuse; what is left is told either way.

    :param spent: of the same people, one after the other: they add up
    :param parallel: of people of whom nobody is in two groups, by group: the largest counts
    """
    used = sum((rate(one) for one in spent), Fraction(0)) + max(map(rate, (parallel or {}).values()), default=Fraction(0))
    left = rate(budget) - used
    wanted = rate(ask)
    allow = 0 <= wanted <= left
    return Spent(allow, left - wanted if allow else left)
