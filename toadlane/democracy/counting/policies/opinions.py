"""What groups of different opinion agree on. Input to drafting a proposal, not a decision."""

from collections.abc import Iterable
from fractions import Fraction
from math import prod

from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected


class MoreAgreeThanSaw(Expected):
    words = lazy("More agree with a statement than saw it.")
    status = 422


def group_aware_consensus(groups: Iterable[tuple[int, int]]) -> Fraction:
    """Return the product over the groups of (agree + 1) / (seen + 2): high only where every group tends to agree (11, G1 to G3).

    C. Small et al., Polis: scaling deliberation by mapping high dimensional opinion spaces, Recerca 26 (2021).

    :param groups: (how many agree, how many saw the statement) of each opinion group
    :raises MoreAgreeThanSaw: when that cannot be
    """
    pairs = list(groups)
    if any(not 0 <= agree <= seen for agree, seen in pairs):
        raise MoreAgreeThanSaw
    return prod((Fraction(agree + 1, seen + 2) for agree, seen in pairs), start=Fraction(1))
