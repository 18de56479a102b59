"""What goes to a Belenios election and what comes back: the voters' list, and the file of its result. Pure.

Belenios (belenios.org) keeps who administers, who hands out credentials and who decrypts apart, so that not even whoever
runs a server can read a vote. Its formats, as its specification and its source have them (version 1 of the protocol and
what came since):

    voters     a line a voter, `address,login`; with an address missing, the login alone names them and their letter goes by
               other ways. No third field: weights make an election in which nothing can be ranked.
    result     JSON, of which `result` has a part for each question. To choose one answer: how many chose each, in the order of
               the answers, a number beyond 2^30 as text; where blank votes were allowed, their number first. To rank answers: a
               list of papers, shuffled, each with the rank of every answer, from 1, and 0 for one that is left out.

Where Belenios counts papers by a transferable vote itself, one that skips a rank or gives one twice is not valid. Here it is
blank in the same cases, so that both come to the same. Other files of an election (the proofs that the result is what
was cast) are checked with its own tool, by whoever confirms the result.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.democracy.ballots.policies import papers
from toadlane.democracy.counting.policies.choices import BadChoice
from toadlane.democracy.counting.policies.methods import METHODS
from toadlane.kernel.errors import Expected

LARGEST = 8_000_000

Options = Sequence[Mapping[str, Any]]


class NotAResult(Expected):
    words = lazy("This file is not the result of an election of one question with these answers.")
    status = 422
    field = "file"


def counts_there(method: str) -> bool:
    """Say whether a question can be asked in an election elsewhere. Of one in which several answers are chosen, or points are
    given, only sums come back, and nobody could tell how many took part.
    """
    return method == "majority" or (method in METHODS and papers.shape(method) == "ranking")


def voters(lines: Iterable[tuple[str, str]]) -> str:
    """Return the list of voters as Belenios reads it.

    :param lines: address, which may be empty, and login
    """
    return "".join(f"{address},{login}\n" for address, login in lines)


def result(
    text: str, *, options: Options, method: str, params: Mapping[str, Any], voters: int
) -> tuple[dict[str, Any], dict[str, int]]:
    """Read a result file; return it whole, and the votes: by option, or of rankings by paper.

    :param options: in the order in which the question offers its answers
    :param voters: how many there are at most
    :raises NotAResult: with what is wrong
    """
    if len(text) > LARGEST:
        raise NotAResult(_("It is too large."))
    try:
        found = json.loads(text.removeprefix("\ufeff"), parse_float=_refuse, parse_constant=_refuse)
    except ValueError as error:
        raise NotAResult from error
    questions = found.get("result") if isinstance(found, dict) else None
    if not isinstance(questions, list) or len(questions) != 1 or not isinstance(questions[0], list):
        raise NotAResult(_("It has to answer one question."))
    read = _rankings if papers.shape(method) == "ranking" else _marks
    votes = read(questions[0], options, method, params)
    if sum(votes.values()) > voters:
        raise NotAResult(_("It holds more votes than there are voters."))
    return found, votes


def _marks(counts: list[Any], options: Options, _method: str, _params: Mapping[str, Any]) -> dict[str, int]:
    """Read how many chose each answer."""
    ids = [str(option["id"]) for option in options]
    found = [_number(count) for count in counts]
    blank = found[0] if len(found) == len(ids) + 1 and "abstain" in ids else None
    votes = found if blank is None else found[1:]
    if len(votes) != len(ids):
        raise NotAResult(_("It has to say how many votes each of the %(count)s answers has.") % {"count": len(ids)})
    told = dict(zip(ids, votes, strict=True))
    if blank:
        told["abstain"] += blank
    return told


def _rankings(lying: list[Any], options: Options, method: str, params: Mapping[str, Any]) -> dict[str, int]:
    """Read papers of ranks."""
    ids, found = [str(option["id"]) for option in options], Counter[tuple[int, ...]]()
    for paper in lying:
        if not isinstance(paper, list) or len(paper) != len(ids):
            raise NotAResult(_("Each paper has to rank the %(count)s answers.") % {"count": len(ids)})
        found[tuple(map(_number, paper))] += 1
    votes: Counter[str] = Counter()
    for ranks, count in sorted(found.items()):
        votes[papers.write(_valid(ranks, ids, method, params), options, "ranking")] += count
    return dict(votes)


def _valid(ranks: Sequence[int], ids: Sequence[str], method: str, params: Mapping[str, Any]) -> list[Any]:
    """Return a ranking, or a blank one where the method could not count it."""
    places: dict[int, list[str]] = {}
    for rank, option in zip(ranks, ids, strict=True):
        if rank:
            places.setdefault(rank, []).append(option)
    choice = [names[0] if len(names) == 1 else names for _rank, names in sorted(places.items())]
    try:
        METHODS[method].check(choice, list(ids), params)
    except BadChoice:
        return []
    has_gaps = sorted(places) != list(range(1, len(places) + 1))
    return [] if has_gaps and not METHODS[method].equals else choice


def _number(count: Any) -> int:
    """Return a number that may be written as text, as Belenios does with large ones."""
    if isinstance(count, str) and count.isascii() and count.isdigit():
        count = int(count)
    if type(count) is not int or count < 0:
        raise NotAResult(_("It has to say how many, in whole numbers."))
    return count


def _refuse(_text: str) -> Any:
    raise ValueError("no fractions of votes")
