"""The settings of RCTab, the public tabulator of ranked ballots: what they ask of our count, and what we do not do is refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from toadlane.democracy.counting.policies.formats.files import BadFile
from toadlane.democracy.counting.policies.formats.tables import Labels

OVERVOTES = {"alwaysSkipToNextRank": "skip", "exhaustImmediately": "exhaust"}
WRITE_INS = "Undeclared Write-ins"
# Settings that change nothing for us when they say this.
_NOTHING: Mapping[str, tuple[Any, ...]] = {
    "winnerElectionMode": ("singleWinnerMajority",), "numberOfWinners": ("1", 1), "minimumVoteThreshold": ("", "0", 0),
    "multiSeatBottomsUpPercentageThreshold": ("",), "stopTabulationEarlyAfterRound": ("",),
    "doesFirstRoundDetermineThreshold": (False,), "nonIntegerWinningThreshold": (False,), "hareQuota": (False,),
}  # fmt: skip


@dataclass(frozen=True)
class Config:
    """What a file of settings says: parameters of `irv`, the labels of the ballots, the title, and who is not counted."""

    params: Mapping[str, Any]
    labels: Labels
    title: str
    withdrawn: tuple[str, ...]


def read(text: str) -> Config:
    """Read the settings of a contest with one winner.

    :raises BadFile: when they are none, or ask for what this count does not do; `tiebreakMode` is not followed: ties are broken
        by an earlier round and then by the lot, which is announced
    """
    try:
        document = json.loads(text)
        rules, source = document["rules"], document["cvrFileSources"][0]
        candidates = [(one["name"], one.get("excluded", False), one.get("aliases", [])) for one in document["candidates"]]
    except (ValueError, LookupError, TypeError) as error:
        raise BadFile(_("These are not settings of RCTab: %(error)s") % {"error": error}) from error
    for name, allowed in _NOTHING.items():
        if rules.get(name, allowed[0]) not in allowed:
            raise BadFile(_("%(name)s: %(value)s is something this count does not do.") % {"name": name, "value": rules[name]})
    names = {alias: name for name, _excluded, aliases in candidates for alias in aliases}
    write_ins = source.get("undeclaredWriteInLabel") or ""
    if write_ins:
        names[write_ins] = WRITE_INS
    options = (*(name for name, _excluded, _aliases in candidates), *([WRITE_INS] if write_ins else []))
    skipped = {"", (source.get("skippedRankLabel") or "").lower()}
    if source.get("treatBlankAsUndeclaredWriteIn"):
        skipped -= {""}
        names[""] = WRITE_INS
    labels = Labels(
        skipped=frozenset(skipped), overvote=frozenset({(source.get("overvoteLabel") or "overvote").lower()}), names=names,
        options=options, ranks=_whole(rules, "maxRankingsAllowed"),
    )  # fmt: skip
    withdrawn = tuple(name for name, excluded, _aliases in candidates if excluded)
    return Config(_params(rules, write_ins), labels, document.get("outputSettings", {}).get("contestName", ""), withdrawn)


def _params(rules: Mapping[str, Any], write_ins: str) -> dict[str, Any]:
    overvote = OVERVOTES.get(rules.get("overvoteRule", ""))
    if overvote is None:
        told = {"name": "overvoteRule", "value": rules.get("overvoteRule")}
        raise BadFile(_("%(name)s: %(value)s is something this count does not do.") % told)
    return {
        "max_skipped": _whole(rules, "maxSkippedRanksAllowed"), "overvote": overvote,
        "repeats": "exhaust" if rules.get("exhaustOnDuplicateCandidate") else "skip",
        "batch": bool(rules.get("batchElimination")), "first_out": [WRITE_INS] if write_ins else [],
        "until": "two" if rules.get("continueUntilTwoCandidatesRemain") else "majority",
    }  # fmt: skip


def _whole(rules: Mapping[str, Any], name: str) -> int | None:
    """Return a number of the settings, None where it is unlimited."""
    value = str(rules.get(name, "unlimited"))
    if value in ("unlimited", "max", ""):
        return None
    if not value.isdecimal():
        raise BadFile(_("%(name)s: %(value)s is something this count does not do.") % {"name": name, "value": value})
    return int(value)
