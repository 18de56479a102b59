from typing import Any

from django.utils.translation import gettext_noop

from toadlane.money.ledger import queries as ledger
from toadlane.ownership.bookkeeping import guards, permissions, queries
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    ledger.declare_subject("draft", queries.draft_names)
    invariants.declare("bookkeeping.drafts_are_booked", queries.drafts_are_booked)
    desk.declare("bookkeeping", queries.waiting)
    nav.declare("coop", 61, gettext_noop("The year in figures"), "bookkeeping:report")
    nav.declare("desk", 62, gettext_noop("Bills and entries"), "bookkeeping:drafts", _keeper, group="office")


def _keeper(request: Any) -> bool:
    return request.by is not None and bool(request.by.may(permissions.SEE_DRAFTS))
