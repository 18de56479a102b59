"""Members with more than one vote, within what the law of each legal form allows. Golden vectors 09, L.

Plural votes go by participation in what the co-op does, never by capital (Regulation 1435/2003, art. 59(2)).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from toadlane.democracy.counting.policies.tallies import Tally, Votes
from toadlane.kernel.errors import Expected
from toadlane.kernel.rates import rate


class TooManyVotes(Expected):
    """The law does not allow one member, or one kind of members, that many votes."""

    status = 422


@dataclass(frozen=True, kw_only=True)
class Cap:
    """At most so many votes, and at most that part of all: whichever is less.

    :param below: whether the part must not even be reached
    """

    law: str
    votes: int | None = None
    part: Fraction | None = None
    below: bool = False

    def allows(self, votes: Votes, total: Votes) -> bool:
        if self.votes is not None and votes > self.votes:
            return False
        if self.part is None:
            return True
        return votes < self.part * total if self.below else votes <= self.part * total


# By the legal form's pack, and by whose votes they are: one member's, or a group's together.
CAPS: dict[str, dict[str, Cap]] = {
    "sce": {
        "member": Cap(law="Regulation (EC) 1435/2003, art. 59(2)", votes=5, part=Fraction(3, 10)),
        "investors": Cap(law="Regulation (EC) 1435/2003, art. 59(3)", part=Fraction(1, 4)),
        "employees": Cap(law="Regulation (EC) 1435/2003, art. 59(4)", part=Fraction(15, 100)),
    },
    "es-27-1999": {
        "member": Cap(law="Ley 27/1999, art. 26", votes=5, part=Fraction(1, 3)),
        "collaborators": Cap(law="Ley 27/1999, art. 14", part=Fraction(3, 10)),
    },
    "de-eg": {
        "member": Cap(law="GenG, § 43(3)", votes=3),
        # They may not even be able to stop what needs three quarters.
        "investors": Cap(law="GenG, § 8(2)", part=Fraction(1, 4), below=True),
    },
    "uk-society": {"member": Cap(law="FCA, RFCCBS 6.1", votes=1)},
    "us-worker-coop": {"member": Cap(law="N.Y. Cooperative Corporations Law, § 93", votes=1)},
}
# From which majority on, if the law itself demands it, nobody has more than one vote.
LAPSE: dict[str, Fraction] = {"de-eg": Fraction(3, 4)}


def check(pack: str, whose: str, votes: Votes, total: Votes) -> None:
    """Refuse votes beyond what the law of a legal form allows (L4 to L8).

    :param whose: `member` for one of them, or `investors`, `employees`, `collaborators` for all of these together
    :raises TooManyVotes: naming the law
    """
    cap = CAPS.get(pack, {}).get(whose)
    if cap is not None and not cap.allows(votes, total):
        raise TooManyVotes(_("%(law)s allows fewer votes than that.") % {"law": cap.law})


def weight(pack: str, weight: Votes, *, mandatory_majority: Fraction | None = None, about_plural_votes: bool = False) -> Votes:
    """Return how many votes a member has in one vote (L1, L2).

    In Germany plural votes lapse to one where the law demands three quarters or more, and where plural votes themselves
    are decided on (GenG, § 43(3)).

    :param mandatory_majority: what the law demands for this decision, whatever the bylaws say
    """
    lapse = LAPSE.get(pack)
    if lapse is not None and (about_plural_votes or (mandatory_majority is not None and mandatory_majority >= lapse)):
        return min(weight, 1)
    cap = CAPS.get(pack, {}).get("member")
    return weight if cap is None or cap.votes is None else min(weight, cap.votes)


def tally(
    pack: str, ballots: Iterable[tuple[Votes, str]], *, mandatory_majority: str | Fraction | None = None,
    about_plural_votes: bool = False,
) -> Tally:  # fmt: skip
    """Add up votes with weights: pairs of weight and `for`, `against`, `abstain` or `block`."""
    majority = None if mandatory_majority is None else rate(mandatory_majority)
    counts: dict[str, Votes] = {"for": 0, "against": 0, "abstain": 0, "block": 0}
    voters = 0
    for votes, choice in ballots:
        counts[choice] += weight(pack, votes, mandatory_majority=majority, about_plural_votes=about_plural_votes)
        voters += 1
    return Tally(for_=counts["for"], against=counts["against"], abstain=counts["abstain"], block=counts["block"], voters=voters)
