from datetime import datetime

from toadlane.money.payments import services
from toadlane.money.payments.events import PaymentCaptured
from toadlane.plumbing.access.principals import Principal


def credit_paid_off(event: PaymentCaptured, *, by: Principal, at: datetime) -> None:
    services.book_paid_off(payment_id=event.payment_id, by=by, at=at)
