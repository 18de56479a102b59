"""Founding a co-op: its identity, its first bylaws, its founder. The one place where a momentary role is minted."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.scope import scope
from toadlane.society.bylaws import services as bylaws
from toadlane.society.coops import services as coops
from toadlane.society.coops.models import Coop
from toadlane.society.members import services as members
from toadlane.society.people.models import Person

LIBRARY = Path(__file__).parent / "library"


@transaction.atomic
def found(*, blueprint: str, name: str, slug: str, founder: Person, by: Principal, at: datetime, sandbox: bool = False) -> Coop:
    """Found a co-op from the library. Copied, not linked: a later blueprint is a proposal, never an update."""
    # `open_coop` asks who may. The scope cannot be entered before the co-op is there.
    coop = coops.open_coop(name=name, slug=slug, blueprint=blueprint, currency="EUR", founded_at=at, by=by, sandbox=sandbox)
    act = Principal.job(coop.pk, "enactment", "founder")
    with scope(coop.pk):
        bylaws.found(document=read(blueprint, "bylaws"), by=act, at=at)
        members.admit(person=founder, role="board", by=act)
    return coop


def read(blueprint: str, part: str) -> dict[str, Any]:
    return tomllib.loads((LIBRARY / blueprint / f"{part}.toml").read_text())
