"""What members owe as a file for the bank: direct debits, ISO 20022 pain.008.001.08, by the rules of the SEPA Core scheme.

Written as text and checked as a whole, as files of transfers are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from toadlane.kernel.money import Money
from toadlane.money.bank.policies.files import check, plain

SCHEMA = "pain.008.001.08"
CURRENCY = "EUR"
FIRST, RECURRENT = "FRST", "RCUR"


@dataclass(frozen=True)
class Debit:
    """
    :param end_to_end: comes back on the statement, so that what came, or went back, is found again
    :param sequence: `FRST` for the first debit of a mandate, `RCUR` for the next ones
    """

    name: str
    iban: str
    amount_minor: int
    text: str
    end_to_end: str
    mandate: str
    signed_on: date
    sequence: str


def block_of(message: str, sequence: str) -> str:
    """Return what a block of a file is called: a bank may show it as one line under this name."""
    return f"{message}-{sequence}"


def collection(
    *, name: str, iban: str, creditor: str, on: date, debits: Sequence[Debit], message: str, at: datetime
) -> bytes:  # fmt: skip
    """Write what is collected on one day to one account: the same bytes for the same debits, a block for each sequence type.

    :param creditor: identifier of the creditor, AT-02
    :param message: what the file is called, at most 27 letters and digits; its blocks are called after it
    :raises NotValid: when it is not what the schema says
    """
    whose = _creditor(plain(name, 70), iban, creditor)
    written = [
        f"<PmtInf><PmtInfId>{block_of(message, sequence)}</PmtInfId>{_head(some, sequence, on)}{whose}"
        f"{''.join(map(_debit, some))}</PmtInf>"
        for sequence in (FIRST, RECURRENT)
        if (some := [one for one in debits if one.sequence == sequence])
    ]
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"><CstmrDrctDbtInitn>'
        f"<GrpHdr><MsgId>{message}</MsgId><CreDtTm>{at:%Y-%m-%dT%H:%M:%S}</CreDtTm><NbOfTxs>{len(debits)}</NbOfTxs>"
        f"<CtrlSum>{_sum(debits)}</CtrlSum><InitgPty><Nm>{plain(name, 70)}</Nm></InitgPty></GrpHdr>"
        f"{''.join(written)}</CstmrDrctDbtInitn></Document>"
    ).encode()
    check(document, SCHEMA)
    return document


def _amount(minor: int) -> str:
    return str(Money(minor, CURRENCY).amount)


def _sum(debits: Sequence[Debit]) -> str:
    return _amount(sum(one.amount_minor for one in debits))


def _head(debits: Sequence[Debit], sequence: str, on: date) -> str:
    return (
        f"<PmtMtd>DD</PmtMtd><BtchBookg>true</BtchBookg><NbOfTxs>{len(debits)}</NbOfTxs><CtrlSum>{_sum(debits)}</CtrlSum>"
        f"<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl><LclInstrm><Cd>CORE</Cd></LclInstrm><SeqTp>{sequence}</SeqTp></PmtTpInf>"
        f"<ReqdColltnDt>{on:%Y-%m-%d}</ReqdColltnDt>"
    )


def _creditor(name: str, iban: str, identifier: str) -> str:
    return (
        f"<Cdtr><Nm>{name}</Nm></Cdtr><CdtrAcct><Id><IBAN>{iban}</IBAN></Id></CdtrAcct>"
        "<CdtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></CdtrAgt><ChrgBr>SLEV</ChrgBr>"
        f"<CdtrSchmeId><Id><PrvtId><Othr><Id>{identifier}</Id><SchmeNm><Prtry>SEPA</Prtry></SchmeNm></Othr></PrvtId></Id></CdtrSchmeId>"
    )


def _debit(one: Debit) -> str:
    return (
        f"<DrctDbtTxInf><PmtId><EndToEndId>{plain(one.end_to_end, 35)}</EndToEndId></PmtId>"
        f'<InstdAmt Ccy="{CURRENCY}">{_amount(one.amount_minor)}</InstdAmt><DrctDbtTx><MndtRltdInf>'
        f"<MndtId>{plain(one.mandate, 35)}</MndtId><DtOfSgntr>{one.signed_on:%Y-%m-%d}</DtOfSgntr></MndtRltdInf></DrctDbtTx>"
        "<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>"
        f"<Dbtr><Nm>{plain(one.name, 70)}</Nm></Dbtr><DbtrAcct><Id><IBAN>{one.iban}</IBAN></Id></DbtrAcct>"
        f"<RmtInf><Ustrd>{plain(one.text, 140)}</Ustrd></RmtInf></DrctDbtTxInf>"
    )
