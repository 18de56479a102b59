"""Who pays for whose days off in a demo co-op, what was taken of it, and who keeps the code of good work."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from toadlane.blueprints.demo.services.cast import Cast
from toadlane.kernel.money import Money
from toadlane.money.bank import services as bank
from toadlane.money.benefits import queries
from toadlane.money.benefits import services as benefits
from toadlane.money.payments import services as payments
from toadlane.money.payments.services import Card

Row = dict[str, Any]


class Kindness:
    """The wallets of one co-op, each step on its day. `touch` is called every evening."""

    def __init__(self, cast: Cast, ends: date, card: Card) -> None:
        self.cast, self.card = cast, card
        self.days: dict[date, list[tuple[Callable[[Row, datetime], None], Row]]] = {}
        steps = {"wallets": self._open, "promises": self._promise, "days_off": self._take, "pledges": self._pledge}
        for name, step in steps.items():
            for one in cast.data.get(name, ()):
                self.days.setdefault(ends - timedelta(days=one["days_ago"]), []).append((step, one))

    def touch(self, day: date, now: datetime) -> None:
        for step, one in self.days.pop(day, ()):
            step(one, now)

    def _open(self, one: Row, now: datetime) -> None:
        benefits.open_own(by=self.cast.by(one["of"]), at=now)

    def _promise(self, one: Row, now: datetime) -> None:
        """A client promises something every month, and pays the first time by card; or lets the co-op collect it."""
        by = self.cast.by(one["by"])
        wallet = queries.of_person(self.cast.persons[one["to"]].pk)
        assert wallet is not None, f"{one['to']} has no wallet"
        if "iban" in one:
            self._be_known(now)
            benefits.promise_by_debit(
                wallet=wallet, rhythm="month", amount=Money(one["minor"], wallet.currency), name=one["account"], iban=one["iban"],
                by=by, at=now,
            )  # fmt: skip
            return
        payment = benefits.begin_plan(
            wallet=wallet, rhythm="month", amount=Money(one["minor"], wallet.currency), key="demo", by=by, at=now
        )  # fmt: skip
        payments.authorise(payment=payment, instrument=self.card, by=by, at=now)

    def _be_known(self, now: datetime) -> None:
        """Say by which account and identifier the co-op is known to banks."""
        known, by = self.cast.data["bank"], self.cast.holding("treasurer")
        bank.give(membership=None, name=known["name"], iban=known["iban"], by=by, at=now)
        bank.identify(identifier=known["creditor"], by=by, at=now)

    def _take(self, one: Row, now: datetime) -> None:
        """A worker asks for time off; one officer puts the batch together, and another may approve it."""
        by = self.cast.by(one["by"])
        wallet = queries.of_person(by.person_id or 0)
        assert wallet is not None, f"{one['by']} has no wallet"
        asked = {name: one[name] for name in ("what", "way", "account", "note")}
        benefits.take(wallet=wallet, **asked, key=str(one["days_ago"]), by=by, at=now)
        if "prepared_by" in one:
            batch = benefits.prepare(by=self.cast.by(one["prepared_by"]), at=now)
            if "approved_by" in one:
                benefits.approve(batch=batch, by=self.cast.by(one["approved_by"]), at=now)

    def _pledge(self, one: Row, now: datetime) -> None:
        made = benefits.pledge(name=one["name"], actions=one["actions"], by=self.cast.by(one["by"]), at=now)
        if one.get("is_shown"):
            benefits.show(pledge=made, by=self.cast.holding("board"), at=now)
