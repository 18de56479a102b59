"""The trail is written once."""

from collections.abc import Iterator

from toadlane.plumbing.triggers.refusals import Refusal, append_only


def refusals() -> Iterator[Refusal]:
    yield from append_only("audit_mark")
    yield Refusal(
        name="reopening", table="audit_staffsession", verb="UPDATE", because="a staff session is neither reopened nor rewritten",
        when="OLD.ended_at IS NOT NULL OR NEW.until > OLD.until OR NEW.reason <> OLD.reason OR NEW.person_id <> OLD.person_id",
    )  # fmt: skip
    yield Refusal(
        name="hiding", table="audit_staffsession", verb="DELETE", because="a staff session stays on record"
    )  # fmt: skip
