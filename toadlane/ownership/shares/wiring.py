from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop

from toadlane.money.bank import queries as bank
from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as payments
from toadlane.money.payments.events import PaymentCaptured, PayoutCameBack, PayoutPaid, PayoutsPaid
from toadlane.money.payments.services import declare_bearers
from toadlane.ownership.shares import guards, handlers, queries, services, tasks
from toadlane.ownership.shares.events import SharesPaid
from toadlane.ownership.shares.queries import under_way
from toadlane.ownership.shares.rules import CLASSES, RULES
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules as bylaws
from toadlane.society.bylaws.rules import decisions
from toadlane.society.members.events import MemberAgreed, MemberLeft
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    bylaws.declare("shares", RULES)
    bylaws.declare_sheet("shares.classes", CLASSES)
    decisions.declare(handlers.OFFER)
    registry.on(PaymentCaptured, handlers.money_came, when=registry.of_subject("shares"))
    registry.on(MemberAgreed, handlers.member_agreed)
    registry.on(MemberLeft, handlers.member_left)
    for event in (PayoutPaid, PayoutsPaid):
        registry.on(event, handlers.payouts_went)
    registry.on(PayoutCameBack, handlers.payout_came_back)
    timers.every(timedelta(hours=1), tasks.close_offers, next_at=under_way.next_close)
    timers.every(timedelta(hours=1), tasks.keep_time)
    registry.know(SharesPaid)
    bank.declare_closed(queries.of_the_dead)
    bank.declare_owed(services.to_collect, under_way.not_owed)
    payments.declare_hindrance("shares", under_way.hindrance)
    declare_bearers("shares", services.bear_chargeback, services.win_back)
    desk.declare("shares", queries.waiting)
    personal_data.declare("shares", export=queries.own_data)
    books.declare_subject("shares", queries.named)
    books.declare_subject("redemption", queries.named_redemptions)
    books.declare_subject("shares_part", queries.named_parts)
    books.declare_subject("estate", queries.named_estates)
    books.declare_holder("estate", queries.named_estates)
    invariants.declare("shares.register_equals_ledger", queries.register_equals_ledger)
    invariants.declare("shares.promised_equals_ledger", queries.promised_equals_ledger)
    nav.declare("desk", 45, gettext_noop("My shares"), "shares:mine", _there_are_shares, group="money")


def _there_are_shares(request: Any) -> bool:
    return request.by is not None and bool(request.by.memberships) and bool(queries.share_classes())
