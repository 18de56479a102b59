import pytest

from toadlane.kernel.currencies import EXPONENTS, SIZES, UnknownCurrency, suggested


@pytest.mark.parametrize(
    ("cents", "currency", "minor"),
    [
        (2700, "EUR", 2700), (2733, "USD", 2733), (2700, "JPY", 4100), (50, "JPY", 75), (2700, "KWD", 8100), (1, "JPY", 2),
        (2700, "HUF", 1_100_000), (1540, "CLP", 15_000), (1, "KWD", 3), (0, "JPY", 0), (-2700, "JPY", -4100), (100, "KWD", 300),
    ],
)  # fmt: skip
def test_a_suggestion_is_a_round_amount_of_about_the_same_size(cents, currency, minor):
    assert suggested(cents, currency) == minor


@pytest.mark.parametrize("currency", sorted(EXPONENTS))
def test_no_suggestion_is_rounded_away_or_far_off(currency):
    for cents in (1, 100, 2733, 99_99, 100_000_000_00):
        found, exact = suggested(cents, currency), cents * SIZES[currency] * 10 ** EXPONENTS[currency] / 100
        assert found > 0 and (abs(found - exact) <= exact / 20 or found in (1, 2, 3)), cents


def test_a_currency_that_nobody_knows_is_refused():
    with pytest.raises(UnknownCurrency):
        suggested(100, "XXX")
