"""Named ways to price what was chosen. Pure: terms and choices in, lines out, and the lines sum to the price."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from toadlane.kernel.dates import in_utc
from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.kernel.rates import half_up, rate
from toadlane.ui import formats

RATES = "trade.rates"
Names = Mapping[str, str]


class NotChosen(Expected):
    """Something has to be chosen before there is a price."""

    status = 422


@dataclass(frozen=True, kw_only=True)
class Size:
    id: str
    names: Names
    hours: Fraction


@dataclass(frozen=True, kw_only=True)
class Level:
    id: str
    names: Names
    price: Money
    extra_hours: Fraction
    includes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Addon:
    """:param per: what one of it is: `visit` can be had once, `window` or `load` several times"""

    id: str
    names: Names
    price: Money
    per: str = "visit"
    minutes: int = 0


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    every_weeks: int
    discount: Fraction


@dataclass(frozen=True, kw_only=True)
class RateCard:
    """The value of the rule `trade.rates`: what work costs by size, level and add-ons."""

    hourly: Money
    sizes: tuple[Size, ...]
    levels: tuple[Level, ...]
    addons: tuple[Addon, ...]
    rhythms: tuple[Rhythm, ...]

    @classmethod
    def parse(cls, value: Mapping[str, Any], currency: str) -> "RateCard":
        """:raises ValueError: when it is not a rate card; an empty one is, and prices nothing"""
        value = {"hourly": 0, "sizes": [], "levels": [], "addons": [], "recurring": [], **value}
        try:
            return cls(
                hourly=_amount(value["hourly"], currency),
                sizes=tuple(Size(id=s["id"], names=s["names"], hours=rate(s["hours"])) for s in value["sizes"]),
                levels=tuple(
                    Level(id=v["id"], names=v["names"], price=_amount(v["price"], currency),
                          extra_hours=rate(v.get("extra_hours", "0")), includes=tuple(v.get("includes", ())))
                    for v in value["levels"]
                ),
                addons=tuple(
                    Addon(id=a["id"], names=a["names"], price=_amount(a["price"], currency), per=a.get("per", "visit"),
                          minutes=int(a.get("minutes", 0)))
                    for a in value["addons"]
                ),
                rhythms=tuple(
                    Rhythm(every_weeks=int(r["every_weeks"]), discount=rate(r["discount_rate"])) for r in value["recurring"]
                ),
            )  # fmt: skip
        except (KeyError, TypeError, AttributeError, ArithmeticError) as fault:
            raise ValueError(f"not a rate card: {fault!r}") from fault

    @property
    def is_empty(self) -> bool:
        return not self.sizes


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a price is computed from: the listing's own price, or the co-op's rate card."""

    currency: str
    price: Money | None = None
    card: RateCard | None = None
    title: str = ""
    variant: Names = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the person ordering chose. Each policy reads what it needs."""

    size: str = ""
    level: str = ""
    addons: Mapping[str, int] = field(default_factory=dict)
    every_weeks: int = 0
    quantity: int = 1
    variant: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    time_zone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a price. `total` is exact; `rule` names the rule that set the unit price, if one did."""

    code: str
    names: Names
    quantity: Fraction
    unit: Money
    total: Money
    rule: str = ""


Pricing = Callable[[Terms, Choices], tuple[Line, ...]]


def rate_card(terms: Terms, choices: Choices) -> tuple[Line, ...]:
    """Hours of the size at the hourly rate, the level, the add-ons, and less for coming back."""
    card = terms.card
    if card is None or card.is_empty:
        raise NotChosen(_("This co-op has no rate card yet."), field="rates")
    size, level = _chosen(card.sizes, choices.size, "size"), _chosen(card.levels, choices.level, "level")
    lines = [
        _line("hours", size.names, size.hours, card.hourly, RATES),
        *([_line(f"level:{level.id}", level.names, Fraction(1), level.price, RATES)] if level.price.minor else []),
    ]
    for addon_id, count in sorted(choices.addons.items()):
        addon = _chosen(card.addons, addon_id, "addons")
        if addon_id in level.includes or count == 0:
            continue
        if count < 0 or count > 20 or (addon.per == "visit" and count > 1):
            raise NotChosen(_("That many of an extra cannot be booked."), field="addons")
        lines.append(_line(f"addon:{addon.id}", addon.names, Fraction(count), addon.price, RATES))
    if choices.every_weeks:
        rhythm = next((r for r in card.rhythms if r.every_weeks == choices.every_weeks), None)
        if rhythm is None:
            known = _known([str(one.every_weeks) for one in card.rhythms])
            raise NotChosen(_("Choose how often from the list."), hint=known, field="every_weeks")
        if less := half_up(rhythm.discount * sum(line.total.minor for line in lines)):
            lines.append(_line("recurring", RETURNING, Fraction(1), Money(-less, terms.currency), RATES))
    return tuple(lines)


