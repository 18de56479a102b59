"""What is done with the bank: where members are paid, statements, files of payouts."""

from toadlane.money.bank.services.details import NotAnIban, NotSoLittle, give, wish
from toadlane.money.bank.services.paying import (
    AccountChanged,
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
    "AccountChanged", "Doubtful", "Imported", "NotAnIban", "NotSoLittle", "NothingToPay", "SecondPersonNeeded", "WrongMoment",
    "approve", "carried_out", "drop", "give", "ignore", "import_statement", "make", "settle", "wish",
]  # fmt: skip
