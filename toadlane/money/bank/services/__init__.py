"""What is done with the bank: where members are paid, statements, files of payouts and of direct debits."""

from toadlane.money.bank.services.collecting import (
    DebitChanged,
    NotABankDay,
    NothingToCollect,
    TooSoon,
    approve_collection,
    collect,
    collected,
    drop_collection,
    refused,
)
from toadlane.money.bank.services.details import NotAnIban, NotSoLittle, give, wish
from toadlane.money.bank.services.mandates import Ended, NoDebits, NotACreditor, NotReached, end, identify, sign
from toadlane.money.bank.services.paying import (
    AccountChanged,
    NoPayDay,
    NothingToPay,
    SecondPersonNeeded,
    WrongMoment,
    approve,
    carried_out,
    drop,
    make,
)
from toadlane.money.bank.services.reading import Doubtful, Imported, ignore, import_statement, settle

__all__ = [
    "AccountChanged",
    "DebitChanged",
    "Doubtful",
    "Ended",
    "Imported",
    "NoDebits",
    "NoPayDay",
    "NotABankDay",
    "NotACreditor",
    "NotAnIban",
    "NotReached",
    "NotSoLittle",
    "NothingToCollect",
    "NothingToPay",
    "SecondPersonNeeded",
    "TooSoon",
    "WrongMoment",
    "approve",
    "approve_collection",
    "carried_out",
    "collect",
    "collected",
    "drop",
    "drop_collection",
    "end",
    "give",
    "identify",
    "ignore",
    "import_statement",
    "make",
    "refused",
    "settle",
    "sign",
    "wish",
]  # fmt: skip
