"""Payments as a file for the bank: SEPA credit transfers, ISO 20022 pain.001.001.03 and .09."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sepaxml import SepaTransfer

SCHEMA = "pain.001.001.09"


@dataclass(frozen=True)
class Transfer:
    """:param end_to_end: comes back on the statement, so that what was paid is found again"""

    name: str
    iban: str
    amount_minor: int
    text: str
    end_to_end: str


def transfers(*, name: str, iban: str, on: date, payments: Sequence[Transfer], schema: str = SCHEMA) -> bytes:
    """Write a batch of transfers in euro, paid from one account on one day.

    The file is checked against the schema it names before it is given out.
    """
    file = SepaTransfer({"name": name, "IBAN": iban, "currency": "EUR", "batch": True}, schema=schema)
    for one in payments:
        file.add_payment({
            "name": one.name, "IBAN": one.iban, "amount": one.amount_minor, "execution_date": on, "description": one.text,
            "endtoend_id": one.end_to_end,
        })  # fmt: skip
    written: bytes = file.export(validate=True)
    return written
