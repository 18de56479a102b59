"""What was handed in of the yearly report, message by message, and what stands there of each seller."""

from collections.abc import Iterable
from dataclasses import dataclass

from toadlane.money.invoicing.policies import dpi
from toadlane.plumbing.tenancy.invariants import Finding
from toadlane.trade.billing.models import SellerReport

MOST = 32_767  # As many as a year can have: a number beyond is in no message.


@dataclass(frozen=True)
class Standing:
    """The last record of a seller: in which message, under which name, and what it said."""

    message: str
    doc: str
    digest: str
    is_gone: bool


def handed_in(year: int) -> list[SellerReport]:
    """Return the messages of a year in their order, without the texts."""
    return list(SellerReport.objects.filter(year=year).defer("xml").order_by("number"))


def message_of(year: int, number: int) -> SellerReport | None:
    return SellerReport.objects.filter(year=year, number=number).first() if 0 < number <= MOST else None


def standing_records(reports: Iterable[SellerReport]) -> dict[str, Standing]:
    """Return what stands of each seller, and of who reports, once all of some messages were read."""
    found: dict[str, Standing] = {}
    for one in reports:
        for key, part in one.parts.items():
            found[key] = Standing(one.reference, part["doc"], part["digest"], part["mark"] == dpi.DELETED)
    return found


def texts(reports: Iterable[SellerReport], references: set[str]) -> dict[str, bytes]:
    """Return the records of some messages as they were told, by their names."""
    wanted = [one.pk for one in reports if one.reference in references]
    found: dict[str, bytes] = {}
    for xml in SellerReport.objects.filter(pk__in=wanted).order_by("number").values_list("xml", flat=True):
        found |= dpi.contents(bytes(xml))
    return found


def messages_follow() -> Finding:
    """Messages of a year are numbered without a gap, and whatever one corrects was told before, once."""
    faults: list[str] = []
    rows = SellerReport.objects.order_by("year", "number")
    told: dict[int, set[str]] = {}
    counts: dict[int, int] = {}
    for year, number, xml in rows.values_list("year", "number", "xml").iterator(chunk_size=10):
        counts[year] = counts.get(year, 0) + 1
        known = told.setdefault(year, set())
        if number != counts[year]:
            faults.append(f"{year}: message {number} is the {counts[year]}.")
        for doc in dpi.corrected_docs(bytes(xml)):
            if doc not in known:
                faults.append(f"{year}: message {number} corrects {doc}, which was not told or was corrected already")
            known.discard(doc)
        known |= {doc for doc, mark in dpi.marks(bytes(xml)).items() if mark != dpi.RESENT}
    return Finding(sum(counts.values()), faults)
