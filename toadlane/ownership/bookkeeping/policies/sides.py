"""From a bill to the sides of its entry. Pure: positive is a debit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toadlane.money.ledger.policies.chart import CHART, CONTROL

Side = tuple[str, int]
# Kept by the rooms whose money it is: an entry by hand would part them from what they say.
KEPT_ELSEWHERE = (*CONTROL, "1100", "1240", "1300", "2100", "2160", "2260", "2400", "2410", "2420", "2510", "3900")
MOST_SIDES = 20
# What is kept back or set aside for the state and others like it, until it is paid over.
DUTIES = ("2210", "2220", "2310", "2330", "2340", "2350")


def expenses() -> list[str]:
    return [code for code, account in CHART.items() if account.kind == "expense"]


def incomes() -> list[str]:
    return [code for code, account in CHART.items() if account.kind == "income" and code not in ("4100", "4190")]


def by_hand() -> list[str]:
    """Return the accounts that an entry of one's own may move."""
    return [code for code, account in CHART.items() if code not in KEPT_ELSEWHERE and not account.is_restricted]


def of_bill(code: str, net: int, tax: int) -> list[Side]:
    """A bill: the cost, the tax on it that comes back, and what is owed for both."""
    return _moving([(code, net), ("2310", tax), ("2010", -net - tax)])


def of_receipt(code: str, net: int, tax: int) -> list[Side]:
    return _moving([(code, net), ("2310", tax), ("1000", -net - tax)])


@dataclass(frozen=True)
class Bought:
    """What a bill was for: the account of the cost, the amount before tax, and the tax."""

    code: str
    net: int
    tax: int


def parts_of(legs: Sequence[Sequence[Any]]) -> Bought:
    """Return what the sides of a bill, or of what was credited of one, came to: both positive."""
    (code, net), *rest = legs
    return Bought(code, abs(net), sum(abs(minor) for other, minor in rest if other == "2310"))


def of_payment(amount: int) -> list[Side]:
    return [("2010", amount), ("1000", -amount)]


def of_duty(code: str, amount: int) -> list[Side]:
    return _moving([(code, amount), ("1000", -amount)])


def settled_by(kind: str, sides: Sequence[Side]) -> list[Side]:
    """Return what a payment takes off a debt: no more can be paid than is owed."""
    return [(code, minor) for code, minor in sides if minor > 0] if kind in ("paid", "duty") else []


def of_income(code: str, net: int, tax: int) -> list[Side]:
    return _moving([("1000", net + tax), (code, -net), ("2310", -tax)])


def _moving(sides: Sequence[Side]) -> list[Side]:
    return [(code, minor) for code, minor in sides if minor]


def faults(kind: str, sides: Sequence[Side]) -> str:
    """Say what is wrong with the sides of an entry: `sides`, `account` or `balance`; nothing where it may be booked."""
    if not 2 <= len(sides) <= MOST_SIDES or any(not minor or abs(minor) > 10**15 for _code, minor in sides):
        return "sides"
    if any(code not in CHART for code, _minor in sides) or (kind == "entry" and {code for code, _ in sides} - set(by_hand())):
        return "account"
    return "balance" if sum(minor for _code, minor in sides) else ""
