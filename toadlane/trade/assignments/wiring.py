from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop

from toadlane.money.ledger import queries as books
from toadlane.money.payments import queries as paying
from toadlane.money.payments.events import PaymentCaptured
from toadlane.plumbing.access import personal_data
from toadlane.plumbing.desk import registry as desk
from toadlane.plumbing.files.permissions import declare_readers
from toadlane.plumbing.outbox import registry, timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules as bylaws
from toadlane.trade.assignments import events, guards, handlers, queries, rules, tasks
from toadlane.trade.assignments.permissions import OFFICES
from toadlane.trade.assignments.policies import sheets
from toadlane.trade.assignments.queries import subjects, terms, verification
from toadlane.ui import nav


def wire() -> None:
    refusals.declare(guards.refusals)
    bylaws.declare("assignments", rules.RULES)
    for rule_id, rows in (
        (rules.FLOORS, terms.floor_rows), (rules.CHARGES, terms.charge_rows), (rules.HOLIDAYS, terms.holiday_rows),
        (rules.REMINDERS, terms.reminder_rows),
    ):  # fmt: skip
        bylaws.declare_table(rule_id, rows)
    for rule_id, sheet in (
        (rules.FLOORS, sheets.FLOORS), (rules.CHARGES, sheets.CHARGES), (rules.HOLIDAYS, sheets.HOLIDAYS),
        (rules.REMINDERS, sheets.REMINDERS),
    ):  # fmt: skip
        bylaws.declare_sheet(rule_id, sheet)
    paying.declare_in_parts("assignment")
    paying.declare_alarms(queries.alarms)
    registry.on(PaymentCaptured, handlers.money_came, when=registry.of_subject("assignment"))
    registry.know(
        events.AssignmentConfirmed, events.AssignmentInvoiced, events.AssignmentPaid, events.AssignmentPaidInPart,
        events.AssignmentCredited, events.AssignmentDefaulted, events.WagePaid, events.GuaranteeShort,
    )  # fmt: skip
    timers.every(timedelta(minutes=10), tasks.pay_wages, due=queries.coops_with_wages)
    timers.every(timedelta(hours=1), tasks.remind_clients, due=queries.coops_with_debtors)
    books.declare_holder("activity", subjects.activity_names)
    books.declare_holder("assignment", subjects.assignment_names)
    books.declare_holder("guarantee", subjects.guarantee_names)
    for kind, named in {
        "activity": subjects.activity_names, "assignment": subjects.assignment_names, "contract": subjects.contract_names,
        "outlay": subjects.outlay_names, "guarantee": subjects.guarantee_names,
    }.items():  # fmt: skip
        books.declare_subject(kind, named)
    declare_readers("outlay", queries.reads)
    desk.declare("assignments", queries.waiting)
    personal_data.declare("assignments", export=queries.own_data)
    invariants.declare("assignments.budgets", verification.budgets)
    invariants.declare("assignments.advances", verification.advances)
    invariants.declare("assignments.owed", verification.owed)
    invariants.declare("assignments.wages_in_time", verification.wages_in_time)
    nav.declare("desk", 38, gettext_noop("My activities"), "assignments:mine", _may_have_some, group="work")
    nav.declare("desk", 53, gettext_noop("Activities and the guarantee fund"), "assignments:office", _keeps, group="office")


def _may_have_some(request: Any) -> bool:
    return request.by is not None and bool(request.by.person_id) and queries.has_to_do_with(request.by)


def _keeps(request: Any) -> bool:
    return request.by is not None and bool(request.by.roles & OFFICES) and terms.employs()
