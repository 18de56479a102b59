"""Meetings: how they were called, who came, what was said and decided, and the minutes of it."""

from toadlane.democracy.meetings.models.calling import (
    Demand,
    DemandSupport,
    Entitlement,
    Helper,
    Invitation,
    Item,
    Meeting,
    Proxy,
)
from toadlane.democracy.meetings.models.duties import DutyDone
from toadlane.democracy.meetings.models.recording import Approval, ApprovedMinutes, Correction, Minutes, PrintedMinutes
from toadlane.democracy.meetings.models.running import Count, Hand, Motion, Presence, Remark

__all__ = [
    "Approval", "ApprovedMinutes", "Correction", "Count", "Demand", "DemandSupport", "DutyDone", "Entitlement", "Hand",
    "Helper", "Invitation", "Item", "Meeting", "Minutes", "Motion", "Presence", "PrintedMinutes", "Proxy", "Remark",
]  # fmt: skip
