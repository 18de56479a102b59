"""Ballots in files, from anywhere: read whatever form they come in, write those that others read."""

from toadlane.democracy.counting.policies.formats import blt, pabulib, tables, tally_sheets
from toadlane.democracy.counting.policies.formats.files import BallotFile, decoded, lines_of
from toadlane.democracy.counting.policies.formats.tables import Labels


def read(data: bytes, labels: Labels | None = None) -> BallotFile:
    """Read a file of ballots, whichever form it has: BLT, a table, a tally sheet of Debian's, Pabulib.

    :raises BadFile: with the line and the reason
    """
    text = decoded(data)
    if tally_sheets.is_one(text):
        return tally_sheets.read(text)
    if pabulib.is_one(text):
        return pabulib.read(text)
    return blt.read(text) if _is_blt(text) else tables.read(text, labels or Labels())


def _is_blt(text: str) -> bool:
    """Say whether the first line that says something is two numbers, or at least holds no commas of a table."""
    for line in lines_of(text):
        told = line.partition("#")[0].split()
        if told:
            return len(told) == 2 and all(word.isdecimal() for word in told)
    return False
