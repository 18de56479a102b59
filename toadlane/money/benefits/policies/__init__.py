"""What a credit is, and what may be done with one. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from toadlane.kernel.money import Money

WALLETS, HELD, BANK, ASIDE, LOSSES, SOLIDARITY = "2125", "2100", "1000", "2120", "6200", "2152"
# What the ledger is told that a wallet is debited for.
PURPOSES = {"half_day": "time_off", "day": "time_off", "insurance": "insurance", "carry": "carried_over"}
MOST_MINOR = 10**9
MOST_COUNT = 60
# Invitations one person may send in a day: a text message costs the co-op money, and its reader patience.
INVITATIONS_A_DAY = 20
# And how many one number gets in a day, whoever sends them.
MESSAGES_A_DAY = 3
# How long who was helped, and why, is kept after it is over; the amounts stay.
HELP_KEPT_DAYS = 400
INVITATION_DAYS, CODE_DAYS, CODES_AT_ONCE = 30, 90, 100


@dataclass(frozen=True)
class Units:
    """What the bylaws say about credits.

    :param credit: what one credit is worth
    """

    credit: Money
    half_day: int
    day: int
    version: int

    def credits(self, amount: Money) -> int:
        """Return how many whole credits an amount is."""
        return max(amount.minor, 0) // self.credit.minor

    def worth(self, credits: int) -> Money:
        return Money(credits * self.credit.minor, self.credit.currency)

    def of(self, what: str, count: int) -> int:
        """Return how many credits some half days or days are."""
        return {"half_day": self.half_day, "day": self.day}[what] * count


def faults_of_actions(actions: Mapping[str, str], *, known: Collection[str], least: int) -> str:
    """Say what is wrong with a pledge: `unknown`, `too_few`, or nothing."""
    if set(actions) - set(known):
        return "unknown"
    said = [text for text in actions.values() if text.strip()]
    return "too_few" if len(said) < least else ""
