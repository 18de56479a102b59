"""Papers out of a box: typed in by two people apart, and counted only where both read the same."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from toadlane.democracy.ballots import queries
from toadlane.democracy.ballots.models import Ballot, PaperBatch, RollEntry, Vote
from toadlane.democracy.ballots.permissions import TELL
from toadlane.democracy.ballots.policies import papers, sealing
from toadlane.democracy.ballots.services import casting, lateness, urn
from toadlane.democracy.ballots.services.errors import AlreadyVoted, Another, Differs
from toadlane.plumbing.access.principals import Principal
from toadlane.ui import formats

MOST = 500
SHOWN = 20  # Places that are named where something is wrong with their papers.
Entered = dict[str, list[Any]]
State = PaperBatch.State


@transaction.atomic
def enter_papers(
    *, ballot: Ballot, label: str, places: Sequence[int], choices: Sequence[Any], by: Principal, at: datetime
) -> PaperBatch:
    """Type in what lies in a box or an envelope. Nothing of it counts before a second person has typed in the same.

    :param places: whose papers they are, by their place on the roll
    :param choices: what is on them; in an open ballot in the order of the places, in a secret one in any order
    :raises SpoiltPaper: when one cannot be counted, or there are more papers than people
    """
    by.must(TELL, ballot)
    casting.hold(ballot, at=at)
    entered = _entered(ballot, places, choices)
    return PaperBatch.objects.create(
        ballot=ballot, label=label.strip()[:120], first=_kept(ballot, entered), count=len(places), first_by=by.person_id or 0,
        entered_at=at,
    )  # fmt: skip


def agree_papers(*, batch: PaperBatch, places: Sequence[int], choices: Sequence[Any], by: Principal, at: datetime) -> PaperBatch:
    """Type the same box in a second time. Where both read the same, the papers are votes.

    :raises Another: when the same person would type it in twice
    :raises Differs: when the two do not agree; both start again, together
    :raises AlreadyVoted: when somebody whose paper it is has voted meanwhile; a paper comes after the voter's own vote
    """
    by.must(TELL, batch.ballot)
    apart, batch = _agree(batch, places, choices, by, at)
    if batch.state == State.DIFFERS:
        hint = _("Then one of you types all of it in anew, and the other after them.")
        told = f"{hint} {_('Not alike at these places on the roll: %(places)s.') % {'places': _listed(apart)}}" if apart else hint
        raise Differs(hint=told, places=apart)
    return batch


@transaction.atomic
def _agree(
    batch: PaperBatch, places: Sequence[int], choices: Sequence[Any], by: Principal, at: datetime
) -> tuple[list[int], PaperBatch]:
    """Compare, and count what is alike; return the places whose papers were read differently, where that is known of an open
    ballot.
    """
    ballot = casting.hold(batch.ballot, at=at, alone=True)
    batch = PaperBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != State.ONCE or batch.first_by == by.person_id:
        raise Another
    entered = _entered(ballot, places, choices)
    batch.second_by, batch.second = by.person_id, {}
    first = _opened(ballot, batch.first)
    if entered != first:
        batch.state = State.DIFFERS
        batch.save()
        return [] if ballot.is_secret else _apart(first, entered), batch
    _count_in(ballot, entered, at)
    batch.state, batch.first, batch.agreed_at = State.AGREED, {}, at
    batch.save()
    lateness.look(ballot, by=by, at=at)
    return [], batch


def _apart(first: Entered, second: Entered) -> list[int]:
    one, other = (dict(zip(read["places"], read["papers"], strict=True)) for read in (first, second))
    return sorted(place for place in {*one, *other} if one.get(place) != other.get(place))


def _listed(places: Sequence[int]) -> str:
    return formats.listed(places[:SHOWN]) + (" …" if len(places) > SHOWN else "")


@transaction.atomic
def drop_papers(*, batch: PaperBatch, by: Principal, at: datetime) -> PaperBatch:
    """Take back what was typed in and not agreed on."""
    by.must(TELL, batch.ballot)
    PaperBatch.objects.filter(pk=batch.pk, state__in=[State.ONCE, State.DIFFERS]).update(state=State.DROPPED, first={}, second={})
    batch.refresh_from_db()
    return batch


def _entered(ballot: Ballot, places: Sequence[int], choices: Sequence[Any]) -> Entered:
    if len(places) != len(choices) or not places:
        raise papers.SpoiltPaper(_("There are as many papers as people who handed one in."), field="papers")
    if len(places) > MOST or len(set(places)) < len(places):
        raise papers.SpoiltPaper(
            _("Each person hands in one paper, and a box holds %(most)s at most.") % {"most": MOST}, field="papers"
        )
    texts = [casting.read_paper(ballot, choice, reason="on paper") for choice in choices]
    if ballot.is_secret:
        return {"places": sorted(places), "papers": sorted(texts)}
    pairs = sorted(zip(places, texts, strict=True))
    return {"places": [place for place, _text in pairs], "papers": [text for _place, text in pairs]}


def _kept(ballot: Ballot, entered: Entered) -> dict[str, Any]:
    """Return what is stored until the second person has been: of a secret ballot the papers are sealed, as in its urn."""
    if not ballot.is_secret:
        return entered
    text = json.dumps(entered["papers"])
    key = sealing.key_of(settings.SECRET_KEY, ballot.salt)
    return {"places": entered["places"], "sealed": sealing.seal(text, key=key, length=sealing.length_of(len(text) + 1)).hex()}


def _opened(ballot: Ballot, kept: dict[str, Any]) -> Entered:
    if not ballot.is_secret:
        return kept
    opener = sealing.Opener(sealing.key_of(settings.SECRET_KEY, ballot.salt))
    return {"places": kept["places"], "papers": json.loads(opener.open(bytes.fromhex(kept["sealed"])))}


def _count_in(ballot: Ballot, entered: Entered, at: datetime) -> None:
    entries = {entry.place: entry for entry in RollEntry.objects.filter(ballot=ballot, place__in=entered["places"])}
    if strangers := set(entered["places"]) - set(entries):
        raise papers.SpoiltPaper(_("There is no place %(place)s on the roll.") % {"place": min(strangers)}, field="papers")
    casting.must_have_come(ballot, list(entries.values()))
    in_order = [entries[place] for place in entered["places"]]
    voted = RollEntry.objects.filter(queries.has_voted(), pk__in=[entry.pk for entry in in_order]).order_by("place")
    if themselves := list(voted.values_list("place", flat=True)):
        words = _("Some have voted themselves, and their own vote counts. Their places on the roll: %(places)s.")
        hint = _("Take back what was typed in, and both type the box in anew without their papers.")
        raise AlreadyVoted(words % {"places": _listed(themselves)}, hint=hint)
    if ballot.is_secret:
        urn.put_all(ballot, in_order, entered["papers"])
        return
    Vote.objects.bulk_create(
        [
            Vote(ballot=ballot, entry=entry, choice=text, cast_at=at)
            for entry, text in zip(in_order, entered["papers"], strict=True)
        ]
    )
