"""Everything that is done with shares. Each change of the register is one movement and one entry in the books."""

from toadlane.ownership.shares.services.certifying import NoneHeld, certificate
from toadlane.ownership.shares.services.charging_back import bear_chargeback, win_back
from toadlane.ownership.shares.services.collecting import to_collect
from toadlane.ownership.shares.services.errors import (
    BeyondTheCap,
    NotEnoughShares,
    NothingUnpaid,
    NotOnOffer,
    NotTransferable,
    NotYours,
    OwnCase,
    ProofNeeded,
    ReasonNeeded,
    SecondPersonNeeded,
    StillUnpaid,
    TooMuchInvested,
    UnderWay,
    WrongDay,
    WrongMoment,
)
from toadlane.ownership.shares.services.inheriting import (
    bequeath,
    confirm_bequest,
    confirm_death,
    drop_bequest,
    drop_death,
    repay_estate,
    repay_overdue_estates,
    report_death,
)
from toadlane.ownership.shares.services.offering import apply, close_due, open_offer
from toadlane.ownership.shares.services.paying_back import hand_over_due, note_came_back, note_paid
from toadlane.ownership.shares.services.redeeming import approve_due, ask_back, ask_back_all, excuse, take_back
from toadlane.ownership.shares.services.register import Brought, bring_in
from toadlane.ownership.shares.services.subscribing import (
    Placed,
    begin_if_paid,
    give_back_due,
    pay_rest,
    settle,
    subscribe,
)
from toadlane.ownership.shares.services.transferring import transfer
from toadlane.ownership.shares.services.writing_down import bear_loss

__all__ = [
    "BeyondTheCap", "Brought", "NoneHeld", "NotEnoughShares", "NotOnOffer", "NotTransferable", "NotYours", "NothingUnpaid",
    "OwnCase", "Placed", "ProofNeeded", "ReasonNeeded", "SecondPersonNeeded", "StillUnpaid", "TooMuchInvested", "UnderWay",
    "WrongDay", "WrongMoment", "apply", "approve_due", "ask_back", "ask_back_all", "bear_chargeback", "bear_loss",
    "begin_if_paid", "bequeath", "bring_in", "certificate", "close_due", "confirm_bequest", "confirm_death", "drop_bequest",
    "drop_death", "excuse", "give_back_due", "hand_over_due", "note_came_back", "note_paid", "open_offer", "pay_rest",
    "repay_estate", "repay_overdue_estates", "report_death", "settle", "subscribe", "take_back", "to_collect", "transfer",
    "win_back",
]  # fmt: skip
