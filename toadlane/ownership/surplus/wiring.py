from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop

from toadlane.money.ledger import queries as books
from toadlane.money.ledger.queries import periods
from toadlane.money.payments.events import PayoutCameBack, PayoutPaid, PayoutsPaid
from toadlane.ownership.surplus import guards, handlers, queries, tasks
from toadlane.ownership.surplus.rules import RULES
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules as bylaws
from toadlane.society.bylaws.rules import decisions
from toadlane.society.bylaws.rules.sheets import parts_of_classes
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    bylaws.declare("surplus", RULES)
    bylaws.declare_sheet("surplus.class_weights", parts_of_classes(gettext_lazy("Part of what goes back")))
    bylaws.declare_sheet("surplus.bases", queries.bases())
    decisions.declare(handlers.SURPLUS)
    decisions.declare(handlers.REPAYMENT)
    decisions.declare(handlers.LOSS)
    decisions.declare(handlers.LOSS_SHARES)
    invariants.declare("surplus.years_hold", queries.years_hold)
    invariants.declare("surplus.totals_hold", queries.totals_hold)
    invariants.declare("surplus.layers_hold", queries.layers_hold)
    invariants.declare("surplus.losses_hold", queries.losses_hold)
    timers.every(timedelta(minutes=1), tasks.count, due=queries.coops_to_count)
    timers.every(timedelta(minutes=1), tasks.hand_over, due=queries.coops_to_pay)
    registry.on(PayoutCameBack, handlers.payout_came_back)
    for event in (PayoutPaid, PayoutsPaid):
        registry.on(event, handlers.payouts_went)
    books.declare_subject("year", queries.named)
    books.declare_subject("loss", queries.named_losses)
    books.declare_subject("repayment", queries.named_repayments)
    periods.declare_closings(queries.subjects)
    nav.declare("desk", 46, gettext_noop("The year’s surplus"), "surplus:years", _member, group="money")


def _member(request: Any) -> bool:
    return request.by is not None and "member" in request.by.roles
