"""Cross Industry Invoice (UN/CEFACT D16B), the syntax of Factur-X."""

from datetime import date
from typing import Any

from toadlane.money.invoicing.policies.documents import (
    Adjustment,
    Document,
    Line,
    Party,
    Tax,
    Totals,
    digits,
    percent,
    price,
    totals,
)  # fmt: skip
from toadlane.money.invoicing.policies.xml import PROFILE, Read, Reader, Unreadable, Writer, parse

CEFACT = "urn:un:unece:uncefact:data:"
SPACES: dict[str | None, str] = {
    "rsm": f"{CEFACT}standard:CrossIndustryInvoice:100",
    "ram": f"{CEFACT}standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{CEFACT}standard:UnqualifiedDataType:100",
    "qdt": f"{CEFACT}standard:QualifiedDataType:100",
}
ROOT = f"{{{SPACES['rsm']}}}CrossIndustryInvoice"


def write(document: Document) -> bytes:
    out = Writer("rsm:CrossIndustryInvoice", SPACES)
    put = out.put
    context = put(out.root, "rsm:ExchangedDocumentContext")
    put(context, "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", PROFILE)
    head = put(out.root, "rsm:ExchangedDocument")
    put(head, "ram:ID", document.number)
    put(head, "ram:TypeCode", document.type_code)
    _day(out, head, "ram:IssueDateTime/udt:DateTimeString", document.issued_on)
    out.maybe(head, "ram:IncludedNote/ram:Content", document.note)
    deal = put(out.root, "rsm:SupplyChainTradeTransaction")
    for place, line in enumerate(document.lines, start=1):
        _line(out, deal, place, line, document.currency)
    agreement = put(deal, "ram:ApplicableHeaderTradeAgreement")
    _party(out, agreement, "ram:SellerTradeParty", document.seller)
    _party(out, agreement, "ram:BuyerTradeParty", document.buyer)
    delivery = put(deal, "ram:ApplicableHeaderTradeDelivery")
    out.maybe(delivery, "ram:ShipToTradeParty/ram:PostalTradeAddress/ram:CountryID", document.deliver_to)
    if document.supplied_on:
        path = "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/udt:DateTimeString"
        _day(out, delivery, path, document.supplied_on)
    _settlement(out, put(deal, "ram:ApplicableHeaderTradeSettlement"), document)
    return out.bytes()


def _day(out: Writer, parent: Any, path: str, day: date) -> None:
    out.put(parent, path, f"{day:%Y%m%d}", format="102")


