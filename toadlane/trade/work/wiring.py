from toadlane.society.bylaws import rules as bylaws
from toadlane.trade.work.rules import RULES


def wire() -> None:
    bylaws.declare("work", RULES)
