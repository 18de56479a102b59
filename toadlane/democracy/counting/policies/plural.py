"""Members with more than one vote, within what the law of each legal form allows: its pack's `voice`. Golden vectors 09, L.

Plural votes go by participation in what the co-op does, never by capital (Regulation 1435/2003, art. 59(2)).
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from django.utils.translation import gettext as _

from toadlane.democracy.counting.policies.tallies import Tally, Votes
from toadlane.kernel.errors import Expected
from toadlane.kernel.rates import rate
from toadlane.society.bylaws.rules.packs import Pack


class TooManyVotes(Expected):
    """The law does not allow one member, or one kind of members, that many votes."""

    status = 422


def check(pack: Pack, whose: str, votes: Votes, total: Votes) -> None:
    """Refuse votes beyond what the law of a legal form allows (L4 to L8).

    :param whose: `member` for one of them, or `investors`, `employees`, `collaborators` for all of these together
    :raises TooManyVotes: naming the law
    """
    for allowed, law in _caps(pack, whose, votes, total):
        if not allowed:
            raise TooManyVotes(_("%(law)s allows fewer votes than that.") % {"law": law})


def _caps(pack: Pack, whose: str, votes: Votes, total: Votes) -> Iterator[tuple[bool, str]]:
    terms = pack.voice.get(whose, {})
    if "votes" in terms:
        yield votes <= terms["votes"], terms["law"]
    if "part" in terms:
        yield votes <= rate(terms["part"]) * total, terms["law"]
    if "below" in terms:
        yield votes < rate(terms["below"]) * total, terms["law"]
    if cap := pack.bounds.get(f"votes.{whose}_max", {}).get("cap"):
        yield votes <= rate(cap["max"]) * total, cap["law"]


def weight(pack: Pack, weight: Votes, *, mandatory_majority: Fraction | None = None, about_plural_votes: bool = False) -> Votes:
    """Return how many votes a member has in one vote (L1, L2).

    In Germany plural votes lapse to one where the law demands three quarters or more, and where plural votes themselves
    are decided on (GenG § 43(3)).

    :param mandatory_majority: what the law demands for this decision, whatever the bylaws say
    """
    lapse = pack.voice.get("lapse")
    if lapse and (about_plural_votes or (mandatory_majority is not None and mandatory_majority >= rate(lapse["majority"]))):
        return min(weight, 1)
    return min(weight, pack.voice.get("member", {}).get("votes", weight))


def tally(
    pack: Pack, ballots: Iterable[tuple[Votes, str]], *, mandatory_majority: str | Fraction | None = None,
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
