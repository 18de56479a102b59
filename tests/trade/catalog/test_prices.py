"""What work, nights and things cost: the named policies on both sides of their edges."""

import tomllib
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from toadlane.blueprints import installer
from toadlane.kernel.money import Money
from toadlane.trade.catalog.policies import PRICING, Choices, NotChosen, RateCard, Terms, duration

CARD = RateCard.parse(tomllib.loads((installer.LIBRARY / "home_services" / "rates.toml").read_text()), "EUR")
SIZE = next(size for size in CARD.sizes if size.hours == 3)
DEEP = next(level for level in CARD.levels if level.price.minor == 3200)
PLAIN = next(level for level in CARD.levels if level.price.minor == 0)


def lines(**chosen):
    return PRICING["rate_card"](Terms(currency="EUR", card=CARD), Choices(size=SIZE.id, level=DEEP.id, **chosen))


def total(found):
    return sum(line.total.minor for line in found)


def test_the_clean_of_the_shop_window():
    """Two bedrooms, Top to Bottom, the oven: 81 and 32 and 16."""
    assert [line.total.minor for line in lines(addons={"oven": 1})] == [8100, 3200, 1600]


def test_coming_back_every_other_week_costs_three_percent_less():
    assert total(lines(addons={"oven": 1}, every_weeks=2)) == 12900 - 387


@pytest.mark.parametrize(("count", "ok"), [(0, True), (1, True), (2, False), (-1, False)])
def test_an_oven_is_cleaned_once(count, ok):
    if ok:
        assert total(lines(addons={"oven": count})) == 11300 + 1600 * count
    else:
        with pytest.raises(NotChosen):
            lines(addons={"oven": count})


def test_several_cupboards_are_several_prices():
    assert total(lines(addons={"cupboard": 3})) == 11300 + 3 * 2200


def test_what_a_level_includes_is_not_paid_twice():
    included = DEEP.includes[0]
    assert total(lines(addons={included: 1})) == 11300


@pytest.mark.parametrize("wrong", [{"addons": {"moon": 1}}, {"every_weeks": 3}])
def test_what_is_not_on_the_card_cannot_be_chosen(wrong):
    with pytest.raises(NotChosen):
        lines(**wrong)


def test_a_size_has_to_be_chosen():
    with pytest.raises(NotChosen) as error:
        PRICING["rate_card"](Terms(currency="EUR", card=CARD), Choices(level=PLAIN.id))
    assert error.value.field == "size"


def test_the_calendar_keeps_free_what_the_work_takes():
    assert duration(CARD, Choices(size=SIZE.id, level=DEEP.id)) == timedelta(hours=4, minutes=30)


def test_every_line_of_the_card_names_its_rule_where_it_is_not_the_work_itself():
    assert {line.rule for line in lines(addons={"oven": 1}, every_weeks=2)} == {"trade.rates"}


def price(policy, minor, **chosen):
    return total(PRICING[policy](Terms(currency="EUR", price=Money(minor, "EUR"), title="Room"), Choices(**chosen)))


START = datetime(2027, 3, 27, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("policy", "length", "expected"),
    [
        ("per_hour", timedelta(hours=2, minutes=20), 2333),  # 1000 an hour, halves up.
        ("per_hour", timedelta(minutes=1), 17),
        ("per_night", timedelta(hours=19), 1000),
        ("per_night", timedelta(days=2, hours=-5), 2000),  # The clocks change on the 28th: nights stay nights.
        ("per_day", timedelta(hours=3), 1000),
        ("per_day", timedelta(hours=9), 1000),  # Ends at midnight in Madrid: the next day is not touched.
        ("per_day", timedelta(hours=9, minutes=1), 2000),
    ],
)
def test_time_is_priced_by_local_clocks(policy, length, expected):
    assert price(policy, 1000, starts=START, ends=START + length, time_zone="Europe/Madrid") == expected


@pytest.mark.parametrize(("count", "expected"), [(1, 2800), (3, 8400)])
def test_things_are_priced_by_the_piece(count, expected):
    assert price("per_item", 2800, quantity=count) == expected


@pytest.mark.parametrize("chosen", [{"quantity": 0}, {"quantity": -1}])
def test_nothing_is_not_a_number_of_things(chosen):
    with pytest.raises(NotChosen):
        price("per_item", 2800, **chosen)


def test_an_end_before_the_beginning_has_no_price():
    with pytest.raises(NotChosen):
        price("per_hour", 1000, starts=START, ends=START)


def test_a_gift_has_no_lines():
    assert PRICING["none"](Terms(currency="EUR"), Choices()) == ()


def test_a_card_with_a_fraction_keeps_it_exact():
    assert RateCard.parse({"hourly": 1, "sizes": [{"id": "a", "names": {"en": "A"}, "hours": "1/3"}]}, "EUR").sizes[
        0
    ].hours == Fraction(1, 3)


@pytest.mark.parametrize("wrong", [{"hourly": "27"}, {"hourly": 27.5}, {"sizes": [{}]}, {"levels": 3}])
def test_what_is_no_rate_card_is_refused(wrong):
    with pytest.raises(ValueError, match="not a rate card"):
        RateCard.parse(wrong, "EUR")
