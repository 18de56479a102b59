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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.democracy.counting.policies.procedures import Procedure
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.principals import Answer, Permission, Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import rules
from toadlane.society.bylaws import services as bylaws
from toadlane.society.bylaws.rules import packs
from toadlane.society.coops import services as coops
from toadlane.society.coops.models import Coop
from toadlane.society.members import services as members
from toadlane.society.pages import services as pages
from toadlane.society.people.models import Person
from toadlane.ui import formats, themes

LIBRARY = Path(__file__).parent / "library"
RATES = "trade.rates"


class NoSuchBlueprint(Expected):
    words = lazy("There is no such blueprint here.")
    status = 422
    field = "blueprint"


# Anybody who has signed in may found; so may the operator at the command line.
FOUND = Permission(
    "blueprints.found", lambda by, _subject: Answer("operator" in by.roles or by.person_id is not None, _("Sign in first."))
)


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
    guards: Mapping[str, Mapping[str, Any]] | None = None,
    signed_at: Mapping[int, datetime] | None = None,
    pack: str = "none",
    currency: str = "EUR",
    sandbox: bool = False,
    **about: Any,
) -> Coop:
    """Found a co-op from the library. Copied, not linked: a later blueprint is a proposal, never an update.

    :param founder: who signs first, and is the first board; `founders` are the others who signed
    :param founder_class: the founders' class of membership; the blueprint's where it is not said
    :param offices: who holds which office first; the founder is the board where nobody is named
    :param values: what the founders chose, by rule; the blueprint's and the room's defaults fill the rest
    :param guards: which procedure may change a rule later, by rule, where the founders chose another
    :param signed_at: when each person signed, by id, where it was not now
    :param about: further fields of `Coop`: place, language, country and so on
    :raises NotARule, NoSuchPack, SlugTaken:
    """
    by.must(FOUND)
    law, everybody = packs.load(pack), (founder, *founders)
    document = document_of(blueprint, law, currency=currency, values=values or {}, guards=guards or {})
    shop = read(blueprint, "blueprint")
    about = {
        "config": configuration(blueprint), "words": _optional(blueprint, "words"), "theme": theme_of(blueprint),
        "sector": shop.get("sector", ""), "picture": shop.get("picture", ""), **about,
    }  # fmt: skip
    # The scope cannot be entered before the co-op is there.
    coop = coops.open_coop(
        name=name, slug=slug, blueprint=blueprint, currency=currency, founded_at=at, sandbox=sandbox,
        by=Principal.job(None, "founder"), **about,
    )  # fmt: skip
    act = Principal.job(coop.pk, "enactment", "founder")
    with scope(coop.pk):
        signatures = [(person, (signed_at or {}).get(person.pk, at)) for person in everybody]
        bylaws.found(document=document, by=act, at=at, signed=signatures)
        own_class = founder_class or shop.get("founder_class") or first_class_of_persons(document)
        for person in everybody:
            members.admit(person=person, member_class=own_class, by=act, at=at)
        for office, people in (offices or {"board": [founder]}).items():
            for person in people:
                members.appoint(person=person, office=office, decision="founding", by=act, at=at)
        for address, words in pages_of(blueprint, coop.language):
            title, _line, text = words.partition("\n")
            pages.write(title=title.lstrip("# "), text=text.strip(), slug=address, by=act, at=at)
    return coop


def pages_of(blueprint: str, language: str) -> list[tuple[str, str]]:
    """Return the pages a co-op begins with, each with its address: in its own language, or in English."""
    own = language.split("-", maxsplit=1)[0]
    found = []
    for path in sorted((LIBRARY / blueprint / "pages").glob("*.md")):
        if "." not in path.stem:
            said = path.with_name(f"{path.stem}.{own}.md")
            found.append((path.stem, (said if said.exists() else path).read_text()))
    return found


def document_of(
    blueprint: str, law: packs.Pack, *, currency: str, values: Mapping[str, Any], guards: Mapping[str, Mapping[str, Any]]
) -> rules.Document:
    """Return what would be adopted: the founders' choices over the blueprint's over the country's words over the rooms' own.

    :raises NotARule: when a value cannot be, or the law forbids it
    :raises BadProcedure: when nobody could decide anything by one of its procedures
    """
    written = read(blueprint, "bylaws")
    country = {rule: words for rule, words in law.wordings.items() if rules.find(rule)}
    document = rules.compose(
        values={**country, **known_values(blueprint, currency), **values}, currency=currency, pack=law.name, bounds=law.bounds,
        guards={**written.get("guards", {}), **guards}, texts=written.get("texts"), procedures=written.get("procedures"),
        organs=written.get("organs"), majority=law.majority.get("bylaws"),
    )  # fmt: skip
    for name in document["procedures"]:
        Procedure.read(name, document)
    return document


def known_values(blueprint: str, currency: str = "EUR") -> dict[str, Any]:
    """Return the blueprint's values for the rules that this server's rooms declare; its rates are one of them.

    Amounts of money in a blueprint are written in euro cents; another currency gets round amounts of about the same size.
    """
    values = {**read(blueprint, "bylaws").get("values", {}), RATES: _optional(blueprint, "rates")}
    return {rule: rules.in_currency(rule, value, currency) for rule, value in values.items() if rules.find(rule) and value != {}}


def theme_of(blueprint: str) -> dict[str, Any]:
    path = LIBRARY / blueprint / "theme.css"
    return dict(themes.parse(path.read_text())) if path.exists() else _optional(blueprint, "theme")


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
    """:raises NoSuchBlueprint: when the library has none of that name"""
    if blueprint not in names():
        raise NoSuchBlueprint(hint=_("There are these: %(names)s.") % {"names": formats.listed(names())})
    return _toml(LIBRARY / blueprint / f"{part}.toml")


def _optional(blueprint: str, part: str) -> dict[str, Any]:
    path = LIBRARY / blueprint / f"{part}.toml"
    return _toml(path) if path.exists() else {}


@lru_cache
def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text())
