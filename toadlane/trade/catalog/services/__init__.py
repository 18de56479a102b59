"""Every write of the catalog. Other rooms import this module and call it by name."""

from toadlane.trade.catalog.services.content import Incomplete
from toadlane.trade.catalog.services.curation import NoReason, accept, decline, hide, restore
from toadlane.trade.catalog.services.index import rebuild_index, reindex, reindex_of
from toadlane.trade.catalog.services.kinds import set_kinds
from toadlane.trade.catalog.services.listings import NotNow, create, edit, pause, resume, submit, throw_away
from toadlane.trade.catalog.services.pictures import TooManyPictures, add_picture, arrange_pictures, remove_picture
from toadlane.trade.catalog.services.stock import SoldOut, return_stock, take_stock

__all__ = [
    "Incomplete",
    "NoReason",
    "NotNow",
    "SoldOut",
    "TooManyPictures",
    "accept",
    "add_picture",
    "arrange_pictures",
    "create",
    "decline",
    "edit",
    "hide",
    "pause",
    "rebuild_index",
    "reindex",
    "reindex_of",
    "remove_picture",
    "restore",
    "resume",
    "return_stock",
    "set_kinds",
    "submit",
    "take_stock",
    "throw_away",
]
