from datetime import datetime

from toadlane.plumbing.access.schema import Schema


class CoopOut(Schema):
    slug: str
    name: str
    tagline: str
    about: str
    sector: str
    place: str
    country: str
    latitude: float | None
    longitude: float | None
    currency: str
    language: str
    blueprint: str
    founded_at: datetime | None
    members: int
    commission: str | None
    is_sandbox: bool
    url: str


class Coops(Schema):
    items: list[CoopOut]
    next: str | None
