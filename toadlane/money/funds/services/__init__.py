"""Everything that is done with what the co-op spends, through one door."""

from toadlane.money.funds.services.approving import approve
from toadlane.money.funds.services.claiming import add_receipt, ask_members, claim, correct, decline, put_under, withdraw
from toadlane.money.funds.services.errors import (
    BelongsToOthers,
    Decided,
    NoReceipt,
    NotAnAccount,
    NotDecided,
    NothingAdvanced,
    NotOpen,
    OneByOne,
    OverDecided,
    OverMonth,
    OwnExpense,
    PayeeDiffers,
    SecondPersonNeeded,
    TooMuchInAdvance,
)
from toadlane.money.funds.services.feeding import feed
from toadlane.money.funds.services.paying import drop, pay, prepare, settle, take_back

__all__ = [
    "BelongsToOthers", "Decided", "NoReceipt", "NotAnAccount", "NotDecided", "NotOpen", "NothingAdvanced", "OneByOne",
    "OverDecided", "OverMonth", "OwnExpense", "PayeeDiffers", "SecondPersonNeeded", "TooMuchInAdvance", "add_receipt", "approve",
    "ask_members", "claim", "correct", "decline", "drop", "feed", "pay", "prepare", "put_under", "settle", "take_back",
    "withdraw",
]  # fmt: skip
