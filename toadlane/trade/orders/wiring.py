from toadlane.plumbing.triggers import refusals
from toadlane.society.bylaws import rules
from toadlane.trade.orders import guards
from toadlane.trade.orders.rules import FEES, PAY, TRADE


def wire() -> None:
    refusals.declare(guards.refusals)
    for owner, section in (("fees", FEES), ("trade", TRADE), ("pay", PAY)):
        rules.declare(owner, section)
