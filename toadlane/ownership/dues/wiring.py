from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop

from toadlane.money.bank import queries as bank
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as payments
from toadlane.money.payments.events import DisputeClosed, PaymentCaptured
from toadlane.money.payments.services import declare_bearers
from toadlane.ownership.dues import guards, handlers, permissions, queries, services, tasks
from toadlane.ownership.dues.events import DuesMoved
from toadlane.ownership.dues.queries.shown import named_periods, named_returns
from toadlane.ownership.dues.rules import RULES
from toadlane.ownership.shares.events import SharesPaid
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules as bylaws
from toadlane.society.bylaws.rules.sheets import parts_of_classes
from toadlane.society.members.events import MemberLeft
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    bylaws.declare("dues", RULES)
    bylaws.declare_sheet("dues.class_parts", parts_of_classes(gettext_lazy("Part of the dues")))
    registry.on(PaymentCaptured, handlers.money_came, when=registry.of_subject("dues"))
    registry.on(DisputeClosed, handlers.dispute_closed, when=registry.of_subject("dues"))
    registry.on(MemberLeft, handlers.member_left)
    bank.declare_owed(services.to_collect, queries.not_owed)
    payments.declare_hindrance("dues", queries.hindrance)
    declare_bearers("dues", services.bear_chargeback)
    registry.on(DuesMoved, handlers.look_again)
    registry.on(SharesPaid, handlers.look_again)
    timers.every(timedelta(hours=1), tasks.keep_time)
    desk.declare("dues", queries.waiting)
    personal_data.declare("dues", export=queries.own_data, erase=services.forget_reasons)
    books.declare_subject("dues", queries.named)
    books.declare_subject("dues_period", named_periods)
    books.declare_subject("dues_back", named_returns)
    invariants.declare("dues.claims_equal_ledger", queries.claims_equal_ledger)
    nav.declare("desk", 46, gettext_noop("My dues"), "dues:mine", _member_with_dues, group="money")
    nav.declare("desk", 62, gettext_noop("Dues"), "dues:owing", _overseer_of_dues, group="office")


def _member_with_dues(request: Any) -> bool:
    return request.by is not None and bool(request.by.memberships) and queries.there_are_dues()


def _overseer_of_dues(request: Any) -> bool:
    return request.by is not None and bool(request.by.may(permissions.OVERSEE)) and queries.there_are_dues()
