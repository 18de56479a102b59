"""Jurisdiction packs: what the law says, as versioned data with its source, and the deadlines counted from it.

A bound under `bounds` is law and no vote passes it. What we could not confirm is under `suggestions`, marked `mem`: it is
offered to founders and never enforced.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from toadlane.kernel.dates import add_months, add_years, after_clear_days, after_days
from toadlane.kernel.errors import Expected

FOLDER = Path(__file__).parents[1] / "packs"


class NoSuchPack(Expected):
    """There is no such legal form here."""

    status = 422
    field = "pack"


class NoSuchDeadline(Expected):
    """The law of this form sets no such deadline."""


@dataclass(frozen=True)
class Pack:
    id: str
    version: int
    names: Mapping[str, str]
    countries: tuple[str, ...]
    law: str
    founders: Mapping[str, Any]
    bounds: Mapping[str, Mapping[str, Any]]
    suggestions: Mapping[str, Mapping[str, Any]]
    # Texts that a co-op begins with because its country has words of its own for them, by rule; founders may write others.
    wordings: Mapping[str, str]
    deadlines: Mapping[str, Mapping[str, Any]]
    # What the law says about general meetings: who may have one called, notice, quorum, proxies, minutes.
    assembly: Mapping[str, Mapping[str, Any]]
    # Who may have how many votes, from when on nobody has more than one, and which kinds of members there have to be.
    voice: Mapping[str, Mapping[str, Any]]
    # What it takes to change the bylaws themselves, under `bylaws`; see `majority`.
    majority: Mapping[str, Mapping[str, Any]]
    # What interest on shares is measured by, and how far the reserve bears losses; empty where the law says nothing.
    interest: Mapping[str, Any]
    losses: Mapping[str, Any]
    notes: tuple[Mapping[str, str], ...]

    @property
    def name(self) -> str:
        """Return what a document says it was written under: `es-27-1999@1`."""
        return f"{self.id}@{self.version}"

    @property
    def least_founders(self) -> int:
        """Return how many founders the law demands; what we only heard of is a suggestion."""
        return int(self.founders["min"]) if self.founders.get("basis") == "law" else 1


@lru_cache
def load(pack_id: str) -> Pack:
    """Return a pack by its id, with or without a version: `sce` or `sce@1`.

    :raises NoSuchPack: when there is none
    """
    path = FOLDER / f"{pack_id.partition('@')[0]}.toml"
    if not path.is_file() or path.parent != FOLDER:
        raise NoSuchPack(_("There is no legal form “%(pack)s” here.") % {"pack": pack_id})
    written = tomllib.loads(path.read_text())
    deadlines: dict[str, Any] = {}
    for shared in written.get("includes", []):
        deadlines |= tomllib.loads((FOLDER / "shared" / f"{shared}.toml").read_text())["deadlines"]
    return Pack(
        id=written["id"], version=written["version"], names=written["names"], countries=tuple(written.get("countries", [])),
        law=written.get("law", ""), founders=written.get("founders", {"min": 1}), bounds=written.get("bounds", {}),
        suggestions=written.get("suggestions", {}), wordings=written.get("wordings", {}),
        deadlines=deadlines | written.get("deadlines", {}),
        assembly=written.get("assembly", {}), voice=written.get("voice", {}), majority=written.get("majority", {}),
        interest=written.get("interest", {}), losses=written.get("losses", {}), notes=tuple(written.get("notes", [])),
    )  # fmt: skip


def every() -> list[Pack]:
    """Return all packs, the one without a law first."""
    found = [load(path.stem) for path in sorted(FOLDER.glob("*.toml"))]
    return sorted(found, key=lambda pack: (pack.id != "none", pack.id))


@dataclass(frozen=True)
class Finding:
    """What a deadline comes to: a first day, a last day, a day until which something is kept, or a state."""

    earliest: date | None = None
    latest: date | None = None
    until: date | None = None
    state: str = ""


def deadline(terms: Mapping[str, Any], facts: Mapping[str, Any]) -> Finding:
    """Count one deadline (golden vectors 18).

    :param terms: from a pack: how it is counted, how long, and where the law says so
    :param facts: the dates it is counted from, by the names that the terms use
    """
    return _COUNTS[terms["count"]](terms, facts)


def deadline_of(pack: Pack, rule: str, **facts: Any) -> Finding:
    """:raises NoSuchDeadline: when the pack has no such rule"""
    if rule not in pack.deadlines:
        raise NoSuchDeadline(_("The law of this form sets no such deadline."))
    return deadline(pack.deadlines[rule], facts)


def _notice(terms: Mapping[str, Any], facts: Mapping[str, Any]) -> Finding:
    return Finding(earliest=after_days(facts["sent"], terms["days"]))


def _clear_notice(terms: Mapping[str, Any], facts: Mapping[str, Any]) -> Finding:
    sent = facts["sent"]
    return Finding(earliest=after_clear_days(sent, terms["clear_days"]), latest=add_months(sent, terms["max_months"]))


def _within_days(terms: Mapping[str, Any], facts: Mapping[str, Any]) -> Finding:
    return Finding(latest=after_days(facts[terms["from"]], terms["days"]))


def _within_months(terms: Mapping[str, Any], facts: Mapping[str, Any]) -> Finding:
    return Finding(latest=add_months(facts[terms["from"]], terms["months"]))


def _silence(terms: Mapping[str, Any], facts: Mapping[str, Any]) -> Finding:
    latest = add_months(facts["applied"], terms["months"])
    decided = facts.get("decided")
    if decided and decided <= latest:
        return Finding(latest=latest, state="decided")
    return Finding(latest=latest, state="admitted_by_silence" if (decided or facts["today"]) > latest else "pending")


def _prescription(terms: Mapping[str, Any], facts: Mapping[str, Any]) -> Finding:
    latest = add_months(facts["committed"], terms["months"][facts["severity"]])
    return Finding(latest=latest, state="in_time" if facts["opened"] <= latest else "prescribed")


def _keep(terms: Mapping[str, Any], facts: Mapping[str, Any]) -> Finding:
    return Finding(until=add_years(facts[terms["from"]], terms["years"]))


def _next_year(terms: Mapping[str, Any], facts: Mapping[str, Any]) -> Finding:
    return Finding(latest=date(facts["year"] + 1, terms["month"], terms["day"]))


def _at_most_months(terms: Mapping[str, Any], facts: Mapping[str, Any]) -> Finding:
    return Finding(state="invalid_bylaws" if facts["bylaws_notice_months"] > terms["months"] else "valid_bylaws")


_COUNTS = {
    "notice": _notice,
    "clear_notice": _clear_notice,
    "within_days": _within_days,
    "within_months": _within_months,
    "silence_admits": _silence,
    "prescription": _prescription,
    "keep_years": _keep,
    "next_year": _next_year,
    "at_most_months": _at_most_months,
}
