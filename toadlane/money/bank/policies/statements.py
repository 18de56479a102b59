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
from functools import cache
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from lxml import etree

from toadlane.kernel.currencies import EXPONENTS, exponent
from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.kernel.rates import is_modest

# Of a file. One statement for each day of two years and more fits in.
MOST_BYTES, MOST_STATEMENTS, MOST_LINES = 20_000_000, 1000, 50_000
# What a column of the database holds, with room to add up.
MOST_MINOR = 10**14
_TEXT = 500
PENDING = ("PDNG", "INFO", "FUTR")
# What banks write who have no reference of their own, as `normal` reads it.
NO_REFERENCE = frozenset({"NONREF", "NOREF", "NOTPROVIDED", "NOTAVAILABLE", "NA"})


class NotAStatement(Expected):
    words = lazy("This is not a bank statement as banks write them (camt.053).")
    status = 422
    field = "file"


class DoesNotAddUp(NotAStatement):
    """Opening balance and entries do not come to the closing balance."""


class _Wrong(Exception):
    """What is wrong with a part of a statement; whoever reads it knows where it stands."""


@dataclass(frozen=True)
class Line:
    """One movement. Positive came in, negative went out.

    :param same: what it is known by, however often and in whichever statement it is read: the bank's own reference, or where it
        has none, the day and all that the bank says about it
    :param place: how many of the same stand before it in its statement; two equal transfers of a day are two
    :param is_named: whether the bank's own reference tells it apart
    :param is_bundle: it stands for several that cannot be told apart: what it says is of some of them
    :param block: the block of a file of ours that it stands for, as the bank books it in one line
    :param is_reversal: it undoes one that was booked before, and its references are that one's
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
    is_bundle: bool = False
    is_reversal: bool = False
    block: str = ""

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

    :raises NotAStatement: saying what is wrong and where; DoesNotAddUp: when its own sums disagree
    """
    if len(data) > MOST_BYTES:
        raise NotAStatement(_("The file is too large. Ask your bank for the statements of fewer days."))
    # No entities, no network, no huge trees, and nothing that cuts a text in two: a stranger may have written this.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NotAStatement(_("This is not an XML file, or not a whole one: %(why)s") % {"why": str(error)[:200]}) from error
    if root.getroottree().docinfo.doctype:
        raise NotAStatement(_("No bank writes a DOCTYPE into a statement."))
    nodes = list(islice(root.iter("{*}Stmt"), MOST_STATEMENTS + 1))
    if not nodes:
        raise NotAStatement
    if len(nodes) > MOST_STATEMENTS:
        raise NotAStatement(_("The file has more than %(most)s statements. Ask for fewer days.") % {"most": MOST_STATEMENTS})
    found, room = list[Statement](), MOST_LINES
    for number, node in enumerate(nodes, 1):
        found.append(_statement(node, number, room))
        room -= len(found[-1].lines)
    return found


def _statement(node: etree._Element, number: int, room: int) -> Statement:
    """:param room: how many entries it may have at most"""
    name, entries, lines = _said(node, "Id"), node.findall("{*}Ntry"), list[Line]()
    here = _("Statement %(name)s") % {"name": name[:35] or number}
    try:
        iban, unit, opened, closed = _head(node, entries)
    except _Wrong as wrong:
        raise NotAStatement(f"{here}: {wrong}") from wrong
    for place, entry in enumerate(entries):
        try:
            lines += _lines(entry, iban, place, unit) if _is_booked(entry) else ()
        except _Wrong as wrong:
            where = _("%(statement)s, entry %(number)s") % {"statement": here, "number": place + 1}
            raise NotAStatement(f"{where}: {wrong}") from wrong
        if len(lines) > room:
            raise NotAStatement(_("The file has more than %(most)s entries. Ask for fewer days.") % {"most": MOST_LINES})
    total = sum(line.amount_minor for line in lines)
    if opened is not None and closed is not None and opened + total != closed:
        sums = {"opened": Money(opened, unit), "total": Money(total, unit), "closed": Money(closed, unit)}
        why = _("it began with %(opened)s and ended with %(closed)s, but its entries come to %(total)s.") % sums
        raise DoesNotAddUp(f"{here}: {why}")
    # What moved nothing, such as a notice of a fee that was waived, is no movement.
    return Statement(name, iban, unit, opened, closed, _placed([line for line in lines if line.amount_minor]))


