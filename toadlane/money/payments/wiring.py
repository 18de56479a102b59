from datetime import timedelta

from toadlane.money.payments import guards, queries, tasks
from toadlane.money.payments.rules import RULES
from toadlane.plumbing.outbox import timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules


def wire() -> None:
    refusals.declare(guards.refusals)
    rules.declare("payments", RULES)
    timers.every(timedelta(seconds=30), tasks.sweep)
    timers.every(timedelta(minutes=10), tasks.hear)
    timers.every(timedelta(hours=1), tasks.pay_out)
    invariants.declare("payments.moved_in_time", queries.moved_in_time)
    invariants.declare("payments.captured_is_booked", queries.captured_is_booked)
