"""What a listing says, checked field by field, so that everything that is wrong is said at once."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import h3
from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected
from toadlane.trade.catalog.models import Listing
from toadlane.trade.catalog.policies import Kind, clean
from toadlane.trade.catalog.policies.kinds import missing

# A hexagon of about 0.7 square kilometers: near enough to choose, too large to find the door.
PUBLIC_RESOLUTION = 8
TITLE, TEXT, AREA = 120, 8000, 80
HIGHEST_PRICE = 100_000_000_00
SAID = ("title", "text", "language", "price_minor", "prices", "deposit_minor", "stock", "latitude", "longitude", "area", "values")


class Incomplete(Expected):
    """Something in this listing is not as it should be."""

    status = 422

    def __init__(self, faults: Mapping[str, str]) -> None:
        first = next(iter(faults))
        super().__init__(" ".join(dict.fromkeys(faults.values())), field=first, hint=_("Nothing you typed is lost."))
        self.faults = dict(faults)

    @property
    def errors(self) -> list[dict[str, str]]:
        return [{"field": name, "detail": text} for name, text in self.faults.items()]


def fill(listing: Listing, kind: Kind, said: Mapping[str, Any]) -> None:
    """Put what was said into a listing; nothing that was not said changes.

    :raises Incomplete: with every fault, by field; a field of the kind is named `values.<id>`
    """
    faults = {name: _("A listing has no such field.") for name in sorted(set(said) - set(SAID))}
    found: dict[str, Any] = {}
    for name in ("title", "text", "area", "language"):
        if name in said:
            _text(name, said[name], found, faults)
    for name in ("price_minor", "deposit_minor", "stock"):
        if name in said:
            _count(name, said[name], found, faults)
    _prices(kind, said, found, faults)
    if "latitude" in said or "longitude" in said:
        _place(said.get("latitude"), said.get("longitude"), found, faults)
    if "values" in said:
        _values(kind, listing, said["values"], found, faults)
    if "title" in found and not found["title"]:
        faults["title"] = _("Give it a title.")
    if faults:
        raise Incomplete(faults)
    for name, value in found.items():
        setattr(listing, name, value)


def lacking(listing: Listing, kind: Kind) -> dict[str, str]:
    """Return what still has to be said before a listing can stand in the window."""
    faults = {f"values.{one.id}": _("Fill this in.") for one in missing(kind, listing.values)}
    if kind.has_price and listing.price_minor is None:
        faults["prices" if kind.variants else "price_minor"] = _("Say what it costs.")
    if kind.counts_stock and listing.stock is None:
        faults["stock"] = _("Say how many there are.")
    if kind.place == "required" and listing.latitude is None:
        faults["latitude"] = _("Put a pin on the map.")
    if not listing.text.strip():
        faults["text"] = _("Describe it in a sentence or more.")
    return faults


LONGEST = {"title": TITLE, "text": TEXT, "area": AREA, "language": 10}


def _text(name: str, given: Any, found: dict[str, Any], faults: dict[str, str]) -> None:
    if not isinstance(given, str):
        faults[name] = _("Write it as text.")
    elif "\x00" in given or any("\ud800" <= letter <= "\udfff" for letter in given):
        faults[name] = _("It contains a sign that cannot be stored.")
    elif len(given.strip()) > LONGEST[name]:
        faults[name] = _("Use at most %(most)d characters.") % {"most": LONGEST[name]}
    else:
        found[name] = given.strip()


def _count(name: str, given: Any, found: dict[str, Any], faults: dict[str, str]) -> None:
    if given is None:
        found[name] = 0 if name == "deposit_minor" else None
    elif isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= HIGHEST_PRICE:
        faults[name] = _("Write a whole number that is not below zero.")
    elif name == "stock" and given > 1_000_000:
        faults[name] = _("Write a smaller number.")
    else:
        found[name] = given


def _prices(kind: Kind, said: Mapping[str, Any], found: dict[str, Any], faults: dict[str, str]) -> None:
    """Take what each version costs. One without a price is not on sale, and the least of them stands for the listing."""
    if kind.variants and said.get("price_minor") is not None:
        faults["price_minor"] = _("Say what each version costs, in “prices”.")
    if "prices" not in said:
        return
    given = said["prices"]
    if not isinstance(given, Mapping):
        faults["prices"] = _("Send the prices as an object.")
        return
    known = {one.id for one in kind.variants}
    for name in sorted(set(map(str, given)) - known):
        faults[f"prices.{name[:40]}"] = _("This kind of listing has no such version.")
    prices: dict[str, Any] = {}
    for name in [name for name in given if name in known and given[name] is not None]:
        _count(name, given[name], prices, faults)
        if name in faults:
            faults[f"prices.{name}"] = faults.pop(name)
    if kind.variants:
        found |= {"prices": prices, "price_minor": min(prices.values(), default=None)}


def _place(latitude: Any, longitude: Any, found: dict[str, Any], faults: dict[str, str]) -> None:
    if latitude in (None, "") and longitude in (None, ""):
        found |= dict.fromkeys(("latitude", "longitude", "public_latitude", "public_longitude")) | {"cell": ""}
        return
    try:
        north, east = Decimal(str(latitude)), Decimal(str(longitude))
    except InvalidOperation:
        faults["latitude"] = _("Write the place as two numbers, like 53.2719 and -9.0540.")
        return
    if not (north.is_finite() and east.is_finite() and abs(north) <= 90 and abs(east) <= 180):
        faults["latitude"] = _("This place is not on the map.")
        return
    exact = Decimal("0.00001")
    cell = h3.latlng_to_cell(float(north), float(east), PUBLIC_RESOLUTION)
    public = [Decimal(str(round(number, 5))) for number in h3.cell_to_latlng(cell)]
    found |= {
        "latitude": north.quantize(exact), "longitude": east.quantize(exact), "cell": cell,
        "public_latitude": public[0], "public_longitude": public[1],
    }  # fmt: skip


def _values(kind: Kind, listing: Listing, given: Any, found: dict[str, Any], faults: dict[str, str]) -> None:
    if not isinstance(given, Mapping):
        faults["values"] = _("Send the fields as an object.")
        return
    values, wrong = clean(kind, given)
    faults |= {f"values.{name}": text for name, text in wrong.items()}
    # What the kind no longer asks keeps its old answer: the board may bring the field back.
    old = {name: value for name, value in listing.values.items() if kind.field(name) is None}
    found["values"] = old | values
