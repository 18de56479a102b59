from datetime import datetime

from toadlane.money.payments.events import PaymentCaptured, PayoutCameBack, PayoutPaid, PayoutsPaid
from toadlane.ownership.lending import queries, services
from toadlane.plumbing.access.principals import Principal


def money_came(event: PaymentCaptured, *, by: Principal, at: datetime) -> None:
    if loan := queries.of_subject(event.subject):
        services.settle(loan=loan, by=by, at=at)


def payouts_went(event: PayoutPaid | PayoutsPaid, *, by: Principal, at: datetime) -> None:
    services.note_sent(by=by, at=at)


def payout_came_back(event: PayoutCameBack, *, by: Principal, at: datetime) -> None:
    services.note_came_back(subject=event.subject, by=by, at=at)
