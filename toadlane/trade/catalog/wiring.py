from toadlane.society.bylaws.rules import declare
from toadlane.trade.catalog.rules import RULES


def wire() -> None:
    declare("catalog", RULES)
