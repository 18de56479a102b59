"""A class of shares, as the bylaws write it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from toadlane.kernel.rates import rate


@dataclass(frozen=True)
class ShareClass:
    """:param price: of one share, minor units; it is the nominal value, and never floats
    :param holders: which classes of members may hold it; empty is all
    :param least: how many shares a member has to hold; `most` how many at most, 0 for any number
    :param per_year: how many more for each calendar year in which a member worked or sold through the co-op; never paid from
        the budget of an activity
    :param paid_at_once: which part has to be paid when it is subscribed
    """

    id: str
    names: Mapping[str, str]
    price: int
    holders: frozenset[str]
    least: int
    most: int
    paid_at_once: Fraction
    withdrawable: bool
    transferable: bool
    investor: bool
    per_year: int = 0

    def name(self, language: str) -> str:
        return self.names.get(language.split("-", maxsplit=1)[0]) or self.names.get("en") or self.id

    def is_for(self, member_class: str) -> bool:
        return not self.holders or member_class in self.holders


def read(rows: Iterable[Mapping[str, Any]]) -> dict[str, ShareClass]:
    """Read the value of `shares.classes`.

    :raises ValueError: for a price that is none, or a class named twice: a rule that cannot be read stops the action
    """
    found: dict[str, ShareClass] = {}
    for row in rows:
        one = ShareClass(
            id=str(row["id"]), names=dict(row.get("names", {})), price=int(row["price"]), holders=frozenset(row.get("for", [])),
            least=int(row.get("min", 0)), most=int(row.get("max", 0)), paid_at_once=rate(row.get("paid_at_once", "1")),
            withdrawable=bool(row.get("withdrawable", True)), transferable=bool(row.get("transferable", False)),
            investor=bool(row.get("investor", False)), per_year=int(row.get("per_year", 0)),
        )  # fmt: skip
        if one.price <= 0 or one.id in found:
            raise ValueError(f"share class {one.id}")
        found[one.id] = one
    return found
