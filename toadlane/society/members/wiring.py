from toadlane.society.bylaws import rules as bylaws
from toadlane.society.members import queries
from toadlane.society.members.rules import RULES
from toadlane.society.people import queries as people


def wire() -> None:
    bylaws.declare("members", RULES)
    people.declare_homes(queries.homes_of)
