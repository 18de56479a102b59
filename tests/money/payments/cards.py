"""The numbers of the sandbox, as a payer would type them."""

from typing import Any

from toadlane.kernel.money import Money
from toadlane.money.payments import services as payments

GOOD, DECLINED, CHALLENGE = "4242 4242 4242 4242", "4000 0000 0000 0002", "4000 0025 0000 3155"
LOST_ANSWER, LATE, CHARGED_BACK = "4000 0000 0000 0119", "4000 0000 0000 0077", "4000 0000 0000 0259"


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


def card(number: str = GOOD, **more: Any) -> payments.Card:
    return payments.Card(number, **more)
