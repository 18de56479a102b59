"""What money may be spent from by a decision, and how much of it before there is a receipt. Pure."""

from fractions import Fraction

from toadlane.kernel.rates import floor
from toadlane.money.ledger.policies.chart import CHART, ChartAccount

# Account → what its restriction is lifted for; nothing where it has none.
SOURCES = {"6600": "", "2150": "grant_award", "2152": "grant_award", "2154": "course"}
# Fund → the rule that says which share of revenue it is fed with, and the expense it is booked to.
FED = {"2152": ("funds.solidarity", "6410"), "2154": ("funds.education", "6420")}
ADVANCES, BANK = "1220", "1000"
# What the co-op has of its own is what is at hand, less what it holds for others and owes to those who worked.
AT_HAND, OTHERS = ("1000", "1100"), ("2100", "2110", "2120", "2125", "2130", "2240")
MOST_MINOR = 10**12


def source(code: str) -> ChartAccount:
    return CHART[code]


def most_in_advance(minor: int, part: Fraction) -> int:
    """Return how much may be paid before there is a receipt: a cap rounds down."""
    return floor(minor * part)
