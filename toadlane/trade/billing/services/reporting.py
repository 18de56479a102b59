"""The yearly report on sellers: as the file that is handed in, and as each seller's copy on paper."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing.policies import dpi
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.printing import paper
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.society.members.permissions import DESK
from toadlane.trade.billing import queries
from toadlane.trade.billing.permissions import REPORT
from toadlane.ui import formats

PAPER = Path(__file__).parents[1] / "templates" / "print" / "seller.typ"
# The shape wants every time in that of Brussels.
CENTRAL = ZoneInfo("Europe/Brussels")


class CoopUnknown(Expected):
    words = lazy("The report begins with who reports. Say first what stands on the co-op’s own invoices.")


class NothingReported(Expected):
    words = lazy("Nothing of you is reported for this year.")
    status = 404


def report(*, year: int, by: Principal, at: datetime) -> bytes:
    """Return the report of a year as XML, to look at: what is handed in is made by `hand_in`, and kept.

    Sellers of whom neither name nor place is known are left out: the page names them.

    :raises CoopUnknown: when the co-op has not said who it is
    """
    by.must(REPORT)
    return dpi.write(message(year=year, at=at))


def message(*, year: int, at: datetime) -> dpi.Report:
    """Return a year's report as it is now. An instrument: whoever calls has asked.

    :raises CoopUnknown:
    """
    own = invoicing.particulars_of(None)
    if own is None:
        raise CoopUnknown
    coop = coops.of_scope(current_coop_id())
    made = at.astimezone(CENTRAL)
    reference = f"{own.country}{year}{own.country}-{coop.slug}-{made:%Y%m%dT%H%M%S}"
    return dpi.Report(
        year=year, reference=reference, made_at=made, operator=invoicing.party(own), platform=coop.name,
        sellers=queries.reported(year),
    )  # fmt: skip


def copy_of(*, year: int, by: Principal, at: datetime) -> bytes:
    """Return a seller's copy of what is reported of them as PDF.

    :raises NothingReported:
    """
    by.must(DESK)
    found = [one for one in queries.of_member(year, by.memberships) if one.is_reported]
    if not found:
        raise NothingReported
    coop = coops.of_scope(current_coop_id())
    with translation.override(translation.get_language() or coop.language):
        return paper.pdf(PAPER, _facts(found, year, coop), language=translation.get_language() or coop.language, at=at)


def _facts(found: list[queries.Record], year: int, coop: Any) -> dict[str, Any]:
    title = _("What is reported of you for %(year)s") % {"year": year}
    head = [_("Quarter"), _("Orders"), _("Earned, fees taken off"), _("Fees")]
    parts = []
    for one in found:
        rows = [[name, str(n), formats.money(earned), formats.money(fees)] for name, n, earned, fees in one.rows]
        rows.append([_("Year"), str(one.activities), formats.money(one.consideration), formats.money(one.fees)])
        parts.append({"name": formats.listed(filter(None, (one.membership.name, one.label, one.place))), "rows": rows})
    known = found[0].particulars
    address = known and formats.listed([known.street, f"{known.postcode} {known.city}"])
    said = [
        [label, str(value)]
        for label, value in (
            (_("Name"), known and known.name), (_("Address"), address),
            (_("Country"), known and known.country), (_("Tax number"), known and known.tax_number),
            (_("VAT number"), known and known.vat_number), (_("Registered"), known and known.registration),
            (_("Date of birth"), known and known.born_on),
        )
        if value
    ]  # fmt: skip
    why = _("%(coop)s tells the tax office this once a year, as Directive 2011/16/EU asks of platforms.") % {"coop": coop.name}
    return {"title": title, "author": coop.name, "why": why, "said": said, "head": head, "parts": parts, "foot": coop.name}
