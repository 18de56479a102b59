"""Everything that is done about a surplus, from working it out to the last member's payment."""

from toadlane.ownership.surplus.services.capping import (
    InterestAboveCap,
    InterestAboveRules,
    NotARate,
    NothingMeasured,
    RateMissing,
    SourceNeeded,
    record_rate,
)
from toadlane.ownership.surplus.services.claiming import ReasonNeeded, approve_claim, claim, decline_claim
from toadlane.ownership.surplus.services.closing import (
    Changed,
    EarlierOpen,
    EndsTooEarly,
    MoreTaxThanSurplus,
    NotOver,
    WrongMoment,
    YearsOverlap,
    book,
    put_to_members,
    work_out,
)
from toadlane.ownership.surplus.services.counting import count, count_anew
from toadlane.ownership.surplus.services.covering import NoSuchLoss, ReserveShort, cover, propose_cover
from toadlane.ownership.surplus.services.imputing import NobodyBears, NoLossLeft, impute, propose_imputation
from toadlane.ownership.surplus.services.opening import bring_in
from toadlane.ownership.surplus.services.paying import hand_over, note_came_back, note_paid
from toadlane.ownership.surplus.services.printing import printed
from toadlane.ownership.surplus.services.repaying import (
    NotLeft,
    NotSolvent,
    propose_repayment,
    repay,
)

__all__ = [
    "Changed", "EarlierOpen", "EndsTooEarly", "InterestAboveCap", "InterestAboveRules", "MoreTaxThanSurplus", "NoLossLeft",
    "NoSuchLoss", "NobodyBears", "NotARate", "NotLeft", "NotOver", "NotSolvent", "NothingMeasured", "RateMissing",
    "ReasonNeeded", "ReserveShort", "SourceNeeded", "WrongMoment", "YearsOverlap", "approve_claim", "book", "bring_in", "claim",
    "count", "count_anew", "cover", "decline_claim", "hand_over", "impute", "note_came_back", "note_paid", "printed",
    "propose_cover", "propose_imputation", "propose_repayment", "put_to_members", "record_rate", "repay", "work_out",
]  # fmt: skip
