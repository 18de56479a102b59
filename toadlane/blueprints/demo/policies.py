"""The demo as data: four co-ops, their people, what they offer. Pure: files in, dataclasses out."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import resvg_py

FOLDER = Path(__file__).parent
# One password for everybody in the demo; the page that says who to log in as says it too.
PASSWORD = "thirty-one-toad-lane"
SLUGS = ("bright-early", "kiln-lane", "lending-shed", "inkwell-row")


@lru_cache
def coop(slug: str) -> dict[str, Any]:
    """Return one co-op: its people and its life, and beside it what becomes of its money."""
    life, money = (tomllib.loads((FOLDER / "coops" / f"{slug}{part}.toml").read_text()) for part in ("", ".money"))
    both = {name: [*life[name], *money[name]] for name in ("proposals",) if name in money}
    return life | money | both | {"rules": life["rules"] | money.get("rules", {})}


def coops() -> list[dict[str, Any]]:
    return [coop(slug) for slug in SLUGS]


def drawing(name: str) -> bytes:
    """Return one of our drawings as a PNG, as a member would send it from a phone."""
    return bytes(resvg_py.svg_to_bytes(svg_path=str(FOLDER / "drawings" / f"{name}.svg"), width=800))
