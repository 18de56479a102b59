"""Everything that is done with shares. Each change of the register is one movement and one entry in the books."""

from toadlane.ownership.shares.services.certifying import NoneHeld, certificate
from toadlane.ownership.shares.services.errors import (
    BeyondTheCap,
    NotEnoughShares,
    NothingUnpaid,
    NotOnOffer,
    NotTransferable,
    NotYours,
    SecondPersonNeeded,
    StillUnpaid,
    WrongMoment,
)
from toadlane.ownership.shares.services.offering import apply, close_due, open_offer
from toadlane.ownership.shares.services.redeeming import (
    approve_due,
    ask_back,
    ask_back_all,
    confirm_paid,
    record_paid,
    take_back,
)
from toadlane.ownership.shares.services.register import Brought, bring_in
from toadlane.ownership.shares.services.subscribing import Placed, begin_if_paid, pay_rest, settle, subscribe
from toadlane.ownership.shares.services.transferring import transfer

__all__ = [
    "BeyondTheCap", "Brought", "NoneHeld", "NotEnoughShares", "NotOnOffer", "NotTransferable", "NotYours", "NothingUnpaid",
    "Placed", "SecondPersonNeeded", "StillUnpaid", "WrongMoment", "apply", "approve_due", "ask_back", "ask_back_all",
    "begin_if_paid", "bring_in", "certificate", "close_due", "confirm_paid", "open_offer", "pay_rest", "record_paid",
    "settle", "subscribe", "take_back", "transfer",
]  # fmt: skip
