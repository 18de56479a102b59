from dataclasses import dataclass

from toadlane.plumbing.outbox.registry import Event


@dataclass(frozen=True, kw_only=True)
class ReviewsPublished(Event):
    order_id: int
    listing_id: int | None
    provider_id: int | None


@dataclass(frozen=True, kw_only=True)
class ComplaintOpened(Event):
    complaint_id: int
    order_id: int


@dataclass(frozen=True, kw_only=True)
class ComplaintDecided(Event):
    complaint_id: int
    order_id: int
    outcome: str
    refund_minor: int


@dataclass(frozen=True, kw_only=True)
class ReportDecided(Event):
    report_id: int
    subject: str
    decision: str
