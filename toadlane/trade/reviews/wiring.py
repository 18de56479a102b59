from toadlane.society.bylaws import rules as bylaws
from toadlane.trade.reviews.rules import RULES


def wire() -> None:
    bylaws.declare("reviews", RULES)
