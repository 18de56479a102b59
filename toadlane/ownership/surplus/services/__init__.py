"""Everything that is done about a surplus, from working it out to the last member's payment."""

from toadlane.ownership.surplus.services.claiming import ReasonNeeded, approve_claim, claim, decline_claim
from toadlane.ownership.surplus.services.closing import (
    Changed,
    NotOver,
    SecondPersonNeeded,
    WrongMoment,
    book,
    confirm_paid,
    put_to_members,
    record_paid,
    work_out,
)

__all__ = [
    "Changed", "NotOver", "ReasonNeeded", "SecondPersonNeeded", "WrongMoment", "approve_claim", "book", "claim", "confirm_paid",
    "decline_claim", "put_to_members", "record_paid", "work_out",
]  # fmt: skip
