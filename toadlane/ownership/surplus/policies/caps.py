"""How much interest shares may bear at most: a rate that somebody publishes for a year, and so much above it.

Ley 27/1999, article 48: legal interest and six points; loi 47-1775, article 14: the average yield of company bonds and two;
codice civile, article 2514: postal savings bonds and two and a half. Where the law says no number, as for a society of the
United Kingdom, it is the lowest rate that is sufficient to obtain the capital, which the board says for each year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from toadlane.kernel.rates import rate
from toadlane.kernel.rounding import Weight

BASES = {
    "legal_interest": _("Legal interest"),
    "company_bonds": _("Average yield of company bonds, over three years"),
    "postal_bonds": _("Highest interest on postal savings bonds"),
    "sufficient": _("Lowest rate that is sufficient to obtain the capital"),
}


@dataclass(frozen=True)
class Cap:
    """What the law of a form says.

    :param above: points on top of what is published
    :param without_subsidies: whether what public bodies gave is left out of what may bear interest (golden vectors W8)
    """

    base: str
    above: Fraction
    law: str
    without_subsidies: bool = False

    def most(self, published: Weight) -> Fraction:
        return rate(published) + self.above

    @property
    def label(self) -> str:
        return str(BASES[self.base])


def read(written: Mapping[str, Any]) -> Cap | None:
    """Read what a jurisdiction pack says; None where the law of the form sets no cap that we could confirm."""
    if not written:
        return None
    return Cap(written["base"], rate(written.get("above", "0")), written["law"], bool(written.get("without_subsidies")))
