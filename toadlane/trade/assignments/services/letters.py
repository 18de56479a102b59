"""What is written to clients and to those who manage activities."""

from datetime import datetime
from typing import Any

from toadlane.money.payments import queries as payments
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.sending import services as sending
from toadlane.plumbing.tenancy.scope import current_coop_id
from toadlane.society.coops import queries as coops
from toadlane.society.people import queries as people
from toadlane.trade.assignments import queries
from toadlane.trade.assignments.models import Assignment, Contract


def to_client(assignment: Assignment, letter: str, *, by: Principal, at: datetime, **more: Any) -> None:
    coop = coops.of_scope(current_coop_id())
    paying = queries.payment(assignment)
    context = {
        "coop": coop.name, "title": assignment.title, "total": assignment.gross, "owed": assignment.to_pay,
        "due_on": assignment.due_on,
        "first_day": assignment.first_day, "last_day": assignment.last_day, "account": payments.account(at),
        "invoice": assignment.invoice.number if assignment.invoice else "", "reference": paying.reference if paying else "",
        "link": coops.address(coop, "assignments:quote", token=queries.token(assignment)), **more,
    }  # fmt: skip
    to = sending.Recipient(email=assignment.client_email, name=assignment.client_name)
    sending.send(to=to, template=f"assignments/{letter}", context=context, language=assignment.language, by=by, at=at)


def to_manager(assignment: Assignment, letter: str, *, by: Principal, at: datetime, **more: Any) -> None:
    coop = coops.of_scope(current_coop_id())
    context = {
        "coop": coop.name, "title": assignment.title, "client": assignment.client_name, "total": assignment.gross,
        "confirmed_name": assignment.confirmed_name, "link": coops.address(coop, "assignments:order", pk=assignment.pk), **more,
    }  # fmt: skip
    _to_person(assignment.activity.manager_id, letter, context, by=by, at=at)


def to_worker(contract: Contract, letter: str, *, by: Principal, at: datetime) -> None:
    person_id = contract.membership.person_id
    if person_id is None:
        return
    coop = coops.of_scope(current_coop_id())
    context = {
        "coop": coop.name, "net": contract.net, "first_day": contract.first_day, "last_day": contract.last_day,
        "link": coops.address(coop, "assignments:activity", pk=contract.activity_id),
    }  # fmt: skip
    _to_person(person_id, letter, context, by=by, at=at)


def _to_person(person_id: int, letter: str, context: dict[str, Any], *, by: Principal, at: datetime) -> None:
    if (reached := people.reach(person_id, "members")) is None:
        return
    to = sending.Recipient(email=reached.email, phone=reached.phone, name=reached.name)
    sending.send(to=to, template=f"assignments/{letter}", context=context, language=reached.language, by=by, at=at)
