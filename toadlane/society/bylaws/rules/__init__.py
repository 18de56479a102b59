"""The bylaws as data: typed rules, the law's bounds, and the one way to change them.

Pure: nothing in this package reads or writes rows. A room says in its own `rules.py` which rules it needs and calls
`declare` in its `wiring`; founding writes every declared rule out, so that a new default in the code can never change
what the members of a co-op decided. Of what was declared later, see `undecided`.
"""

from toadlane.society.bylaws.rules import undecided
from toadlane.society.bylaws.rules.declared import Rule, declare, declare_table, declared, find, sections
from toadlane.society.bylaws.rules.documents import Document, NotARule, compose
from toadlane.society.bylaws.rules.sheets import declare_sheet, in_currency
from toadlane.society.bylaws.rules.values import RuleFailed

__all__ = [
    "Document",
    "NotARule",
    "Rule",
    "RuleFailed",
    "compose",
    "declare",
    "declare_sheet",
    "declare_table",
    "declared",
    "find",
    "in_currency",
    "sections",
    "undecided",
]
