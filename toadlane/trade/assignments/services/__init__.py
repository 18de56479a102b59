"""Everything that is done with activities, through one door."""

from toadlane.trade.assignments.queries.terms import NoCharges
from toadlane.trade.assignments.services.activities import name_adviser, open_activity, seat, transfer, unseat
from toadlane.trade.assignments.services.charging import give_up, invoice, remind, settle
from toadlane.trade.assignments.services.contracts import cancel, engage
from toadlane.trade.assignments.services.errors import (
    BelowFloor,
    DaysOutOfOrder,
    Decided,
    JustSent,
    ManagerIsNoMember,
    NameNeeded,
    NoLines,
    NoSuchPerson,
    NoSuchTrade,
    NotACountry,
    NotAnAmount,
    NotAPart,
    NotAVatNumber,
    NotAWorker,
    NotEmploying,
    NotEnough,
    NotOfHere,
    OverBudget,
    OwnOutlay,
    ReasonNeeded,
    ReceiptNeeded,
    SameActivity,
    TextChanged,
    TooManyOpen,
    WagesFirst,
    WrongMoment,
)
from toadlane.trade.assignments.services.fund import put_in
from toadlane.trade.assignments.services.outlays import add_receipt, approve, ask, decline
from toadlane.trade.assignments.services.papers import invoice_of
from toadlane.trade.assignments.services.quoting import Client, Line, confirm, drop, send, write_quote
from toadlane.trade.assignments.services.quoting import decline as decline_quote
from toadlane.trade.assignments.services.wages import pay_due

__all__ = [
    "BelowFloor", "Client", "DaysOutOfOrder", "Decided", "JustSent", "Line", "ManagerIsNoMember", "NameNeeded", "NoCharges",
    "NoLines", "NoSuchPerson", "NoSuchTrade", "NotACountry", "NotAPart", "NotAVatNumber", "NotAWorker", "NotAnAmount",
    "NotEmploying", "NotEnough", "NotOfHere", "OverBudget", "OwnOutlay", "ReasonNeeded", "ReceiptNeeded", "SameActivity",
    "TextChanged", "TooManyOpen", "WagesFirst", "WrongMoment", "add_receipt", "approve", "ask", "cancel", "confirm", "decline",
    "decline_quote", "drop", "engage", "give_up", "invoice", "invoice_of", "name_adviser", "open_activity", "pay_due", "put_in",
    "remind", "seat", "send", "settle", "transfer", "unseat", "write_quote",
]  # fmt: skip
