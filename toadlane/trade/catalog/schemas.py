from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from ninja import Field

from toadlane.plumbing.access.schema import Schema

MOST_MINOR = 100_000_000_00


class Amount(Schema):
    minor: int
    currency: str
    text: str


class PictureOut(Schema):
    id: int
    alt: str
    width: int
    height: int
    src: str
    srcset: dict[str, str]


class FactOut(Schema):
    id: str
    label: str
    text: str
    privacy: Literal["public", "member", "transaction"]


class Place(Schema):
    latitude: Decimal
    longitude: Decimal
    is_exact: bool


class ListingBrief(Schema):
    id: int
    kind: str
    process: str
    title: str
    area: str
    price: Amount | None
    unit: str
    provider_id: int | None
    provider: str
    state: str
    stock: int | None
    place: Place | None
    url: str


class VariantOut(Schema):
    id: str
    names: dict[str, str]
    price: Amount = Field(description="Before tax.")


class ListingOut(ListingBrief):
    variants: list[VariantOut] = Field(description="The versions on sale, such as licenses; `price` is then the least of theirs.")
    text: str
    language: str
    deposit: Amount | None
    values: dict[str, Any]
    facts: list[FactOut]
    pictures: list[PictureOut]
    reason: str
    changed_at: datetime


class FoundOut(ListingBrief):
    why: list[str]
    km: float | None


class FoundPage(Schema):
    items: list[FoundOut]
    next: str | None
    order: str


class ListingPage(Schema):
    items: list[ListingBrief]
    next: str | None


class Said(Schema):
    """Only what is sent is changed."""

    title: str | None = Field(None, max_length=120)
    text: str | None = Field(None, max_length=8000)
    language: str | None = Field(None, max_length=10)
    price_minor: int | None = Field(None, ge=0, le=MOST_MINOR)
    prices: dict[str, int | None] | None = Field(
        None,
        max_length=60,
        description="Of a kind with `variants`: what each costs, by its `id`. Without a price it is not on sale.",
    )
    deposit_minor: int | None = Field(None, ge=0, le=MOST_MINOR)
    stock: int | None = Field(None, ge=0, le=1_000_000)
    latitude: Decimal | None = Field(None, ge=-90, le=90)
    longitude: Decimal | None = Field(None, ge=-180, le=180)
    area: str | None = Field(None, max_length=80)
    values: dict[str, Any] | None = None


class NewListing(Said):
    kind: str = Field(max_length=40)
    title: str = Field(max_length=120)
    provider_id: int | None = Field(None, ge=1, le=2**62, description="A membership you act for; your own where it is not said.")


class Reason(Schema):
    reason: str = Field(max_length=2000)


class Arrangement(Schema):
    picture_ids: list[int] = Field(max_length=12)


class OptionOut(Schema):
    id: str
    names: dict[str, str]


class FieldOut(Schema):
    id: str
    type: str
    names: dict[str, str]
    hints: dict[str, str]
    options: list[OptionOut]
    required: bool
    filterable: bool
    privacy: str


class KindOut(Schema):
    id: str
    names: dict[str, str]
    process: str
    unit: str
    pricing: str
    place: str
    counts_stock: bool
    takes_deposit: bool
    offered_by_coop: bool
    fields: list[FieldOut]
    variants: list[OptionOut] = Field(description="What a buyer chooses from, each at a price of its own.")


class KindsIn(Schema):
    kinds: list[dict[str, Any]] = Field(
        max_length=30, description="As `GET listings/kinds` tells them: read, changed, sent back."
    )


class Asked(Schema):
    """What to look for. A box is south,west,north,east; near is latitude,longitude."""

    text: str = Field("", max_length=200)
    kind: str = Field("", max_length=40)
    box: str = Field("", max_length=120)
    near: str = Field("", max_length=60)
    km: float | None = Field(None, gt=0, le=1000)
    least_minor: int | None = Field(None, ge=0, le=MOST_MINOR, description="Of what one pays, the tax included.")
    most_minor: int | None = Field(None, ge=0, le=MOST_MINOR, description="Of what one pays, the tax included.")
    starts: datetime | None = None
    ends: datetime | None = None
    quantity: int = Field(1, ge=1, le=500)
    where: list[str] = Field(
        [], max_length=20, description="Filters, like goods.material=clay; several of one field mean any of them."
    )
    sort: Literal["relevance", "distance", "price", "price_down"] = "relevance"
    limit: int = Field(24, ge=1, le=100)
    cursor: str = Field("", max_length=100)
