"""The demo as data: three co-ops, their people, what they offer. Pure: files in, dataclasses out."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import resvg_py

FOLDER = Path(__file__).parent
# One password for everybody in the demo; the page that says who to log in as says it too.
PASSWORD = "thirty-one-toad-lane"
FIRST = ("bright-early", "kiln-lane", "lending-shed")


@lru_cache
def coop(slug: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / "coops" / f"{slug}.toml").read_text())


def coops() -> list[dict[str, Any]]:
    return [coop(slug) for slug in FIRST]


def drawing(name: str) -> bytes:
    """Return one of our drawings as a PNG, as a member would send it from a phone."""
    return bytes(resvg_py.svg_to_bytes(svg_path=str(FOLDER / "drawings" / f"{name}.svg"), width=800))
