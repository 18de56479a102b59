"""The clock of a co-op: what it says, and how a sandbox is moved forward."""

from datetime import datetime
from typing import Any

from ninja import Field, Router

from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.access.schema import Schema
from toadlane.plumbing.clock import queries, services
from toadlane.plumbing.clock.permissions import ADVANCE
from toadlane.plumbing.outbox import services as outbox

router = Router(tags=["sandbox"])


class ForwardIn(Schema):
    days: int = Field(0, ge=0, le=3660)
    hours: int = Field(0, ge=0, le=87_840)


class ClockOut(Schema):
    now: datetime = Field(description="What time it is in this co-op.")
    is_sandbox: bool
    ahead_seconds: int = Field(description="How far a sandbox is ahead of the server.")
    may_move: bool


def _clock(request: CoopRequest) -> dict[str, Any]:
    tenant = request.coop.tenant
    tenant.refresh_from_db()
    return {
        "now": queries.now(tenant), "is_sandbox": tenant.is_sandbox, "ahead_seconds": int(tenant.ahead_by.total_seconds()),
        "may_move": bool(tenant.is_sandbox and request.by.may(ADVANCE)),
    }  # fmt: skip


@router.get("", auth=None, response=ClockOut, operation_id="clock_read", summary="What time it is in this co-op")
def read(request: CoopRequest) -> Any:
    return _clock(request)


@router.post("/forward", response=ClockOut, operation_id="clock_forward", summary="Move a sandbox forward")
def forward(request: CoopRequest, span: ForwardIn) -> Any:
    """For the board of a sandbox co-op. What has come due on the way is done within a few seconds, by the worker."""
    if span.hours:
        services.advance(by=request.by, hours=span.hours)
    if span.days or not span.hours:
        outbox.move_on(by=request.by, days=span.days)
    return _clock(request)
