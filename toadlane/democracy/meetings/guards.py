from collections.abc import Iterator

from toadlane.democracy.meetings.models import (
    Approval,
    ApprovedMinutes,
    Correction,
    Count,
    DemandSupport,
    DutyDone,
    Entitlement,
    Invitation,
    Meeting,
    Motion,
    Presence,
    PrintedMinutes,
    Proxy,
    Remark,
)
from toadlane.plumbing.sealing import registry as sealing
from toadlane.plumbing.triggers.refusals import Refusal, append_only, hash_chain


def refusals() -> Iterator[Refusal]:
    for model in (Entitlement, Presence, Remark, Count, Approval, ApprovedMinutes, PrintedMinutes, DemandSupport, DutyDone):
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


def sealed() -> None:
    """Declare what is written once of a meeting: who was called, who came, what was counted, and the minute book."""
    of_it = "meeting_id"
    sealing.declare("meetings.meetings", Meeting, "number", "kind", "office", "title", "starts_at", "second_at", "called_at",
                    "called_by", "bylaws_version", "opened_at", "opened_call", "opened_with", "closed_at",
                    dated="closed_at")  # fmt: skip
    sealing.declare("meetings.invitations", Invitation, of_it, "membership_id", "person_id", "member_class", "is_entitled",
                    dated="meeting__closed_at")  # fmt: skip
    sealing.declare("meetings.entitled", Entitlement, "invitation_id", "is_entitled", "at", *(
        f"invitation__{name}" for name in (of_it, "membership_id", "person_id", "member_class")), dated="at")  # fmt: skip
    sealing.declare("meetings.presences", Presence, of_it, "invitation_id", "person_id", "deed", "mode", "proxy_id", "at",
                    "recorded_by", dated="at")  # fmt: skip
    sealing.declare("meetings.proxies", Proxy, of_it, "giver_id", "holder_id", "text", "given_at", "given_by", dated="given_at")
    sealing.declare("meetings.proxies_revoked", Proxy, "revoked_at", dated="revoked_at")
    sealing.declare("meetings.remarks", Remark, of_it, "item_id", "invitation_id", "person_id", "kind", "text", "at", dated="at")
    sealing.declare("meetings.motions", Motion, "item_id", "text", "moved_at", "moved_by", "present", "votes_for",
                    "votes_against", "abstained", "counted_at", dated="counted_at")  # fmt: skip
    sealing.declare("meetings.counts", Count, "motion_id", "teller_id", "votes_for", "votes_against", "abstained", "at",
                    dated="at")  # fmt: skip
    sealing.declare("meetings.demanded", DemandSupport, "demand_id", "membership_id", "person_id", "at", dated="at")
    sealing.declare("meetings.corrections", Correction, "minutes_id", "invitation_id", "person_id", "text", "at", dated="at")
    sealing.declare("meetings.approvals", Approval, "minutes_id", "revision", "person_id", "role", "at", dated="at")
    sealing.declare("meetings.minutes", ApprovedMinutes, "number", of_it, "hash", "approved_at", "kept_until",
                    dated="approved_at")  # fmt: skip
    sealing.declare("meetings.printed", PrintedMinutes, "approved_id", "file", "size_bytes", "printed_at", dated="printed_at")
    sealing.declare("meetings.duties", DutyDone, "key", "title", "law", "due_on", "note", "person_id", "done_at", dated="done_at")
