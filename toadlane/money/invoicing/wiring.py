from typing import Any

from django.utils.translation import gettext_noop

from toadlane.money.invoicing import events, guards, queries
from toadlane.money.invoicing.models import Invoice
from toadlane.money.invoicing.queries import verification
from toadlane.money.invoicing.rules import RULES
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.outbox import registry
from toadlane.plumbing.sealing import registry as sealing
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules as bylaws
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    bylaws.declare("invoicing", RULES)
    sealing.declare("invoicing.issued", Invoice, "number", "digest", dated="issued_at")
    registry.know(events.ParticularsGiven)
    personal_data.declare("invoicing", export=queries.own_data)
    invariants.declare("invoicing.documents_hold", verification.documents_hold)
    invariants.declare("invoicing.numbers_leave_no_gap", queries.numbers_leave_no_gap)
    nav.declare("desk", 49, gettext_noop("My invoices"), "invoicing:mine", _is_somebody, group="money")
    nav.declare("desk", 50, gettext_noop("Invoices"), "invoicing:index", _keeps, group="office")


def _is_somebody(request: Any) -> bool:
    return request.by is not None and bool(request.by.person_id)


def _keeps(request: Any) -> bool:
    return request.by is not None and bool(request.by.roles & {"treasurer", "board"})
