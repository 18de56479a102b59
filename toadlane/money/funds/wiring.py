from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop

from toadlane.money.funds import events, guards, handlers, queries, tasks
from toadlane.money.funds.rules import FUNDS, RULES
from toadlane.money.ledger import queries as books
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.files.permissions import declare_readers
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules
from toadlane.society.bylaws.rules import decisions
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    rules.declare("officers", RULES)
    rules.declare("funds", FUNDS)
    timers.every(timedelta(hours=6), tasks.feed)
    decisions.declare(handlers.SPEND)
    registry.know(events.SpendingApproved, events.ExpenseClaimed, events.ExpensePaid)
    books.declare_subject("expense", queries.named)
    books.declare_holder("expense", queries.named)
    declare_readers("expense", queries.reads)
    desk.declare("funds", queries.waiting)
    personal_data.declare("funds", export=queries.own_data)
    invariants.declare("funds.approved_as_decided", queries.approved_as_decided)
    invariants.declare("funds.paid_by_decision", queries.paid_by_decision)
    nav.declare("foot", 25, gettext_noop("What we spend"), "funds:spending")
    nav.declare("desk", 48, gettext_noop("Expenses"), "funds:expenses", _is_member, group="money")


def _is_member(request: Any) -> bool:
    return bool(request.by and request.by.memberships)
