"""What is sealed of membership and offices: who spoke for whom, and as what, is what decisions rest on."""

from collections.abc import Iterator

from toadlane.plumbing.sealing import registry as sealing
from toadlane.plumbing.triggers.refusals import Refusal, append_only
from toadlane.society.members.models import Delegate, Membership, Office, RegisterLine


def refusals() -> Iterator[Refusal]:
    yield from append_only(RegisterLine._meta.db_table)


def sealed() -> None:
    # A number and a day of joining that a co-op brings along replace those given here: they stand in the lines of the register.
    sealing.declare("members.agreed", Membership, "person_id", "organisation_id", "member_class", "accepted_version",
                    "accepted_at", dated="accepted_at")  # fmt: skip
    sealing.declare("members.register", RegisterLine, "membership_id", *RegisterLine.TOLD, "at", dated="at")
    sealing.declare("members.offices", Office, "person_id", "office", "since", "until", "named_by",
                    dated=sealing.once_over("since"))  # fmt: skip
    sealing.declare("members.offices_ended", Office, "ended_on", dated=sealing.once_over("ended_on"))
    sealing.declare("members.delegates", Delegate, "membership_id", "person_id", "since", dated=sealing.once_over("since"))
    sealing.declare("members.delegates_ended", Delegate, "ended_on", dated=sealing.once_over("ended_on"))