def _head(node: etree._Element, entries: Sequence[etree._Element]) -> tuple[str, str, int | None, int | None]:
    """Return account, currency, opening and closing balance."""
    iban = (_said(node, "Acct/Id/IBAN") or _said(node, "Acct/Id/Othr/Id")).replace(" ", "")
    if not iban:
        raise _Wrong(_("it does not say of which account it is."))
    balances = {_said(one, "Tp/CdOrPrtry/Cd"): one for one in node.findall("{*}Bal")}
    opening = next((balances[code] for code in ("OPBD", "PRCD") if code in balances), None)
    closing = balances.get("CLBD")
    named = [one for one in (opening, closing, *entries[:1]) if one is not None]
    unit = _said(node, "Acct/Ccy") or next((_currency(one) for one in named), "")
    if unit and unit not in EXPONENTS:
        raise _Wrong(_("“%(unit)s” is no currency.") % {"unit": unit[:10]})
    opened, closed = (None if one is None else _signed(one, unit) for one in (opening, closing))
    return iban, unit, opened, closed


def _is_booked(entry: etree._Element) -> bool:
    """Whether an entry counts. What the bank only announces is booked another day, and then stands there again.

    A status that nobody has heard of might be either, and guessing loses money or makes it up.
    """
    if entry.find("{*}Sts") is None:
        return True
    status = _said(entry, "Sts/Cd") or _said(entry, "Sts")
    if status not in ("BOOK", *PENDING):
        raise _Wrong(_("it says neither that it is booked nor that it is pending."))
    return status == "BOOK"


def _placed(lines: Sequence[Line]) -> list[Line]:
    """Count lines that nothing tells apart, in the order of the statement."""
    before: Counter[str] = Counter()
    found = []
    for line in lines:
        found.append(replace(line, place=before[line.same]))
        before[line.same] += 1
    return found


def _lines(entry: etree._Element, iban: str, number: int, unit: str) -> Iterator[Line]:
    """Yield the movements of an entry: several where it is a batch whose parts add up to it, and otherwise one.

    What the bank keeps of a batch for itself is one more.
    """
    whole = _signed(entry, unit)
    booked_on = _day(entry, "BookgDt") or _day(entry, "ValDt")
    if booked_on is None:
        raise _Wrong(_("it does not say on which day it was booked."))
    reference = _reference(entry, number)
    details = entry.findall("{*}NtryDtls/{*}TxDtls")
    is_reversed = _said(entry, "RvslInd") in ("true", "1")
    parts = [_part(one, unit, is_income=_said(entry, "CdtDbtInd") == "CRDT") for one in details]
    known = [part for part in parts if part is not None]
    charges = _charges(entry, unit) if len(details) > 1 and sum(known) != whole else 0
    is_batch = len(details) > 1 and len(known) == len(details) and sum(known) + charges == whole
    is_bundle = len(details) > 1 and not is_batch
    for place, one in enumerate(details if is_batch else details[:1] or [entry]):
        amount = known[place] if is_batch else whole
        is_reversal = is_reversed or one.find("{*}RtrInf") is not None
        # What is undone names its parties as it was.
        side = "Dbtr" if (amount > 0) != is_reversal else "Cdtr"
        own = f"{reference}:{place}" if reference else _reference(one.find("{*}Refs"), number) if one is not entry else ""
        line = Line(
            same=f"{iban[:34]}:{booked_on}:{own or _all_said(one, entry)}:{amount}", place=0, is_named=bool(own),
            amount_minor=amount, currency=unit, booked_on=booked_on,
            name=(_said(one, f"RltdPties/{side}/Nm") or _said(one, f"RltdPties/{side}/Pty/Nm"))[:140],
            iban=_said(one, f"RltdPties/{side}Acct/Id/IBAN").replace(" ", "")[:34], end_to_end=_said(one, "Refs/EndToEndId")[:35],
            text=_words(one, entry)[:_TEXT], is_reversal=is_reversal, block=_block(one, entry),
        )  # fmt: skip
        if is_bundle:
            text = " · ".join(dict.fromkeys(words for each in details if (words := _words(each, entry))))
            line = replace(line, name="", iban="", end_to_end="", text=text[:_TEXT], is_bundle=True)
        yield line
    if is_batch and charges:
        same = f"{iban[:34]}:{booked_on}:{reference or _all_said(details[0], entry)}:charges:{charges}"
        yield Line(same, 0, bool(reference), charges, unit, booked_on, "", "", "", _("What the bank kept of a batch"))


def _block(one: etree._Element, entry: etree._Element) -> str:
    return (_said(entry, "NtryDtls/Btch/PmtInfId") or _said(one, "Refs/PmtInfId"))[:35]


