"""Everything that is done with activities, through one door."""

from toadlane.trade.assignments.queries.terms import NoCharges
from toadlane.trade.assignments.services.activities import name_adviser, open_activity, seat, transfer, unseat
from toadlane.trade.assignments.services.charging import invoice
from toadlane.trade.assignments.services.contracts import cancel, engage
from toadlane.trade.assignments.services.crediting import credit
from toadlane.trade.assignments.services.dunning import remind
from toadlane.trade.assignments.services.errors import (
    BelowFloor,
    DaysOutOfOrder,
    Decided,
    JustSent,
    ManagerIsNoMember,
    NameNeeded,
    NewerQuote,
    NoLines,
    NoSuchPerson,
    NoSuchTrade,
    NotACountry,
    NotAnAmount,
    NotAPart,
    NotAQuestion,
    NotAVatNumber,
    NotAWorker,
    NotEmploying,
    NotEnough,
    NothingLeft,
    NotOfHere,
    OtherClient,
    OverBudget,
    OwnOutlay,
    ReasonNeeded,
    ReceiptNeeded,
    SameActivity,
    TextChanged,
    TooManyOpen,
    TooManyRemarks,
    WagesFirst,
    WrongMoment,
)
from toadlane.trade.assignments.services.fund import put_in
from toadlane.trade.assignments.services.outlays import add_receipt, approve, ask, decline
from toadlane.trade.assignments.services.papers import credit_note_of, invoice_of
from toadlane.trade.assignments.services.quoting import Client, Line, confirm, drop, revise, send, write_quote
from toadlane.trade.assignments.services.quoting import decline as decline_quote
from toadlane.trade.assignments.services.remarks import answer, ask_about
from toadlane.trade.assignments.services.settling import give_back, give_up, receive, set_off
from toadlane.trade.assignments.services.wages import pay_due

__all__ = [
    "BelowFloor", "Client", "DaysOutOfOrder", "Decided", "JustSent", "Line", "ManagerIsNoMember", "NameNeeded", "NewerQuote",
    "NoCharges", "NoLines", "NoSuchPerson", "NoSuchTrade", "NotACountry", "NotAPart", "NotAQuestion", "NotAVatNumber",
    "NotAWorker", "NotAnAmount", "NotEmploying", "NotEnough", "NotOfHere", "NothingLeft", "OtherClient", "OverBudget",
    "OwnOutlay", "ReasonNeeded", "ReceiptNeeded", "SameActivity", "TextChanged", "TooManyOpen", "TooManyRemarks",
    "WagesFirst", "WrongMoment", "add_receipt", "answer", "approve", "ask", "ask_about", "cancel", "confirm", "credit",
    "credit_note_of", "decline", "decline_quote", "drop", "engage", "give_back", "give_up", "invoice", "invoice_of",
    "name_adviser", "open_activity", "pay_due", "put_in", "receive", "remind", "revise", "seat", "send", "set_off",
    "transfer", "unseat", "write_quote",
]  # fmt: skip
