"""Handing the yearly report in: what was handed in is kept, and what changed since goes in a message that refers to it.

A message is new data (DPI401) or corrections (DPI402), never both; so one deed may make two. In corrections each record names
the message and the record that it corrects (OECD2) or takes back (OECD3); what is as it was is not told again, but for who
reports, of whom it is said that nothing changed (OECD0).
"""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.money.invoicing import queries as invoicing
from toadlane.money.invoicing.policies import dpi
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.trade.billing import queries
from toadlane.trade.billing.models import SellerReport
from toadlane.trade.billing.permissions import HAND_IN
from toadlane.trade.billing.services.asking import tell_of_corrections
from toadlane.trade.billing.services.reporting import message

OPERATOR = "operator"


class YearNotOver(Expected):
    words = _("This year is not over yet: it is reported in January.")


class NothingChanged(Expected):
    words = _("Nothing is different from what was handed in.")


@transaction.atomic
def hand_in(*, year: int, by: Principal, at: datetime) -> list[SellerReport]:
    """Make what is to be handed in for a year now: the report, or whatever is different since; and keep it.

    Of what is different the sellers get a letter: what is reported of them is told to them as well (Directive (EU) 2021/514).

    :raises YearNotOver, NothingChanged: and CoopUnknown when the co-op has not said who it is
    """
    by.must(HAND_IN)
    Tenant.lock_current()
    if invoicing.local_day(at).year <= year:
        raise YearNotOver
    now = message(year=year, at=at)
    known = queries.handed_in(year)
    told = dpi.contents(dpi.write(now))
    fresh = {key: _digest(told[dpi.mark_of(now.reference, key)]) for key in (OPERATOR, *(one.reference for one in now.sellers))}
    made: list[SellerReport] = []
    if not known:
        made.append(_keep(now, year, fresh, by=by, at=at))
        return made
    stood = queries.standing_records(known)
    if corrections := _corrections(now, known, stood, fresh):
        made.append(_keep(corrections, year, fresh, by=by, at=at))
        stood = queries.standing_records([*known, *made])
    arrived = [one for one in now.sellers if one.reference not in stood or stood[one.reference].is_gone]
    if arrived:
        report = dpi.again(
            now, number=len(known) + len(made) + 1, kind=dpi.NEW, sellers=arrived, operator=dpi.Mark(
                dpi.RESENT, stood[OPERATOR].doc
            ),
        )  # fmt: skip
        made.append(_keep(report, year, fresh, by=by, at=at))
    if not made:
        raise NothingChanged
    for one in made:
        tell_of_corrections(report=one, by=by, at=at)
    return made


def _corrections(
    now: dpi.Report, known: list[SellerReport], stood: dict[str, queries.Standing], fresh: dict[str, str]
) -> dpi.Report | None:  # fmt: skip
    """Return the message that corrects and takes back what was told of sellers, or None where nothing of it is different."""
    number = len(known) + 1
    reference = dpi.numbered(now.reference, number)
    there = {one.reference for one in now.sellers}

    def corrected(key: str, kind: str) -> dpi.Mark:
        return dpi.Mark(kind, dpi.mark_of(reference, key), stood[key].message, stood[key].doc)

    changed = [
        (one, corrected(one.reference, dpi.CORRECTED)) for one in now.sellers
        if one.reference in stood and not stood[one.reference].is_gone and stood[one.reference].digest != fresh[one.reference]
    ]  # fmt: skip
    gone = [key for key, one in stood.items() if key != OPERATOR and not one.is_gone and key not in there]
    is_other = stood[OPERATOR].digest != fresh[OPERATOR]
    if not (changed or gone or is_other):
        return None
    texts = queries.texts(known, {stood[key].message for key in gone})
    return dpi.again(
        now, number=number, kind=dpi.CORRECTIONS, sellers=[one for one, _mark in changed],
        marks={one.reference: mark for one, mark in changed},
        deleted=[(texts[stood[key].doc], corrected(key, dpi.DELETED)) for key in gone],
        operator=corrected(OPERATOR, dpi.CORRECTED) if is_other else dpi.Mark(dpi.RESENT, stood[OPERATOR].doc),
    )  # fmt: skip


def _keep(report: dpi.Report, year: int, fresh: dict[str, str], *, by: Principal, at: datetime) -> SellerReport:
    xml = dpi.write(report)
    parts: dict[str, Any] = {}
    for doc, indicator in dpi.marks(xml).items():
        key = doc.removeprefix(f"{report.reference}-")
        if indicator != dpi.RESENT:
            parts[key] = {"doc": doc, "mark": indicator, "digest": "" if indicator == dpi.DELETED else fresh[key]}
    return SellerReport.objects.create(
        year=year, number=SellerReport.objects.filter(year=year).count() + 1, reference=report.reference, kind=report.indicator,
        parts=parts, xml=xml, digest=hashlib.sha256(xml).hexdigest(), made_at=at, made_by=str(by),
    )  # fmt: skip


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
