from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop

from toadlane.money.ledger import queries as books
from toadlane.money.payments.events import PaymentCaptured
from toadlane.ownership.shares import guards, handlers, queries, tasks
from toadlane.ownership.shares.events import SharesPaid
from toadlane.ownership.shares.rules import RULES
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
    decisions.declare(handlers.OFFER)
    registry.on(PaymentCaptured, handlers.money_came)
    registry.on(MemberAgreed, handlers.member_agreed)
    registry.on(MemberLeft, handlers.member_left)
    timers.every(timedelta(hours=1), tasks.close_offers)
    registry.know(SharesPaid)
    desk.declare("shares", queries.waiting)
    personal_data.declare("shares", export=queries.own_data)
    books.declare_subject("shares", queries.named)
    books.declare_subject("redemption", queries.repayments_named)
    invariants.declare("shares.register_equals_ledger", queries.register_equals_ledger)
    nav.declare("desk", 45, gettext_noop("My shares"), "shares:mine", _there_are_shares)


def _there_are_shares(request: Any) -> bool:
    return request.by is not None and bool(request.by.memberships) and bool(queries.share_classes())
