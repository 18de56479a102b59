"""The sandbox provider: a card company that moves no money, with a store of its own.

It stands for an outside party. Its store is a file apart from the database of the server, so what it has done stays done
when a transaction of ours is rolled back, and each call is one statement there.
"""

import hashlib
import hmac
import json
import os
import sqlite3
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.money import Money
from toadlane.money.payments.services.errors import InvalidCard, NotOnOffer
from toadlane.money.payments.services.providers import port
from toadlane.money.payments.services.providers.port import (
    Answer,
    Card,
    Hosted,
    Instrument,
    KeptCard,
    NoAnswer,
    Notice,
    Payee,
    Result,
    TestCard,
    Unreadable,
    Unsigned,
)

CARDS = [
    TestCard("4242 4242 4242 4242", _("Pays."), "pays"),
    TestCard("4000 0000 0000 0002", _("Is declined."), "declines"),
    TestCard("4000 0025 0000 3155", _("Asks you to confirm it first."), "challenges"),
    TestCard("4000 0000 0000 0119", _("Pays, but the answer gets lost on the way."), "loses_answer"),
    TestCard("4000 0000 0000 0077", _("Pays two minutes later."), "pays_late"),
    TestCard("4000 0000 0000 0259", _("Pays, and takes it back a day later."), "charges_back"),
]
BEHAVIOR = {card.number.replace(" ", ""): card.name for card in CARDS}
LATE, CHARGEBACK_AFTER, DECIDED_AFTER = timedelta(minutes=2), timedelta(days=1), timedelta(days=14)
DISPUTE_FEE_MINOR = 1500

# A charge is the call that authorised it; later calls name it.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS call (
  key TEXT PRIMARY KEY, kind TEXT NOT NULL, ref TEXT NOT NULL, charge TEXT NOT NULL, behavior TEXT NOT NULL, body TEXT NOT NULL,
  minor INTEGER NOT NULL, result TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS call_charge ON call (charge);
"""
_TAKEN = (
    "(SELECT COALESCE(SUM(minor), 0) FROM call WHERE charge = :charge AND result IN ('succeeded', 'late') "
    "AND kind IN ('capture', 'sale'))"
)
_GIVEN_BACK = "(SELECT COALESCE(SUM(minor), 0) FROM call WHERE charge = :charge AND result = 'succeeded' AND kind = 'refund')"
_HELD = "(SELECT minor FROM call WHERE ref = :charge AND charge = :charge AND kind = 'hold' AND result IN ('succeeded', 'late'))"
_LET_GO = "EXISTS (SELECT 1 FROM call WHERE charge = :charge AND kind = 'void' AND result = 'succeeded')"
_POSSIBLE = {
    "capture": f":minor <= {_HELD} AND {_TAKEN} = 0 AND NOT {_LET_GO}",
    "void": f"{_TAKEN} = 0",
    "refund": f":minor <= {_TAKEN} - {_GIVEN_BACK}",
    "payout": "1",
}
_BEHAVIOR_OF_CHARGE = "COALESCE((SELECT behavior FROM call WHERE ref = :charge LIMIT 1), '')"
_INSERT = """
INSERT INTO call (key, kind, ref, charge, behavior, body, minor, result, reason, at)
VALUES (:key, :kind, :ref, :charge, {behavior}, :body, :minor, {result}, :reason, :at)
ON CONFLICT (key) DO UPDATE SET key = key RETURNING kind, ref, behavior, body, minor, result, reason, at
"""


class Sandbox(port.PaymentProvider):
    test_cards = CARDS

    def check(self, instrument: Instrument) -> None:
        if isinstance(instrument, Hosted):
            raise NotOnOffer(_("Cards of the sandbox are typed here."))
        if isinstance(instrument, Card) and "".join(instrument.number.split()) not in BEHAVIOR:
            raise InvalidCard(hint=_("This is a sandbox: use one of its numbers, such as 4242 4242 4242 4242."))

    def authorise(
        self, *, key: str, amount: Money, instrument: Instrument, capture: bool, at: datetime, subject: str = "",
        payment: str = "",
    ) -> Answer:  # fmt: skip
        """Hold an amount, or take it at once, the way the number of the card says."""
        ref = "ch_" + hashlib.sha256(key.encode()).hexdigest()[:20]
        behavior = self._behavior(instrument)
        result, reason = {
            "declines": ("declined", "card_declined"),
            "challenges": ("requires_action", "challenge"),
            "pays_late": ("late", ""),
        }.get(behavior, ("succeeded", ""))
        if isinstance(instrument, Card) and instrument.challenge_passed and behavior == "challenges":
            result, reason = "succeeded", ""
        answer = self._call(
            key=key, kind="sale" if capture else "hold", ref=ref, charge=ref, behavior=behavior, amount=amount, result=result,
            reason=reason, at=at,
        )  # fmt: skip
        if behavior == "loses_answer":
            raise NoAnswer
        return answer

    def capture(self, *, key: str, charge: str, amount: Money, at: datetime) -> Answer:
        return self._later_call("capture", key, charge, amount, at)

    def void(self, *, key: str, charge: str, at: datetime) -> Answer:
        return self._later_call("void", key, charge, None, at)

    def refund(self, *, key: str, charge: str, amount: Money, at: datetime) -> Answer:
        return self._later_call("refund", key, charge, amount, at)

    def pay_out(self, *, key: str, payee: Payee, amount: Money, at: datetime) -> Answer:
        return self._later_call("payout", key, f"to:{payee.holder}", amount, at)

    def look_up(self, *, key: str, charge: str, at: datetime) -> Answer | None:
        row = (
            _store()
            .execute("SELECT kind, ref, behavior, body, minor, result, reason, at FROM call WHERE key = ?", [key])
            .fetchone()
        )
        return _answer(row, at) if row else None

    def news(self, *, charges: Iterable[str], since: datetime, at: datetime) -> list[Notice]:
        """Tell of chargebacks, and of how they ended: the card that charges back always wins."""
        asked = json.dumps(list(charges))
        rows = _store().execute(
            "SELECT charge, SUM(minor), MIN(at) FROM call WHERE charge IN (SELECT value FROM json_each(?)) AND "
            "behavior = 'charges_back' AND kind IN ('capture', 'sale') AND result = 'succeeded' GROUP BY charge",
            [asked],
        )
        told = []
        for charge, minor, taken_at in rows.fetchall():
            opened = datetime.fromisoformat(taken_at) + CHARGEBACK_AFTER
            dispute = f"dp_{charge[3:]}"
            if opened <= at:
                told.append(Notice(id=dispute, kind="dispute.opened", charge=charge, minor=minor, fee_minor=DISPUTE_FEE_MINOR))
            if opened + DECIDED_AFTER <= at:
                told.append(Notice(id=dispute, kind="dispute.closed", charge=charge, result="lost", minor=minor))
        return told

    def read(self, *, body: bytes, signature: str, at: datetime) -> Notice:
        """Take a notice that is signed `t=<unix time>,v1=<HMAC-SHA256 over "t.body">` with the server's own secret."""
        parts = dict(part.partition("=")[::2] for part in signature.split(","))
        if not hmac.compare_digest(_signature(parts.get("t", ""), body), parts.get("v1", "")):
            raise Unsigned
        try:
            return Notice(**json.loads(body))
        except (TypeError, ValueError) as error:
            raise Unreadable from error

    def _behavior(self, instrument: Instrument) -> str:
        if isinstance(instrument, KeptCard):
            row = _store().execute("SELECT behavior FROM call WHERE ref = ?", [instrument.ref]).fetchone()
            # Nobody is there to be asked when a kept card is charged.
            return "pays" if row and row[0] == "challenges" else row[0] if row else "declines"
        assert isinstance(instrument, Card)
        return BEHAVIOR["".join(instrument.number.split())]

    def _later_call(self, kind: str, key: str, charge: str, amount: Money | None, at: datetime) -> Answer:
        ref = f"{kind[:2]}_" + hashlib.sha256(key.encode()).hexdigest()[:20]
        return self._call(key=key, kind=kind, ref=ref, charge=charge, behavior=None, amount=amount, result=None, reason="", at=at)

    def _call(
        self, *, key: str, kind: str, ref: str, charge: str, behavior: str | None, amount: Money | None, result: str | None,
        reason: str, at: datetime,
    ) -> Answer:  # fmt: skip
        minor, currency = (amount.minor, amount.currency) if amount else (0, "")
        body = f"{kind}:{charge}:{minor}:{currency}"
        statement = _INSERT.format(
            behavior=":behavior" if behavior is not None else _BEHAVIOR_OF_CHARGE,
            result=":result" if result is not None else f"CASE WHEN {_POSSIBLE[kind]} THEN 'succeeded' ELSE 'declined' END",
        )
        values = {
            "key": key, "kind": kind, "ref": ref, "charge": charge, "behavior": behavior, "body": body, "minor": minor,
            "result": result, "reason": reason, "at": at.isoformat(),
        }  # fmt: skip
        row = _store().execute(statement, values).fetchone()
        if row[3] != body:
            raise ValueError(f"the key {key} was used for another call")
        return _answer(row, at)


