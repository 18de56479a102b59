from typing import Any

from django.utils.translation import gettext_noop

from toadlane.ownership.surplus import guards, handlers, queries
from toadlane.ownership.surplus.rules import RULES
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules as bylaws
from toadlane.society.bylaws.rules import decisions
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    bylaws.declare("surplus", RULES)
    decisions.declare(handlers.SURPLUS)
    invariants.declare("surplus.years_hold", queries.years_hold)
    nav.declare("desk", 46, gettext_noop("The year’s surplus"), "surplus:years", _member)


def _member(request: Any) -> bool:
    return request.by is not None and "member" in request.by.roles