def _charges(entry: etree._Element, unit: str) -> int:
    """Return what the bank says that it kept for itself (negative) or gave, from the records of an entry."""
    records = [
        *entry.iterfind("{*}Chrgs/{*}Rcrd"),
        *(one for one in entry.iterfind("{*}Chrgs") if one.find("{*}Amt") is not None),
    ]
    total = 0
    for one in records:
        amount = one.find("{*}Amt")
        if amount is not None and amount.get("Ccy") == unit:
            total += _minor(amount.text, unit) * (1 if _said(one, "CdtDbtInd") == "CRDT" else -1)
    return total


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


def _part(details: etree._Element, unit: str, *, is_income: bool) -> int | None:
    amount = details.find("{*}AmtDtls/{*}TxAmt/{*}Amt")
    amount = details.find("{*}Amt") if amount is None else amount
    if amount is None or amount.get("Ccy") != unit:
        return None
    says = _said(details, "CdtDbtInd")
    sign = 1 if (says == "CRDT" if says in ("CRDT", "DBIT") else is_income) else -1
    return sign * _minor(amount.text, unit)


def _words(one: etree._Element, entry: etree._Element) -> str:
    said = [node.text or "" for node in one.findall("{*}RmtInf/{*}Ustrd")]
    said += [node.text or "" for node in one.findall("{*}RmtInf/{*}Strd/{*}CdtrRefInf/{*}Ref")]
    return " ".join(part.strip() for part in said if part.strip()) or _said(entry, "AddtlNtryInf")


@cache
def _anywhere(path: str) -> str:
    """Return a path whatever version of the format names it."""
    return "/".join(f"{{*}}{part}" for part in path.split("/"))


def _said(node: etree._Element, path: str) -> str:
    found = node.find(_anywhere(path))
    return (found.text or "").strip() if found is not None else ""


def _currency(node: etree._Element) -> str:
    amount = node.find("{*}Amt")
    if amount is None or not amount.get("Ccy"):
        raise _Wrong(_("it does not say its amount and currency."))
    return str(amount.get("Ccy"))


def _signed(node: etree._Element, unit: str) -> int:
    """Return an amount in the currency of the account: sums of two currencies are none."""
    currency, says = _currency(node), _said(node, "CdtDbtInd")
    if currency != unit:
        raise _Wrong(_("it is in %(currency)s, but the account is in %(unit)s.") % {"currency": currency, "unit": unit})
    if says not in ("CRDT", "DBIT"):
        raise _Wrong(_("it does not say whether it came in or went out (CdtDbtInd)."))
    minor = _minor(node.findtext("{*}Amt"), unit)
    return minor if says == "CRDT" else -minor


def _minor(text: str | None, currency: str) -> int:
    try:
        exact = Decimal((text or "").strip()).scaleb(exponent(currency))
        if is_modest(exact) and 0 <= exact < MOST_MINOR and exact == exact.to_integral_value():
            return int(exact)
    except (DecimalException, Expected):
        pass
    raise _Wrong(_("“%(said)s” is no amount of money.") % {"said": f"{(text or '').strip()[:30]} {currency}"})


# A day of XML may say its time zone, which does not make it another day.
_ZONE = re.compile(r"(Z|[+-]\d\d:\d\d)$")


def _day(entry: etree._Element, name: str) -> date | None:
    text = _said(entry, f"{name}/Dt") or _said(entry, f"{name}/DtTm")
    try:
        if "T" in text:
            return datetime.fromisoformat(text).date()
        return date.fromisoformat(_ZONE.sub("", text)) if text else None
    except ValueError as error:
        raise _Wrong(_("“%(said)s” is no day.") % {"said": text[:40]}) from error


def key_of(text: str) -> str:
    """Return the id that an end-to-end id of ours is, as 32 hexadecimal digits; nothing where it is none."""
    plain = text.replace("-", "").lower()
    return plain if len(plain) == 32 and all(letter in "0123456789abcdef" for letter in plain) else ""


def normal(text: str) -> str:
    """Return a reference as it is compared: letters and digits only, whatever a banking form made of the rest."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


# What a line without a reference is known by, at the beginning of its key.
UNNAMED = re.compile(r".*:~[0-9a-f]{32}:-?[0-9]+")
# Looked for at each letter: the two before a reference may be the same two.
REFERENCE = re.compile(r"(?=TL([A-Z2-7]{4})([A-Z2-7]{4}))")


def references(text: str) -> list[str]:
    """Return the references of ours that a normal text may name, as we write them."""
    return [f"TL-{first}-{second}" for first, second in REFERENCE.findall(text)]