def _line(out: Writer, deal: Any, place: int, line: Line, currency: str) -> None:
    item = out.put(deal, "ram:IncludedSupplyChainTradeLineItem")
    out.put(item, "ram:AssociatedDocumentLineDocument/ram:LineID", place)
    out.put(item, "ram:SpecifiedTradeProduct/ram:Name", line.name)
    out.put(item, "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount", price(line, currency))
    out.put(item, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", f"{line.quantity:f}", unitCode=line.unit)
    settled = out.put(item, "ram:SpecifiedLineTradeSettlement")
    tax = out.put(settled, "ram:ApplicableTradeTax")
    out.put(tax, "ram:TypeCode", "VAT")
    out.put(tax, "ram:CategoryCode", line.category)
    out.maybe(tax, "ram:RateApplicablePercent", percent(line.category, line.rate))
    path = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    out.put(settled, path, digits(line.net, currency))


def _party(out: Writer, agreement: Any, name: str, party: Party) -> None:
    node = out.put(agreement, name)
    out.maybe(node, "ram:ID", party.identifier)
    out.put(node, "ram:Name", party.name)
    out.maybe(node, "ram:SpecifiedLegalOrganization/ram:ID", party.registration)
    address = out.put(node, "ram:PostalTradeAddress")
    out.maybe(address, "ram:PostcodeCode", party.postcode)
    out.maybe(address, "ram:LineOne", party.street)
    out.maybe(address, "ram:CityName", party.city)
    out.put(address, "ram:CountryID", party.country)
    out.maybe(node, "ram:SpecifiedTaxRegistration/ram:ID", party.vat_number, schemeID="VA")
    if name == "ram:SellerTradeParty":  # The rules know no such number of a buyer.
        out.maybe(node, "ram:SpecifiedTaxRegistration/ram:ID", party.tax_number, schemeID="FC")


def _settlement(out: Writer, node: Any, document: Document) -> None:
    unit, sums = document.currency, totals(document)
    out.maybe(node, "ram:PaymentReference", document.reference)
    out.put(node, "ram:InvoiceCurrencyCode", unit)
    for one in document.taxes:
        tax = out.put(node, "ram:ApplicableTradeTax")
        out.put(tax, "ram:CalculatedAmount", digits(one.tax, unit))
        out.put(tax, "ram:TypeCode", "VAT")
        out.maybe(tax, "ram:ExemptionReason", one.reason)
        out.put(tax, "ram:BasisAmount", digits(one.basis, unit))
        out.put(tax, "ram:CategoryCode", one.category)
        out.maybe(tax, "ram:RateApplicablePercent", percent(one.category, one.rate))
    for change in document.adjustments:
        part = out.put(node, "ram:SpecifiedTradeAllowanceCharge")
        out.put(part, "ram:ChargeIndicator/udt:Indicator", str(change.is_charge).lower())
        out.put(part, "ram:ActualAmount", digits(change.minor, unit))
        out.maybe(part, "ram:Reason", change.reason)
        tax = out.put(part, "ram:CategoryTradeTax")
        out.put(tax, "ram:TypeCode", "VAT")
        out.put(tax, "ram:CategoryCode", change.category)
        out.maybe(tax, "ram:RateApplicablePercent", percent(change.category, change.rate))
    if document.due_on:
        _day(out, node, "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString", document.due_on)
    summed = out.put(node, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    out.put(summed, "ram:LineTotalAmount", digits(sums.lines, unit))
    out.put(summed, "ram:ChargeTotalAmount", digits(sums.charges, unit))
    out.put(summed, "ram:AllowanceTotalAmount", digits(sums.allowances, unit))
    out.put(summed, "ram:TaxBasisTotalAmount", digits(sums.net, unit))
    out.put(summed, "ram:TaxTotalAmount", digits(sums.vat, unit), currencyID=unit)
    if sums.rounding:
        out.put(summed, "ram:RoundingAmount", digits(sums.rounding, unit))
    out.put(summed, "ram:GrandTotalAmount", digits(sums.gross, unit))
    out.put(summed, "ram:TotalPrepaidAmount", digits(sums.prepaid, unit))
    out.put(summed, "ram:DuePayableAmount", digits(sums.due, unit))
    if document.corrects_number:
        before = out.put(node, "ram:InvoiceReferencedDocument")
        out.put(before, "ram:IssuerAssignedID", document.corrects_number)
        if document.corrects_on:
            _day(out, before, "ram:FormattedIssueDateTime/qdt:DateTimeString", document.corrects_on)


def read(data: bytes) -> Read:
    """Read a document back.

    :raises Unreadable: when it is something else
    """
    root = parse(data)
    if root.tag != ROOT:
        raise Unreadable("no Cross Industry Invoice")
    spaces = {str(prefix): url for prefix, url in SPACES.items()}
    settled = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
    unit = root.findtext(f"{settled}/ram:InvoiceCurrencyCode", namespaces=spaces) or ""
    look = Reader(spaces, unit)
    node = (look.all(root, settled) or [None])[0]
    issued = look.day(root, "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString")
    if node is None or issued is None:
        raise Unreadable("no day of issue, or no settlement")
    agreed = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
    delivered = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeDelivery"
    event = f"{delivered}/ram:ActualDeliverySupplyChainEvent"
    sums = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
    before = "ram:InvoiceReferencedDocument"
    document = Document(
        number=look.text(root, "rsm:ExchangedDocument/ram:ID"), currency=unit, issued_on=issued,
        type_code=look.text(root, "rsm:ExchangedDocument/ram:TypeCode"),
        seller=_read_party(look, root, f"{agreed}/ram:SellerTradeParty"),
        buyer=_read_party(look, root, f"{agreed}/ram:BuyerTradeParty"),
        lines=tuple(_read_line(look, one) for one in look.all(root, "//ram:IncludedSupplyChainTradeLineItem")),
        taxes=tuple(_read_tax(look, one) for one in look.all(node, "ram:ApplicableTradeTax")),
        adjustments=tuple(_read_change(look, one) for one in look.all(node, "ram:SpecifiedTradeAllowanceCharge")),
        supplied_on=look.day(root, f"{event}/ram:OccurrenceDateTime/udt:DateTimeString"),
        prepaid=look.minor(node, f"{sums}/ram:TotalPrepaidAmount"), rounding=look.minor(node, f"{sums}/ram:RoundingAmount"),
        note=look.text(root, "rsm:ExchangedDocument/ram:IncludedNote/ram:Content"),
        corrects_number=look.text(node, f"{before}/ram:IssuerAssignedID"),
        corrects_on=look.day(node, f"{before}/ram:FormattedIssueDateTime/qdt:DateTimeString"),
        deliver_to=look.text(root, f"{delivered}/ram:ShipToTradeParty/ram:PostalTradeAddress/ram:CountryID"),
        due_on=look.day(node, "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString"),
        reference=look.text(node, "ram:PaymentReference"),
    )  # fmt: skip
    return Read(document, _read_totals(look, node, f"{sums}/ram:", unit))


def _read_totals(look: Reader, node: Any, at: str, unit: str) -> Totals:
    tax = f"{at}TaxTotalAmount"
    tax += f"[@currencyID='{unit}']" if look.all(node, f"{tax}[@currencyID='{unit}']") else ""
    return Totals(
        lines=look.minor(node, f"{at}LineTotalAmount"), allowances=look.minor(node, f"{at}AllowanceTotalAmount"),
        charges=look.minor(node, f"{at}ChargeTotalAmount"), net=look.minor(node, f"{at}TaxBasisTotalAmount"),
        vat=look.minor(node, tax), gross=look.minor(node, f"{at}GrandTotalAmount"),
        prepaid=look.minor(node, f"{at}TotalPrepaidAmount"), rounding=look.minor(node, f"{at}RoundingAmount"),
        due=look.minor(node, f"{at}DuePayableAmount"),
    )  # fmt: skip


def _read_party(look: Reader, root: Any, path: str) -> Party:
    address, tax = f"{path}/ram:PostalTradeAddress", f"{path}/ram:SpecifiedTaxRegistration/ram:ID"
    return Party(
        name=look.text(root, f"{path}/ram:Name"), street=look.text(root, f"{address}/ram:LineOne"),
        city=look.text(root, f"{address}/ram:CityName"), postcode=look.text(root, f"{address}/ram:PostcodeCode"),
        country=look.text(root, f"{address}/ram:CountryID"), vat_number=look.text(root, f"{tax}[@schemeID='VA']"),
        tax_number=look.text(root, f"{tax}[@schemeID='FC']"),
        registration=look.text(root, f"{path}/ram:SpecifiedLegalOrganization/ram:ID"),
    )  # fmt: skip


def _read_line(look: Reader, node: Any) -> Line:
    settled, delivered = "ram:SpecifiedLineTradeSettlement", "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
    price_path = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount"
    return Line(
        name=look.text(node, "ram:SpecifiedTradeProduct/ram:Name"), quantity=look.number(node, delivered),
        unit=look.text(node, f"{delivered}/@unitCode"), price=look.number(node, price_path),
        net=look.minor(node, f"{settled}/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"),
        category=look.text(node, f"{settled}/ram:ApplicableTradeTax/ram:CategoryCode"),
        rate=look.rate(node, f"{settled}/ram:ApplicableTradeTax/ram:RateApplicablePercent"),
    )  # fmt: skip


def _read_tax(look: Reader, node: Any) -> Tax:
    return Tax(
        category=look.text(node, "ram:CategoryCode"), rate=look.rate(node, "ram:RateApplicablePercent"),
        basis=look.minor(node, "ram:BasisAmount"), tax=look.minor(node, "ram:CalculatedAmount"),
        reason=look.text(node, "ram:ExemptionReason"),
    )  # fmt: skip


def _read_change(look: Reader, node: Any) -> Adjustment:
    return Adjustment(
        minor=look.minor(node, "ram:ActualAmount"), reason=look.text(node, "ram:Reason"),
        is_charge=look.text(node, "ram:ChargeIndicator/udt:Indicator") in ("true", "1"),
        category=look.text(node, "ram:CategoryTradeTax/ram:CategoryCode"),
        rate=look.rate(node, "ram:CategoryTradeTax/ram:RateApplicablePercent"),
    )  # fmt: skip
