from datetime import datetime

from toadlane.money.payments.events import PaymentCaptured
from toadlane.plumbing.access.principals import Principal
from toadlane.trade.assignments import queries, services


def money_came(event: PaymentCaptured, *, by: Principal, at: datetime) -> None:
    kind, _colon, pk = event.subject.partition(":")
    if kind == "assignment" and (found := queries.assignment(int(pk))):
        services.receive(assignment=found, payment_id=event.payment_id, minor=event.minor, by=by, at=at)