def _answer(row: tuple[str, str, str, str, int, str, str, str], at: datetime) -> Answer:
    _, ref, _, _, minor, stored, reason, since = row
    result: Result = "declined"
    if stored == "late":
        result = "succeeded" if datetime.fromisoformat(since) + LATE <= at else "unknown"
        reason = "" if result == "succeeded" else "pays_late"
    elif stored in ("succeeded", "requires_action"):
        result = "succeeded" if stored == "succeeded" else "requires_action"
    return Answer(result, ref, reason or ("refused" if result == "declined" else ""), minor)


_local = threading.local()


def _store() -> sqlite3.Connection:
    """Return this thread's connection to the provider's own store."""
    path = Path(settings.DATA) / "sandbox_provider.sqlite3"
    if getattr(_local, "of", None) != (path, os.getpid()):
        _prepare(path)
        _local.store = _connect(path)
        _local.of = (path, os.getpid())
    return _local.store


@cache
def _prepare(path: Path) -> None:
    with _connect(path) as store:
        store.execute("PRAGMA journal_mode=WAL")
        store.executescript(_SCHEMA)


def _connect(path: Path) -> sqlite3.Connection:
    # Autocommit: what the provider has done, it has done.
    store = sqlite3.connect(path, timeout=20, isolation_level=None)
    store.execute("PRAGMA synchronous=NORMAL")
    return store


def sign(body: bytes, at: datetime) -> str:
    """Return the signature of a notice: `t=<unix time>,v1=<HMAC-SHA256 over "t.body">`."""
    stamp = str(int(at.timestamp()))
    return f"t={stamp},v1={_signature(stamp, body)}"


def webhook_secret() -> str:
    """Return the secret that the sandbox signs its notices with. Shown to the operator only."""
    return hashlib.sha256(b"toadlane payment webhook" + settings.SECRET_KEY.encode()).hexdigest()


def _signature(stamp: str, body: bytes) -> str:
    return hmac.new(webhook_secret().encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


PROVIDER = Sandbox()
