"""Out of which accounts money goes back after the release: each share from where it went, and who owes it where it is gone."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from toadlane.kernel.money import Money
from toadlane.money.ledger import queries as books
from toadlane.money.ledger import services as ledger
from toadlane.money.ledger.services import Leg
from toadlane.society.bylaws import queries as bylaws
from toadlane.society.members.models import Membership
from toadlane.trade.orders.models import Chore, Order
from toadlane.trade.orders.queries import splits

# Money that was ours and goes back: income is not taken out of the account it came into.
BACK_FROM = {"4100": "4190"}
# What lies there for a member until it is paid out, or used.
THEIRS = ("2110", "2120")
OWED, LOSS = "1210", "6200"
AFTER_PAYOUT = "fees.after_payout"
# Who bears a member's part that was paid out already, by what the bylaws said when it was ordered.
BORNE_BY_THE_COOP = {"member": (), "coop_chargebacks": ("chargeback",), "coop": ("chargeback", "refund")}

Taken = Counter[tuple[str, str]]


def holder(order: Order) -> str:
    """Return whose sub-ledger the provider's part goes to; the co-op's own where it sells itself."""
    return f"membership:{order.provider_id}" if order.provider_id else "coop"


def leg(order: Order, share: dict[str, Any], minor: int, code: str = "") -> Leg:
    code = code or share["code"]
    whose = holder(order) if code in (*THEIRS, OWED) else ""
    version = share["version"] if share["rule"] else None
    return Leg(code, Money(minor, order.currency), holder=whose, rule=share["rule"], rule_version=version)


def as_paid(order: Order, legs: list[Leg]) -> list[Leg]:
    """Return an entry as it is booked: in money, or in credit where that was paid."""
    return ledger.in_credit(legs) if splits.is_in_credit(order.split) else legs


def legs(order: Order, gave: Sequence[dict[str, Any]], *, cause: str, taken: Taken) -> tuple[str, list[Leg]]:
    """Take each share from where it went; what a member was paid out already they owe, or the co-op bears it.

    :param cause: refund or chargeback
    :param taken: what others take from the same sub-ledgers and have not booked yet; what this takes is added to it
    """
    stage, found, whose = "released", [], holder(order)
    if splits.is_in_credit(order.split):
        # What a member has of credit can go below nothing: whoever has spent it owes it.
        given = [leg(order, share, share["minor"], BACK_FROM.get(share["code"], share["code"])) for share in gave]
        return stage, ledger.in_credit(given)
    gone = bylaws.book(version=order.bylaws_version).maybe(AFTER_PAYOUT) or "member"
    for share in gave:
        if share["code"] not in THEIRS:
            found.append(leg(order, share, share["minor"], BACK_FROM.get(share["code"], share["code"])))
            continue
        there = -books.balance(share["code"], order.currency, holder=whose).minor - taken[share["code"], whose]
        there = max(min(there, share["minor"]), 0)
        taken[share["code"], whose] += there
        if there:
            found.append(leg(order, share, there))
        if share["minor"] - there:
            stage = "paid_out"
            code = LOSS if cause in BORNE_BY_THE_COOP[gone] else OWED
            why = {**share, "rule": AFTER_PAYOUT, "version": order.bylaws_version}
            found.append(leg(order, why, share["minor"] - there, code))
    return stage, found


def waiting(order: Order) -> Taken:
    """Return what refunds on their way take from the same provider; of two that begin at once, one waits for the other."""
    if order.provider_id:
        Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=order.provider_id)
    open_chores = Chore.objects.filter(kind=Chore.Kind.REFUND, done_at=None, order__provider_id=order.provider_id)
    taken: Taken = Counter()
    for debits in open_chores.values_list("debits", flat=True):
        for one in debits:
            if one["code"] in THEIRS:
                taken[one["code"], one["holder"]] += one["minor"]
    return taken
