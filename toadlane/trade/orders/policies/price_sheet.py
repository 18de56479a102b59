"""What the price list and the schedules of fees are made of, for whoever fills them in."""

from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.tenancy.scope import scoped_coop_id
from toadlane.trade.catalog import queries as catalog
from toadlane.trade.orders.policies.price_list import said
from toadlane.ui import formats
from toadlane.ui.sheets import Cell, Context, Record, Rows


def _kinds(context: Context) -> Iterator[tuple[str, str]]:
    """Return the kinds of listing and their versions, as `fees.commission_by` names them."""
    kinds = context.kinds if context.kinds is not None else catalog.kinds() if scoped_coop_id() is not None else {}
    for kind in kinds.values():
        yield kind.id, said(kind.names)
        for variant in kind.variants:
            yield f"{kind.id}.{variant.id}", formats.listed([said(kind.names), said(variant.names)])


def _addons(context: Context) -> Iterator[tuple[str, str]]:
    """Return the extras that stand in the list that is being filled in."""
    for row in (context.typed or context.rules.get("trade.rates", {}).get("value") or {}).get("addons", []):
        if row.get("id"):
            yield row["id"], said(row["names"]) if row.get("names") else row["id"]


def _per(context: Context) -> list[tuple[str, str]]:
    return [
        ("visit", gettext("once a visit")), ("each", gettext("each")), ("load", gettext("a load")), ("room", gettext("a room")),
        ("item", gettext("a thing")), ("window", gettext("a window")),
    ]  # fmt: skip


_KEY = Cell(name="id", kind="key")
_NAMES = Cell(name="names", label=_("What it is called"), kind="names")

RATES = Record(
    cells=(
        Cell(name="hourly", label=_("An hour of work"), kind="money"),
        Cell(name="opens", label=_("We come from"), kind="time"),
        Cell(name="closes", label=_("We come until"), kind="time", after="opens"),
        Cell(name="sizes", label=_("Sizes"), kind="rows", required=False, rows=Rows(
            cells=(_KEY, _NAMES, Cell(name="hours", label=_("Takes"), kind="decimal", minimum=0, maximum=99, unit=_("hours"))),
            one=_("Size"), add=_("Add a size"), once=("id",),
        )),
        Cell(name="levels", label=_("Levels"), kind="rows", required=False, rows=Rows(
            cells=(
                _KEY, _NAMES, Cell(name="about", label=_("What is done"), kind="text", required=False),
                Cell(name="price", label=_("Price on top"), kind="money"),
                Cell(name="extra_hours", label=_("Takes longer by"), kind="decimal", minimum=0, maximum=99, empty="0",
                     required=False, unit=_("hours")),
                Cell(name="includes", label=_("Has in it"), kind="choices", options=_addons, empty=[], required=False),
            ),
            one=_("Level"), add=_("Add a level"), once=("id",),
        )),
        Cell(name="addons", label=_("Extras"), kind="rows", required=False, rows=Rows(
            cells=(
                _KEY, _NAMES, Cell(name="price", label=_("Price"), kind="money"),
                Cell(name="per", label=_("For"), kind="choice", options=_per, empty="visit", required=False),
                Cell(name="minutes", label=_("Takes longer by"), kind="int", minimum=0, maximum=1440, empty=0, required=False,
                     unit=_("minutes")),
            ),
            one=_("Extra"), add=_("Add an extra"), once=("id",),
        )),
        Cell(name="recurring", label=_("For those who come back"), kind="rows", required=False, rows=Rows(
            cells=(Cell(name="every_weeks", label=_("Every"), kind="int", minimum=1, maximum=52, unit=_("weeks")),
                   Cell(name="discount_rate", label=_("Less"), kind="rate")),
            one=_("Rhythm"), add=_("Add a rhythm"), once=("every_weeks",),
        )),
    )
)  # fmt: skip

LATE_CANCEL = Rows(
    cells=(Cell(name="hours_before_lt", label=_("Less than"), kind="decimal", minimum=0, maximum=8760, unit=_("hours before")),
           Cell(name="rate", label=_("owes of the price"), kind="rate")),
    one=_("Step"), add=_("Add a step"), once=("hours_before_lt",),
)  # fmt: skip

COMMISSION_BY = Rows(
    cells=(Cell(name="kind", label=_("Kind, or version of it"), kind="choice", options=_kinds),
           Cell(name="share", label=_("The platform keeps"), kind="rate")),
    one=_("Kind"), add=_("Add a kind"), is_pairs=True, once=("kind",),
)  # fmt: skip
