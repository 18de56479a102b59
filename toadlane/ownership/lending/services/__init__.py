"""Everything that is done about loans. Each change of the register is one movement and one entry in the books."""

from toadlane.ownership.lending.services.agreeing import OwnOrOver, ReasonNeeded, agree, decline, offer, withdraw
from toadlane.ownership.lending.services.errors import WrongMoment
from toadlane.ownership.lending.services.printing import printed
from toadlane.ownership.lending.services.receiving import bring, settle
from toadlane.ownership.lending.services.repaying import earn_due, give_back_due, note_sent

__all__ = [
    "OwnOrOver", "ReasonNeeded", "WrongMoment", "agree", "bring", "decline", "earn_due", "give_back_due", "note_sent", "offer",
    "printed", "settle", "withdraw",
]  # fmt: skip
