"""Which file for whom: what strangers may read, what members may read, and all of it."""

from dataclasses import dataclass, field
from enum import StrEnum


class Variant(StrEnum):
    PUBLIC = "public"
    MEMBERS = "members"
    FULL = "full"


def named(text: str) -> Variant | None:
    """Return the variant of a name, or None where there is none such."""
    return Variant(text) if text in {*Variant} else None


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far a file goes, as the bylaws have it.

    :param decided: what was decided, with its ballots; `talk` what is under way, and what was said
    :param names: whether people stand in it by their names
    :param rolls: who could vote, by number in the register
    :param minutes: of all meetings, of general meetings, or of none
    :param entries: every entry of the books; `totals` what each account comes to
    :param withheld: why a part is left out, by part
    """

    variant: Variant
    decided: bool = True
    talk: bool = True
    names: bool = True
    rolls: bool = True
    minutes: str = "all"
    totals: bool = True
    entries: bool = True
    shares: bool = True
    withheld: dict[str, str] = field(default_factory=dict, hash=False)


# The rules that say what everybody may read.
OPENING = {"gov.records_public", "meetings.minutes_public", "books.public"}
MEMBERS_ONLY = "The bylaws keep this to members."
OFFICERS_ONLY = "The register of shares is for the board and the treasurer."
DECIDING = ("proposals", "revisions", "decisions", "enactments", "halts", "ballots", "votes", "papers", "boards", "rounds")


def reach(variant: Variant, *, records: str, minutes: bool, books: bool) -> Reach:
    """Return how far a file goes.

    :param records: what `gov.records_public` says; `minutes` whether minutes are public, `books` whether totals are
    """
    if variant is Variant.FULL:
        return Reach(variant=variant)
    if variant is Variant.MEMBERS:
        return Reach(variant=variant, shares=False, withheld={"shares": OFFICERS_ONLY})
    decided, talk = records in ("decisions", "all"), records == "all"
    # Who voted what is for members, of a vote that is not secret; and a place on the roll is as good as a name to some.
    closed = [*(() if decided else DECIDING), *(() if decided and talk else ("said",)), "rolls", "votes"]
    closed += [*(() if minutes else ("minutes",)), *(() if books else ("accounts", "log", "seals")), "entries"]
    return Reach(
        variant=variant, decided=decided, talk=talk, names=False, rolls=False, minutes="general" if minutes else "",
        totals=books, entries=False, shares=False,
        withheld={**dict.fromkeys(closed, MEMBERS_ONLY), "shares": OFFICERS_ONLY},
    )  # fmt: skip
