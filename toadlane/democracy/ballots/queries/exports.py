"""Files of a ballot, for anybody to check and count again."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from toadlane.democracy.ballots.models import Ballot, Board, RollEntry, Vote
from toadlane.democracy.ballots.permissions import SEE_LINES
from toadlane.democracy.ballots.policies import belenios, papers
from toadlane.democracy.ballots.queries import results
from toadlane.democracy.ballots.queries.ballots import roll_lines
from toadlane.democracy.ballots.queries.counts import choices_of, counted, profile_of
from toadlane.democracy.counting.policies import profiles
from toadlane.democracy.counting.policies.formats import blt, tables
from toadlane.kernel import canonical
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.keys import signatures

TRACKER = 12


def frozen(ballot: Ballot) -> str:
    """Return what was frozen when it opened, letter by letter as it is hashed."""
    return canonical.text(ballot.frozen)


def roll(ballot: Ballot) -> Iterator[str]:
    """Return the roll, line by line as it is hashed."""
    return (f"{line}\n" for line in roll_lines(ballot))


def result(ballot: Ballot) -> dict[str, Any]:
    """Return the result as it is hashed, with its signature and the key to check it with."""
    return {
        "result": ballot.result, "hash": ballot.result_hash, "signature": ballot.signature, "key_id": ballot.key_id,
        "public_key": signatures.public_key(ballot.key_id),
    }  # fmt: skip


def board(ballot: Ballot, by: Principal) -> dict[str, Any]:
    """Return the board; of an open vote with what each line stands for, of a secret one without, since nobody knows.

    Whoever may not see the lines is told the root that stands for them, and how many they are.
    """
    shown = Board.objects.get(ballot=ballot)
    told: dict[str, Any] = {
        "ballot": ballot.name, "hash": ballot.hash, "secrecy": ballot.secrecy, "root": shown.root, "count": shown.count,
    }  # fmt: skip
    if not by.may(SEE_LINES, ballot):
        return told
    told["lines"] = shown.lines()
    if not ballot.is_secret:
        votes = Vote.objects.filter(ballot=ballot).order_by("entry__place")
        told["votes"] = [
            {"place": place, "choice": choice} for place, choice in votes.values_list("entry__place", "choice").iterator()
        ]
    return told


def as_blt(ballot: Ballot) -> Iterator[str]:
    """Return the papers as a BLT file: rankings as they are, and marks as a first preference or as equals."""
    profile = _profile(ballot)
    seats = int(ballot.params.get("seats", 1))
    return (f"{line}\n" for line in blt.write(profile, seats=seats, title=ballot.question))


def as_csv(ballot: Ballot) -> Iterator[str]:
    """Return the papers as a table, equal ones together with their weight."""
    found, shape = counted(ballot), papers.shape(ballot.method)
    if shape == "numbers":
        labels = results.option_labels(ballot)
        votes = (
            ({labels[key]: number for key, number in choice.items()}, weight) for choice, weight in choices_of(ballot, found)
        )
        return (f"{line}\n" for line in tables.write_numbers(votes, list(labels.values())))
    if shape == "names":
        labels = results.option_labels(ballot)
        marked = ((dict.fromkeys((labels[key] for key in choice), 1), weight) for choice, weight in choices_of(ballot, found))
        costs = {labels[key]: cost for key, cost in ballot.params.get("costs", {}).items()}
        return (f"{line}\n" for line in tables.write_numbers(marked, list(labels.values()), costs))
    return (f"{line}\n" for line in tables.write(_profile(ballot)))


def _profile(ballot: Ballot) -> profiles.Profile:
    """Return the papers under the names of the options, as others read them."""
    found, shape, labels = counted(ballot), papers.shape(ballot.method), results.option_labels(ballot)
    if shape == "ranking":
        ranked = profile_of(ballot, found)
        return profiles.Profile(
            tuple(labels[key] for key in ranked.options), ranked.cells, ranked.weights, ranked.joined, ranked.blank, ranked.unit
        )
    rankings = ((_ranking(choice, labels, shape), weight) for choice, weight in choices_of(ballot, found))
    return profiles.collect(rankings, labels.values())


def _ranking(choice: Any, labels: dict[str, str], shape: str) -> list[Any]:
    if shape == "one":
        return [labels[choice]]
    names = [labels[key] for key in choice]
    return [names] if len(names) > 1 else names


@dataclass(frozen=True)
class Line:
    place: int
    digest: str


def line_of(ballot: Ballot, code: str, by: Principal) -> Line | None:
    """Return where a stub stands on the board: by its number, or by the whole digest."""
    code = code.strip().replace(" ", "").lower()
    if len(code) < TRACKER or not by.may(SEE_LINES, ballot):
        return None
    shown = Board.objects.filter(ballot=ballot).first()
    lines = shown.lines() if shown else []
    return next((Line(place, line) for place, line in enumerate(lines, 1) if line.startswith(code)), None)


def voters(ballot: Ballot) -> str:
    """Return the list of voters for an election elsewhere: whoever speaks for the member, by address. Whoever has none is on
    it all the same.
    """
    rows = RollEntry.objects.filter(ballot=ballot).order_by("place").select_related("person", "membership__person")
    found = []
    for entry in rows.prefetch_related("membership__delegates__person"):
        person = entry.person or entry.membership.person
        if person is None:
            living = [one.person for one in entry.membership.delegates.all() if one.ended_on is None]
            person = living[0] if living else None
        address = (person.email or "") if person is not None else ""
        found.append((address, f"{entry.number}-{entry.seat}"))
    return belenios.voters(found)


def as_json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1)
