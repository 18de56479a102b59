from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop

from toadlane.money.ledger import queries as ledger
from toadlane.money.ledger.queries import periods
from toadlane.ownership.surplus import guards, handlers, queries, tasks
from toadlane.ownership.surplus.rules import RULES
from toadlane.plumbing.outbox import timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules as bylaws
from toadlane.society.bylaws.rules import decisions
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    bylaws.declare("surplus", RULES)
    decisions.declare(handlers.SURPLUS)
    decisions.declare(handlers.REPAYMENT)
    invariants.declare("surplus.years_hold", queries.years_hold)
    invariants.declare("surplus.totals_hold", queries.totals_hold)
    invariants.declare("surplus.layers_hold", queries.layers_hold)
    timers.every(timedelta(minutes=1), tasks.count, due=queries.coops_to_count)
    ledger.declare_subject("year", queries.named)
    periods.declare_closings(queries.subjects)
    nav.declare("desk", 46, gettext_noop("The year’s surplus"), "surplus:years", _member)


def _member(request: Any) -> bool:
    return request.by is not None and "member" in request.by.roles
