"""The books as people read them, and what waits to be booked."""

from toadlane.ownership.bookkeeping.queries.drafts import (
    closing,
    closings,
    draft,
    draft_names,
    drafts,
    drafts_are_booked,
    duties,
    left_of_bill,
    seen_by,
    waiting,
)
from toadlane.ownership.bookkeeping.queries.own import Position, positions
from toadlane.ownership.bookkeeping.queries.reports import Report, currencies, report, years

__all__ = [
    "Position", "Report", "closing", "closings", "currencies", "draft", "draft_names", "drafts", "drafts_are_booked", "duties",
    "left_of_bill", "positions", "report", "seen_by", "waiting", "years",
]  # fmt: skip
