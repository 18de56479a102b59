"""What waits for a member about votes, and what is kept about them."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toadlane.democracy.ballots.models import Ballot, Delegation, PaperBatch, RollEntry, State, TookPart, Vote
from toadlane.democracy.ballots.permissions import SETTLE, TELL, mine
from toadlane.democracy.ballots.queries import doors
from toadlane.democracy.ballots.queries.absence import voters_of
from toadlane.democracy.ballots.queries.ballots import has_voted, is_talked
from toadlane.plumbing.access.principals import Principal
from toadlane.ui import formats
from toadlane.ui.shapes import Waiting

MOST = 20


def waiting(by: Principal, at: datetime) -> list[Waiting]:
    """Return the votes that are still to be cast, a tie for the chair, and boxes that wait for a second person."""
    if by.person_id is None:
        return []
    unvoted = RollEntry.objects.filter(mine(by), ballot=OuterRef("pk")).exclude(has_voted())
    open_now = Ballot.objects.filter(Exists(unvoted), state=State.OPEN, opens_at__lte=at, closes_at__gt=at, is_elsewhere=False)
    found = [_to_vote(ballot, by) for ballot in open_now.order_by("closes_at")[:MOST]]
    if by.may(SETTLE):
        ties = Ballot.objects.filter(state=State.COUNTING, awaits="chair").order_by("pk")
        found += [_one(ballot, _("A tie waits for the chair"), "tie", _("Settle it")) for ballot in ties[:MOST]]
    if by.may(TELL):
        boxes = PaperBatch.objects.filter(state=PaperBatch.State.ONCE, ballot__state=State.OPEN).exclude(first_by=by.person_id)
        found += [
            Waiting(
                title=_("Papers wait to be typed in again: %(label)s") % {"label": formats.apart(box.label)},
                detail=box.ballot.question,
                url=reverse("ballots:agree", args=[box.ballot.number, box.pk]), action=_("Type them in"), icon="check",
            )
            for box in boxes.select_related("ballot").order_by("pk")[:MOST]
        ]  # fmt: skip
    return found


def _to_vote(ballot: Ballot, by: Principal) -> Waiting:
    closes = formats.moment(ballot.closes_at, "weekday")
    unvoted = RollEntry.objects.filter(mine(by), ballot=ballot).exclude(has_voted())
    if (doors_shut := list(doors.shut(ballot, list(unvoted)).values())) and len(doors_shut) == len(unvoted):
        door = doors_shut[0]
        return Waiting(
            title=ballot.question, detail=door.words, url=door.url, action=door.action, icon="ballot", at=ballot.closes_at
        )  # fmt: skip
    if is_talked(ballot):
        detail = (
            _("Say whether you consent. It ends on %(when)s.")
            if ballot.method == "consent"
            else _("You are asked to speak. It ends on %(when)s.")
        )
        return _one(ballot, ballot.question, "detail", _("Speak"), detail % {"when": closes})
    voted = voters_of(ballot)
    told = {"when": closes, "voted": formats.number(voted), "size": formats.number(ballot.roll_size)}
    detail = (
        ngettext(
            "Your ballot closes on %(when)s. %(voted)s of %(size)s has voted.",
            "Your ballot closes on %(when)s. %(voted)s of %(size)s have voted.",
            voted,
        )
        % told
    )
    return _one(ballot, ballot.question, "detail", _("Vote"), detail)


def _one(ballot: Ballot, title: str, page: str, action: str, detail: str = "") -> Waiting:
    url = reverse(f"ballots:{page}", args=[ballot.number])
    return Waiting(title=title, detail=detail or ballot.question, url=url, action=action, icon="ballot", at=ballot.closes_at)


def own_data(*, person_id: int) -> list[dict[str, Any]]:
    """Return a person's votes where they are kept with a name, and in which secret ballots they took part."""
    votes = Vote.objects.filter(cast_by=person_id).select_related("ballot").order_by("pk")
    entries = (
        TookPart.objects.filter(entry__person_id=person_id, ballot__secrecy="secret").select_related("ballot").order_by("pk")
    )
    given = Delegation.objects.filter(giver__person_id=person_id).order_by("pk")
    return [
        *({"ballot": one.ballot.name, "question": one.ballot.question, "choice": one.choice, "reason": one.reason,
        "cast_at": one.cast_at}
          for one in votes),
        *({"ballot": one.ballot.name, "question": one.ballot.question, "took_part": True} for one in entries),
        *({"delegation": one.pk, "given_at": one.given_at, "ended_at": one.ended_at} for one in given),
    ]  # fmt: skip
