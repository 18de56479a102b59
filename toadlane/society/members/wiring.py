from toadlane.society.bylaws import rules as bylaws
from toadlane.society.members.rules import RULES


def wire() -> None:
    bylaws.declare("members", RULES)
