from collections.abc import Iterator

from toadlane.democracy.meetings.models import (
    Approval,
    ApprovedMinutes,
    Count,
    DemandSupport,
    DutyDone,
    Invitation,
    Meeting,
    Motion,
    Presence,
    PrintedMinutes,
    Proxy,
    Remark,
)
from toadlane.plumbing.triggers.refusals import Refusal, append_only, hash_chain


def refusals() -> Iterator[Refusal]:
    for model in (Presence, Remark, Count, Approval, ApprovedMinutes, PrintedMinutes, DemandSupport, DutyDone):
        yield from append_only(model._meta.db_table)
    yield from hash_chain(ApprovedMinutes._meta.db_table)
    for kept in (Meeting, Invitation, Motion, Proxy):
        table = kept._meta.db_table
        yield Refusal(name="forgetting", table=table, verb="DELETE", because=f"{table} is kept")
    meeting, motion = Meeting._meta.db_table, Motion._meta.db_table
    yield Refusal(
        name="reopening", table=meeting, verb="UPDATE", because=f"{meeting}: what is closed or cancelled stays so",
        when="OLD.state IN ('closed', 'cancelled')",
    )  # fmt: skip
    yield Refusal(
        name="recounting", table=motion, verb="UPDATE", because=f"{motion}: a result stands", when="OLD.counted_at IS NOT NULL"
    )
