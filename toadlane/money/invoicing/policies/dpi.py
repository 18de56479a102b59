"""The yearly report on sellers as XML: the shape that the OECD and the European Union agreed on (DPI, version 1.0).

Amounts are in whole units of the currency, as the shape wants them. What a country asks beside it, such as the form it is
packed in, is for whoever files it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from toadlane.kernel.currencies import exponent
from toadlane.kernel.rates import half_up
from toadlane.money.invoicing.policies.documents import Party
from toadlane.money.invoicing.policies.sellers import Quarter
from toadlane.money.invoicing.policies.xml import Writer

SPACES: dict[str | None, str] = {"dpi": "urn:oecd:ties:dpi:v1", "stf": "urn:oecd:ties:dpistf:v1"}
NEW, NOTHING = "DPI401", "DPI403"
NEW_DATA = "OECD1"
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


@dataclass(frozen=True, kw_only=True)
class Report:
    """:param reference: tells this message apart from all others; begins with country, year and country"""

    year: int
    reference: str
    made_at: datetime
    operator: Party
    platform: str
    sellers: Sequence[Reported]


def write(report: Report) -> bytes:
    out = Writer("dpi:DPI_OECD", SPACES)
    out.root.set("version", "1.0")
    country = report.operator.country
    spec = out.put(out.root, "dpi:MessageSpec")
    out.put(spec, "dpi:TransmittingCountry", country)
    out.put(spec, "dpi:ReceivingCountry", country)
    out.put(spec, "dpi:MessageType", "DPI")
    out.put(spec, "dpi:MessageRefId", report.reference)
    out.put(spec, "dpi:MessageTypeIndic", NEW if report.sellers else NOTHING)
    out.put(spec, "dpi:ReportingPeriod", f"{report.year}-12-31")
    out.put(spec, "dpi:Timestamp", f"{report.made_at:%Y-%m-%dT%H:%M:%S}")
    body = out.put(out.root, "dpi:DPIBody")
    operator = out.put(body, "dpi:PlatformOperator")
    _organisation(out, operator, report.operator, legal=REGISTERED_OFFICE, platform=report.platform)
    out.put(operator, "dpi:Nexus", RESIDENT)
    out.put(operator, "dpi:AssumedReporting", "false")
    _doc_spec(out, operator, f"{report.reference}-operator")
    for one in report.sellers:
        _seller(out, out.put(body, "dpi:ReportableSeller"), one, f"{report.reference}-{one.reference}")
    return out.bytes()


def _doc_spec(out: Writer, parent: Any, reference: str) -> None:
    spec = out.put(parent, "dpi:DocSpec")
    out.put(spec, "stf:DocTypeIndic", NEW_DATA)
    out.put(spec, "stf:DocRefId", reference)


def _seller(out: Writer, node: Any, one: Reported, reference: str) -> None:
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
    _doc_spec(out, node, reference)


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
