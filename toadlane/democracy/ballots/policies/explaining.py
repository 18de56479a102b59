"""A result in plain words, and its figures for a record. Pure."""

from collections.abc import Mapping
from typing import Any

Result = Mapping[str, Any]


def figures(result: Result) -> dict[str, Any]:
    """Return the figures of a result: how many could vote, how many did, and how."""
    judged = result.get("judged", {})
    tally = {key: judged.get("tally", {}).get(key, 0) for key in ("for", "against", "abstain", "block")}
    turnout = result.get("turnout", [])
    return {
        "eligible": sum(one["members"] for one in turnout), "voted": sum(one["voted"] for one in turnout), **tally,
    }  # fmt: skip


def lines(result: Result) -> list[str]:
    return []
