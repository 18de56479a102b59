"""A bank statement in the form of ISO 20022, camt.053: versions 02 to 08 and whatever says the same words.

Amounts are exact: the decimal that stands in the file, in the smallest unit of its currency. Entries that are booked
count, those that are only pending do not.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, DecimalException
from itertools import islice

from django.utils.translation import gettext_lazy as _
from lxml import etree

from toadlane.kernel.currencies import exponent
from toadlane.kernel.errors import Expected
from toadlane.kernel.rates import is_modest

# Of a file. One statement for each day of two years and more fits in.
MOST_BYTES, MOST_STATEMENTS, MOST_LINES = 20_000_000, 1000, 50_000
# What a column of the database holds, with room to add up.
MOST_MINOR = 10**14
_TEXT = 500
# What banks write who have no reference of their own, as `normal` reads it.
NO_REFERENCE = frozenset({"NONREF", "NOREF", "NOTPROVIDED", "NOTAVAILABLE", "NA"})


class NotAStatement(Expected):
    words = _("This is not a bank statement as banks write them (camt.053).")
    status = 422
    field = "file"


class DoesNotAddUp(NotAStatement):
    """Opening balance and entries do not come to the closing balance."""


@dataclass(frozen=True)
class Line:
    """One movement. Positive came in, negative went out.

    :param same: what it is known by, however often and in whichever statement it is read: the bank's own reference, or where it
        has none, the day and all that the bank says about it
    :param place: how many of the same stand before it in its statement; two equal transfers of a day are two
    :param is_named: whether the bank's own reference tells it apart
    """

    same: str
    place: int
    is_named: bool
    amount_minor: int
    currency: str
    booked_on: date
    name: str
    iban: str
    end_to_end: str
    text: str

    @property
    def key(self) -> str:
        """Return what tells it from every other of this account."""
        return self.at(self.place)

    def at(self, place: int) -> str:
        return f"{self.same}:{place}" if place else self.same


@dataclass(frozen=True)
class Statement:
    id: str
    iban: str
    currency: str
    opening_minor: int | None
    closing_minor: int | None
    lines: Sequence[Line]

    @property
    def first_on(self) -> date | None:
        return min((line.booked_on for line in self.lines), default=None)

    @property
    def last_on(self) -> date | None:
        return max((line.booked_on for line in self.lines), default=None)


def read(data: bytes) -> list[Statement]:
    """Read all statements of a file.

    :raises NotAStatement: saying what is missing; DoesNotAddUp: when its own sums disagree
    """
    if len(data) > MOST_BYTES:
        raise NotAStatement("too large")
    # No entities, no network, no huge trees: a stranger may have written this.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NotAStatement(str(error)[:200]) from error
    if root.getroottree().docinfo.doctype:
        raise NotAStatement("DOCTYPE")
    nodes = list(islice(root.iter("{*}Stmt"), MOST_STATEMENTS + 1))
    if not nodes:
        raise NotAStatement
    if len(nodes) > MOST_STATEMENTS:
        raise NotAStatement(f"more than {MOST_STATEMENTS} statements")
    found: list[Statement] = []
    room = MOST_LINES
    for node in nodes:
        found.append(_statement(node, room))
        room -= len(found[-1].lines)
    return found


def _statement(node: etree._Element, room: int) -> Statement:
    """:param room: how many entries it may have at most"""
    iban = _said(node, "Acct/Id/IBAN") or _said(node, "Acct/Id/Othr/Id")
    if not iban:
        raise NotAStatement("Acct/Id")
    balances = {_said(one, "Tp/CdOrPrtry/Cd"): one for one in node.findall("{*}Bal")}
    opening = next((balances[code] for code in ("OPBD", "PRCD") if code in balances), None)
    closing = balances.get("CLBD")
    account = _said(node, "Acct/Ccy")
    lines: list[Line] = []
    for number, entry in enumerate(node.findall("{*}Ntry")):
        status = _said(entry, "Sts/Cd") or _said(entry, "Sts")
        if status not in ("", "BOOK"):
            continue
        lines += _lines(entry, iban.replace(" ", ""), number)
        if len(lines) > room:
            raise NotAStatement(f"more than {MOST_LINES} entries")
    opened, closed = (_signed(one) if one is not None else None for one in (opening, closing))
    unit = account or next((line.currency for line in lines), "") or (_currency(closing) if closing is not None else "")
    if opened is not None and closed is not None and opened + sum(line.amount_minor for line in lines) != closed:
        raise DoesNotAddUp(f"{iban}: {opened} + {sum(line.amount_minor for line in lines)} ≠ {closed}")
    return Statement(_said(node, "Id"), iban.replace(" ", ""), unit, opened, closed, _placed(lines))


def _placed(lines: Sequence[Line]) -> list[Line]:
    """Count lines that nothing tells apart, in the order of the statement."""
    before: Counter[str] = Counter()
    found = []
    for line in lines:
        found.append(replace(line, place=before[line.same]))
        before[line.same] += 1
    return found


def _lines(entry: etree._Element, iban: str, number: int) -> Iterator[Line]:
    """Yield the movements of an entry: several where it is a batch whose parts add up to it, and otherwise one."""
    whole, unit = _signed(entry), _currency(entry)
    booked_on = _day(entry, "BookgDt") or _day(entry, "ValDt")
    if booked_on is None:
        raise NotAStatement("BookgDt")
    reference = _reference(entry, number)
    details = entry.findall("{*}NtryDtls/{*}TxDtls")
    parts = [_part(one, unit, whole) for one in details]
    known = [part for part in parts if part is not None]
    is_batch = len(details) > 1 and len(known) == len(details) and sum(known) == whole
    for place, one in enumerate(details if is_batch else details[:1] or [entry]):
        amount = known[place] if is_batch else whole
        side = "Dbtr" if amount > 0 else "Cdtr"
        own = f"{reference}:{place}" if reference else _reference(one.find("{*}Refs"), number) if one is not entry else ""
        yield Line(
            same=f"{iban[:34]}:{booked_on}:{own or _all_said(one, entry)}:{amount}", place=0, is_named=bool(own),
            amount_minor=amount, currency=unit, booked_on=booked_on,
            name=(_said(one, f"RltdPties/{side}/Nm") or _said(one, f"RltdPties/{side}/Pty/Nm"))[:140],
            iban=_said(one, f"RltdPties/{side}Acct/Id/IBAN").replace(" ", "")[:34], end_to_end=_said(one, "Refs/EndToEndId")[:35],
            text=_words(one, entry)[:_TEXT],
        )  # fmt: skip


def _reference(node: etree._Element | None, number: int) -> str:
    """Return what the bank itself calls an entry, or a part of one, if that tells it apart.

    Some banks write a word where they have no reference, or number the entries of each statement.
    """
    if node is None:
        return ""
    for said in (_said(node, "AcctSvcrRef"), _said(node, "NtryRef")):
        counts = said.isdecimal() and int(said[:9]) in (number, number + 1)
        if said and normal(said) not in NO_REFERENCE and not counts:
            return said[:60]
    return ""


def _all_said(one: etree._Element, entry: etree._Element) -> str:
    """Return a fingerprint of all that the bank says about a movement without a reference; amount and day are apart."""
    said = [node.text or "" for part in ("Refs", "RltdPties", "RmtInf") for node in one.iterfind(f"{{*}}{part}//*")]
    words = [*said, _said(entry, "AddtlNtryInf"), _said(entry, "ValDt/Dt")]
    return "~" + hashlib.sha256("\n".join(normal(word) for word in words if word.strip()).encode()).hexdigest()[:32]


def _part(details: etree._Element, unit: str, whole: int) -> int | None:
    amount = details.find("{*}AmtDtls/{*}TxAmt/{*}Amt")
    amount = details.find("{*}Amt") if amount is None else amount
    if amount is None or amount.get("Ccy") != unit:
        return None
    sign = 1 if whole > 0 else -1
    if (says := _said(details, "CdtDbtInd")) and says in ("CRDT", "DBIT"):
        sign = 1 if says == "CRDT" else -1
    return sign * _minor(amount.text, unit)


def _words(one: etree._Element, entry: etree._Element) -> str:
    said = [node.text or "" for node in one.findall("{*}RmtInf/{*}Ustrd")]
    said += [node.text or "" for node in one.findall("{*}RmtInf/{*}Strd/{*}CdtrRefInf/{*}Ref")]
    return " ".join(part.strip() for part in said if part.strip()) or _said(entry, "AddtlNtryInf")


def _said(node: etree._Element, path: str) -> str:
    found = node.find("/".join(f"{{*}}{part}" for part in path.split("/")))
    return (found.text or "").strip() if found is not None else ""


def _currency(node: etree._Element) -> str:
    amount = node.find("{*}Amt")
    if amount is None or not amount.get("Ccy"):
        raise NotAStatement("Amt/@Ccy")
    return str(amount.get("Ccy"))


def _signed(node: etree._Element) -> int:
    amount = node.find("{*}Amt")
    says = _said(node, "CdtDbtInd")
    if amount is None or says not in ("CRDT", "DBIT"):
        raise NotAStatement("Amt, CdtDbtInd")
    minor = _minor(amount.text, _currency(node))
    return minor if says == "CRDT" else -minor


def _minor(text: str | None, currency: str) -> int:
    try:
        exact = Decimal((text or "").strip()).scaleb(exponent(currency))
    except (DecimalException, Expected) as error:
        raise NotAStatement(f"{text} {currency}") from error
    if not is_modest(exact) or not 0 <= exact < MOST_MINOR or exact != exact.to_integral_value():
        raise NotAStatement(f"{text} {currency}")
    return int(exact)


def _day(node: etree._Element, name: str) -> date | None:
    text = _said(node, f"{name}/Dt") or _said(node, f"{name}/DtTm")
    try:
        return datetime.fromisoformat(text).date() if "T" in text else date.fromisoformat(text) if text else None
    except ValueError as error:
        raise NotAStatement(text[:40]) from error


def normal(text: str) -> str:
    """Return a reference as it is compared: letters and digits only, whatever a banking form made of the rest."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


# What a line without a reference is known by, at the beginning of its key.
UNNAMED = re.compile(r".*:~[0-9a-f]{32}:-?[0-9]+")
REFERENCE = re.compile(r"TL([A-Z2-7]{4})([A-Z2-7]{4})")


def references(text: str) -> list[str]:
    """Return the references of ours that a normal text may name, as we write them."""
    return [f"TL-{first}-{second}" for first, second in REFERENCE.findall(text)]
