"""Payments as a file for the bank: SEPA credit transfers, ISO 20022 pain.001.001.03 and .09.

Written as text, one transfer after the other, and checked as a whole: with tens of thousands of transfers a tree of objects
for each takes minutes and gigabytes. Transfers stand in blocks, since a bank books each block as one line of the statement.
"""

from collections.abc import Iterator, Sequence
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
    written = "".join(_file(head, payments)).encode()
    checked = _schema(schema)
    if not checked.validate(etree.fromstring(written)):
        raise NotValid(str(checked.error_log.last_error))
    return written


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


def _file(head: _Head, payments: Sequence[Transfer]) -> Iterator[str]:
    total, who = sum(one.amount_minor for one in payments), f"<Nm>{_text(head.name, 70)}</Nm>"
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:{head.schema}"><CstmrCdtTrfInitn>'
        f"<GrpHdr><MsgId>{head.message}</MsgId><CreDtTm>{head.at:%Y-%m-%dT%H:%M:%S}</CreDtTm><NbOfTxs>{len(payments)}</NbOfTxs>"
        f"<CtrlSum>{_amount(total)}</CtrlSum><InitgPty>{who}</InitgPty></GrpHdr>"
    )
    day = f"<Dt>{head.on:%Y-%m-%d}</Dt>" if head.schema >= "pain.001.001.08" else f"{head.on:%Y-%m-%d}"
    for number in range(0, len(payments), BLOCK):
        block = payments[number : number + BLOCK]
        yield (
            f"<PmtInf><PmtInfId>{head.message}-{number // BLOCK + 1}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>"
            f"<NbOfTxs>{len(block)}</NbOfTxs><CtrlSum>{_amount(sum(one.amount_minor for one in block))}</CtrlSum>"
            f"<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf><ReqdExctnDt>{day}</ReqdExctnDt><Dbtr>{who}</Dbtr>"
            f"<DbtrAcct><Id><IBAN>{head.iban}</IBAN></Id></DbtrAcct><DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr>"
            "</FinInstnId></DbtrAgt><ChrgBr>SLEV</ChrgBr>"
        )
        for one in block:
            yield (
                f"<CdtTrfTxInf><PmtId><EndToEndId>{_text(one.end_to_end, 35)}</EndToEndId></PmtId>"
                f'<Amt><InstdAmt Ccy="EUR">{_amount(one.amount_minor)}</InstdAmt></Amt>'
                f"<Cdtr><Nm>{_text(one.name, 70)}</Nm></Cdtr><CdtrAcct><Id><IBAN>{one.iban}</IBAN></Id></CdtrAcct>"
                f"<RmtInf><Ustrd>{_text(one.text, 140)}</Ustrd></RmtInf></CdtTrfTxInf>"
            )
        yield "</PmtInf>"
    yield "</CstmrCdtTrfInitn></Document>"


def _amount(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


def _text(text: str, most: int) -> str:
    """Return a text in the letters that every bank reads, no longer than they take."""
    plain = text if text.isascii() else unidecode(text)
    return escape(" ".join(plain.split())[:most])
