"""The others on the roll of a ballot, as somebody names them who lets one vote for themselves."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.democracy.ballots.models import Ballot, RollEntry
from toadlane.democracy.ballots.queries.pages import SILENT, roll_of_ballot
from toadlane.kernel.errors import Expected
from toadlane.society.members.models import Membership


@dataclass(frozen=True)
class Other:
    membership: Membership
    entry: RollEntry


def other_member(ballot: Ballot, number: int) -> Other:
    """Return another on the roll by their number in the register.

    :raises NotOnTheRoll: where nobody has that number
    """
    entry = RollEntry.objects.filter(ballot=ballot, number=number).select_related("membership").order_by("seat").first()
    if entry is None:
        raise NotOnTheRoll
    return Other(entry.membership, entry)


def other_called(ballot: Ballot, said: str) -> Other:
    """Return another on the roll by their name as it stands in the register, or by their number there.

    :raises NotOnTheRoll: where nobody, or more than one, is called so
    """
    said = said.strip()
    if said.isascii() and said.isdigit() and len(said) < 9:
        return other_member(ballot, int(said))
    named = Q(person__name__iexact=said)
    for place in ("person", "organisation"):
        named |= Q(**{f"membership__{place}__name__iexact": said})
    found = list(RollEntry.objects.filter(named, ballot=ballot).select_related("membership").order_by("number", "seat"))
    if len({entry.membership_id for entry in found}) > 1:
        raise NotOnTheRoll(_("There are several of this name. Write the number."))
    if not found:
        raise NotOnTheRoll(_("Nobody on the roll of this ballot is called so. Write the name as it stands in the register."))
    return Other(found[0].membership, found[0])


def names(ballot: Ballot) -> list[str]:
    """Return the names to choose from, where a page can hold them."""
    return [str(entry.membership) for entry in roll_of_ballot(ballot).order_by("place")[: SILENT + 1]][:SILENT]


class NotOnTheRoll(Expected):
    words = lazy("Nobody with this number is on the roll of this ballot.")
    status = 422
    field = "member"
