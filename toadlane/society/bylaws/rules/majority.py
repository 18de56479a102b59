"""The majority that the law demands where the bylaws themselves change. A co-op may ask for more, and never for less.

Ley 27/1999, article 28.2: two thirds of those present and represented. Regulation (EC) 1435/2003, article 61(4): two thirds of
the votes cast. GenG § 16(2): three quarters of the votes cast. The same votes pass under one and fail under another.
"""

from collections.abc import Mapping
from typing import Any

from toadlane.kernel.rates import rate
from toadlane.society.bylaws.rules import packs

# What takes as much is a change of the bylaws to the law: operational rules and policies are rules below them.
OF_THE_BYLAWS = ("constitutional",)
# A share of the votes cast is less than the same share of those who are there: abstaining counts against it.
_OF_CAST = ("cast", "cast_block")
# From this rank on a way of deciding is one for important rules, and takes what the law demands.
RANK = 3


def law_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the law of a document demands where the bylaws change; nothing where it says nothing."""
    return packs.load(str(document["pack"])).majority.get("bylaws", {}) if "pack" in document else {}


def ways(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the ways of deciding of a document as they hold: no vote rewrites them, and the law of today lifts them."""
    return raised(document["procedures"], law_of(document), rank=RANK)


def raised(procedures: Mapping[str, Mapping[str, Any]], law: Mapping[str, Any], *, rank: int) -> dict[str, dict[str, Any]]:
    """Return the procedures, those of a rank and above lifted to what the law demands.

    :param law: a pack's `majority.bylaws`: `threshold`, `op`, `of`, `law`; empty where the law says nothing
    """
    return {
        name: _raised(one, law) if law and one["kind"] == "majority" and one["rank"] >= rank else dict(one)
        for name, one in procedures.items()
    }


def _raised(procedure: Mapping[str, Any], law: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(procedure)
    if rate(found.get("threshold", "0")) < rate(law["threshold"]):
        found |= {"threshold": law["threshold"], "op": law["op"]}
    # Colleges weigh parts of the whole: nobody is present in a part.
    if law["of"] not in _OF_CAST and found.get("of", "cast") in _OF_CAST and "chambers" not in found:
        found["of"] = law["of"]
    if law.get("lapses"):
        found["mandatory_majority"] = law["threshold"]
    return found


def is_enough(procedure: Mapping[str, Any], law: Mapping[str, Any]) -> bool:
    """Say whether a procedure takes as much as the law demands."""
    if not law:
        return True
    if procedure["kind"] != "majority" or rate(procedure.get("threshold", "0")) < rate(law["threshold"]):
        return procedure["kind"] == "never"
    return law["of"] in _OF_CAST or procedure.get("of", "cast") not in _OF_CAST or "chambers" in procedure
