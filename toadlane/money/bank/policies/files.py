"""Payments as a file for the bank: SEPA credit transfers, ISO 20022 pain.001.001.03 and .09.

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
    *, name: str, iban: str, on: date, payments: Sequence[Transfer], message: str, at: datetime, schema: str = SCHEMA
) -> bytes:  # fmt: skip
    """Write a batch of transfers in euro, paid from one account on one day: the same bytes for the same transfers.

    :param message: what the file is called, at most 27 letters and digits; its blocks are called after it
    :raises NotValid: when it is not what the schema it names says
    """
    head = _Head(name, iban, on, message, at, schema)
    blocks = [payments[number : number + BLOCK] for number in range(0, len(payments), BLOCK)]
    written = [_block(head, number, block).encode() for number, block in enumerate(blocks, 1)]
    # Blocks are alike to the schema, and may be as many as there are: each is checked by itself, in a fraction of the memory.
    for block, text in zip(blocks, written, strict=True):
        _check(b"".join((_begin(head, block), text, END)), schema)
    if not written:
        _check(_begin(head, payments) + END, schema)
    return b"".join((_begin(head, payments), *written, END))


def _check(document: bytes, schema: str) -> None:
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


def _begin(head: _Head, payments: Sequence[Transfer]) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:{head.schema}"><CstmrCdtTrfInitn>'
        f"<GrpHdr><MsgId>{head.message}</MsgId><CreDtTm>{head.at:%Y-%m-%dT%H:%M:%S}</CreDtTm><NbOfTxs>{len(payments)}</NbOfTxs>"
        f"<CtrlSum>{_amount(sum(one.amount_minor for one in payments))}</CtrlSum>"
        f"<InitgPty><Nm>{_text(head.name, 70)}</Nm></InitgPty></GrpHdr>"
    ).encode()


def _block(head: _Head, number: int, block: Sequence[Transfer]) -> str:
    day = f"<Dt>{head.on:%Y-%m-%d}</Dt>" if head.schema >= "pain.001.001.08" else f"{head.on:%Y-%m-%d}"
    first = (
        f"<PmtInf><PmtInfId>{head.message}-{number}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>"
        f"<NbOfTxs>{len(block)}</NbOfTxs><CtrlSum>{_amount(sum(one.amount_minor for one in block))}</CtrlSum>"
        f"<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf><ReqdExctnDt>{day}</ReqdExctnDt>"
        f"<Dbtr><Nm>{_text(head.name, 70)}</Nm></Dbtr><DbtrAcct><Id><IBAN>{head.iban}</IBAN></Id></DbtrAcct>"
        "<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt><ChrgBr>SLEV</ChrgBr>"
    )
    return "".join((first, *(_transfer(one) for one in block), "</PmtInf>"))


def _transfer(one: Transfer) -> str:
    return (
        f"<CdtTrfTxInf><PmtId><EndToEndId>{_text(one.end_to_end, 35)}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="EUR">{_amount(one.amount_minor)}</InstdAmt></Amt>'
        f"<Cdtr><Nm>{_text(one.name, 70)}</Nm></Cdtr><CdtrAcct><Id><IBAN>{one.iban}</IBAN></Id></CdtrAcct>"
        f"<RmtInf><Ustrd>{_text(one.text, 140)}</Ustrd></RmtInf></CdtTrfTxInf>"
    )


def _amount(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


def _text(text: str, most: int) -> str:
    """Return a text in the letters that every bank reads, no longer than they take."""
    plain = text if text.isascii() else unidecode(text)
    return escape(" ".join(plain.split())[:most])
