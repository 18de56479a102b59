from typing import Any

from django.utils.translation import gettext_noop

from toadlane.money.bank import events, guards, handlers, queries
from toadlane.money.bank.rules import RULES
from toadlane.money.payments import queries as payments
from toadlane.money.payments.events import PayoutCameBack
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import registry
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules as bylaws
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    bylaws.declare("bank", RULES)
    registry.on(events.BankDetailsChanged, handlers.tell_of_change)
    registry.on(events.MandateGiven, handlers.tell_of_mandate)
    registry.on(events.MandateEnded, handlers.tell_of_end)
    registry.on(PayoutCameBack, handlers.tell_of_bounce)
    registry.on(events.DebitAnnounced, handlers.tell_of_debit)
    desk.declare("bank", queries.waiting)
    personal_data.declare("bank", export=queries.own_data)
    payments.declare_account(queries.account)
    payments.declare_files(queries.in_batches, "bank:index")
    payments.declare_wishes(queries.wishes)
    nav.declare("desk", 47, gettext_noop("My bank account"), "bank:mine", _member, group="money")
    nav.declare("desk", 48, gettext_noop("The bank"), "bank:index", _keeps, group="office")


def _member(request: Any) -> bool:
    return request.by is not None and bool(request.by.memberships)


def _keeps(request: Any) -> bool:
    return request.by is not None and bool(request.by.roles & {"treasurer", "board"})
