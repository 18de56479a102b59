"""Debian's tally sheets: a legend of options, and a line a vote with the rank of each, `-` for none."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from toadlane.democracy.counting.policies.formats.files import BadFile, BallotFile, by_rank, lines_of
from toadlane.democracy.counting.policies.profiles import Weight, collect

_LEGEND = re.compile(r"Option \w+\s*-*>:\s*.")
_OPTION = re.compile(r"[\s/|]*Option (\w+)\s*-*>:\s*(.+)")
_VOTE = re.compile(r"V:\s+([0-9A-Za-z-]+)(?:\s.*)?")


def is_one(text: str) -> bool:
    """Say whether this is a tally sheet."""
    return _LEGEND.search(text) is not None and re.search(r"^V:\s", text, re.M) is not None


def read(text: str) -> BallotFile:
    """Read a tally sheet.

    :raises BadFile: with the line and the reason
    """
    names: list[str] = []

    def ballots() -> Iterator[tuple[list[Any], Weight]]:
        for line, told in enumerate(lines_of(text), 1):
            if option := _OPTION.fullmatch(told.rstrip()):
                names.append(option[2])
            elif vote := _VOTE.fullmatch(told.rstrip()):
                if len(vote[1]) != len(names):
                    said = {"ranks": len(vote[1]), "count": len(names)}
                    raise BadFile(_("There are %(ranks)d ranks for %(count)d options.") % said, line=line)
                ranks = {str(n): int(mark, 36) for n, mark in enumerate(vote[1]) if mark != "-"}
                yield by_rank(ranks), 1
            elif told.startswith("V:"):
                raise BadFile(_("This is no vote: “%(text)s”.") % {"text": told[:40]}, line=line)

    held = list(ballots())
    profile = collect(held, [str(number) for number in range(len(names))])
    if len(set(names)) < len(names):
        raise BadFile(_("Two options bear the same name."))
    return BallotFile(tuple(names), profile=replace(profile, options=tuple(names)))
