"""The price list in the bylaws is read by people: no key and no bare number of cents stands in it."""

from types import SimpleNamespace

from django.utils import translation

from toadlane.blueprints import installer
from toadlane.trade.orders.policies import price_list
from toadlane.trade.orders.queries import showing

RATES = installer.read("home_services", "rates")


def test_the_price_list_reads_like_one():
    found = list(price_list.rows(RATES, "EUR"))
    assert ("An hour of work", "€27") in found and ("Two bedrooms", "€81, for 3 hours") in found
    assert ("One bedroom", "€67.50, for 2.5 hours") in found
    assert (
        ("Top to Bottom", "€32 on top") in found
        and ("Windows, inside", "€11 each") in found
        and ("Laundry", "€11 a load") in found
    )
    assert ("Every other week", "3% less") in found and "Every four weeks" not in dict(found), "a discount of nothing is none"
    assert not any("_" in label or "2700" in text for label, text in found)


def test_it_reads_in_the_readers_language():
    with translation.override("fr"):
        assert tuple(part.split(",")[0] for part in list(price_list.rows(RATES, "EUR"))[3]) == ("Deux chambres", "81\xa0€")


def test_a_co_op_without_prices_has_an_empty_list():
    assert list(price_list.rows({}, "EUR")) == []


def test_half_hours_are_written_as_the_reader_writes_them():
    row = {"code": "hours", "names": {"en": "One bedroom", "fr": "Une chambre"}, "quantity": "5/2", "minor": 6750, "rule": ""}
    priced = SimpleNamespace(lines=[row], currency="EUR")
    assert [line.text for line in showing.lines(priced, "en")] == ["One bedroom, 2.5 hours"]
    with translation.override("fr"):
        assert [line.text for line in showing.lines(priced, "fr")] == ["Une chambre, 2,5 heures"]
