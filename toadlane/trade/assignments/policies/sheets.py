"""What the schedules of this room are made of, for whoever fills them in."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from toadlane.trade.assignments.policies.floors import ANY
from toadlane.ui.sheets import Cell, Context, Rows

FLOORS_RULE = "work.floors"


def _trades(context: Context) -> Iterator[tuple[str, str]]:
    """Return the trades that stand in the schedule, and the one for all that do not."""
    rows: list[Mapping[str, Any]] = context.typed or context.rules.get(FLOORS_RULE, {}).get("value") or []
    language = (get_language() or "en").split("-")[0]
    found = {ANY: gettext("Any other work")}
    for row in rows:
        if row.get("trade"):
            names = row.get("names") or {}
            found[row["trade"]] = names.get(language) or names.get("en") or found.get(row["trade"], row["trade"])
    yield from found.items()


FLOORS = Rows(
    cells=(
        Cell(name="trade", label=_("Trade"), kind="choice", options=_trades, others=_("A new one, named here"), names_new=True),
        Cell(name="names", label=_("What the trade is called"), kind="names", required=False),
        Cell(name="from", label=_("From"), kind="date"),
        Cell(name="daily", label=_("Least gross wage of a whole day"), kind="money"),
    ),
    one=_("Floor"), add=_("Add a floor"), once=("trade", "from"),
)  # fmt: skip

CHARGES = Rows(
    cells=(
        Cell(name="from", label=_("From"), kind="date"),
        Cell(name="employer", label=_("Employer’s contributions"), kind="rate", empty="0", required=False),
        Cell(name="provisions", label=_("Provisions"), kind="rate", empty="0", required=False),
        Cell(name="worker", label=_("Worker’s contributions"), kind="rate", empty="0", required=False),
        Cell(name="tax", label=_("Tax withheld"), kind="rate", empty="0", required=False),
    ),
    one=_("Step"), add=_("Add a step"), once=("from",),
)  # fmt: skip

HOLIDAYS = Rows(
    cells=(Cell(name="on", label=_("Day"), kind="date"), Cell(name="name", label=_("What it is called"), required=False)),
    one=_("Holiday"), add=_("Add a holiday"), once=("on",),
)  # fmt: skip

REMINDERS = Rows(
    cells=(Cell(name="days", label=_("After it was due"), kind="int", minimum=0, maximum=3650, unit=_("days")),),
    one=_("Reminder"), add=_("Add a reminder"), once=("days",),
)  # fmt: skip
