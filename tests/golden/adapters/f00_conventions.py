from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from tests.golden.adapters import Case
from toadlane.kernel import currencies, rates
from toadlane.kernel.rounding import largest_remainder

HALF = Fraction(5, 2)


def run(document: dict[str, Any]) -> Iterator[Case]:
    for currency, digits in document["money"]["exponents"].items():
        yield Case(currency, currencies.exponent(currency), digits)
    rounding = document["rounding"]
    yield Case("single_amount", rates.scaled(1, HALF, rounding["single_amount"]), 3)
    yield Case("single_amount-negative", rates.scaled(-1, HALF, rounding["single_amount"]), -3)
    yield Case("statutory_floor", rates.scaled(1, Fraction(21, 10), rounding["statutory_floor"]), 3)
    yield Case("statutory_cap", rates.scaled(1, Fraction(29, 10), rounding["statutory_cap"]), 2)
    yield Case("allocation", (rounding["allocation"], rounding["allocation_ties"]), ("largest_remainder", "input_order"))
    yield Case("negative_totals", [-s for s in largest_remainder(-5, [1, 1, 1])], largest_remainder(5, [1, 1, 1]))
    yield Case("rates", rates.rate("0.1"), Fraction(1, 10))
