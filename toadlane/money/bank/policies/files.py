"""Payments as a file for the bank: credit transfers, ISO 20022 pain.001.001.03 and .09, by the rules of SEPA or without.

Written as text, one transfer after the other, and checked as a whole: with tens of thousands of transfers a tree of objects
for each takes minutes and gigabytes. Transfers stand in blocks, since a bank books each block as one line of the statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

import sepaxml
from lxml import etree
from text_unidecode import unidecode

from toadlane.kernel.money import Money

SCHEMA = "pain.001.001.09"
SCHEMAS = Path(sepaxml.__file__).parent / "schemas"
BLOCK = 10_000
END = b"</CstmrCdtTrfInitn></Document>"


class NotValid(Exception):
    """What was written is not what the schema says: a fault of ours, and no file is given out."""


@dataclass(frozen=True)
class Transfer:
    """:param end_to_end: comes back on the statement, so that what was paid is found again"""

    name: str
    iban: str
    amount_minor: int
    text: str
    end_to_end: str


def transfers(
    *, name: str, iban: str, on: date, payments: Sequence[Transfer], message: str, at: datetime, schema: str = SCHEMA,
    currency: str = "EUR", is_sepa: bool = True,
) -> bytes:  # fmt: skip
    """Write a batch of transfers, paid from one account on one day: the same bytes for the same transfers.

    :param is_sepa: euro to accounts that SEPA reaches; other transfers name no scheme, and each side bears its own charges
    :param message: what the file is called, at most 27 letters and digits; its blocks are called after it
    :raises NotValid: when it is not what the schema it names says
    """
    head = _Head(name, iban, on, message, at, schema, currency, is_sepa)
    blocks = [payments[number : number + BLOCK] for number in range(0, len(payments), BLOCK)]
    written = [_block(head, number, block).encode() for number, block in enumerate(blocks, 1)]
    # Blocks are alike to the schema, and may be as many as there are: each is checked by itself, in a fraction of the memory.
    for block, text in zip(blocks, written, strict=True):
        check(b"".join((_begin(head, block), text, END)), schema)
    if not written:
        check(_begin(head, payments) + END, schema)
    return b"".join((_begin(head, payments), *written, END))


def check(document: bytes, schema: str) -> None:
    """:raises NotValid: when a document is not what a schema says"""
    known = _schema(schema)
    if not known.validate(etree.fromstring(document, etree.XMLParser(huge_tree=True))):
        raise NotValid(str(known.error_log.last_error))


@lru_cache(maxsize=4)
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SCHEMAS / f"{name}.xsd")))


@dataclass(frozen=True)
class _Head:
    name: str
    iban: str
    on: date
    message: str
    at: datetime
    schema: str
    currency: str
    is_sepa: bool

    def amount(self, minor: int) -> str:
        return str(Money(minor, self.currency).amount)


def _begin(head: _Head, payments: Sequence[Transfer]) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:{head.schema}"><CstmrCdtTrfInitn>'
        f"<GrpHdr><MsgId>{head.message}</MsgId><CreDtTm>{head.at:%Y-%m-%dT%H:%M:%S}</CreDtTm><NbOfTxs>{len(payments)}</NbOfTxs>"
        f"<CtrlSum>{head.amount(sum(one.amount_minor for one in payments))}</CtrlSum>"
        f"<InitgPty><Nm>{plain(head.name, 70)}</Nm></InitgPty></GrpHdr>"
    ).encode()


def _block(head: _Head, number: int, block: Sequence[Transfer]) -> str:
    day = f"<Dt>{head.on:%Y-%m-%d}</Dt>" if head.schema >= "pain.001.001.08" else f"{head.on:%Y-%m-%d}"
    first = (
        f"<PmtInf><PmtInfId>{head.message}-{number}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>"
        f"<NbOfTxs>{len(block)}</NbOfTxs><CtrlSum>{head.amount(sum(one.amount_minor for one in block))}</CtrlSum>"
        f"{'<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>' if head.is_sepa else ''}<ReqdExctnDt>{day}</ReqdExctnDt>"
        f"<Dbtr><Nm>{plain(head.name, 70)}</Nm></Dbtr><DbtrAcct><Id><IBAN>{head.iban}</IBAN></Id></DbtrAcct>"
        "<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>"
        f"<ChrgBr>{'SLEV' if head.is_sepa else 'SHAR'}</ChrgBr>"
    )
    return "".join((first, *(_transfer(head, one) for one in block), "</PmtInf>"))


def _transfer(head: _Head, one: Transfer) -> str:
    return (
        f"<CdtTrfTxInf><PmtId><EndToEndId>{plain(one.end_to_end, 35)}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="{head.currency}">{head.amount(one.amount_minor)}</InstdAmt></Amt>'
        f"<Cdtr><Nm>{plain(one.name, 70)}</Nm></Cdtr><CdtrAcct><Id><IBAN>{one.iban}</IBAN></Id></CdtrAcct>"
        f"<RmtInf><Ustrd>{plain(one.text, 140)}</Ustrd></RmtInf></CdtTrfTxInf>"
    )


# What every bank reads (EPC217-08), and what stands for the rest.
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
_INSTEAD = {"&": "+", '"': "'", "`": "'", "_": "-", "[": "(", "]": ")", "{": "(", "}": ")"}
NOTHING = "NOTPROVIDED"


def plain(text: str, most: int) -> str:
    """Return a text in the letters that every bank reads, no longer than they take, and never none.

    Two slashes, or one at an end, mean something else to them.
    """
    found = " ".join((text if text.isascii() else unidecode(text)).split())
    if not _LETTERS.issuperset(found):
        found = "".join(letter if letter in _LETTERS else _INSTEAD.get(letter, ".") for letter in found)
    while "//" in found:
        found = found.replace("//", "/")
    short = found.strip("/ ")[:most].rstrip("/ ")
    return escape(short) if any(letter.isalnum() for letter in short) else NOTHING
