"""Everything that is done about the co-op's own books."""

from toadlane.ownership.bookkeeping.services.closing import ask_to_close, confirm_close
from toadlane.ownership.bookkeeping.services.crediting import credit_bill
from toadlane.ownership.bookkeeping.services.drafts import (
    Decided,
    NotAnEntry,
    ReasonNeeded,
    SecondPersonNeeded,
    approve,
    decline,
    enter,
    enter_bill,
)
from toadlane.ownership.bookkeeping.services.printing import printed

__all__ = [
    "Decided", "NotAnEntry", "ReasonNeeded", "SecondPersonNeeded", "approve", "ask_to_close", "confirm_close", "credit_bill",
    "decline", "enter", "enter_bill", "printed",
]  # fmt: skip
