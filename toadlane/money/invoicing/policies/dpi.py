"""The yearly report on sellers as XML: the shape that the OECD and the European Union agreed on (DPI, version 1.0).

Amounts are in whole units of the currency, as the shape wants them. What a country asks beside it, such as the form it is
packed in, is for whoever files it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from lxml import etree

from toadlane.kernel.currencies import exponent
from toadlane.kernel.rates import half_up
from toadlane.money.invoicing.policies.documents import Party
from toadlane.money.invoicing.policies.sellers import Quarter
from toadlane.money.invoicing.policies.xml import Writer

SPACES: dict[str | None, str] = {"dpi": "urn:oecd:ties:dpi:v1", "stf": "urn:oecd:ties:dpistf:v1"}
_NAMED = {str(prefix): space for prefix, space in SPACES.items()}
NEW, CORRECTIONS, NOTHING = "DPI401", "DPI402", "DPI403"
RESENT, NEW_DATA, CORRECTED, DELETED = "OECD0", "OECD1", "OECD2", "OECD3"
OPERATOR = "operator"
RESIDENT = "RPONEX1"
REGISTERED_OFFICE, UNSPECIFIED = "OECD304", "OECD305"
UNKNOWN_TIN = "NOTIN"
NO_FIRST_NAME = "NFN"
# In the order in which the shape has them.
KINDS = {
    "immovable_property": "ImmovableProperty", "personal_service": "PersonalServices", "goods": "SaleOfGoods",
    "transport_rental": "TransportationRental",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Activity:
    """A year of one kind of activity.

    :param place: where it is, of a property that is let
    """

    kind: str
    currency: str
    quarters: Mapping[str, Quarter]
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Reported:
    """A seller who is reported.

    :param reference: tells them apart from all others, in every year
    :param account: where they are paid, as an IBAN, where that is known
    :param born_on: of a person, never left out
    """

    reference: str
    party: Party
    is_entity: bool
    activities: Sequence[Activity]
    born_on: date | None = None
    account: str = ""


@dataclass(frozen=True)
class Mark:
    """What a record is: new, corrected, taken back, or told again as it was; its name, and of a correction what it corrects.

    :param message: the message that the corrected record stood in, and `corrects` that record's name
    """

    kind: str
    doc: str
    message: str = ""
    corrects: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """
    :param reference: tells this message apart from all others; begins with country, year and country
    :param kind: of the message; empty is new data, or that there is nothing to tell
    :param marks: of sellers whose records are not new, by their references
    :param deleted: records that are taken back: each as it was told, and its mark
    """

    year: int
    reference: str
    made_at: datetime
    operator: Party
    platform: str
    sellers: Sequence[Reported]
    kind: str = ""
    operator_mark: Mark | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)
    deleted: Sequence[tuple[bytes, Mark]] = ()

    @property
    def indicator(self) -> str:
        return self.kind or (NEW if self.sellers else NOTHING)


def mark_of(reference: str, key: str) -> str:
    """Return the name of a record in a message."""
    return f"{reference}-{key}"


def numbered(reference: str, number: int) -> str:
    """Return the reference of the n-th message of a year: two may be made in one second."""
    return reference if number == 1 else f"{reference}-{number}"


def again(
    report: Report, *, number: int, kind: str, sellers: Sequence[Reported], operator: Mark,
    marks: Mapping[str, Mark] | None = None, deleted: Sequence[tuple[bytes, Mark]] = (),
) -> Report:  # fmt: skip
    """Return a later message of the same year."""
    return replace(
        report, reference=numbered(report.reference, number), kind=kind, sellers=sellers, operator_mark=operator,
        marks=marks or {}, deleted=deleted,
    )  # fmt: skip


def _records(xml: bytes) -> list[Any]:
    body = etree.fromstring(xml).find("dpi:DPIBody", _NAMED)
    return list(body) if body is not None else []


def _said(node: Any, name: str) -> str:
    return str(node.findtext(f"dpi:DocSpec/stf:{name}", "", _NAMED))


def marks(xml: bytes) -> dict[str, str]:
    """Return what each record of a message is, by its name."""
    return {_said(node, "DocRefId"): _said(node, "DocTypeIndic") for node in _records(xml)}


def corrected_docs(xml: bytes) -> list[str]:
    """Return the names of the records that a message corrects or takes back."""
    return [doc for node in _records(xml) if (doc := _said(node, "CorrDocRefId"))]


def contents(xml: bytes) -> dict[str, bytes]:
    """Return what a message tells, record by record, without their marks: by name, in one form whoever wrote it."""
    found = {}
    for node in _records(xml):
        name = _said(node, "DocRefId")
        for spec in node.findall("dpi:DocSpec", _NAMED):
            node.remove(spec)
        # Without the line breaks between elements, which no reader of a report looks at.
        plain = etree.fromstring(etree.tostring(node), etree.XMLParser(remove_blank_text=True))
        found[name] = etree.tostring(plain, method="c14n")
    return found


def write(report: Report) -> bytes:
    out = Writer("dpi:DPI_OECD", SPACES)
    out.root.set("version", "1.0")
    country = report.operator.country
    spec = out.put(out.root, "dpi:MessageSpec")
    out.put(spec, "dpi:TransmittingCountry", country)
    out.put(spec, "dpi:ReceivingCountry", country)
    out.put(spec, "dpi:MessageType", "DPI")
    out.put(spec, "dpi:MessageRefId", report.reference)
    out.put(spec, "dpi:MessageTypeIndic", report.indicator)
    out.put(spec, "dpi:ReportingPeriod", f"{report.year}-12-31")
    out.put(spec, "dpi:Timestamp", f"{report.made_at:%Y-%m-%dT%H:%M:%S}")
    body = out.put(out.root, "dpi:DPIBody")
    operator = out.put(body, "dpi:PlatformOperator")
    _organisation(out, operator, report.operator, legal=REGISTERED_OFFICE, platform=report.platform)
    out.put(operator, "dpi:Nexus", RESIDENT)
    out.put(operator, "dpi:AssumedReporting", "false")
    _doc_spec(out, operator, report.operator_mark or Mark(NEW_DATA, mark_of(report.reference, OPERATOR)))
    for one in report.sellers:
        mark = report.marks.get(one.reference) or Mark(NEW_DATA, mark_of(report.reference, one.reference))
        _seller(out, out.put(body, "dpi:ReportableSeller"), one, mark)
    for text, mark in report.deleted:
        node = etree.fromstring(text)
        body.append(node)
        _doc_spec(out, node, mark)
    return out.bytes()


def _doc_spec(out: Writer, parent: Any, mark: Mark) -> None:
    spec = out.put(parent, "dpi:DocSpec")
    out.put(spec, "stf:DocTypeIndic", mark.kind)
    out.put(spec, "stf:DocRefId", mark.doc)
    out.maybe(spec, "stf:CorrMessageRefId", mark.message)
    out.maybe(spec, "stf:CorrDocRefId", mark.corrects)


def _seller(out: Writer, node: Any, one: Reported, mark: Mark) -> None:
    identity = out.put(node, "dpi:Identity")
    if one.is_entity:
        standard = out.put(identity, "dpi:EntitySeller/dpi:Standard")
        _organisation(out, out.put(standard, "dpi:EntSellerID"), one.party, legal=UNSPECIFIED)
    else:
        standard = out.put(identity, "dpi:IndividualSeller/dpi:Standard")
        _person(out, out.put(standard, "dpi:IndSellerID"), one)
    if one.account:
        out.put(standard, "dpi:FinancialIdentifier/dpi:Identifier", one.account, AccountNumberType="IBAN")
    activities = out.put(node, "dpi:RelevantActivities")
    for kind, name in KINDS.items():
        found = [activity for activity in one.activities if activity.kind == kind]
        if not found:
            continue
        parent = out.put(activities, f"dpi:{name}")
        if kind != "immovable_property":
            _sums(out, parent, found[0])
            continue
        for activity in found:
            listing = out.put(parent, "dpi:PropertyListing")
            address = out.put(listing, "dpi:Address", legalAddressType=UNSPECIFIED)
            out.put(address, "dpi:CountryCode", one.party.country)
            out.put(address, "dpi:AddressFree", activity.place or one.party.city)
            _sums(out, listing, activity)
    _doc_spec(out, node, mark)


def _organisation(out: Writer, node: Any, party: Party, *, legal: str, platform: str = "") -> None:
    out.put(node, "dpi:ResCountryCode", party.country)
    _tin(out, node, party)
    out.maybe(node, "dpi:IN", party.registration, issuedBy=party.country, INType="BRN")
    out.maybe(node, "dpi:VAT", party.vat_number)
    out.put(node, "dpi:Name", party.name)
    out.maybe(node, "dpi:PlatformBusinessName", platform)
    _address(out, node, party, legal)


def _person(out: Writer, node: Any, one: Reported) -> None:
    party = one.party
    assert one.born_on is not None, "a person is reported with their day of birth"
    out.put(node, "dpi:ResCountryCode", party.country)
    _tin(out, node, party)
    out.maybe(node, "dpi:VAT", party.vat_number)
    first, _space, last = party.name.rpartition(" ")
    name = out.put(node, "dpi:Name")
    out.put(name, "dpi:FirstName", first or NO_FIRST_NAME)
    out.put(name, "dpi:LastName", last)
    _address(out, node, party, UNSPECIFIED)
    out.put(node, "dpi:BirthInfo/dpi:BirthDate", one.born_on.isoformat())


def _tin(out: Writer, node: Any, party: Party) -> None:
    if party.tax_number:
        out.put(node, "dpi:TIN", party.tax_number, issuedBy=party.country)
    else:
        out.put(node, "dpi:TIN", UNKNOWN_TIN, unknown="true")


def _address(out: Writer, node: Any, party: Party, legal: str) -> None:
    address = out.put(node, "dpi:Address", legalAddressType=legal)
    out.put(address, "dpi:CountryCode", party.country)
    fixed = out.put(address, "dpi:AddressFix")
    out.maybe(fixed, "dpi:Street", party.street)
    out.maybe(fixed, "dpi:PostCode", party.postcode)
    out.put(fixed, "dpi:City", party.city)


def _sums(out: Writer, node: Any, activity: Activity) -> None:
    quarters = [activity.quarters[f"Q{number}"] for number in range(1, 5)]
    groups = (
        ("Consideration", "ConsQ", [one.consideration for one in quarters]), ("NumberOfActivities", "NumbQ", None),
        ("Fees", "FeesQ", [one.fees for one in quarters]), ("Taxes", "TaxQ", [0, 0, 0, 0]),
    )  # fmt: skip
    for group, name, amounts in groups:
        parent = out.put(node, f"dpi:{group}")
        for number, one in enumerate(quarters, start=1):
            if amounts is None:
                out.put(parent, f"dpi:{name}{number}", one.activities)
            else:
                whole = half_up(Fraction(amounts[number - 1], 10 ** exponent(activity.currency)))
                out.put(parent, f"dpi:{name}{number}", whole, currCode=activity.currency)
