"""Founding a co-op: its identity, its first bylaws, its founders. The one place where a momentary role is minted.

A blueprint is a folder of data. Nothing here knows a blueprint by name.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import rules
from toadlane.society.bylaws import services as bylaws
from toadlane.society.bylaws.rules import packs
from toadlane.society.coops import services as coops
from toadlane.society.coops.models import Coop
from toadlane.society.members import services as members
from toadlane.society.people.models import Person

LIBRARY = Path(__file__).parent / "library"
RATES = "trade.rates"


@transaction.atomic
def found(
    *,
    blueprint: str,
    name: str,
    slug: str,
    founder: Person,
    by: Principal,
    at: datetime,
    founders: Sequence[Person] = (),
    founder_class: str = "",
    offices: Mapping[str, Sequence[Person]] | None = None,
    values: Mapping[str, Any] | None = None,
    pack: str = "none",
    currency: str = "EUR",
    sandbox: bool = False,
    **about: Any,
) -> Coop:
    """Found a co-op from the library. Copied, not linked: a later blueprint is a proposal, never an update.

    :param founder: who signs first, and is the first board; `founders` are the others who signed
    :param founder_class: the founders' class of membership; the first class of persons where it is not said
    :param offices: who holds which office first; the founder is the board where nobody is named
    :param values: what the founders chose, by rule; the blueprint's and the room's defaults fill the rest
    :param about: further fields of `Coop`: place, language, country and so on
    """
    # `open_coop` asks who may. The scope cannot be entered before the co-op is there.
    told = {"words": _optional(blueprint, "words"), "theme": _optional(blueprint, "theme"), **about}
    coop = coops.open_coop(
        name=name, slug=slug, blueprint=blueprint, currency=currency, founded_at=at, by=by, sandbox=sandbox,
        config=configuration(blueprint), **told,
    )  # fmt: skip
    act = Principal.job(coop.pk, "enactment", "founder")
    law = packs.load(pack)
    written = read(blueprint, "bylaws")
    document = rules.compose(
        values={**known_values(blueprint), **(values or {})}, currency=currency, pack=law.name, bounds=law.bounds,
        guards=written.get("guards"),
        texts=written.get("texts"), procedures=written.get("procedures"), organs=written.get("organs"),
    )  # fmt: skip
    with scope(coop.pk):
        bylaws.found(document=document, by=act, at=at, signed=[(person, at) for person in (founder, *founders)])
        own_class = founder_class or first_class_of_persons(document)
        for person in (founder, *founders):
            members.admit(person=person, member_class=own_class, by=act, at=at)
        for office, people in (offices or {"board": [founder]}).items():
            for person in people:
                members.appoint(person=person, office=office, decision="founding", by=act, at=at)
    return coop


def known_values(blueprint: str) -> dict[str, Any]:
    """Return the blueprint's values for the rules that this server's rooms declare; its rates are one of them."""
    values = {**read(blueprint, "bylaws").get("values", {}), RATES: _optional(blueprint, "rates")}
    return {rule: value for rule, value in values.items() if rules.find(rule) and value != {}}


def first_class_of_persons(document: rules.Document) -> str:
    classes = document["rules"]["members.classes"]["value"]
    return next(one["id"] for one in classes if "person" in one["who"])


def configuration(blueprint: str) -> dict[str, Any]:
    """Return what is copied into the co-op: its processes, kinds of listing, checklists and rates."""
    folder = LIBRARY / blueprint
    config = {part: _optional(blueprint, part) for part in ("kinds", "checklists")}
    config["processes"] = {path.stem: _toml(path) for path in sorted((folder / "processes").glob("*.toml"))}
    return {name: value for name, value in config.items() if value}


def names() -> list[str]:
    return sorted(path.name for path in LIBRARY.iterdir() if (path / "blueprint.toml").exists())


def read(blueprint: str, part: str) -> dict[str, Any]:
    return _toml(LIBRARY / blueprint / f"{part}.toml")


def _optional(blueprint: str, part: str) -> dict[str, Any]:
    path = LIBRARY / blueprint / f"{part}.toml"
    return _toml(path) if path.exists() else {}


@lru_cache
def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text())
