from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field
from pydantic import BeforeValidator

from toadlane.plumbing.access.schema import Schema


class ParticularsIn(Schema):
    membership: int | None = Field(None, description="None is the co-op itself.")
    name: str = Field(min_length=1, max_length=160)
    street: str = Field(min_length=1, max_length=160)
    city: str = Field(min_length=1, max_length=80)
    postcode: str = Field("", max_length=20)
    country: str = Field(min_length=2, max_length=2, description="ISO 3166, such as IE.")
    vat_number: str = Field("", max_length=20)
    tax_number: str = Field("", max_length=40)
    registration: str = Field("", max_length=60)
    born_on: date | None = None
    is_small: bool = Field(False, description="A small business that charges no VAT.")
    excluded_as: Literal["", "government", "listed"] = Field(
        "", description="A public body, or listed on a stock exchange: the yearly report on sellers leaves it out."
    )
    agrees: bool = Field(False, description="That the co-op issues invoices in this member’s name.")


class ParticularsOut(Schema):
    name: str
    street: str
    city: str
    postcode: str
    country: str
    vat_number: str
    tax_number: str
    registration: str
    born_on: date | None
    is_small: bool
    excluded_as: str
    agrees: bool
    given_at: datetime


class KnownParticularsOut(ParticularsOut):
    membership: int | None = Field(None, alias="membership_id", description="None is the co-op itself.")


class InvoiceOut(Schema):
    id: int
    number: str
    type_code: str = Field(
        description="380 is an invoice, 381 a credit note; 389 and 261 where the buyer wrote them (UNTDID 1001)."
    )
    role: str = Field(description="supply: what was bought; commission: the platform’s fee.")
    subject: str
    corrects: Annotated[str | None, BeforeValidator(lambda found: found and found.number)] = Field(
        None, description="The number of the invoice that a credit note is for."
    )
    issued_on: date
    seller_name: str
    buyer_name: str
    currency: str
    net_minor: int
    vat_minor: int
    gross_minor: int
    digest: str = Field(description="SHA-256 of the XML document.")


class InvoicesOut(Schema):
    items: list[InvoiceOut]
    next: str | None


class TaxedOut(Schema):
    role: str
    currency: str
    category: str
    rate: str = Field(description="A fraction of one, such as 1/5.")
    basis_minor: int
    tax_minor: int


class ReceivedIn(Schema):
    xml: str = Field(min_length=1, max_length=12_000_000, description="The document, UBL 2.1 or CII.")


class ReceivedOut(Schema):
    id: int
    number: str
    type_code: str
    seller_name: str
    seller_vat_number: str
    buyer_name: str
    issued_on: date
    currency: str
    net_minor: int
    vat_minor: int
    gross_minor: int
    due_minor: int
    syntax: str = Field(description="UBL or CII.")
    digest: str = Field(description="SHA-256 of the file.")


class ReceivedPageOut(Schema):
    items: list[ReceivedOut]
    next: str | None
