"""Everything that is done with quotes, checkouts and orders, through one door."""

from toadlane.trade.orders.services.checkout import Contact, Placed, check_out, pay, settle, try_again
from toadlane.trade.orders.services.chores import do as do_chores
from toadlane.trade.orders.services.chores import sweep
from toadlane.trade.orders.services.delivery import accept, assign, assigned, finish, offer, pass_, start, taken_on
from toadlane.trade.orders.services.errors import (
    BelowTheFloor,
    ChooseATime,
    EmptyCart,
    InThePast,
    KeyReused,
    MovedOn,
    NoSuchProcess,
    NoSuchQuote,
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
    TooLate,
    TooMuchBack,
    WhoAreYou,
)
from toadlane.trade.orders.services.following import follow_up
from toadlane.trade.orders.services.money import refund
from toadlane.trade.orders.services.moving import Step, advance
from toadlane.trade.orders.services.quoting import Wish, preview, quote
from toadlane.trade.orders.services.timers import ring
from toadlane.trade.orders.services.visits import place_due

__all__ = [
    "BelowTheFloor", "ChooseATime", "Contact", "EmptyCart", "InThePast", "KeyReused", "MovedOn", "NoSuchProcess",
    "NoSuchQuote", "NotNow", "NotOnSale", "NotPaidYet", "NothingBack", "OfferGone", "OneAtATime", "Placed", "QuoteExpired",
    "QuoteOutdated", "QuoteUsed", "Step", "TooEarly", "TooLate", "TooMuchBack", "WhoAreYou", "Wish", "accept", "advance",
    "assign", "assigned", "check_out", "do_chores", "finish", "follow_up", "offer", "pass_", "pay", "place_due", "preview",
    "quote", "refund", "ring", "settle", "start", "sweep", "taken_on", "try_again",
]  # fmt: skip