RETURNING = {"en": "Less for coming back", "es": "Menos por repetir", "fr": "Moins, car on revient", "ar": "خصم التكرار"}


def duration(card: RateCard, choices: Choices) -> timedelta:
    """Return how long the chosen work takes: what the calendar has to keep free."""
    size, level = _chosen(card.sizes, choices.size, "size"), _chosen(card.levels, choices.level, "level")
    extra = sum(a.minutes * choices.addons.get(a.id, 0) for a in card.addons if a.id not in level.includes)
    return timedelta(minutes=int((size.hours + level.extra_hours) * 60) + extra)


def per_hour(terms: Terms, choices: Choices) -> tuple[Line, ...]:
    """The price of an hour, to the minute."""
    starts, ends = _span(choices)
    return (_span_line("hours", terms, choices, Fraction(int((ends - starts).total_seconds()), 3600)),)


def per_night(terms: Terms, choices: Choices) -> tuple[Line, ...]:
    """Nights are counted on the local calendar, so that a change of the clocks changes nothing."""
    first, last = _local_days(choices)
    return (_span_line("nights", terms, choices, Fraction(_at_least_one((last - first).days))),)


def per_day(terms: Terms, choices: Choices) -> tuple[Line, ...]:
    """Days that the span touches on the local calendar; one that ends at midnight does not touch the next."""
    starts, ends = _span(choices)
    first, last = _local_days(Choices(starts=starts, ends=ends - timedelta(microseconds=1), time_zone=choices.time_zone))
    return (_span_line("days", terms, choices, Fraction((last - first).days + 1)),)


def per_item(terms: Terms, choices: Choices) -> tuple[Line, ...]:
    return (_line("items", _title(terms), Fraction(_at_least_one(choices.quantity)), _price(terms)),)


def free_of_charge(_terms: Terms, _choices: Choices) -> tuple[Line, ...]:
    """Nothing to pay here: an inquiry, a gift."""
    return ()


PRICING: dict[str, Pricing] = {
    "rate_card": rate_card,
    "per_hour": per_hour,
    "per_day": per_day,
    "per_night": per_night,
    "per_item": per_item,
    "none": free_of_charge,
}


def _span_line(code: str, terms: Terms, choices: Choices, length: Fraction) -> Line:
    """Price a span of time. Whoever takes several seats, tents or bicycles pays for each."""
    units, price, names = _at_least_one(choices.quantity), _price(terms), _title(terms)
    if units > 1:
        names = {language: f"{units} \u00d7 {name}" for language, name in names.items()}
    return _line(code, names, length, Money(price.minor * units, price.currency))


def _line(code: str, names: Names, quantity: Fraction, unit: Money, rule: str = "") -> Line:
    total = Money(half_up(quantity * unit.minor), unit.currency)
    return Line(code=code, names=names, quantity=quantity, unit=unit, total=total, rule=rule)


def _chosen(known: tuple[Any, ...], wanted: str, name: str) -> Any:
    found = next((one for one in known if one.id == wanted), None)
    if found is None:
        raise NotChosen(_("Choose from the list."), hint=_known([one.id for one in known]), field=name)
    return found


def _known(names: list[str]) -> str:
    return _("Known are: %(names)s.") % {"names": formats.listed(names) or "–"}


def _amount(value: Any, currency: str) -> Money:
    if isinstance(value, Money):
        return value
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("an amount is a whole number of the smallest unit")
    return Money(value, currency)


def _price(terms: Terms) -> Money:
    if terms.price is None:
        raise NotChosen(_("This listing has no price yet."), field="price")
    return terms.price


def _title(terms: Terms) -> Names:
    full = {language: f"{terms.title}{formats.comma(language)}{name}" for language, name in terms.variant.items()}
    return full or {"en": terms.title}


def _span(choices: Choices) -> tuple[datetime, datetime]:
    if choices.starts is None or choices.ends is None or in_utc(choices.ends) <= in_utc(choices.starts):
        raise NotChosen(_("Choose a beginning, and an end after it."), field="starts")
    return in_utc(choices.starts), in_utc(choices.ends)


def _local_days(choices: Choices) -> tuple[Any, Any]:
    starts, ends = _span(choices)
    zone = ZoneInfo(choices.time_zone)
    return starts.astimezone(zone).date(), ends.astimezone(zone).date()


def _at_least_one(count: int) -> int:
    if count < 1 or count > 10_000:
        raise NotChosen(_("Choose at least one."), field="quantity")
    return count
