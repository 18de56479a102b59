"""The annual report on paper: the same figures as on the page, as PDF/A, the same bytes for the same year."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from toadlane.ownership.bookkeeping import queries
from toadlane.ownership.bookkeeping.permissions import SEE_TOTALS
from toadlane.ownership.bookkeeping.queries import Report
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.printing import paper
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.ui import formats

PAPER = Path(__file__).parents[1] / "templates" / "print" / "report.typ"


def printed(*, year: int, currency: str, by: Principal, at: datetime) -> bytes:
    """Return the annual report of a year, in the co-op's own language."""
    by.must(SEE_TOTALS)
    coop = coops.of_scope(current_coop_id())
    found = queries.report(year, at, currency=currency)
    with translation.override(coop.language):
        facts = _facts(found, coop)
    return paper.pdf(PAPER, facts, language=coop.language, at=at)


def _facts(found: Report, coop: Any) -> dict[str, Any]:
    money, year = formats.money, found.first.year
    spans = [str(year), str(year - 1)]

    def side(name: str, label: str) -> dict[str, Any]:
        rows = [[row.name, money(row.now), money(row.before)] for row in getattr(found, name)]
        total = [_("Together"), money(found.total(name)), money(found.total(name, "before"))]
        return {"title": label, "head": [_("Account"), *spans], "rows": rows, "total": total}

    title = _("Annual report %(year)s") % {"year": year}
    return {
        "title": title, "author": coop.name, "name": coop.name, "foot": f"{coop.name} · {title}",
        "about": [
            [_("From and to"), f"{formats.day(found.first)} – {formats.day(found.last)}"],
            [_("Members"), formats.number(found.members)], [_("Orders done"), formats.number(found.orders)],
            *([[_("Cost of an order"), money(found.cost_per_order)]] if found.cost_per_order else []),
        ],
        "earned_title": _("What was earned and spent"), "earned": [side("income", _("Earned")), side("expenses", _("Spent"))],
        "result": [_("The result"), money(found.result), money(found.result_before)],
        "owned_title": _("What we own and owe"),
        "owned": [
            side("owned", _("What we own")), side("owed", _("What we owe")), side("equity", _("What belongs to all of us")),
        ],
        "ours": [_("What belongs to all of us"), money(found.ours), money(found.ours_before)],
        "sign": [_("Day and signature of the treasurer"), _("Day and signature of another member of the board")],
        "undivided": [_("Earned and not yet divided"), money(found.undivided), money(found.undivided_before)],
        "cash_title": _("Money, month by month"), "cash_head": [_("Month"), _("More or less"), _("At the end")],
        "cash": [[formats.day(one.month, "month"), money(one.change), money(one.closing)] for one in found.cash],
        "funds_title": _("Funds"), "funds_head": [_("Fund"), _("Before"), _("More or less"), _("At the end")],
        "funds": [[one.name, money(one.opening), money(one.change), money(one.closing)] for one in found.funds],
        "uses_title": _("What they were spent on"), "uses_head": [_("What for"), _("Fund"), _("Decision"), _("Amount")],
        "uses": [[one.purpose, one.fund, one.decision, money(one.amount)] for one in found.uses],
        "surplus_title": _("The year’s surplus"), "surplus": _surplus(found),
    }  # fmt: skip


def _surplus(found: Report) -> list[list[str]]:
    if found.year is None:
        return []
    return [
        [_("Year"), found.year.name],
        [_("State"), found.year.get_state_display()],
        *([label, formats.money(amount)] for label, amount in found.shared_out),
    ]
