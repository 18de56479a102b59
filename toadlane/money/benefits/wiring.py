from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop

from toadlane.money.bank import queries as bank
from toadlane.money.bank.events import MandateEnded
from toadlane.money.benefits import events, guards, handlers, queries, services, tasks
from toadlane.money.benefits.permissions import OFFICERS
from toadlane.money.benefits.rules import RULES, VALUES, VALUES_SHEET
from toadlane.money.benefits.services.charging import bear_chargeback
from toadlane.money.ledger import queries as books
from toadlane.money.payments.events import DisputeClosed, PaymentCaptured
from toadlane.money.payments.services import declare_bearers
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules
from toadlane.ui import nav


def _is_somebody(request: Any) -> bool:
    return bool(request.coop and request.by.person_id) and queries.is_open()


def _has_any(request: Any) -> bool:
    # A page that says what went wrong may come before anybody knows who asks.
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated and queries.has_wallets(user.pk)


def _is_officer(request: Any) -> bool:
    return bool(request.coop and request.by.roles & OFFICERS) and queries.is_open()


def _has_wallets(request: Any) -> bool:
    return bool(request.coop) and queries.is_open()


def _values(value: Any, _currency: str) -> list[tuple[str, str]]:
    return [(str(number), name) for number, name in enumerate(queries.named_values(value), start=1)]


def wire() -> None:
    refusals.declare(guards.refusals)
    rules.declare("benefits", RULES)
    rules.declare_table(VALUES, _values)
    rules.declare_sheet(VALUES, VALUES_SHEET)
    registry.on(PaymentCaptured, handlers.came, when=registry.of_subject("contribution"))
    registry.on(DisputeClosed, handlers.taken_back, when=registry.of_subject("contribution"))
    registry.on(MandateEnded, handlers.mandate_ended)
    bank.declare_owed(services.to_collect, queries.not_owed)
    registry.on(events.WalletOpened, handlers.opened)
    registry.on(events.ContributionMissed, handlers.missed)
    registry.on(events.PlanEnded, handlers.plan_ended)
    registry.on(events.AskedForHer, handlers.asked_for_her)
    registry.on(events.BatchApproved, handlers.paid)
    registry.know(events.ContributionCredited)
    declare_bearers("contribution", bear_chargeback)
    timers.every(timedelta(minutes=10), tasks.charge, next_at=queries.next_try)
    timers.every(timedelta(hours=6), tasks.tidy)
    books.declare_holder("wallet", queries.wallets_named)
    books.declare_subject("contribution", queries.contributions_named)
    books.declare_subject("draw", queries.draws_named)
    books.declare_subject("relief", queries.reliefs_named)
    desk.declare("benefits", queries.waiting)
    desk.declare_part("benefits", "aside", "benefits/_desk.html", queries.mine)
    personal_data.declare("benefits", export=queries.own_data, erase=services.forget, obstacle=queries.reason_to_stay)
    invariants.declare("benefits.wallets_hold", queries.wallets_hold)
    nav.declare("server", 60, gettext_noop("My wallets"), "benefits:everywhere", _has_any)
    nav.declare("desk", 62, gettext_noop("Benefits"), "benefits:mine", _is_somebody, group="money")
    nav.declare("desk", 63, gettext_noop("Paying out benefits"), "benefits:batches", _is_officer, group="office")
    nav.declare("foot", 26, gettext_noop("Days off for workers"), "benefits:mine", _has_wallets)
    nav.declare("foot", 27, gettext_noop("Code of good work"), "benefits:pledges", _has_wallets)
