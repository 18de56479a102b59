"""Activities, what clients order of them, contracts of work, reminders, money and expenses."""

from toadlane.trade.assignments.models.orders import SETTLED, Activity, Assignment, Seat
from toadlane.trade.assignments.models.papers import CreditNote, Receipt, Remark, Reminder, Revision
from toadlane.trade.assignments.models.work import Contract, Outlay

__all__ = [
    "SETTLED", "Activity", "Assignment", "Contract", "CreditNote", "Outlay", "Receipt", "Remark", "Reminder", "Revision", "Seat",
]  # fmt: skip
