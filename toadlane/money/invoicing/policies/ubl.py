"""Universal Business Language 2.1: Invoice and CreditNote."""

from fractions import Fraction
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

OASIS = "urn:oasis:names:specification:ubl:schema:xsd:"
DELIVERED_TO = "cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode"
PARTS: dict[str | None, str] = {"cac": f"{OASIS}CommonAggregateComponents-2", "cbc": f"{OASIS}CommonBasicComponents-2"}


def _kind(document: Document) -> str:
    return "CreditNote" if document.is_credit else "Invoice"


def write(document: Document) -> bytes:
    kind, unit = _kind(document), document.currency
    out = Writer(kind, {None: f"{OASIS}{kind}-2", **PARTS})
    root, put = out.root, out.put
    put(root, "cbc:CustomizationID", PROFILE)
    put(root, "cbc:ID", document.number)
    put(root, "cbc:IssueDate", document.issued_on.isoformat())
    if document.due_on and not document.is_credit:  # A credit note has no such day.
        put(root, "cbc:DueDate", document.due_on.isoformat())
    put(root, f"cbc:{kind}TypeCode", document.type_code)
    out.maybe(root, "cbc:Note", document.note)
    put(root, "cbc:DocumentCurrencyCode", unit)
    if document.corrects_number:
        before = put(root, "cac:BillingReference/cac:InvoiceDocumentReference")
        put(before, "cbc:ID", document.corrects_number)
        if document.corrects_on:
            put(before, "cbc:IssueDate", document.corrects_on.isoformat())
    _party(out, "cac:AccountingSupplierParty", document.seller)
    _party(out, "cac:AccountingCustomerParty", document.buyer)
    if document.supplied_on or document.deliver_to:
        delivery = put(root, "cac:Delivery")
        if document.supplied_on:
            put(delivery, "cbc:ActualDeliveryDate", document.supplied_on.isoformat())
        out.maybe(delivery, DELIVERED_TO, document.deliver_to)
    if document.reference:
        means = put(root, "cac:PaymentMeans")
        put(means, "cbc:PaymentMeansCode", "1")  # UNTDID 4461: whichever way the buyer likes.
        put(means, "cbc:PaymentID", document.reference)
    for change in document.adjustments:
        part = put(root, "cac:AllowanceCharge")
        put(part, "cbc:ChargeIndicator", str(change.is_charge).lower())
        out.maybe(part, "cbc:AllowanceChargeReason", change.reason)
        put(part, "cbc:Amount", digits(change.minor, unit), currencyID=unit)
        _category(out, part, "cac:TaxCategory", change.category, change.rate)
    _sums(out, document)
    for place, line in enumerate(document.lines, start=1):
        item = put(root, f"cac:{kind}Line")
        put(item, "cbc:ID", place)
        quantity = "CreditedQuantity" if kind == "CreditNote" else "InvoicedQuantity"
        put(item, f"cbc:{quantity}", f"{line.quantity:f}", unitCode=line.unit)
        put(item, "cbc:LineExtensionAmount", digits(line.net, unit), currencyID=unit)
        thing = put(item, "cac:Item")
        put(thing, "cbc:Name", line.name)
        _category(out, thing, "cac:ClassifiedTaxCategory", line.category, line.rate)
        put(item, "cac:Price/cbc:PriceAmount", price(line, unit), currencyID=unit)
    return out.bytes()


def _category(out: Writer, parent: Any, name: str, category: str, rate: Fraction, *, reason: str = "") -> None:
    node = out.put(parent, name)
    out.put(node, "cbc:ID", category)
    out.maybe(node, "cbc:Percent", percent(category, rate))
    out.maybe(node, "cbc:TaxExemptionReason", reason)
    out.put(node, "cac:TaxScheme/cbc:ID", "VAT")


