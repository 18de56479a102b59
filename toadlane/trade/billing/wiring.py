from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop

from toadlane.money.invoicing.events import ParticularsGiven
from toadlane.money.payments import queries as payments
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules as bylaws
from toadlane.trade.billing import guards, handlers, queries, tasks
from toadlane.trade.billing.rules import RULES
from toadlane.trade.orders.events import OrderRefunded, OrderReleased
from toadlane.trade.orders.queries import lent
from toadlane.ui import nav


def wire() -> None:
    bylaws.declare("billing", RULES)
    for event in (OrderReleased, OrderRefunded):
        registry.on(event, handlers.settle)
    registry.on(ParticularsGiven, handlers.catch_up)
    lent.declare_panel("billing", queries.of_an_order)
    refusals.declare(guards.refusals)
    payments.declare_withholding("billing", queries.withheld)
    payments.declare_statement_page("billing:payout")
    desk.declare("billing", queries.waiting)
    invariants.declare("billing.messages_follow", queries.messages_follow)
    personal_data.declare("billing", export=queries.own_data)
    timers.every(timedelta(days=1), tasks.ask_sellers)
    timers.every(timedelta(days=1), tasks.send_copies)
    nav.declare("desk", 51, gettext_noop("What is reported of me"), "billing:mine", _sells, group="money")
    nav.declare("desk", 52, gettext_noop("Income of sellers"), "billing:sellers", _keeps, group="office")


def _sells(request: Any) -> bool:
    return request.by is not None and bool(request.by.memberships)


def _keeps(request: Any) -> bool:
    return request.by is not None and bool(request.by.roles & {"treasurer", "board"})
