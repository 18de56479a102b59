from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop

from toadlane.money.ledger import queries as books
from toadlane.money.payments.events import PaymentCaptured, PayoutCameBack, PayoutPaid, PayoutsPaid
from toadlane.ownership.lending import guards, handlers, permissions, queries, tasks
from toadlane.ownership.lending.rules import RULES
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules as bylaws
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    bylaws.declare("lending", RULES)
    registry.on(PaymentCaptured, handlers.money_came, when=registry.of_subject("loan"))
    for event in (PayoutPaid, PayoutsPaid):
        registry.on(event, handlers.payouts_went)
    registry.on(PayoutCameBack, handlers.payout_came_back)
    timers.every(timedelta(hours=1), tasks.keep_time)
    desk.declare("lending", queries.waiting)
    personal_data.declare("lending", export=queries.own_data)
    books.declare_subject("loan", queries.named)
    invariants.declare("lending.register_equals_ledger", queries.register_equals_ledger)
    nav.declare("desk", 47, gettext_noop("Loans of members"), "lending:loans", _lender_or_office, group="money")


def _lender_or_office(request: Any) -> bool:
    may = request.by is not None and (bool(request.by.memberships) or bool(request.by.may(permissions.REGISTER)))
    return may and queries.there_are_loans()
