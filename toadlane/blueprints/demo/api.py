"""The clock of a co-op: what it says, and how a sandbox is moved forward."""

from datetime import datetime
from typing import Any

from ninja import Field, Router

from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.access.schema import Schema
from toadlane.plumbing.clock import queries
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
    bound_for: datetime | None = Field(description="Where it is on its way to; null where it stands.")
    may_move: bool


def _clock(request: CoopRequest) -> dict[str, Any]:
    tenant = request.coop.tenant
    tenant.refresh_from_db()
    return {
        "now": queries.now(tenant), "is_sandbox": tenant.is_sandbox, "ahead_seconds": int(tenant.ahead_by.total_seconds()),
        "bound_for": queries.bound_for(tenant), "may_move": bool(tenant.is_sandbox and request.by.may(ADVANCE)),
    }  # fmt: skip


@router.get("", auth=None, response=ClockOut, operation_id="clock_read", summary="What time it is in this co-op")
def read(request: CoopRequest) -> Any:
    return _clock(request)


@router.post("/forward", response=ClockOut, operation_id="clock_forward", summary="Move a sandbox forward")
def forward(request: CoopRequest, span: ForwardIn) -> Any:
    """For the board of a sandbox co-op. The worker takes it there, and does at each moment on the way what is due then. Some days
    are gone by the time of the answer; a month takes some seconds more: ask what time it is until `bound_for` is null.
    """
    outbox.move_on(by=request.by, days=span.days, hours=span.hours, waits=True)
    return _clock(request)


@router.post("/stay", response=ClockOut, operation_id="clock_stay", summary="Let a sandbox stay where it has come to")
def stay(request: CoopRequest) -> Any:
    """For the board of a sandbox co-op that is on its way."""
    outbox.stay(by=request.by)
    return _clock(request)
