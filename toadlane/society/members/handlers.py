"""Letters about joining. Nobody waits for an answer without hearing of it."""

from datetime import datetime
from typing import Any

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.sending import services as sending
from toadlane.society.coops import queries as coops
from toadlane.society.members import queries
from toadlane.society.members.events import MemberAccepted, MemberApplied, MemberDeclined
from toadlane.society.members.models import Membership
from toadlane.society.people import queries as people


def tell_the_board(event: MemberApplied, *, by: Principal, at: datetime) -> None:
    membership = queries.register().get(pk=event.membership_id)
    for officer in queries.officers().filter(office="board"):
        _write(officer.person_id, "applied", membership, page=("members:application", membership.application.pk), by=by, at=at)


def tell_the_accepted(event: MemberAccepted, *, by: Principal, at: datetime) -> None:
    membership = queries.register().get(pk=event.membership_id)
    for person_id in queries.speakers_of(membership):
        _write(person_id, "accepted", membership, page=("members:mine",), by=by, at=at)


def tell_the_declined(event: MemberDeclined, *, by: Principal, at: datetime) -> None:
    membership = queries.register().get(pk=event.membership_id)
    for person_id in queries.speakers_of(membership):
        _write(person_id, "declined", membership, page=("members:mine",), by=by, at=at)


def _write(person_id: int, letter: str, membership: Membership, *, page: tuple[Any, ...], by: Principal, at: datetime) -> None:
    reached = people.reach(person_id, "members")
    if reached is None:
        return
    coop = coops.of_scope(by.coop_id or 0)
    to = sending.Recipient(email=reached.email, phone=reached.phone, name=reached.name)
    about = {"member": membership.name, "coop": coop.name, "url": coops.address(coop, *page)}
    sending.send(to=to, template=f"members/{letter}", context=about, language=reached.language, by=by, at=at)
