"""The price list as it is read: what, and how much of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from toadlane.kernel.money import Money
from toadlane.kernel.rates import half_up, rate
from toadlane.plumbing.tenancy.scope import scoped_coop_id
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.catalog.policies import RateCard
from toadlane.ui import formats


def rows(value: Mapping[str, Any], currency: str) -> Iterator[tuple[str, str]]:
    """Write the value of `trade.rates` as rows of label and text, in the reader's language. Nothing of an empty list."""
    card = RateCard.parse(value, currency)
    if card.is_empty:
        return
    yield _("An hour of work"), formats.money(card.hourly, short=True)
    if "opens" in value:
        yield _("Hours at which we come"), f"{value['opens']} – {value['closes']}"
    for size in card.sizes:
        price = Money(half_up(card.hourly.minor * size.hours), currency)
        amount, hours = formats.money(price, short=True), formats.number(float(size.hours))
        yield said(size.names), _("%(amount)s, for %(hours)s hours") % {"amount": amount, "hours": hours}
    for level in card.levels:
        yield said(level.names), _("%(amount)s on top") % {"amount": formats.money(level.price, short=True)}
    for addon in card.addons:
        yield said(addon.names), " ".join(filter(None, (formats.money(addon.price, short=True), per(addon.per))))
    for rhythm in card.rhythms:
        if rhythm.discount:
            yield often(rhythm.every_weeks), _("%(share)s less") % {"share": formats.percent(rhythm.discount)}


def fees(value: Mapping[str, str], _currency: str) -> Iterator[tuple[str, str]]:
    """Write the value of `fees.commission_by` as rows: the kind or the version by its name, and the platform's part."""
    # Before a co-op is founded, its kinds have no names yet.
    kinds = catalog.kinds() if scoped_coop_id() is not None else {}
    for name, share in value.items():
        kind, _dot, variant = name.partition(".")
        known = kinds.get(kind)
        version = next((one for one in known.variants if one.id == variant), None) if known else None
        label = said(known.names) if known else kind
        whole = formats.listed([label, said(version.names) if version else variant]) if variant else label
        yield whole, formats.percent(rate(share))


def late(value: list[Mapping[str, Any]], _currency: str) -> Iterator[tuple[str, str]]:
    """Write the value of `fees.late_cancel` as rows: until how short before, and which part of the price is owed."""
    for step in value:
        hours = formats.number(float(rate(step["hours_before_lt"])))
        yield _("Less than %(hours)s hours before") % {"hours": hours}, formats.percent(rate(step["rate"]))


def per(unit: str) -> str:
    """Say for one of what a price is asked; nothing for a whole visit."""
    return {"window": _("each"), "each": _("each"), "item": _("each"), "load": _("a load"), "room": _("a room")}.get(unit, "")


def often(weeks: int) -> str:
    words = {1: _("Every week"), 2: _("Every other week"), 4: _("Every four weeks")}
    return words.get(weeks) or _("Every %(weeks)s weeks") % {"weeks": formats.number(weeks)}


def said(names: Any) -> str:
    """Return a name in the reader's language, else in English, else as it was first written."""
    if not isinstance(names, Mapping):
        return str(names)
    language = (get_language() or "en").split("-")[0]
    return str(names.get(language) or names.get("en") or next(iter(names.values()), ""))
