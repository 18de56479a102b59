"""What is done with the bank: where members are paid, statements, files of payouts."""

from toadlane.money.bank.services.details import NotAnIban, give
from toadlane.money.bank.services.paying import NothingToPay, SecondPersonNeeded, WrongMoment, approve, drop, make
from toadlane.money.bank.services.reading import Doubtful, Imported, ignore, import_statement, settle

__all__ = [
    "Doubtful", "Imported", "NotAnIban", "NothingToPay", "SecondPersonNeeded", "WrongMoment", "approve", "drop", "give", "ignore",
    "import_statement", "make", "settle",
]  # fmt: skip
