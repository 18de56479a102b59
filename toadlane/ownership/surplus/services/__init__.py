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
from toadlane.ownership.surplus.services.counting import count, count_anew
from toadlane.ownership.surplus.services.printing import printed
from toadlane.ownership.surplus.services.repaying import (
    NotLeft,
    NotSolvent,
    confirm_repaid,
    propose_repayment,
    record_repaid,
    repay,
)

__all__ = [
    "Changed", "NotLeft", "NotOver", "NotSolvent", "ReasonNeeded", "SecondPersonNeeded", "WrongMoment", "approve_claim",
    "book", "claim", "confirm_paid", "confirm_repaid", "count", "count_anew", "decline_claim", "printed", "propose_repayment",
    "put_to_members", "record_paid", "record_repaid", "repay", "work_out",
]  # fmt: skip
