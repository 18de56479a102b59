from datetime import timedelta

from toadlane.plumbing.outbox import timers
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals
from toadlane.society.simulations import guards, queries, tasks


def wire() -> None:
    refusals.declare(guards.refusals)
    timers.every(timedelta(seconds=10), tasks.work_off, due=queries.coops_to_do)
    invariants.declare("simulations.same_again", queries.same_again)
