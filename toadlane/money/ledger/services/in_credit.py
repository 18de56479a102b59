"""What is paid with mutual credit, as it is booked: never on an account of money, and never made out of money."""

from collections.abc import Sequence
from typing import Any

from toadlane.kernel.money import Money
from toadlane.money.ledger.policies.chart import COOP, CREDIT, CREDIT_OF_THE_COOP, ON_HOLD
from toadlane.money.ledger.services.posting import Leg

HELD = "2100"


def in_credit(legs: Sequence[Leg]) -> list[Leg]:
    """Return an entry that shares out money, or gives it back, as it is booked where credit was paid.

    What a member gets or gives is on their own account of credit, whatever account it would have been on: no pay, no benefits
    and no debt in money come of it. What is the co-op's stays what it is, a fee or a tax that it owes in money, and the co-op
    holds the credit for it: on the account of credit under its own name, and on the account that mirrors that.
    """
    found: list[Leg] = []
    for leg in legs:
        ruled: dict[str, Any] = {"rule": leg.rule, "rule_version": leg.rule_version}
        if leg.code == HELD:
            found.append(Leg(CREDIT, leg.amount, holder=ON_HOLD))
        elif leg.holder and leg.holder != COOP:
            found.append(Leg(CREDIT, leg.amount, holder=leg.holder, **ruled))
        else:
            found += [leg, *credit_of_the_coop(leg.amount)]
    return found


def credit_of_the_coop(amount: Money) -> list[Leg]:
    """Return how the co-op holds so much less credit, or with a negative amount so much more; the sides come to nothing."""
    return [Leg(CREDIT, amount, holder=COOP), Leg(CREDIT_OF_THE_COOP, -amount)]
