from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event):
    order_id: int
    kind: str
    total_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class OrderMoved(Event):
    """An order came into another state. `deed` is the transition that led there."""

    order_id: int
    kind: str
    deed: str
    state: str


@dataclass(frozen=True, kw_only=True)
class OrderReleased(Event):
    """The money of an order went to those whom the bylaws name."""

    order_id: int
    provider_id: int | None
    net_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class OrderRefunded(Event):
    order_id: int
    refund_id: int
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class ReviewsOpened(Event):
    """Both sides may now say how it was."""

    order_id: int
    provider_id: int | None
    customer_id: int | None