def _party(out: Writer, name: str, party: Party) -> None:
    node = out.put(out.root, f"{name}/cac:Party")
    out.maybe(node, "cac:PartyIdentification/cbc:ID", party.identifier)
    address = out.put(node, "cac:PostalAddress")
    out.maybe(address, "cbc:StreetName", party.street)
    out.maybe(address, "cbc:CityName", party.city)
    out.maybe(address, "cbc:PostalZone", party.postcode)
    out.put(address, "cac:Country/cbc:IdentificationCode", party.country)
    for number, scheme in ((party.vat_number, "VAT"), (party.tax_number, "TAX")):
        # The rules know no other number than that for VAT of a buyer.
        if number and (scheme == "VAT" or name == "cac:AccountingSupplierParty"):
            registered = out.put(node, "cac:PartyTaxScheme")
            out.put(registered, "cbc:CompanyID", number)
            out.put(registered, "cac:TaxScheme/cbc:ID", scheme)
    entity = out.put(node, "cac:PartyLegalEntity")
    out.put(entity, "cbc:RegistrationName", party.name)
    out.maybe(entity, "cbc:CompanyID", party.registration)


def _sums(out: Writer, document: Document) -> None:
    unit, sums = document.currency, totals(document)

    def amount(parent: Any, path: str, minor: int) -> None:
        out.put(parent, path, digits(minor, unit), currencyID=unit)

    taxed = out.put(out.root, "cac:TaxTotal")
    amount(taxed, "cbc:TaxAmount", sums.vat)
    for one in document.taxes:
        part = out.put(taxed, "cac:TaxSubtotal")
        amount(part, "cbc:TaxableAmount", one.basis)
        amount(part, "cbc:TaxAmount", one.tax)
        _category(out, part, "cac:TaxCategory", one.category, one.rate, reason=one.reason)
    whole = out.put(out.root, "cac:LegalMonetaryTotal")
    amount(whole, "cbc:LineExtensionAmount", sums.lines)
    amount(whole, "cbc:TaxExclusiveAmount", sums.net)
    amount(whole, "cbc:TaxInclusiveAmount", sums.gross)
    amount(whole, "cbc:AllowanceTotalAmount", sums.allowances)
    amount(whole, "cbc:ChargeTotalAmount", sums.charges)
    amount(whole, "cbc:PrepaidAmount", sums.prepaid)
    if sums.rounding:
        amount(whole, "cbc:PayableRoundingAmount", sums.rounding)
    amount(whole, "cbc:PayableAmount", sums.due)


def read(data: bytes) -> Read:
    """Read a document back.

    :raises Unreadable: when it is something else
    """
    root = parse(data)
    kind = root.tag.rpartition("}")[2]
    if root.tag not in (f"{{{OASIS}Invoice-2}}Invoice", f"{{{OASIS}CreditNote-2}}CreditNote"):
        raise Unreadable("no invoice in UBL")
    spaces = {str(prefix): url for prefix, url in PARTS.items()}
    unit = root.findtext("cbc:DocumentCurrencyCode", namespaces=spaces) or ""
    look = Reader(spaces, unit)
    issued = look.day(root, "cbc:IssueDate")
    if issued is None:
        raise Unreadable("no day of issue")
    taxed, sums = f"cac:TaxTotal[cbc:TaxAmount/@currencyID='{unit}']", "cac:LegalMonetaryTotal/cbc:"
    quantity = "cbc:CreditedQuantity" if kind == "CreditNote" else "cbc:InvoicedQuantity"
    before = "cac:BillingReference/cac:InvoiceDocumentReference"
    document = Document(
        number=look.text(root, "cbc:ID"), type_code=look.text(root, f"cbc:{kind}TypeCode"), issued_on=issued, currency=unit,
        seller=_read_party(look, root, "cac:AccountingSupplierParty/cac:Party"),
        buyer=_read_party(look, root, "cac:AccountingCustomerParty/cac:Party"),
        lines=tuple(_read_line(look, one, quantity) for one in look.all(root, f"cac:{kind}Line")),
        taxes=tuple(_read_tax(look, one) for one in look.all(root, f"{taxed}/cac:TaxSubtotal")),
        adjustments=tuple(_read_change(look, one) for one in look.all(root, "cac:AllowanceCharge")),
        supplied_on=look.day(root, "cac:Delivery/cbc:ActualDeliveryDate"),
        prepaid=look.minor(root, f"{sums}PrepaidAmount"), rounding=look.minor(root, f"{sums}PayableRoundingAmount"),
        note=look.text(root, "cbc:Note"), corrects_number=look.text(root, f"{before}/cbc:ID"),
        corrects_on=look.day(root, f"{before}/cbc:IssueDate"), deliver_to=look.text(root, f"cac:Delivery/{DELIVERED_TO}"),
        due_on=look.day(root, "cbc:DueDate"),
        reference=look.text(root, "cac:PaymentMeans/cbc:PaymentID"),
    )  # fmt: skip
    stated = Totals(
        lines=look.minor(root, f"{sums}LineExtensionAmount"), allowances=look.minor(root, f"{sums}AllowanceTotalAmount"),
        charges=look.minor(root, f"{sums}ChargeTotalAmount"), net=look.minor(root, f"{sums}TaxExclusiveAmount"),
        vat=look.minor(root, f"{taxed}/cbc:TaxAmount"), gross=look.minor(root, f"{sums}TaxInclusiveAmount"),
        prepaid=look.minor(root, f"{sums}PrepaidAmount"), rounding=look.minor(root, f"{sums}PayableRoundingAmount"),
        due=look.minor(root, f"{sums}PayableAmount"),
    )  # fmt: skip
    return Read(document, stated)


