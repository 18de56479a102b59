"""Everything that is done about a surplus, from working it out to the last member's payment."""

from toadlane.ownership.surplus.services.claiming import ReasonNeeded, approve_claim, claim, decline_claim
from toadlane.ownership.surplus.services.closing import (
    Changed,
    EndsTooEarly,
    NotOver,
    WrongMoment,
    book,
    put_to_members,
    work_out,
)
from toadlane.ownership.surplus.services.counting import count, count_anew
from toadlane.ownership.surplus.services.paying import hand_over, note_paid
from toadlane.ownership.surplus.services.printing import printed
from toadlane.ownership.surplus.services.repaying import (
    NotLeft,
    NotSolvent,
    propose_repayment,
    repay,
)

__all__ = [
    "Changed", "EndsTooEarly", "NotLeft", "NotOver", "NotSolvent", "ReasonNeeded", "WrongMoment", "approve_claim", "book",
    "claim", "count", "count_anew", "decline_claim", "hand_over", "note_paid", "printed", "propose_repayment",
    "put_to_members", "repay", "work_out",
]  # fmt: skip
