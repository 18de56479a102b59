from datetime import datetime

from toadlane.money.payments.events import PaymentCaptured
from toadlane.ownership.dues import queries, services
from toadlane.ownership.dues.events import DuesMoved
from toadlane.ownership.shares.events import SharesPaid
from toadlane.plumbing.access.principals import Principal


def money_came(event: PaymentCaptured, *, by: Principal, at: datetime) -> None:
    if remittance := queries.of_subject(event.subject):
        services.settle(remittance=remittance, by=by, at=at)


def look_again(event: DuesMoved | SharesPaid, *, by: Principal, at: datetime) -> None:
    services.note_late(membership_id=event.membership_id, by=by, at=at)
