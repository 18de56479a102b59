"""Everything that is done with quotes, checkouts and orders, through one door."""

from toadlane.trade.orders.services.acting import Facts, act, take_on
from toadlane.trade.orders.services.carts import check_out_cart, open_cart, put
from toadlane.trade.orders.services.chargebacks import bear, end_chargeback
from toadlane.trade.orders.services.checkout import CHECKOUT, Contact, Placed, check_out, pay, placed_before, settle, try_again
from toadlane.trade.orders.services.chores import do as do_chores
from toadlane.trade.orders.services.chores import sweep
from toadlane.trade.orders.services.delivery import accept, assign, assigned, finish, offer, pass_, start, taken_on
from toadlane.trade.orders.services.errors import (
    BelowTheFloor,
    ChargedBack,
    ChooseATime,
    DearerNow,
    EmptyCart,
    InThePast,
    KeyReused,
    LessThanNothing,
    MovedOn,
    NoSuchProcess,
    NoSuchQuote,
    NotAVatNumber,
    NothingBack,
    NotNow,
    NotOnSale,
    NotPaidYet,
    OfferGone,
    OneAtATime,
    QuoteExpired,
    QuoteOutdated,
    QuoteUsed,
    TooEarly,
    TooFarAhead,
    TooLate,
    TooLong,
    TooMuchAtOnce,
    TooMuchBack,
    WhoAreYou,
)
from toadlane.trade.orders.services.following import follow_up
from toadlane.trade.orders.services.forgetting import forget
from toadlane.trade.orders.services.inquiring import inquire
from toadlane.trade.orders.services.letters import write
from toadlane.trade.orders.services.money import refund
from toadlane.trade.orders.services.moving import Step, advance
from toadlane.trade.orders.services.quoting import Wish, preview, quote, vat_number
from toadlane.trade.orders.services.series import NotAVisit, SeriesEnded, end, move_visit, pause, resume, skip
from toadlane.trade.orders.services.talking import open_talk, say
from toadlane.trade.orders.services.timers import ring
from toadlane.trade.orders.services.visits import place_due

__all__ = [
    "CHECKOUT",
    "BelowTheFloor",
    "ChargedBack",
    "ChooseATime",
    "Contact",
    "DearerNow",
    "EmptyCart",
    "Facts",
    "InThePast",
    "KeyReused",
    "LessThanNothing",
    "MovedOn",
    "NoSuchProcess",
    "NoSuchQuote",
    "NotAVatNumber",
    "NotAVisit",
    "NotNow",
    "NotOnSale",
    "NotPaidYet",
    "NothingBack",
    "OfferGone",
    "OneAtATime",
    "Placed",
    "QuoteExpired",
    "QuoteOutdated",
    "QuoteUsed",
    "SeriesEnded",
    "Step",
    "TooEarly",
    "TooFarAhead",
    "TooLate",
    "TooLong",
    "TooMuchAtOnce",
    "TooMuchBack",
    "WhoAreYou",
    "Wish",
    "accept",
    "act",
    "advance",
    "assign",
    "assigned",
    "bear",
    "check_out",
    "check_out_cart",
    "do_chores",
    "end",
    "end_chargeback",
    "finish",
    "follow_up",
    "forget",
    "inquire",
    "move_visit",
    "offer",
    "open_cart",
    "open_talk",
    "pass_",
    "pause",
    "pay",
    "place_due",
    "placed_before",
    "preview",
    "put",
    "quote",
    "refund",
    "resume",
    "ring",
    "say",
    "settle",
    "skip",
    "start",
    "sweep",
    "take_on",
    "taken_on",
    "try_again",
    "vat_number",
    "write",
]  # fmt: skip
