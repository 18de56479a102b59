"""Everything that is done about loans. Each change of the register is one movement and one entry in the books."""

from toadlane.ownership.lending.services.agreeing import OwnOrOver, ReasonNeeded, agree, decline, offer, withdraw
from toadlane.ownership.lending.services.errors import WrongMoment
from toadlane.ownership.lending.services.printing import printed
from toadlane.ownership.lending.services.receiving import Brought, bring, bring_in, settle
from toadlane.ownership.lending.services.repaying import earn_due, give_back_due, note_came_back, note_sent

__all__ = [
    "Brought", "OwnOrOver", "ReasonNeeded", "WrongMoment", "agree", "bring", "bring_in", "decline", "earn_due", "give_back_due",
    "note_came_back", "note_sent", "offer", "printed", "settle", "withdraw",
]  # fmt: skip
