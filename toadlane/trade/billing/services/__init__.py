"""What is done with orders that are over: invoices, and the yearly report on those who sell."""

from toadlane.trade.billing.services.asking import ask_sellers, send_copies
from toadlane.trade.billing.services.handing_in import NothingChanged, YearNotOver, hand_in
from toadlane.trade.billing.services.reporting import CoopUnknown, NothingReported, copy_of, report
from toadlane.trade.billing.services.settling import catch_up, settle

__all__ = [
    "CoopUnknown", "NothingChanged", "NothingReported", "YearNotOver", "ask_sellers", "catch_up", "copy_of", "hand_in", "report",
    "send_copies", "settle",
]  # fmt: skip
