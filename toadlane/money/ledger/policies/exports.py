"""The books as other programs read them: beancount, hledger, and tables. Pure: entries in, lines of text out."""

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from toadlane.kernel.cells import safe_cell
from toadlane.kernel.currencies import exponent
from toadlane.kernel.money import Money
from toadlane.money.ledger.policies.chart import CHART

ROOTS = {"asset": "Assets", "liability": "Liabilities", "equity": "Equity", "income": "Income", "expense": "Expenses"}
HLEDGER_TYPES = {"asset": "A", "liability": "L", "equity": "E", "income": "R", "expense": "X"}


@dataclass(frozen=True)
class Line:
    """One posting: positive is a debit."""

    code: str
    amount: Money
    holder: str = ""
    purpose: str = ""
    rule: str = ""
    rule_version: int | None = None

    @property
    def account(self) -> str:
        """Return the name of the account, the same in every format: `Liabilities:2110-Owed-to-providers:Membership-7`."""
        root = ROOTS[CHART[self.code].kind]
        parts = [root, f"{self.code}-{_plain(CHART[self.code].name)}"]
        return ":".join([*parts, _holder(self.holder)] if self.holder else parts)

    @property
    def notes(self) -> dict[str, str]:
        found = {"holder": self.holder, "purpose": self.purpose, "rule": self.rule}
        return {k: v for k, v in found.items() if v} | ({"version": str(self.rule_version)} if self.rule_version else {})


@dataclass(frozen=True)
class Entry:
    """One entry of the books. `at` is local time of the co-op."""

    id: str
    at: datetime
    key: str
    narration: str
    subject: str
    digest: str
    lines: Sequence[Line]
    number: int | None = None

    @property
    def notes(self) -> dict[str, str]:
        found = {
            "entry": self.id,
            "number": str(self.number or ""),
            "subject": self.subject,
            "key": self.key,
            "digest": self.digest,
        }
        return {name: value for name, value in (found | {"time": self.at.isoformat()}).items() if value}


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text.replace("’", "")).strip("-")


def _holder(text: str) -> str:
    """Return a holder as part of an account's name: readable, and never the same for two holders."""
    name = _plain(text)[:40]
    if re.fullmatch(r"[a-z]+:[0-9]+", text):
        return name.capitalize()
    return f"{name[:1].upper() or 'X'}{name[1:]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _opened(entries: Iterable[Entry]) -> dict[str, tuple[str, str, set[str]]]:
    """Return each account with its chart code, the day of its first posting and its currencies."""
    found: dict[str, tuple[str, str, set[str]]] = {}
    for entry in entries:
        day = f"{entry.at:%Y-%m-%d}"
        for line in entry.lines:
            code, first, currencies = found.get(line.account, (line.code, day, set()))
            found[line.account] = code, min(first, day), currencies | {line.amount.currency}
    return dict(sorted(found.items()))


def beancount(entries: Sequence[Entry], *, title: str) -> Iterator[str]:
    """Write a beancount file: commodities, opened accounts, then every entry with its rules and digests as metadata."""

    def quoted(text: str) -> str:
        return '"' + _one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'

    opened = _opened(entries)
    first = min((day for _, day, _ in opened.values()), default="1970-01-01")
    yield f'option "title" {quoted(title)}'
    for currency in sorted({c for _, _, currencies in opened.values() for c in currencies}):
        yield f'option "operating_currency" "{currency}"'
        yield f"{first} commodity {currency}"
    for account, (code, day, currencies) in opened.items():
        yield f"{day} open {account} {','.join(sorted(currencies))}"
        yield f'  code: "{code}"'
        if CHART[code].is_restricted:
            yield f"  restricted-to: {quoted(', '.join(CHART[code].purposes))}"
    for entry in entries:
        yield ""
        yield f"{entry.at:%Y-%m-%d} * {quoted(entry.narration)}"
        yield from (f"  {name}: {quoted(value)}" for name, value in entry.notes.items())
        for line in entry.lines:
            yield f"  {line.account}  {line.amount.amount} {line.amount.currency}"
            yield from (f"    {name}: {quoted(value)}" for name, value in line.notes.items())


def hledger(entries: Sequence[Entry], *, title: str) -> Iterator[str]:
    """Write an hledger journal, strict: every commodity and account is declared."""

    def tags(notes: dict[str, str]) -> str:
        return ", ".join(f"{name}: {_one_line(value).replace(',', ' ')}" for name, value in notes.items())

    opened = _opened(entries)
    yield f"; {_one_line(title)}"
    yield "decimal-mark ."
    for currency in sorted({c for _, _, currencies in opened.values() for c in currencies}):
        yield f"commodity 1000.{'0' * exponent(currency)} {currency}"
    for account, (code, _day, _currencies) in opened.items():
        yield f"account {account}  ; type: {HLEDGER_TYPES[CHART[code].kind]}, code: {code}"
    for entry in entries:
        yield ""
        # A semicolon begins a comment and a bar parts the payee: neither may stand in a narration.
        yield f"{entry.at:%Y-%m-%d} * {re.sub(r'[;|]', ',', _one_line(entry.narration))}"
        yield f"    ; {tags(entry.notes)}"
        for line in entry.lines:
            notes = f"  ; {tags(line.notes)}" if line.notes else ""
            yield f"    {line.account}  {line.amount.amount} {line.amount.currency}{notes}"


COLUMNS = (
    "number", "entry", "date", "time", "narration", "subject", "account", "name", "holder", "currency", "debit", "credit",
    "purpose", "rule", "rule_version", "key", "digest",
)  # fmt: skip


def table(entries: Sequence[Entry], *, title: str) -> Iterator[str]:
    """Write one row a posting, safe to open in a spreadsheet."""
    yield _row(COLUMNS)
    for entry in entries:
        for line in entry.lines:
            amount, side = abs(line.amount).amount, line.amount.minor > 0
            yield _row((
                entry.number or "", entry.id, f"{entry.at:%Y-%m-%d}", f"{entry.at:%H:%M:%S}", _one_line(entry.narration),
                entry.subject, line.code, CHART[line.code].name, line.holder, line.amount.currency, amount if side else "",
                "" if side else amount, line.purpose, line.rule, line.rule_version or "", entry.key, entry.digest,
            ))  # fmt: skip


def _row(cells: Iterable[object]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow([safe_cell(str(cell)) for cell in cells])
    return written.getvalue()


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


FORMATS: dict[str, Callable[..., Iterator[str]]] = {"beancount": beancount, "hledger": hledger, "csv": table}
