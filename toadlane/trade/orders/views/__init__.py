"""Pages of orders: parse, one service call, render."""

from toadlane.trade.orders.views.basket import basket, buy, pay_basket, put
from toadlane.trade.orders.views.booking import book, book_listing
from toadlane.trade.orders.views.listings import ask, request_time
from toadlane.trade.orders.views.orders import (
    act,
    checkout,
    detail,
    give_back,
    guest,
    guest_act,
    guest_file,
    mine,
    ours,
    try_again,
)

__all__ = [
    "act", "ask", "basket", "book", "book_listing", "buy", "checkout", "detail", "give_back", "guest", "guest_act", "guest_file",
    "mine", "ours", "pay_basket", "put", "request_time", "try_again",
]  # fmt: skip
