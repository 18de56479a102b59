"""Who sits: named by a decision, and recalled by one. Nobody else seats anybody."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from toadlane.democracy.circles import queries
from toadlane.democracy.circles.events import OfficerRecalled, OfficersSeated
from toadlane.democracy.circles.models import Circle, Election, Seat, Sits
from toadlane.democracy.circles.permissions import CARRY_OUT
from toadlane.democracy.circles.services.founding import Wrong, end_seat, row_of, until
from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.outbox import events
from toadlane.plumbing.tenancy.models import Tenant
from toadlane.society.members import services as members
from toadlane.society.members.models import Office
from toadlane.society.people.models import Person
from toadlane.ui import formats


@transaction.atomic
def seat(
    *, office: str, people: Sequence[int], term_months: int, decision: str, by: Principal, at: datetime,
    member_class: str = "", sits: str = Sits.SEAT, election_id: int | None = None,
) -> list[Office]:  # fmt: skip
    """Seat whoever was elected. Whoever held these seats and was not elected again leaves them.

    :param people: ids of persons, in the order in which they were elected
    :param member_class: whose seats they are; empty for those open to all
    :raises Wrong: when there is no such circle, or no such seats in it
    """
    by.must(CARRY_OUT)
    Tenant.lock_current()
    done = list(Office.objects.filter(office=office, named_by=decision).select_related("person").order_by("pk"))
    if done and {one.person_id for one in done} >= set(people):
        return done
    circle = queries.find(office)
    if circle is None:
        raise Wrong(field="office")
    persons = {one.pk: one for one in Person.objects.filter(pk__in=people)}
    if missing := [pk for pk in people if pk not in persons]:
        raise Wrong(field="elected", hint=formats.listed(missing))
    _make_room(office, (sits, member_class, None), decision, by, at)
    seated = []
    for pk in people:
        _leave_another_seat(office, pk, decision, by, at)
        named = members.appoint(person=persons[pk], office=office, decision=decision, until=until(at, term_months), by=by, at=at)
        Seat.objects.create(office=named, sits=sits, member_class=member_class)
        seated.append(named)
        if sits != Sits.SEAT and circle.parent:
            _link_above(circle, named, sits, by, at)
    if election_id is not None:
        Election.objects.filter(pk=election_id).update(state=Election.State.DECIDED, decision=decision)
    events.publish(OfficersSeated(office=office, decision=decision))
    return seated


@transaction.atomic
def add(
    *, office: str, people: Sequence[int], term_months: int, decision: str, by: Principal, at: datetime, member_class: str = ""
) -> list[Office]:
    """Seat people beside those who sit there already, on seats that nobody holds.

    :raises Wrong: when there are not as many empty seats of this class
    """
    by.must(CARRY_OUT)
    Tenant.lock_current()
    circle = queries.find(office)
    if circle is None or queries.vacancies(circle).get(member_class, 0) < len(people):
        raise Wrong(field="office")
    persons = {one.pk: one for one in Person.objects.filter(pk__in=people)}
    ends = until(at, term_months)
    seated = [members.appoint(person=persons[pk], office=office, decision=decision, until=ends, by=by, at=at) for pk in people]
    for named in seated:
        Seat.objects.create(office=named, member_class=member_class)
    events.publish(OfficersSeated(office=office, decision=decision))
    return seated


def _make_room(office: str, kind: tuple[str, str, None], decision: str, by: Principal, at: datetime) -> None:
    """End the offices whose seats were voted on. Founders sit without a class: they make room for any."""
    for held in queries.holders(office):
        own = getattr(held, "seat", None)
        if own is None and kind[0] == Sits.SEAT:
            members.end_office(office=held, by=by, at=at)
        elif own is not None and (own.sits, own.member_class, own.via_id) == kind:
            _end_with_link(held, own, decision, by, at)


def _leave_another_seat(office: str, person_id: int, decision: str, by: Principal, at: datetime) -> None:
    """One person has one seat in a circle: the one they were elected to last."""
    for held in queries.holders(office).filter(person_id=person_id):
        own = getattr(held, "seat", None)
        if own is None:
            members.end_office(office=held, by=by, at=at)
        else:
            _end_with_link(held, own, decision, by, at)


def _end_with_link(held: Office, own: Seat, decision: str, by: Principal, at: datetime) -> None:
    end_seat(own, decision, by, at)
    circle = queries.row(held.office)
    if own.sits != Sits.SEAT and circle is not None:
        for link in queries.links_above(circle).filter(office__person_id=held.person_id):
            end_seat(link, decision, by, at)


def _link_above(circle: Circle, named: Office, sits: str, by: Principal, at: datetime) -> None:
    """The double link: whoever is sent down or up sits in both circles."""
    above = row_of(circle.parent.slug, named.since) if circle.parent else None
    if above is None or queries.sits_in(above.slug, named.person_id):
        return
    office = members.appoint(person=named.person, office=above.slug, decision=named.named_by, until=named.until, by=by, at=at)
    Seat.objects.create(office=office, sits=sits, via=row_of(circle.slug, named.since))


@transaction.atomic
def recall(*, office: str, person_id: int, decision: str, by: Principal, at: datetime) -> Office | None:
    """End somebody's office before its term, as members decided. Twice is the same as once.

    :raises Wrong: when they do not hold it
    """
    by.must(CARRY_OUT)
    Tenant.lock_current()
    known = Seat.objects.filter(office__office=office, office__person_id=person_id, ended_by=decision).select_related("office")
    if done := known.first():
        return done.office
    held = queries.holders(office).filter(person_id=person_id).first()
    if held is None:
        raise Wrong(field="person")
    own = getattr(held, "seat", None) or Seat.objects.create(office=held)
    _end_with_link(held, own, decision, by, at)
    events.publish(OfficerRecalled(office=office, person_id=person_id, decision=decision))
    return held
