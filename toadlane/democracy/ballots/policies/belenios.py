"""What goes to a Belenios election and what comes back: the voters' list, and the file of its result. Pure.

Belenios (belenios.org) keeps who administers, who hands out credentials and who decrypts apart, so that not even whoever
runs a server can read a vote. Its result file is JSON with, for each question, how many votes each answer has.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected

LARGEST = 2_000_000


class NotAResult(Expected):
    words = lazy("This file is not the result of an election of one question with these answers.")
    status = 422
    field = "file"


def voters(lines: Iterable[tuple[str, str, int]]) -> str:
    """Return the list of voters as Belenios reads it: address, login and weight in each line."""
    return "".join(f"{address},{login},{weight}\n" for address, login, weight in lines)


def result(text: str, *, options: Sequence[str], voters: int) -> tuple[dict[str, Any], dict[str, int]]:
    """Read a result file; return it whole, and the votes by option.

    :param options: in the order in which the question offers its answers
    :param voters: how many there are at most
    :raises NotAResult: with what is wrong
    """
    try:
        found = json.loads(text[:LARGEST], parse_float=_refuse)
    except ValueError as error:
        raise NotAResult from error
    questions = found.get("result") if isinstance(found, dict) else None
    if not isinstance(questions, list) or len(questions) != 1 or not isinstance(questions[0], list):
        raise NotAResult(_("It has to answer one question."))
    counts = questions[0]
    if len(counts) != len(options) or not all(type(count) is int and count >= 0 for count in counts):
        raise NotAResult(_("It has to say how many votes each of the %(count)s answers has.") % {"count": len(options)})
    if sum(counts) > voters:
        raise NotAResult(_("It holds more votes than there are voters."))
    return found, dict(zip(options, counts, strict=True))


def _refuse(_text: str) -> Any:
    raise ValueError("no fractions of votes")
