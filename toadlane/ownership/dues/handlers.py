from datetime import datetime

from toadlane.money.payments.events import DisputeClosed, PaymentCaptured
from toadlane.ownership.dues import queries, services
from toadlane.ownership.dues.events import DuesMoved
from toadlane.ownership.shares.events import SharesPaid
from toadlane.plumbing.access.principals import Principal
from toadlane.society.members import queries as members
from toadlane.society.members.events import MemberLeft


def money_came(event: PaymentCaptured, *, by: Principal, at: datetime) -> None:
    if remittance := queries.of_subject(event.subject):
        services.settle(remittance=remittance, by=by, at=at)
        # What came for a membership that is over goes back.
        services.give_credit_back(membership=remittance.membership, by=by, at=at)


def member_left(event: MemberLeft, *, by: Principal, at: datetime) -> None:
    services.give_credit_back(membership=members.register().get(pk=event.membership_id), by=by, at=at)


def dispute_closed(event: DisputeClosed, *, by: Principal, at: datetime) -> None:
    remittance = queries.of_subject(event.subject)
    if remittance and event.won:
        services.win_back(remittance=remittance, ref=event.ref, by=by, at=at)


def look_again(event: DuesMoved | SharesPaid, *, by: Principal, at: datetime) -> None:
    services.note_late(membership_id=event.membership_id, by=by, at=at)
