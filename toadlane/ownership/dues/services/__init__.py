"""Everything that is done with dues."""

from toadlane.ownership.dues.services.charging import charge_due, remind_due
from toadlane.ownership.dues.services.collecting import to_collect
from toadlane.ownership.dues.services.errors import (
    NoScale,
    NothingToPay,
    NotThatLong,
    OffTheScale,
    Over,
    ReasonNeeded,
    TooFarAhead,
    UnderWay,
)
from toadlane.ownership.dues.services.paying import Placed, choose, pay, settle
from toadlane.ownership.dues.services.returning import bear_chargeback, give_credit_back, win_back
from toadlane.ownership.dues.services.waiving import (
    end_waiver,
    forget_reasons,
    note_all_late,
    note_late,
    waive,
    waive_claim,
)

__all__ = [
    "NoScale", "NotThatLong", "NothingToPay", "OffTheScale", "Over", "Placed", "ReasonNeeded", "TooFarAhead", "UnderWay",
    "bear_chargeback", "charge_due", "choose", "end_waiver", "forget_reasons", "give_credit_back", "note_all_late", "note_late",
    "pay", "remind_due", "settle", "to_collect", "waive", "waive_claim", "win_back",
]  # fmt: skip