def _read_party(look: Reader, root: Any, path: str) -> Party:
    address, tax = f"{path}/cac:PostalAddress", f"{path}/cac:PartyTaxScheme"
    vat = "normalize-space(cac:TaxScheme/cbc:ID)='VAT'"
    return Party(
        name=look.text(root, f"{path}/cac:PartyLegalEntity/cbc:RegistrationName") or look.text(root, f"{path}//cbc:Name"),
        street=look.text(root, f"{address}/cbc:StreetName"), city=look.text(root, f"{address}/cbc:CityName"),
        postcode=look.text(root, f"{address}/cbc:PostalZone"),
        country=look.text(root, f"{address}/cac:Country/cbc:IdentificationCode"),
        vat_number=look.text(root, f"{tax}[{vat}]/cbc:CompanyID"),
        tax_number=look.text(root, f"{tax}[not({vat})]/cbc:CompanyID"),
        registration=look.text(root, f"{path}/cac:PartyLegalEntity/cbc:CompanyID"),
    )  # fmt: skip


def _read_line(look: Reader, node: Any, quantity: str) -> Line:
    tax = "cac:Item/cac:ClassifiedTaxCategory"
    return Line(
        name=look.text(node, "cac:Item/cbc:Name"), quantity=look.number(node, quantity),
        unit=look.text(node, f"{quantity}/@unitCode"), price=look.number(node, "cac:Price/cbc:PriceAmount"),
        net=look.minor(node, "cbc:LineExtensionAmount"), category=look.text(node, f"{tax}/cbc:ID"),
        rate=look.rate(node, f"{tax}/cbc:Percent"),
    )  # fmt: skip


def _read_tax(look: Reader, node: Any) -> Tax:
    return Tax(
        category=look.text(node, "cac:TaxCategory/cbc:ID"), rate=look.rate(node, "cac:TaxCategory/cbc:Percent"),
        basis=look.minor(node, "cbc:TaxableAmount"), tax=look.minor(node, "cbc:TaxAmount"),
        reason=look.text(node, "cac:TaxCategory/cbc:TaxExemptionReason"),
    )  # fmt: skip


def _read_change(look: Reader, node: Any) -> Adjustment:
    return Adjustment(
        minor=look.minor(node, "cbc:Amount"), reason=look.text(node, "cbc:AllowanceChargeReason"),
        is_charge=look.text(node, "cbc:ChargeIndicator") == "true", category=look.text(node, "cac:TaxCategory/cbc:ID"),
        rate=look.rate(node, "cac:TaxCategory/cbc:Percent"),
    )  # fmt: skip
