from datetime import timedelta

from toadlane.plumbing.audit.models import Mark
from toadlane.plumbing.outbox import timers
from toadlane.plumbing.sealing import guards, queries, registry, tasks
from toadlane.plumbing.tenancy import invariants
from toadlane.plumbing.triggers import refusals


def wire() -> None:
    refusals.declare(guards.refusals)
    timers.every(timedelta(hours=1), tasks.seal_records)
    invariants.declare("sealing.seals_are_a_chain", queries.seals)
    invariants.declare("sealing.records_are_what_was_sealed", queries.records)
    registry.declare(
        "audit.marks", Mark, "action", "subject", "by", "person_id", "staff_session_id", "at", "detail", dated="at"
    )  # fmt: skip
