from datetime import datetime
from uuid import UUID

from ninja import Field

from toadlane.plumbing.access.schema import Schema


class SubscriptionIn(Schema):
    url: str = Field(max_length=500)
    events: list[str] = Field(default_factory=list, max_length=200, description="Names of events; none is all of them.")
    note: str = Field("", max_length=120)


class SubscriptionChange(Schema):
    url: str | None = Field(None, max_length=500)
    events: list[str] | None = Field(None, max_length=200)
    note: str | None = Field(None, max_length=120)
    is_on: bool | None = None


class SubscriptionOut(Schema):
    id: int
    url: str
    events: list[str]
    note: str
    is_on: bool
    made_at: datetime


class SubscriptionMade(SubscriptionOut):
    secret: str = Field(description="Shown this once. Check the signature of what you receive with it.")


class Subscriptions(Schema):
    items: list[SubscriptionOut]
    next: str | None


class Secret(Schema):
    secret: str


class DeliveryOut(Schema):
    id: int
    event_id: UUID
    event: str
    at: datetime
    state: str
    attempts: int
    answer: int | None
    error: str
    delivered_at: datetime | None


class Deliveries(Schema):
    items: list[DeliveryOut]
    next: str | None
